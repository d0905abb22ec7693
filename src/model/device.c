#include "oneclick/model/device.h"

#include <string.h>

#include "oneclick/model/product.h"

enum { MINUTE = 60 * 1000 };

const char *
claim_state_name(enum claim_state state)
{
	switch (state) {
	case DEVICE_UNCLAIMED:
		return "UNCLAIMED";
	case DEVICE_CLAIM_INITIATED:
		return "CLAIM_INITIATED";
	case DEVICE_CLAIMED:
		break;
	}
	return "CLAIMED";
}

bool
device_is_placed(const struct device *device)
{
	return device->placement != NULL;
}

static bool
is_lapsed(const struct device *device, int64_t now, int64_t window)
{
	int64_t age = now - device->claim_at;

	/* One from the future was begun before the clock was set back. */
	return device->state == DEVICE_CLAIM_INITIATED &&
	       (age >= window || age <= -window);
}

static bool
is_account(const struct device *device, const char *account)
{
	return device->account != NULL && strcmp(device->account, account) == 0;
}

bool
device_is_of(
	const struct device *device, const char *account, int64_t now, int64_t window)
{
	return device->state != DEVICE_UNCLAIMED && is_account(device, account) &&
	       !is_lapsed(device, now, window);
}

enum err
device_start_claim(struct device *device, const char *account, int64_t now,
	int64_t window, struct fault *why)
{
	if (device->state == DEVICE_CLAIMED)
		return fault(
			why, ERR_CONFLICT, "Device %s is claimed already.", device->id);
	if (device->state == DEVICE_CLAIM_INITIATED && !is_account(device, account) &&
		!is_lapsed(device, now, window))
		return fault(why, ERR_CONFLICT,
			"Device %s is being claimed by another "
			"account; try again later.",
			device->id);
	device->state = DEVICE_CLAIM_INITIATED;
	device->account = account;
	device->claim_at = now;
	device->claim_heard_at = 0;
	return ERR_NONE;
}

enum err
device_finish_claim(struct device *device, const char *account, int64_t now,
	int64_t window, struct fault *why)
{
	if (device->state == DEVICE_CLAIMED)
		return fault(
			why, ERR_CONFLICT, "Device %s is claimed already.", device->id);
	if (device->state == DEVICE_UNCLAIMED || !is_account(device, account))
		return fault(why, ERR_CONFLICT,
			"No claim of device %s is pending; initiate "
			"one first.",
			device->id);
	if (is_lapsed(device, now, window))
		return fault(why, ERR_CONFLICT,
			"The claim of device %s has lapsed after %d "
			"minutes; initiate it again.",
			device->id, (int)(window / MINUTE));
	if (device->claim_heard_at == 0)
		return fault(why, ERR_PRECONDITION,
			"Nothing was heard of device %s since "
			"its claim was initiated; press its "
			"button once, then finalize.",
			device->id);
	device->state = DEVICE_CLAIMED;
	device->enabled = false;
	return ERR_NONE;
}

void
device_claim_by_code(struct device *device, const char *account, int64_t now)
{
	device->state = DEVICE_CLAIMED;
	device->account = account;
	device->claim_code = NULL;
	device->claim_at = now;
	device->claim_heard_at = 0;
	device->enabled = false;
}

enum err
device_unclaim(struct device *device, struct fault *why)
{
	if (device_is_placed(device))
		return fault(why, ERR_INVALID,
			"Device %s is in placement %s of project %s; "
			"take it out of there before unclaiming it.",
			device->id, device->placement, device->project);
	device->state = DEVICE_UNCLAIMED;
	device->account = NULL;
	device->tags = "{}";
	device->on_click = NULL;
	device->on_health = NULL;
	device_watch(device, 0, 0);
	device->context = 0;
	device->calls = false;
	device->enabled = false;
	device->claim_at = 0;
	device->claim_heard_at = 0;
	device->enabled_at = 0;
	return ERR_NONE;
}

static void
arm_quiet(struct device *device)
{
	int64_t since = device->seen_at > device->enabled_at ? device->seen_at
							     : device->enabled_at;

	device->quiet_at = device->quiet_after > 0 ? since + device->quiet_after : 0;
}

void
device_enable(struct device *device, bool enabled, int64_t now)
{
	if (enabled && !device->enabled)
		device->enabled_at = now;
	device->enabled = enabled;
	arm_quiet(device);
}

static double
find_life(const struct device *device, int64_t now)
{
	const struct product own = { .rated_clicks = device->rated };
	const struct product *product = product_of(device->id);

	if (!product || product->rated_clicks == 0)
		product = &own;
	if (product->rated_clicks <= 0 || device->rated == RATED_BY_BATTERY)
		return device->life;
	return product_life(product, device->clicks, device->first_click_at, now);
}

void
device_hear(struct device *device, int64_t now)
{
	device->seen_at = now;
	arm_quiet(device);
}

void
device_report_life(struct device *device, double life)
{
	device->life = life < 100 ? life : 100;
	device->rated = RATED_BY_BATTERY;
}

void
device_take_click(struct device *device, double life, int64_t now)
{
	device->clicks++;
	if (device->first_click_at == 0)
		device->first_click_at = now;
	device_hear(device, now);
	if (device->state == DEVICE_CLAIM_INITIATED && device->claim_heard_at == 0)
		device->claim_heard_at = now;
	if (life >= 0)
		device_report_life(device, life);
	else
		device->life = find_life(device, now);
}

void
device_watch(struct device *device, double life_below, int64_t quiet_after)
{
	device->life_below = life_below;
	device->life_told = false;
	device->quiet_after = quiet_after;
	arm_quiet(device);
}

static bool
is_in_use(const struct device *device)
{
	return device->state == DEVICE_CLAIMED && device->enabled;
}

bool
device_life_fell(struct device *device)
{
	bool below = device->life < device->life_below, fell;

	fell = below && !device->life_told && is_in_use(device);
	device->life_told = below && (device->life_told || fell);
	return fell;
}

bool
device_fell_quiet(struct device *device, int64_t now)
{
	bool due = device->quiet_at > 0 && device->quiet_at <= now;

	if (due)
		device->quiet_at = 0;
	return due && is_in_use(device);
}
