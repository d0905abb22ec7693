#include "oneclick/service/destinations.h"

#include <stdlib.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/data/record.h"
#include "sinks.h"

enum {
	DESTINATIONS_MAX = 1000,
	RULES_MAX = 256,
	IN_FLIGHT_DEFAULT = 8,
	IN_FLIGHT_MAX = 256,
	SECOND = 1000,
	TIMEOUT_MAX = 15 * 60 * SECOND, /* what a function may take */
	MAX_AGE_MAX = 14 * 24 * 60 * 60 * SECOND,
	MATCH_MAX = 200, /* as long as an ARN may be */
};

/* The members as they stand in the file. */
struct members {
	const char *match, *max_age, *ordered, *timeout;
	int64_t in_flight;
	const struct value *sink[SINKS_MAX];
};

#define AT(member) offsetof(struct members, member)
/* name, kind, member, least and most, letters, longest value */
static const struct field own_rows[] = {
	{ "match", FIELD_TEXT, AT(match), 1, MATCH_MAX, LETTERS_ANY, 0 },
	{ "max-in-flight", FIELD_INT, AT(in_flight), 1, IN_FLIGHT_MAX, LETTERS_ANY, 0 },
	{ "max-age", FIELD_TEXT, AT(max_age), 0, 0, LETTERS_ANY, 0 },
	{ "timeout", FIELD_TEXT, AT(timeout), 0, 0, LETTERS_ANY, 0 },
	{ "ordered", FIELD_TEXT, AT(ordered), 0, 0, LETTERS_ANY, 0 },
};
enum { OWN_ROWS = sizeof own_rows / sizeof *own_rows };

/* Ours, and one for each sink. */
static size_t
fill_rows(struct field rows[OWN_ROWS + SINKS_MAX])
{
	size_t n = 0;

	memcpy(rows, own_rows, sizeof own_rows);
	for (; sink_at(n); n++)
		rows[OWN_ROWS + n] = (struct field){
			.name = sink_at(n)->name,
			.kind = FIELD_TREE,
			.at = AT(sink) + n * sizeof(const struct value *),
		};
	return OWN_ROWS + n;
}

/* ---- one destination ---- */

static enum err
refuse(const struct value *value, struct fault *why)
{
	return fault_at(
		why, why->code, "line %d, column %d", value->line, value->column);
}

static enum err
read_duration(const struct value *map, const char *key, int64_t otherwise, int64_t max,
	int64_t *out, struct fault *why)
{
	static const struct {
		char letter;
		int64_t ms;
	} units[] = { { 's', SECOND }, { 'm', 60 * SECOND }, { 'h', 3600 * SECOND },
		{ 'd', 24 * 3600 * SECOND } };
	const char *text = value_text(map, key);
	size_t digits = text ? strspn(text, "0123456789") : 0;

	*out = text ? 0 : otherwise;
	if (digits > 0 && digits <= 6 && text[digits] && !text[digits + 1])
		for (size_t i = 0; i < sizeof units / sizeof *units; i++)
			if (text[digits] == units[i].letter)
				*out = atoi(text) * units[i].ms;
	if (*out > 0 && *out <= max)
		return ERR_NONE;
	fault(why, ERR_INVALID,
		"%s takes a time like 15s, 10m or 6h, at most %lld s, not \"%.40s\".",
		key, (long long)max / SECOND, text);
	return refuse(value_get(map, key), why);
}

static enum err
read_order(const struct value *map, const char *word, bool *out, struct fault *why)
{
	*out = word && strcmp(word, "device") == 0;
	if (*out || !word || strcmp(word, "none") == 0)
		return ERR_NONE;
	fault(why, ERR_INVALID, "ordered takes none or device, not \"%.40s\".", word);
	return refuse(value_get(map, "ordered"), why);
}

static const char *
list_sinks(const void *ctx)
{
	char *text = mem_text(ctx, sink_at(0)->name);

	for (size_t n = 1; sink_at(n); n++)
		text = mem_format(ctx, "%s%s%s", text, sink_at(n + 1) ? ", " : " or ",
			sink_at(n)->name);
	return text;
}

/* The one sink it names, and what that reads. */
static enum err
choose_sink(const void *ctx, const struct value *map, const struct members *members,
	struct destination *out, const struct value **its, struct fault *why)
{
	for (size_t n = 0; sink_at(n); n++) {
		if (!members->sink[n])
			continue;
		if (out->class) {
			fault(why, ERR_INVALID,
				"A destination has one sink; this one has %s and %s.",
				out->class->name, sink_at(n)->name);
			return refuse(map, why);
		}
		out->class = sink_at(n);
		*its = members->sink[n];
	}
	if (out->class)
		return ERR_NONE;
	fault(why, ERR_NOT_FOUND, "A destination needs one of %s.", list_sinks(ctx));
	return refuse(map, why);
}

