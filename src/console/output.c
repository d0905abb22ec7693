#include "oneclick/console/output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "oneclick/base/buf.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/base/utf8.h"
#include "oneclick/data/csv.h"
#include "oneclick/data/json.h"

enum { FLUSH_AT = 64 * 1024, COLUMNS_MAX = 8 };

/* What a list shows beside JSON: a member, or one of a map within, or of the JSON text
 * that stdEvent is; dates are seconds. */
struct column {
	const char *heading, *within, *member;
	int width; /* of a table; the last column's does not matter */
};

struct list {
	enum op op;
	const char *items; /* the member of a page that holds them */
	struct column column[COLUMNS_MAX];
};

static const struct list lists[] = {
	{ OP_LIST_DEVICES, "devices",
		{ { "deviceId", NULL, "deviceId", 20 }, { "enabled", NULL, "enabled", 7 },
			{ "remainingLife", NULL, "remainingLife", 13 },
			{ "type", NULL, "type", 6 },
			{ "projectName", "attributes", "projectName", 24 },
			{ "placementName", "attributes", "placementName", 16 },
			{ "deviceTemplateName", "attributes", "deviceTemplateName",
				16 } } },
	{ OP_LIST_PROJECTS, "projects",
		{ { "projectName", NULL, "projectName", 28 },
			{ "createdDate", NULL, "createdDate", 24 },
			{ "updatedDate", NULL, "updatedDate", 24 },
			{ "arn", NULL, "arn", 40 } } },
	{ OP_LIST_PLACEMENTS, "placements",
		{ { "placementName", NULL, "placementName", 28 },
			{ "projectName", NULL, "projectName", 28 },
			{ "createdDate", NULL, "createdDate", 24 },
			{ "updatedDate", NULL, "updatedDate", 24 } } },
	{ OP_LIST_DEVICE_EVENTS, "events",
		{ { "reportedTime", "stdEvent", "reportedTime", 24 },
			{ "clickType", "stdEvent", "clickType", 9 },
			{ "remainingLife", "stdEvent", "remainingLife", 13 },
			{ "deviceId", "device", "deviceId", 20 } } },
	{ OP_GET_DEVICE_METHODS, "deviceMethods",
		{ { "deviceType", NULL, "deviceType", 12 },
			{ "methodName", NULL, "methodName", 32 } } },
	{ OP_NONE, "deliveries",
		{ { "state", NULL, "state", 7 },
			{ "reportedTime", NULL, "reportedTime", 24 },
			{ "deviceId", NULL, "deviceId", 20 },
			{ "attempts", NULL, "attempts", 8 },
			{ "nextAttempt", NULL, "nextAttempt", 24 },
			{ "eventId", NULL, "eventId", 36 },
			{ "callback", NULL, "callback", 72 },
			{ "error", NULL, "error", 40 } } },
	{ OP_NONE, "profiles",
		{ { "profile", NULL, "profile", 30 }, { "origin", NULL, "origin", 10 },
			{ "register", NULL, "register", 8 },
			{ "ratedClicks", NULL, "ratedClicks", 11 },
			{ "messages", NULL, "messages", 8 },
			{ "samples", NULL, "samples", 7 } } },
	{ OP_NONE, "sightings",
		{ { "deviceId", NULL, "deviceId", 24 },
			{ "clickType", NULL, "clickType", 9 },
			{ "remainingLife", NULL, "remainingLife", 13 },
			{ "online", NULL, "online", 6 },
			{ "reportedTime", NULL, "reportedTime", 24 },
			{ "key", NULL, "key", 24 }, { "alias", NULL, "alias", 24 },
			{ "to", NULL, "to", 24 } } },
};

struct output {
	enum output_format format;
	const struct list *list; /* being written */
	struct buf buf;
	struct json json;
	int broken; /* the errno of the first write that failed; 0: none has */
};

enum err
output_format_read(const char *word, enum output_format *out, struct fault *why)
{
	static const char *const names[] = { "json", "text", "csv", "table" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(word, names[i])) {
			*out = (enum output_format)i;
			return ERR_NONE;
		}
	return fault(why, ERR_INVALID, "--output takes json, text, csv or table.");
}

struct output *
output_new(const void *ctx, enum output_format format)
{
	struct output *output = mem_new(ctx, struct output);

	output->format = format;
	buf_init(&output->buf, output, BUF_NO_CAP);
	return output;
}

