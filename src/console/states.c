#include "states.h"

#include "oneclick/base/utf8.h"

static bool
is_low(float life)
{
	return life < BATTERY_LOW;
}

struct safe_text
states_battery(const struct state *state, const void *ctx, float life, enum role *role)
{
	const char *word = theme_word(state->theme, ROLE_BATTERY_LOW).text;

	*role = is_low(life) ? ROLE_BATTERY_LOW : ROLE_BATTERY_OK;
	return is_low(life) ? text_safe_format(ctx, "%3d%% %s", (int)life, word)
			    : text_safe_format(
				      ctx, "%3d%% %*s", (int)life, utf8_width(word), "");
}

struct safe_text
states_flags(const struct state *state, const void *ctx, const struct device_row *device,
	enum role *role)
{
	const struct theme *theme = state->theme;
	bool low = is_low(device->life), off = !(device->flags & ROW_ENABLED);

	*role = low ? ROLE_BATTERY_LOW : ROLE_TEXT;
	return text_safe_format(ctx, "%s%s%s",
		low ? theme_symbol(theme, ROLE_BATTERY_LOW).text : "",
		off ? theme_symbol(theme, ROLE_DISABLED).text : "",
		device->placement ? "" : theme_symbol(theme, ROLE_UNPLACED).text);
}

struct safe_text
states_enabled(
	const struct state *state, const struct device_row *device, enum role *role)
{
	*role = device->flags & ROW_PENDING   ? ROLE_PENDING
		: device->flags & ROW_ENABLED ? ROLE_TEXT
					      : ROLE_DISABLED;
	return *role == ROLE_TEXT ? SAFE("enabled") : theme_word(state->theme, *role);
}

struct safe_text
states_unplaced(const struct state *state, const void *ctx)
{
	return text_safe_format(
		ctx, "(%s)", theme_word(state->theme, ROLE_UNPLACED).text);
}

struct safe_text
states_place(const struct state *state, const void *ctx, const struct device_row *device,
	enum role *role)
{
	*role = device->placement ? ROLE_TEXT : ROLE_UNPLACED;
	if (!device->placement)
		return states_unplaced(state, ctx);
	return text_safe_format(ctx, "%s/%s", words_text(state->words, device->project),
		words_text(state->words, device->placement));
}

const char *
states_flags_name(const struct device_row *device)
{
	static const char *const names[] = { "", "-", "x", "x-", "!", "!-", "!x", "!x-" };

	return names[is_low(device->life) * 4 + !(device->flags & ROW_ENABLED) * 2 +
		     !device->placement];
}

const char *
states_enabled_name(const struct device_row *device)
{
	if (device->flags & ROW_PENDING)
		return "sending";
	return device->flags & ROW_ENABLED ? "enabled" : "disabled";
}