/* ---- what it matches ---- */

/* An ARN, or a pattern that some ARN fits. */
static bool
is_arn_pattern(const char *text)
{
	static const char start[] = "arn:";
	size_t i = 0, colons = 0;

	for (; i < strlen(start) && text[i] != '*'; i++)
		if (text[i] != '?' && text[i] != start[i])
			return false;
	if (strchr(text, '*'))
		return true;
	for (; *text; text++)
		colons += *text == ':';
	return colons >= 5;
}

static enum err
check_match(const struct value *map, const char *match, struct fault *why)
{
	if (!match || is_arn_pattern(match))
		return ERR_NONE;
	fault(why, ERR_INVALID,
		"match takes the ARN of a callback, or a pattern of some with * and ?, "
		"not '%.100s', which no ARN is.",
		match);
	return refuse(value_get(map, "match"), why);
}

/* Whether every ARN of `later` is one of `earlier` too, as far as it shows letter by letter:
 * a star takes anything, signs included. */
static bool
covers(const char *earlier, const char *later)
{
	const char *star = NULL, *from = NULL;

	while (*later) {
		if (*earlier == '*') {
			star = ++earlier;
			from = later;
		} else if (*earlier == *later || (*earlier == '?' && *later != '*')) {
			earlier++;
			later++;
		} else if (star) {
			earlier = star;
			later = ++from;
		} else {
			return false;
		}
	}
	return earlier[strspn(earlier, "*")] == '\0';
}

static enum err
refuse_shadowed(
	const struct value *map, const char *earlier, const char *match, struct fault *why)
{
	if (strcmp(earlier, match) == 0)
		fault(why, ERR_INVALID,
			"A destination before this one matches %.100s already.", match);
	else
		fault(why, ERR_INVALID,
			"A destination before this one matches %.80s, and with it all of "
			"%.80s: put this one first, or leave it out.",
			earlier, match);
	return refuse(map, why);
}

static enum err
choose_match(const struct destinations *table, const struct value *map,
	const struct members *members, struct destination *out, struct fault *why)
{
	out->match = members->match ? members->match : out->class->matches;
	if (!out->match) {
		fault(why, ERR_NOT_FOUND,
			"match is missing: say which ARNs this %s is for.",
			out->class->name);
		return refuse(map, why);
	}
	for (size_t i = 0; &table->row[i] != out; i++)
		if (covers(table->row[i].match, out->match))
			return refuse_shadowed(map, table->row[i].match, out->match, why);
	return ERR_NONE;
}

static enum err
read_members(const void *ctx, const struct value *map, struct members *members,
	struct destination *out, struct fault *why)
{
	struct field rows[OWN_ROWS + SINKS_MAX];
	size_t count = fill_rows(rows);
	enum err err = record_read(ctx, rows, count, map, members, why);

	if (!err)
		err = check_match(map, members->match, why);
	if (err)
		return err;
	out->in_flight_max = members->in_flight == FIELD_ABSENT_INT
				     ? IN_FLIGHT_DEFAULT
				     : (int)members->in_flight;
	err = read_order(map, members->ordered, &out->ordered, why);
	if (!err)
		err = read_duration(
			map, "timeout", 15 * SECOND, TIMEOUT_MAX, &out->timeout, why);
	if (!err)
		err = read_duration(map, "max-age", INT64_C(6) * 3600 * SECOND,
			MAX_AGE_MAX, &out->max_age, why);
	return err;
}

static enum err
read_row(struct destinations *table, const struct value *map,
	const struct sink_world *world, struct fault *why)
{
	struct destination *out = &table->row[table->count];
	struct members members = { 0 };
	const struct value *its = NULL;
	enum err err = read_members(table, map, &members, out, why);

	if (!err)
		err = choose_sink(table, map, &members, out, &its, why);
	if (!err)
		err = out->class->open(table, its, world, &out->sink, why);
	if (err)
		return err;
	table->count++; /* so that it is closed with the others */
	return choose_match(table, map, &members, out, why);
}

/* ---- the table ---- */

