#include "oneclick/service/ingest.h"

#include <string.h>

#include "oneclick/base/digest.h"
#include "oneclick/base/mem.h"
#include "oneclick/service/context.h"
#include "oneclick/store/aliases.h"
#include "oneclick/store/devices.h"
#include "oneclick/store/events.h"

#define DAY (INT64_C(24) * 60 * 60 * 1000)
#define YEAR_2015 INT64_C(1420070400000)

/* One sighting being taken. */
struct taking {
	struct tx *tx;
	const void *ctx;
	const struct sighting *saw;
	const struct ingest_terms *terms;
	struct device device;
};

/* ---- whose it is ---- */

/* An unknown device (NULL) and a wrong token get one answer, after the same work: who has no
 * token must not learn which devices there are. */
static enum err
check_token(const struct device *device, const char *token, struct fault *why)
{
	static const char nobodys[DIGEST_HEX_SIZE];
	const char *own = device ? device->token_hash : NULL;
	char hash[DIGEST_HEX_SIZE];

	if (!own || strlen(own) != sizeof hash - 1)
		own = nobodys;
	digest_sha256_hex(token, strlen(token), hash);
	if (digest_is_equal(own, hash, sizeof hash - 1))
		return ERR_NONE;
	return fault(why, ERR_FORBIDDEN,
		"There is no such device, or this is not its token; its registration "
		"gave it one.");
}

enum err
ingest_admit(struct tx *tx, const void *ctx, const char *device_id, const char *token,
	struct device *out, struct fault *why)
{
	enum err err = devices_find(tx, ctx, device_id, out, why);

	if (err != ERR_NONE && err != ERR_NOT_FOUND)
		return err;
	return check_token(err == ERR_NONE ? out : NULL, token, why);
}

static enum err
register_device(const struct taking *t, struct fault *why)
{
	const struct profile *profile = t->saw->profile;
	const struct device device = {
		.id = t->saw->device_id,
		.type = "button",
		.tags = "{}",
		.life = 100,
		.profile = profile_name(profile),
		.rated = profile_rated_clicks(profile),
	};
	bool full;
	enum err err = devices_ready_are(t->tx, READY_MAX, &full, why);

	if (err == ERR_NONE && full)
		return fault(why, ERR_NOT_FOUND,
			"Device %s is not registered: %d others wait for a claim "
			"already.",
			device.id, READY_MAX);
	return err == ERR_NONE ? devices_add(t->tx, &device, why) : err;
}

/* A device known before it was first heard through a profile gets it now. */
static enum err
adopt(struct taking *t, struct fault *why)
{
	const struct profile *profile = t->saw->profile;

	if (!profile || t->device.profile)
		return ERR_NONE;
	t->device.profile = profile_name(profile);
	if (t->device.rated == 0)
		t->device.rated = profile_rated_clicks(profile);
	return devices_save(t->tx, &t->device, why);
}

static enum err
read_device(struct taking *t, const char *id, struct fault *why)
{
	bool whole;
	enum err err = devices_find_pressed(
		t->tx, t->ctx, id, t->saw->profile != NULL, &t->device, &whole, why);

	if (t->terms->token && (err == ERR_NONE || err == ERR_NOT_FOUND))
		err = check_token(
			err == ERR_NONE ? &t->device : NULL, t->terms->token, why);
	return err == ERR_NONE && whole ? adopt(t, why) : err;
}

static enum err
find_device(struct taking *t, struct fault *why)
{
	const struct sighting *saw = t->saw;
	enum err err = read_device(t, saw->device_id, why);

	if (err == ERR_NOT_FOUND && saw->profile && profile_registers(saw->profile)) {
		err = register_device(t, why);
		return err == ERR_NONE ? read_device(t, saw->device_id, why) : err;
	}
	if (err == ERR_NOT_FOUND)
		return fault(why, err,
			"Device %.40s is not known here; register it first.",
			saw->device_id);
	return err;
}

const char *
ingest_account(const struct device *device, int64_t window, int64_t now)
{
	if (device->account && device_is_of(device, device->account, now, window))
		return device->account;
	return "";
}

static struct event
make_event(const struct taking *t, enum event_kind kind)
{
	const struct ingest_terms *terms = t->terms;

	return (struct event){
		.at = terms->now,
		.reported_at = terms->now,
		.account = ingest_account(&t->device, terms->claim_window, terms->now),
		.device_id = t->device.id,
		.kind = kind,
	};
}

/* ---- what it says ---- */

/* The same event gets the same ID however often it comes: a UUID (version 8) of what
 * names it, or one at random when nothing does.  A key that means something for a short
 * window only names another event later, so when it was first seen counts as well. */
static const char *
make_id(const struct taking *t, int64_t first)
{
	const struct sighting *saw = t->saw;
	char hex[DIGEST_HEX_SIZE], id[UUID_SIZE];
	char *name;

	if (!saw->key) {
		digest_uuid(id);
		return mem_text(t->ctx, id);
	}
	name = mem_format(t->ctx, "%s\n%s", saw->device_id, saw->key);
	if (saw->window > 0)
		name = mem_format(t->ctx, "%s\n%lld", name, (long long)first);
	digest_sha256_hex(name, strlen(name), hex);
	return mem_format(t->ctx, "%.8s-%.4s-8%.3s-a%.3s-%.12s", hex, hex + 8, hex + 12,
		hex + 15, hex + 18);
}

static int64_t
find_time(const struct sighting *saw, int64_t now)
{
	if (saw->reported_at < YEAR_2015 || saw->reported_at > now + DAY)
		return now;
	return saw->reported_at;
}

