#include "oneclick/service/ingest.h"

#include <math.h>
#include <string.h>

#include "oneclick/base/digest.h"
#include "oneclick/base/mem.h"
#include "oneclick/data/json.h"
#include "oneclick/data/record.h"
#include "oneclick/service/context.h"
#include "oneclick/store/devices.h"
#include "oneclick/store/events.h"

#define DAY (INT64_C(24) * 60 * 60 * 1000)
#define YEAR_2015 INT64_C(1420070400000)

/* The members as they stand in the JSON. */
struct members {
	const char *device_id, *click_type, *event_id;
	double life;
	int64_t reported_at;
};

#define AT(member) offsetof(struct members, member)
/* name, kind, member, least and most, letters, longest value */
static const struct field rows[] = {
	{ "deviceId", FIELD_TEXT, AT(device_id), 1, 32, LETTERS_ANY, 0 },
	{ "clickType", FIELD_TEXT, AT(click_type), 0, 0, LETTERS_ANY, 0 },
	{ "remainingLife", FIELD_NUMBER, AT(life), 0, 100, LETTERS_ANY, 0 },
	{ "reportedTime", FIELD_TIME, AT(reported_at), 0, 0, LETTERS_ANY, 0 },
	{ "eventId", FIELD_TEXT, AT(event_id), 1, 128, LETTERS_ANY, 0 },
};
enum { ROWS = sizeof rows / sizeof *rows };

static enum err
parse(const void *ctx, const char *json, size_t n, struct members *out, struct fault *why)
{
	const struct value *tree;
	enum err err;

	if (n > REPORT_MAX)
		return fault(why, ERR_INVALID,
			"The event has %zu bytes; at most %d are taken.", n, REPORT_MAX);
	err = json_parse(ctx, json, n, &tree, why);
	if (err == ERR_NONE && tree->kind != VALUE_MAP)
		return fault(why, ERR_INVALID, "The event must be a JSON object, not %s.",
			value_kind_name(tree->kind));
	for (size_t i = 0; err == ERR_NONE && i < ROWS; i++)
		field_clear(&rows[i], out);
	return err == ERR_NONE ? record_read(ctx, rows, ROWS, tree, out, why) : err;
}

static enum err
check_members(const struct members *m, const char *expected_id, enum event_kind *kind,
	struct fault *why)
{
	if (!m->device_id && !expected_id)
		return fault(why, ERR_INVALID,
			"deviceId is missing; say which device it was.");
	if (m->device_id && expected_id && strcmp(m->device_id, expected_id) != 0)
		return fault(why, ERR_INVALID,
			"deviceId is %s, but the event came as one of %.32s.",
			m->device_id, expected_id);
	if (!m->click_type || !event_kind_from_name(m->click_type, kind) ||
		!event_is_click(*kind))
		return fault(why, ERR_INVALID,
			"clickType must be SINGLE, DOUBLE or LONG, not %.32s.",
			m->click_type ? m->click_type : "absent");
	return ERR_NONE;
}

enum err
report_read(const void *ctx, const char *expected_id, const char *json, size_t n,
	struct report *out, struct fault *why)
{
	struct members m;
	enum event_kind kind;
	enum err err = parse(ctx, json, n, &m, why);

	if (err == ERR_NONE)
		err = check_members(&m, expected_id, &kind, why);
	if (err != ERR_NONE)
		return err;
	*out = (struct report){
		.device_id = m.device_id ? m.device_id : mem_text(ctx, expected_id),
		.kind = kind,
		.life = isnan(m.life) ? -1 : m.life,
		.reported_at = m.reported_at == FIELD_ABSENT_INT ? 0 : m.reported_at,
		.event_id = m.event_id,
	};
	return ERR_NONE;
}

static enum err
check_token(const struct device *device, const char *token, struct fault *why)
{
	char hash[DIGEST_HEX_SIZE];

	digest_sha256_hex(token, strlen(token), hash);
	if (device->token_hash && strlen(device->token_hash) == sizeof hash - 1 &&
		digest_is_equal(device->token_hash, hash, sizeof hash - 1))
		return ERR_NONE;
	return fault(why, ERR_FORBIDDEN,
		"This is not the token of device %s; its registration gave it one.",
		device->id);
}

enum err
ingest_admit(struct tx *tx, const void *ctx, const char *device_id, const char *token,
	struct device *out, struct fault *why)
{
	enum err err = devices_find(tx, ctx, device_id, out, why);

	if (err == ERR_NOT_FOUND)
		return fault(why, err, "Device %.40s is not known here; register it first.",
			device_id);
	return err == ERR_NONE && token ? check_token(out, token, why) : err;
}

/* What tells a repetition from a new press; NULL when the sender gave nothing to go by.
 */
static const char *
make_key(const void *ctx, const struct report *report)
{
	if (report->event_id)
		return mem_format(ctx, "id %s", report->event_id);
	if (report->reported_at != 0)
		return mem_format(ctx, "at %lld %s", (long long)report->reported_at,
			event_kind_name(report->kind));
	return NULL;
}

/* The same event gets the same ID however often it comes: a UUID (version 8) of what
 * names it, or one at random when nothing does. */
static const char *
make_id(const void *ctx, const char *device_id, const char *key)
{
	char hex[DIGEST_HEX_SIZE], id[UUID_SIZE];
	char *name;

	if (!key) {
		digest_uuid(id);
		return mem_text(ctx, id);
	}
	name = mem_format(ctx, "%s\n%s", device_id, key);
	digest_sha256_hex(name, strlen(name), hex);
	return mem_format(ctx, "%.8s-%.4s-8%.3s-a%.3s-%.12s", hex, hex + 8, hex + 12,
		hex + 15, hex + 18);
}

static int64_t
find_time(const struct report *report, int64_t now)
{
	if (report->reported_at < YEAR_2015 || report->reported_at > now + DAY)
		return now;
	return report->reported_at;
}

/* Whose event it is: the owner's, or that of whoever is claiming the device. */
static const char *
find_account(const struct device *device, int64_t window, int64_t now)
{
	if (device->account && device_is_of(device, device->account, now, window))
		return device->account;
	return "";
}

static enum err
store_event(struct tx *tx, const void *ctx, struct device *device, struct event *event,
	double life, struct fault *why)
{
	enum err err = context_settle(tx, ctx, device, why);

	if (err != ERR_NONE)
		return err;
	device_take_click(device, life, event->at);
	event->life = device->life;
	event->context = device->context;
	err = events_append(tx, event, why);
	return err == ERR_NONE ? devices_save_click(tx, device, why) : err;
}

enum err
ingest_take(struct tx *tx, const void *ctx, const struct report *report,
	const char *token, int64_t window, int64_t now, struct event *out, bool *again,
	struct fault *why)
{
	const char *key = make_key(ctx, report);
	struct device device;
	enum err err = ingest_admit(tx, ctx, report->device_id, token, &device, why);

	*again = false;
	if (err == ERR_NONE && key)
		err = events_seen(tx, device.id, key, now, again, why);
	if (err != ERR_NONE)
		return err;
	*out = (struct event){
		.at = now,
		.reported_at = find_time(report, now),
		.account = find_account(&device, window, now),
		.device_id = device.id,
		.event_id = make_id(ctx, device.id, key),
		.kind = report->kind,
	};
	return *again ? ERR_NONE : store_event(tx, ctx, &device, out, report->life, why);
}
