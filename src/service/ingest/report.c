/* Reports: events in our own format, as JSON. */
#include <math.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/data/json.h"
#include "oneclick/data/record.h"
#include "oneclick/service/ingest.h"

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