/* A gateway that says the same again says nothing. */
static enum err
note_presence(struct taking *t, bool *changed, struct fault *why)
{
	struct device *device = &t->device;
	enum presence presence = t->saw->online ? PRESENCE_ONLINE : PRESENCE_OFFLINE;
	struct event event;
	char id[UUID_SIZE];
	enum err err;

	*changed = t->saw->online >= 0 && device->presence != presence;
	if (!*changed)
		return ERR_NONE;
	device->presence = presence;
	err = context_settle(t->tx, t->ctx, device, why);
	if (err != ERR_NONE)
		return err;
	event = make_event(t, t->saw->online ? EVENT_ONLINE : EVENT_OFFLINE);
	if (!*event.account)
		return ERR_NONE;
	digest_uuid(id);
	event.event_id = id;
	event.life = device->life;
	event.context = device->context;
	return events_append_of(t->tx, device, &event, why);
}

static enum err
finish(struct taking *t, struct fault *why)
{
	enum err err = ERR_NONE;

	if (device_life_fell(&t->device))
		err = health_tell(
			t->tx, t->ctx, &t->device, EVENT_LIFE_LOW, t->terms->now, why);
	return err == ERR_NONE ? devices_save_click(t->tx, &t->device, why) : err;
}

static enum err
store_click(struct taking *t, struct event *event, struct fault *why)
{
	struct device *device = &t->device;
	bool changed;
	enum err err = context_settle(t->tx, t->ctx, device, why);

	if (err != ERR_NONE)
		return err;
	device_take_click(device, t->saw->life, t->terms->now);
	event->life = device->life;
	event->context = device->context;
	event->due = device->calls && device->enabled && device->state == DEVICE_CLAIMED;
	err = events_append_of(t->tx, device, event, why);
	if (err == ERR_NONE)
		err = note_presence(t, &changed, why);
	return err == ERR_NONE ? finish(t, why) : err;
}

static enum err
take_click(struct taking *t, struct event *out, enum ingest_result *result,
	struct fault *why)
{
	const struct sighting *saw = t->saw;
	int64_t first = t->terms->now;
	bool again = false;
	enum err err = find_device(t, why);

	if (err == ERR_NONE && saw->key)
		err = events_seen(t->tx, t->device.id, saw->key, saw->window,
			t->terms->now, &again, &first, why);
	if (err != ERR_NONE)
		return err;
	*result = again ? INGEST_DUPLICATE : INGEST_TAKEN;
	*out = make_event(t, saw->kind);
	out->reported_at = find_time(saw, t->terms->now);
	out->event_id = make_id(t, first);
	return again ? ERR_NONE : store_click(t, out, why);
}

/* ---- what is no click ---- */

/* A retained message tells how things are, not that the device has just been heard. */
static enum err
hear(struct taking *t, const char *id, struct fault *why)
{
	const struct sighting *saw = t->saw;
	bool changed;
	enum err err = read_device(t, id, why);

	if (err == ERR_NONE && saw->life >= 0)
		device_report_life(&t->device, saw->life);
	if (err == ERR_NONE)
		err = note_presence(t, &changed, why);
	if (err == ERR_NONE && saw->online != 0 && (!t->terms->retained || changed))
		device_hear(&t->device, t->terms->now);
	return err == ERR_NONE ? finish(t, why) : err;
}

struct ids {
	const void *ctx;
	const char **id;
	size_t count;
};

static void
collect_id(void *arg, const char *id)
{
	struct ids *ids = arg;

	ids->id = mem_resize(ids->ctx, ids->id, const char *, ids->count + 1);
	ids->id[ids->count++] = mem_text(ids->ctx, id);
}

static enum err
hear_all(struct taking *t, struct fault *why)
{
	struct ids ids = { .ctx = t->ctx };
	enum err err =
		devices_list_family(t->tx, t->saw->device_id, collect_id, &ids, why);

	if (err == ERR_NONE && ids.count == 0 && t->terms->token)
		return check_token(NULL, t->terms->token, why);
	if (err == ERR_NONE && ids.count == 0)
		return fault(why, ERR_NOT_FOUND, "Device %s is not known here.",
			t->saw->device_id);
	for (size_t i = 0; err == ERR_NONE && i < ids.count; i++)
		err = hear(t, ids.id[i], why);
	return err;
}

enum err
ingest_see(struct tx *tx, const void *ctx, const struct sighting *sighting,
	const struct ingest_terms *terms, struct event *out, enum ingest_result *result,
	struct fault *why)
{
	struct taking t = { .tx = tx, .ctx = ctx, .saw = sighting, .terms = terms };

	*result = INGEST_HEARD;
	if (!sighting->device_id)
		return aliases_set(tx, profile_name(sighting->profile),
			sighting->alias_from, sighting->alias_to, why);
	if (!sighting->is_click)
		return hear_all(&t, why);
	return take_click(&t, out, result, why);
}

enum err
ingest_take(struct tx *tx, const void *ctx, const struct report *report,
	const char *token, int64_t window, int64_t now, struct event *out, bool *again,
	struct fault *why)
{
	const struct sighting saw = report_sighting(ctx, report);
	const struct ingest_terms terms = {
		.token = token, .claim_window = window, .now = now
	};
	enum ingest_result result;
	enum err err = ingest_see(tx, ctx, &saw, &terms, out, &result, why);

	*again = err == ERR_NONE && result == INGEST_DUPLICATE;
	return err;
}