enum err
destinations_read(const void *ctx, const struct value *value,
	const struct sink_world *world, struct destinations **out, struct fault *why)
{
	struct destinations *table = mem_new(ctx, struct destinations);
	size_t count = value && value->kind == VALUE_LIST ? value->count : 0;
	enum err err = ERR_NONE;

	*out = table;
	if (value && value->kind != VALUE_LIST && value->kind != VALUE_NULL) {
		fault(why, ERR_INVALID, "destinations is a list, not %s.",
			value_kind_name(value->kind));
		err = refuse(value, why);
	} else if (count > DESTINATIONS_MAX) {
		fault(why, ERR_INVALID,
			"There are %zu destinations; at most %d are kept.", count,
			DESTINATIONS_MAX);
		err = refuse(value, why);
	}
	table->row = mem_array(table, struct destination, count);
	for (size_t i = 0; !err && i < count; i++)
		err = read_row(table, &value->item[i], world, why);
	if (err)
		destinations_close(table);
	return err;
}

void
destinations_close(struct destinations *table)
{
	for (size_t i = 0; i < table->count; i++)
		if (table->row[i].sink && table->row[i].class->close)
			table->row[i].class->close(table->row[i].sink);
	mem_free(table);
}

/* Greedy: on a mismatch the last '*' takes one letter more. */
static bool
matches(const char *pattern, const char *text)
{
	const char *star = NULL, *from = NULL;

	while (*text) {
		if (*pattern == '*') {
			star = ++pattern;
			from = text;
		} else if (*pattern == '?' || *pattern == *text) {
			pattern++;
			text++;
		} else if (star) {
			pattern = star;
			text = ++from;
		} else {
			return false;
		}
	}
	pattern += strspn(pattern, "*");
	return *pattern == '\0';
}

struct destination *
destinations_find(const struct destinations *table, const char *arn)
{
	for (size_t i = 0; i < table->count; i++)
		if (matches(table->row[i].match, arn))
			return &table->row[i];
	return NULL;
}

/* ---- callbacks ---- */

enum err
callbacks_read(
	const void *ctx, const struct value *value, struct reach **out, struct fault *why)
{
	struct texts allow;
	const struct field row = {
		.name = "allow", .kind = FIELD_TEXTS, .max = RULES_MAX
	};
	struct reach *reach = reach_new(ctx);
	const struct value *list = value_get(value, "allow");
	enum err err = record_read(reach, &row, 1,
		value && value->kind == VALUE_NULL ? NULL : value, &allow, why);

	*out = reach;
	for (size_t i = 0; !err && i < allow.count; i++)
		if (reach_allow(reach, allow.item[i], why))
			err = refuse(&list->item[i], why);
	return err;
}

/* ---- checking ---- */

static enum err
try_list(const void *ctx, const struct value *list, struct fault *why)
{
	struct destinations *table;
	enum err err = destinations_read(ctx, list, NULL, &table, why);

	if (!err)
		destinations_close(table);
	return err;
}

/* What a destination matches; NULL if that cannot be told. */
static const char *
match_of(const struct value *map)
{
	const char *match = value_text(map, "match");

	for (size_t n = 0; !match && sink_at(n); n++)
		if (value_get(map, sink_at(n)->name))
			match = sink_at(n)->matches;
	return match;
}

static void
check_shadowed(const struct value *list, size_t at, struct config_check *check)
{
	const char *match = match_of(&list->item[at]);
	struct fault why;

	for (size_t i = 0; match && i < at; i++) {
		const char *earlier = match_of(&list->item[i]);

		if (!earlier || !covers(earlier, match))
			continue;
		refuse_shadowed(&list->item[at], earlier, match, &why);
		config_problem(check, &why);
		return;
	}
}

/* Each by itself, so that none hides another, and then against those before it. */
void
destinations_check(const void *ctx, const struct value *section, const struct value *file,
	struct config_check *check)
{
	bool is_list = section->kind == VALUE_LIST && section->count <= DESTINATIONS_MAX;

	(void)file;
	if (!is_list)
		config_check_all(ctx, section, try_list, check);
	for (size_t i = 0; is_list && i < section->count; i++) {
		struct value one = *section;

		one.item = &section->item[i];
		one.count = 1;
		config_check_all(ctx, &one, try_list, check);
		check_shadowed(section, i, check);
	}
}

static enum err
try_callbacks(const void *ctx, const struct value *section, struct fault *why)
{
	struct reach *reach;

	return callbacks_read(ctx, section, &reach, why);
}

void
callbacks_check(const void *ctx, const struct value *section, const struct value *file,
	struct config_check *check)
{
	(void)file;
	config_check_all(ctx, section, try_callbacks, check);
}