bool
output_flush(struct output *output)
{
	size_t n = output->buf.len;

	if (!output->broken && ((n > 0 && fwrite(output->buf.data, 1, n, stdout) != n) ||
				       fflush(stdout)))
		output->broken = errno ? errno : EIO;
	buf_clear(&output->buf);
	return !output->broken;
}

enum err
output_check(struct output *output, struct fault *why)
{
	if (output_flush(output))
		return ERR_NONE;
	return fault(why, ERR_INTERNAL, "Standard output cannot be written: %s.",
		strerror(output->broken));
}

/* ---- one cell -------------------------------------------------------------------------
 */

static bool
is_date(const char *name)
{
	size_t n = strlen(name);

	return n > 4 && !strcmp(name + n - 4, "Date");
}

static const char *
write_date(const void *ctx, int64_t seconds)
{
	char iso[MOMENT_ISO_SIZE];

	moment_to_iso(seconds * 1000, iso);
	return mem_text(ctx, iso);
}

/* A value as a person reads it; trees stay JSON. */
static const char *
write_value(const void *ctx, const char *name, const struct value *value)
{
	struct buf out;
	struct json j;

	if (!value || value->kind == VALUE_NULL)
		return "";
	if (value->kind == VALUE_TEXT)
		return text_safe_z(ctx, value->text).text;
	if (value->kind == VALUE_INT && is_date(name))
		return write_date(ctx, value->whole);
	buf_init(&out, ctx, BUF_NO_CAP);
	j = json_seen_to(&out);
	json_value(&j, value);
	return text_safe_z(ctx, out.data).text;
}

static const struct value *
look_within(const void *ctx, const struct value *item, const char *within)
{
	const struct value *inner = within ? value_get(item, within) : item;

	if (inner && inner->kind == VALUE_TEXT &&
		json_parse(ctx, inner->text, strlen(inner->text), &inner, NULL))
		return NULL;
	return inner;
}

static const char *
cell_of(const void *ctx, const struct column *column, const struct value *item)
{
	return write_value(ctx, column->member,
		value_get(look_within(ctx, item, column->within), column->member));
}

/* ---- rows -----------------------------------------------------------------------------
 */

static void
pad(struct buf *out, const char *text, int width)
{
	int used = utf8_width(text);

	buf_text(out, text);
	if (width < used)
		width = used;
	for (; used < width + 2; used++)
		buf_char(out, ' ');
}

static void
put_cell(struct output *output, const struct column *column, const char *text, bool last)
{
	struct buf *out = &output->buf;

	if (output->format == OUTPUT_CSV)
		csv_write(out, text);
	else if (output->format == OUTPUT_TABLE && !last)
		pad(out, text, column->width);
	else
		buf_text(out, text);
	if (last)
		buf_char(out, '\n');
	else if (output->format != OUTPUT_TABLE)
		buf_char(out, output->format == OUTPUT_CSV ? ',' : '\t');
}

static bool
is_last(const struct list *list, size_t i)
{
	return i + 1 == COLUMNS_MAX || !list->column[i + 1].heading;
}

static void
put_headings(struct output *output)
{
	const struct list *list = output->list;

	for (size_t i = 0; i < COLUMNS_MAX && list->column[i].heading; i++)
		put_cell(output, &list->column[i], list->column[i].heading,
			is_last(list, i));
}

static void
put_row(struct output *output, const struct value *item)
{
	const struct list *list = output->list;
	void *life = mem_life(NULL);

	for (size_t i = 0; i < COLUMNS_MAX && list->column[i].heading; i++)
		put_cell(output, &list->column[i], cell_of(life, &list->column[i], item),
			is_last(list, i));
	mem_free(life);
}

/* ---- lists ----------------------------------------------------------------------------
 */

static void
begin(struct output *output, const struct list *list)
{
	output->list = list;
	output->json = json_seen_to(&output->buf);
	if (output->format == OUTPUT_JSON)
		json_open(&output->json, '[');
	else if (output->format != OUTPUT_TEXT)
		put_headings(output);
}

static const struct list *
list_of(enum op op)
{
	const struct list *list = lists;

	while (list->op != op)
		list++;
	return list;
}

const char *
output_items(enum op op)
{
	return list_of(op)->items;
}

void
output_begin(struct output *output, enum op op)
{
	begin(output, list_of(op));
}

