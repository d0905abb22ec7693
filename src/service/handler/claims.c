/* Claims: from known to claimed and back (guide, "Claiming Devices"). */
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/model/product.h"
#include "oneclick/store/devices.h"
#include "parts.h"

static enum err
write_state(struct handling *h, const struct device *device)
{
	struct json j = json_to(h->out);

	json_open(&j, '{');
	json_member_text(&j, "state", claim_state_name(device->state));
	json_close(&j, '}');
	return ERR_NONE;
}

/* Saves the device, tells the log, and answers with its new state. */
static enum err
finish(struct handling *h, const struct device *device, enum event_kind kind,
	struct fault *why)
{
	enum err err = devices_save(h->tx, device, why);

	if (err == ERR_NONE)
		err = change_note(h, device, kind, why);
	return err == ERR_NONE ? write_state(h, device) : err;
}

static enum err
find_known(struct handling *h, struct device *out, struct fault *why)
{
	const char *id = h->ask->device_id;
	enum err err = devices_find(h->tx, h->ctx, id, out, why);

	if (err == ERR_NOT_FOUND)
		return fault(why, err,
			"Device %s is not known here; look at the ID on its back, or "
			"register it.",
			id);
	return err;
}

enum err
handle_InitiateDeviceClaim(struct handling *h, struct fault *why)
{
	struct device device;
	enum err err = device_id_check(h->ask->device_id, why);

	if (err == ERR_NONE)
		err = find_known(h, &device, why);
	if (err == ERR_NONE)
		err = device_start_claim(
			&device, h->account, h->now, h->settings->claim_window, why);
	return err == ERR_NONE ? finish(h, &device, EVENT_CLAIM_STARTED, why) : err;
}

enum err
handle_FinalizeDeviceClaim(struct handling *h, struct fault *why)
{
	struct device device;
	enum err err = find_known(h, &device, why);

	if (err == ERR_NONE)
		err = device_finish_claim(
			&device, h->account, h->now, h->settings->claim_window, why);
	if (err != ERR_NONE)
		return err;
	if (h->ask->tags)
		device.tags = json_write_pairs(h->ctx, h->ask->tags);
	return finish(h, &device, EVENT_CLAIMED, why);
}

enum err
handle_UnclaimDevice(struct handling *h, struct fault *why)
{
	const char *id = h->ask->device_id;
	struct device device;
	enum err err = devices_find_own(h->tx, h->ctx, h->account, id, &device, why);

	if (err == ERR_NOT_FOUND ||
		(err == ERR_NONE && !device_is_of(&device, h->account, h->now,
					    h->settings->claim_window)))
		return fault(why, ERR_NOT_FOUND,
			"Device %s is not claimed by this account.", id);
	if (err == ERR_NONE)
		err = device_unclaim(&device, why);
	return err == ERR_NONE ? finish(h, &device, EVENT_UNCLAIMED, why) : err;
}

struct ids {
	const void *ctx;
	const char **id;
	size_t count, room;
};

static bool
collect_id(void *arg, const struct device *device)
{
	struct ids *ids = arg;

	if (ids->count == ids->room) {
		ids->room = ids->room ? ids->room * 2 : 16;
		ids->id = mem_resize(ids->ctx, ids->id, const char *, ids->room);
	}
	ids->id[ids->count++] = mem_text(ids->ctx, device->id);
	return true;
}

static enum err
claim_by_code(struct handling *h, const char *id, struct fault *why)
{
	struct device device;
	enum err err = devices_find(h->tx, h->ctx, id, &device, why);

	if (err != ERR_NONE)
		return err;
	device_claim_by_code(&device, h->account, h->now);
	err = devices_save(h->tx, &device, why);
	return err == ERR_NONE ? change_note(h, &device, EVENT_CLAIMED, why) : err;
}

static enum err
claim_all(struct handling *h, const struct ids *ids, struct fault *why)
{
	enum err err = ERR_NONE;

	for (size_t i = 0; err == ERR_NONE && i < ids->count; i++)
		err = claim_by_code(h, ids->id[i], why);
	return err;
}

enum err
handle_ClaimDevicesByClaimCode(struct handling *h, struct fault *why)
{
	const char *code = h->ask->claim_code;
	struct ids ids = { .ctx = h->ctx };
	struct json j = json_to(h->out);
	enum err err;

	if (!claim_code_is_well_formed(code))
		return fault(why, ERR_INVALID,
			"A claim code is C- and 10 to 38 more letters, digits or '-'; "
			"\"%.40s\" is not.",
			code);
	err = devices_list_code(h->tx, code, collect_id, &ids, why);
	if (err == ERR_NONE && ids.count == 0)
		return fault(why, ERR_FORBIDDEN,
			"Claim code %s is unknown or was used already.", code);
	if (err == ERR_NONE)
		err = claim_all(h, &ids, why);
	if (err != ERR_NONE)
		return err;
	json_open(&j, '{');
	json_member_text(&j, "claimCode", code);
	json_member_int(&j, "total", (int64_t)ids.count);
	json_close(&j, '}');
	return ERR_NONE;
}
