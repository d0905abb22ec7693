/* Devices: all of them, with battery, state and place; the flags tell in one letter what
 * wants care. */
#include <math.h>
#include <string.h>

#include "../app_parts.h"
#include "describe.h"

enum column {
	ID,
	FLAGS,
	BATTERY,
	SEEN,
	STATE,
	PLACE,
	PROJECT,
	PLACEMENT,
	TEMPLATE,
	CLICK
};

static const struct table_column columns[] = {
	[ID] = { "id", FILTER_TEXT, { { "DEVICE ID" }, 8, 20, 0, LIST_LEFT, true } },
	[FLAGS] = { "flags", FILTER_TEXT, { { "FL" }, 3, 3, 2, LIST_LEFT, false } },
	[BATTERY] = { "battery", FILTER_NUMBER,
		{ { "BATTERY" }, 8, 9, 1, LIST_LEFT, false } },
	[SEEN] = { "seen", FILTER_AGE, { { "SEEN" }, 5, 11, 5, LIST_RIGHT, false } },
	[STATE] = { "state", FILTER_TEXT, { { "STATE" }, 8, 8, 3, LIST_LEFT, false } },
	[PLACE] = { "place", FILTER_TEXT,
		{ { "PROJECT/PLACEMENT" }, 12, 48, 4, LIST_LEFT, true } },
	[PROJECT] = { .name = "project" },
	[PLACEMENT] = { .name = "placement" },
	[TEMPLATE] = { .name = "template" },
	[CLICK] = { .name = "click" },
};

static const struct device_row *
at(const struct table *table, size_t row)
{
	return &table->state->devices.row[row];
}

static struct shelf *
shelf(struct state *state)
{
	return &state->devices.shelf;
}

static bool
in_scope(const struct table *table, size_t row)
{
	return !table->project || at(table, row)->project == table->project;
}

const char *
device_flags(const struct device_row *device)
{
	static const char *const flags[] = { "", "-", "x", "x-", "!", "!-", "!x", "!x-" };

	return flags[(device->life < BATTERY_LOW) * 4 +
		     !(device->flags & ROW_ENABLED) * 2 + !device->placement];
}

const char *
device_state(const struct device_row *device)
{
	if (device->flags & ROW_PENDING)
		return "sending";
	return device->flags & ROW_ENABLED ? "enabled" : "disabled";
}

static const char *
text(const struct table *table, size_t row, size_t column)
{
	const struct device_row *device = at(table, row);
	const struct words *words = table->state->words;

	switch ((enum column)column) {
	case ID:
		return words_text(words, device->id);
	case FLAGS:
		return device_flags(device);
	case STATE:
		return device_state(device);
	case PROJECT:
		return words_text(words, device->project);
	case PLACE:
	case PLACEMENT:
		return words_text(words, device->placement);
	case TEMPLATE:
		return words_text(words, device->template_name);
	case CLICK:
		return device->last_click ? event_kind_name((enum event_kind)(
						    device->last_click - 1))
					  : "";
	case BATTERY:
	case SEEN:
		break;
	}
	return "";
}

static double
number(const struct table *table, size_t row, size_t column)
{
	const struct device_row *device = at(table, row);

	if (column == BATTERY)
		return (double)device->life;
	return device->seen ? (double)(table->times.now - device->seen) : NAN;
}

static void
cell(const struct table *table, const void *ctx, size_t row, size_t column,
	struct list_cell *out)
{
	const struct device_row *device = at(table, row);
	const struct words *words = table->state->words;

	switch ((enum column)column) {
	case BATTERY:
		out->text = pane_battery(ctx, device->life, &out->role);
		break;
	case SEEN:
		out->text = times_short(&table->times, ctx, device->seen);
		break;
	case PLACE:
		out->text = device->placement
				    ? text_safe_format(ctx, "%s/%s",
					      words_text(words, device->project),
					      words_text(words, device->placement))
				    : SAFE("(not placed)");
		if (!device->placement)
			out->role = ROLE_UNPLACED;
		break;
	case STATE:
		out->role = device->flags & ROW_PENDING   ? ROLE_PENDING
			    : device->flags & ROW_ENABLED ? ROLE_TEXT
							  : ROLE_DISABLED;
		out->text = (struct safe_text){ device_state(device) };
		break;
	case FLAGS:
		out->role = device->life < BATTERY_LOW ? ROLE_BATTERY_LOW : ROLE_TEXT;
		out->text = (struct safe_text){ device_flags(device) };
		break;
	case ID:
	case PROJECT:
	case PLACEMENT:
	case TEMPLATE:
	case CLICK:
		out->text = (struct safe_text){ text(table, row, column) };
		break;
	}
}

static uint64_t
key(const struct table *table, size_t row)
{
	return at(table, row)->id;
}

static unsigned char *
flags(struct state *state, size_t row)
{
	return &state->devices.row[row].flags;
}

static const struct table_class devices_table = {
	.column = columns,
	.columns = sizeof(columns) / sizeof(*columns),
	.shown = PROJECT,
	.shelf = shelf,
	.in_scope = in_scope,
	.text = text,
	.number = number,
	.cell = cell,
	.key = key,
	.flags = flags,
};

static void
open(struct pane *pane)
{
	if (pane->app->state->devices.shelf.phase == SHELF_NEW)
		load_devices(pane->app);
}

static bool
act(struct pane *pane, enum action_id action, const struct args *args)
{
	uint32_t row = table_row(pane->table);
	const char *id;

	if ((action != ACTION_OPEN && action != ACTION_DEVICE_SHOW) || args->count)
		return false;
	if (row == NO_ROW)
		return true;
	id = words_text(pane->app->state->words, pane->app->state->devices.row[row].id);
	app_go(pane->app, PANE_DEVICE, NULL, id);
	return true;
}

static void
empty(const struct pane *pane, struct canvas *canvas, struct area body)
{
	static const char how[] =
		"No devices yet. Here is how to begin:\n"
		"\n"
		"1 a  Onboard: claim devices by ID or claim code, then press each once\n"
		"2 a  Create a project: what a press does, and where the devices stand\n"
		"\n"
		":demo opens a demo fleet to look around in; it is thrown away at the "
		"end.";

	(void)pane;
	draw_lines(canvas, body, how);
}

static void
detail(struct pane *pane, struct detail *detail)
{
	describe_device_row(pane->app, detail, table_row(pane->table));
}

const struct pane_class devices_pane = {
	.id = PANE_DEVICES,
	.title = "Devices",
	.table = &devices_table,
	.open = open,
	.act = act,
	.layout = list_pane_layout,
	.draw = list_pane_draw,
	.empty = empty,
	.detail = detail,
};