void
output_begin_list(struct output *output, const char *items)
{
	size_t i = 0;

	while (strcmp(lists[i].items, items) != 0)
		i++;
	begin(output, &lists[i]);
}

void
output_page(struct output *output, const struct value *body)
{
	const struct value *items = value_get(body, output->list->items);

	for (size_t i = 0; items && items->kind == VALUE_LIST && i < items->count; i++) {
		if (output->format == OUTPUT_JSON)
			json_value(&output->json, &items->item[i]);
		else
			put_row(output, &items->item[i]);
		if (output->buf.len > FLUSH_AT)
			output_flush(output);
	}
}

void
output_end(struct output *output)
{
	if (output->format == OUTPUT_JSON) {
		json_close(&output->json, ']');
		buf_char(&output->buf, '\n');
	}
	output->list = NULL;
	output_flush(output);
}

/* ---- single answers -------------------------------------------------------------------
 */

static void
put_pairs(struct output *output, const struct value *map, int depth)
{
	void *life = mem_life(NULL);

	for (size_t i = 0; i < map->count; i++) {
		const struct value *item = &map->item[i];
		const char *key = text_safe_z(life, map->key[i]).text;

		if (output->format == OUTPUT_CSV) {
			csv_write(&output->buf, key);
			buf_char(&output->buf, ',');
			csv_write(&output->buf, write_value(life, map->key[i], item));
			buf_char(&output->buf, '\n');
			continue;
		}
		buf_format(&output->buf, "%*s%s:", depth * 2, "", key);
		if (item->kind == VALUE_MAP && item->count > 0) {
			buf_char(&output->buf, '\n');
			put_pairs(output, item, depth + 1);
		} else {
			buf_format(&output->buf, " %s\n",
				write_value(life, map->key[i], item));
		}
	}
	mem_free(life);
}

/* A line to a person: only where the output is not for a program. */
static void
say(struct output *output, const char *sentence)
{
	if (output->format != OUTPUT_TABLE)
		return;
	buf_format(&output->buf, "%s\n", sentence);
	output_flush(output);
}

void
output_answer(struct output *output, const struct value *body)
{
	if (!body || (body->kind == VALUE_MAP && body->count == 0)) {
		say(output, "Done.");
		return;
	}
	if (output->format == OUTPUT_JSON) {
		struct json j = json_seen_to(&output->buf);

		json_value(&j, body);
		buf_char(&output->buf, '\n');
	} else if (body->kind == VALUE_MAP) {
		put_pairs(output, body, 0);
	}
	output_flush(output);
}

static void
put_event_json(
	struct output *output, int64_t pos, const char *kind, const struct value *data)
{
	struct json j = json_seen_to(&output->buf);

	json_open(&j, '{');
	json_member_int(&j, "pos", pos);
	json_member_text(&j, "event", kind);
	for (size_t i = 0; data->kind == VALUE_MAP && i < data->count; i++) {
		json_key(&j, data->key[i]);
		json_value(&j, &data->item[i]);
	}
	json_close(&j, '}');
	buf_char(&output->buf, '\n');
}

static void
put_event_cells(
	struct output *output, int64_t pos, const char *kind, const struct value *data)
{
	static const struct column columns[] = { { "at", NULL, "at", 24 },
		{ "kind", NULL, "kind", 14 }, { "deviceId", NULL, "deviceId", 20 },
		{ "remainingLife", NULL, "remainingLife", 8 },
		{ "projectName", NULL, "projectName", 24 },
		{ "placementName", NULL, "placementName", 16 } };
	struct column first = { "pos", NULL, "pos", 8 };
	size_t n = sizeof(columns) / sizeof(*columns);
	void *life = mem_life(NULL);

	put_cell(output, &first, mem_format(life, "%lld", (long long)pos), false);
	if (!strcmp(kind, "gap"))
		put_cell(output, &first, "gap: some events are no longer kept", true);
	for (size_t i = 0; i < n && strcmp(kind, "gap") != 0; i++)
		put_cell(output, &columns[i], cell_of(life, &columns[i], data),
			i + 1 == n);
	mem_free(life);
}

void
output_event(
	struct output *output, int64_t pos, const char *kind, const struct value *data)
{
	if (output->format == OUTPUT_JSON)
		put_event_json(output, pos, kind, data);
	else
		put_event_cells(output, pos, kind, data);
	output_flush(output);
}
