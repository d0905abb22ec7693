/* ListReadyDevices: devices that were heard through a profile and that nobody has claimed,
 * last heard first.  They belong to no account yet, so that every account of the service
 * sees them, as every one may claim by ID.
 * Query: maxResults, nextToken.  Answer: {"devices": [{deviceId, profile, seenAt,
 * remainingLife}], "nextToken"}. */
#include <stdlib.h>
#include <string.h>

#include "oneclick/api/page.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/data/json.h"
#include "oneclick/service/extra.h"
#include "oneclick/store/devices.h"

#define QUERY "ListReadyDevices"

struct listing {
	const void *ctx;
	struct json j;
	int left;
	int64_t seen_at; /* of the one last written */
	const char *id;
	bool more;
};

static bool
add(void *arg, const struct device *device)
{
	struct listing *listing = arg;
	char seen_at[MOMENT_ISO_SIZE];

	if (listing->left == 0) {
		listing->more = true;
		return false;
	}
	if (--listing->left == 0) {
		listing->seen_at = device->seen_at;
		listing->id = mem_text(listing->ctx, device->id);
	}
	moment_to_iso(device->seen_at, seen_at);
	json_open(&listing->j, '{');
	json_member_text(&listing->j, "deviceId", device->id);
	json_member_text(&listing->j, "profile", device->profile);
	json_member_text(&listing->j, "seenAt", seen_at);
	json_key(&listing->j, "remainingLife");
	json_number(&listing->j, device->life);
	json_close(&listing->j, '}');
	return true;
}

/* Where the page before ended: "MOMENT ID". */
static enum err
find_start(const struct extra_call *call, int64_t *seen_at, const char **id,
	struct fault *why)
{
	const char *token = pairs_get(call->query, "nextToken"), *after;
	char *end;
	enum err err;

	*seen_at = INT64_MAX;
	*id = "";
	if (!token)
		return ERR_NONE;
	err = page_token_read(
		call->ctx, call->secret, QUERY, token, ERR_RANGE, &after, why);
	if (err != ERR_NONE)
		return err;
	*seen_at = strtoll(after, &end, 10);
	*id = *end == ' ' ? end + 1 : end;
	return ERR_NONE;
}

static void
write_next(const struct extra_call *call, struct listing *listing)
{
	const char *after = mem_format(
		call->ctx, "%lld %s", (long long)listing->seen_at, listing->id);

	json_member_text(&listing->j, "nextToken",
		page_token_make(call->ctx, call->secret, QUERY, after));
}

enum err
handle_ListReadyDevices(struct extra_call *call, struct fault *why)
{
	struct listing listing = { .ctx = call->ctx, .j = json_to(call->out) };
	int64_t seen_at, lapsed = call->now - call->settings->claim_window;
	const char *id;
	enum err err = extra_limit(call, &listing.left, why);

	if (err == ERR_NONE)
		err = find_start(call, &seen_at, &id, why);
	if (err != ERR_NONE)
		return err;
	json_open(&listing.j, '{');
	json_key(&listing.j, "devices");
	json_open(&listing.j, '[');
	err = devices_list_ready(
		call->tx, seen_at, id, lapsed, listing.left + 1, add, &listing, why);
	json_close(&listing.j, ']');
	if (listing.more)
		write_next(call, &listing);
	/* Before there is a project or a device, nothing else tells it to the caller. */
	json_member_text(&listing.j, "account", call->principal->account);
	json_close(&listing.j, '}');
	return err;
}
