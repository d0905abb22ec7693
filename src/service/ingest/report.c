/*
 * Reports: events in our own format, as JSON.  However one comes, by HTTP, a broker or our
 * own listener, this decides what it says.  A press is a press: what names it, the device
 * and the kind of click, must be sound; any other member that makes no sense is left out,
 * as of profiles' messages.
 */
#include <math.h>
#include <string.h>

#include "oneclick/base/digest.h"
#include "oneclick/base/mem.h"
#include "oneclick/data/json.h"
#include "oneclick/data/record.h"
#include "oneclick/service/ingest.h"

/* The members as they stand in the JSON. */
struct members {
	const char *device_id, *click_type, *event_id;
	double life;
	int64_t reported_at;
	const char *left_out; /* a sentence */
};

#define AT(member) offsetof(struct members, member)
enum { DEVICE_ID, CLICK_TYPE, LIFE, REPORTED_AT, EVENT_ID, ROWS, OPTIONAL = LIFE };
enum { EVENT_ID_MAX = 128 };

/* name, kind, member, least and most, letters, longest value */
static const struct field rows[ROWS] = {
	[DEVICE_ID] = { "deviceId", FIELD_TEXT, AT(device_id), 1, 32, LETTERS_ANY, 0 },
	[CLICK_TYPE] = { "clickType", FIELD_TEXT, AT(click_type), 0, 0, LETTERS_ANY, 0 },
	[LIFE] = { "remainingLife", FIELD_NUMBER, AT(life), 0, 100, LETTERS_ANY, 0 },
	[REPORTED_AT] = { "reportedTime", FIELD_TIME, AT(reported_at), 0, 0, LETTERS_ANY,
		0 },
	[EVENT_ID] = { "eventId", FIELD_TEXT, AT(event_id), 1, EVENT_ID_MAX, LETTERS_ANY,
		0 },
};

static enum err
parse(const void *ctx, const char *json, size_t n, const struct value **out,
	struct fault *why)
{
	enum err err;

	if (n > REPORT_MAX)
		return fault(why, ERR_INVALID,
			"The event has %zu bytes; at most %d are taken.", n, REPORT_MAX);
	err = json_parse(ctx, json, n, out, why);
	if (err == ERR_NONE && (*out)->kind != VALUE_MAP)
		return fault(why, ERR_INVALID, "The event must be a JSON object, not %s.",
			value_kind_name((*out)->kind));
	return err;
}

/* ---- what may be missing ---- */

/* The first is told. */
static void
leave_out(const void *ctx, const struct field *row, const struct fault *why,
	struct members *out)
{
	field_clear(row, out);
	if (!out->left_out)
		out->left_out =
			mem_format(ctx, "%s was left out: %s", row->name, why->sentence);
}

/* Any text tells events apart, and so does its digest. */
static const char *
shorten(const void *ctx, const char *id)
{
	char hex[DIGEST_HEX_SIZE];

	if (strlen(id) <= EVENT_ID_MAX)
		return id;
	digest_sha256_hex(id, strlen(id), hex);
	return mem_text(ctx, hex);
}

/* Simple senders write numbers as texts, and count their events in numbers; NULL for a
 * value that is neither. */
static const char *
write_scalar(const void *ctx, const struct value *value)
{
	if (value->kind == VALUE_TEXT)
		return value->text;
	if (value->kind == VALUE_INT)
		return mem_format(ctx, "%lld", (long long)value->whole);
	return NULL;
}

static void
read_optional(const void *ctx, const struct value *map, size_t row, struct members *out)
{
	const struct value *value = value_get(map, rows[row].name);
	const char *text = value ? write_scalar(ctx, value) : NULL;
	struct fault why;
	enum err err;

	if (text && row == EVENT_ID)
		text = shorten(ctx, text);
	if (text)
		err = field_read_text(ctx, &rows[row], text, out, &why);
	else
		err = field_read(ctx, &rows[row], value, out, &why);
	if (err)
		leave_out(ctx, &rows[row], &why, out);
}

/* ---- what may not ---- */

/* Whoever came as a device need not name it, and what is no name names no other. */
static enum err
read_device(const void *ctx, const struct value *map, const char *expected_id,
	struct members *out, struct fault *why)
{
	const struct value *value = value_get(map, "deviceId");
	enum err err = field_read(ctx, &rows[DEVICE_ID], value, out, why);

	if (err && expected_id && value->kind != VALUE_TEXT) {
		leave_out(ctx, &rows[DEVICE_ID], why, out);
		return ERR_NONE;
	}
	if (err)
		return err;
	if (!out->device_id && !expected_id)
		return fault(why, ERR_INVALID,
			"deviceId is missing; say which device it was.");
	if (out->device_id && expected_id && strcmp(out->device_id, expected_id) != 0)
		return fault(why, ERR_INVALID,
			"deviceId is %s, but the event came as one of %.32s.",
			out->device_id, expected_id);
	return ERR_NONE;
}

static enum err
read_kind(const void *ctx, const struct value *map, struct members *out,
	enum event_kind *kind, struct fault *why)
{
	const struct value *value = value_get(map, "clickType");
	enum err err = field_read(ctx, &rows[CLICK_TYPE], value, out, why);

	if (err)
		return err;
	if (!out->click_type || !event_kind_from_name(out->click_type, kind) ||
		!event_is_click(*kind))
		return fault(why, ERR_INVALID,
			"clickType must be SINGLE, DOUBLE or LONG, not %.32s.",
			out->click_type ? out->click_type : "absent");
	return ERR_NONE;
}

enum err
report_read(const void *ctx, const char *expected_id, const char *json, size_t n,
	struct report *out, struct fault *why)
{
	struct members m = { 0 };
	const struct value *map;
	enum event_kind kind;
	enum err err = parse(ctx, json, n, &map, why);

	if (!err)
		err = read_device(ctx, map, expected_id, &m, why);
	if (!err)
		err = read_kind(ctx, map, &m, &kind, why);
	if (err)
		return err;
	for (size_t row = OPTIONAL; row < ROWS; row++)
		read_optional(ctx, map, row, &m);
	*out = (struct report){
		.device_id = m.device_id ? m.device_id : mem_text(ctx, expected_id),
		.kind = kind,
		.life = isnan(m.life) ? -1 : m.life,
		.reported_at = m.reported_at == FIELD_ABSENT_INT ? 0 : m.reported_at,
		.event_id = m.event_id,
		.left_out = m.left_out,
	};
	return ERR_NONE;
}

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

struct sighting
report_sighting(const void *ctx, const struct report *report)
{
	return (struct sighting){
		.device_id = report->device_id,
		.is_click = true,
		.kind = report->kind,
		.life = report->life,
		.online = -1,
		.reported_at = report->reported_at,
		.key = make_key(ctx, report),
	};
}
