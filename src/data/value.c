#include "oneclick/data/value.h"

#include <math.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/base/utf8.h"
#include "oneclick/data/number.h"

enum { SHOWN_MAX = 60 }; /* bytes of a foreign text in a sentence */

static const double LAST_SECOND = 253402300799; /* of the year 9999 */

const struct value *
value_get(const struct value *map, const char *key)
{
	if (!map || map->kind != VALUE_MAP)
		return NULL;
	for (size_t i = 0; i < map->count; i++)
		if (strcmp(map->key[i], key) == 0)
			return &map->item[i];
	return NULL;
}

const char *
value_text(const struct value *map, const char *key)
{
	const struct value *value = value_get(map, key);

	return value && value->kind == VALUE_TEXT ? value->text : NULL;
}

int64_t
value_int(const struct value *map, const char *key, int64_t otherwise)
{
	const struct value *value = value_get(map, key);

	return value && value->kind == VALUE_INT ? value->whole : otherwise;
}

double
value_number(const struct value *map, const char *key, double otherwise)
{
	const struct value *value = value_get(map, key);

	if (value && value->kind == VALUE_NUMBER)
		return value->number;
	return value && value->kind == VALUE_INT ? (double)value->whole : otherwise;
}

bool
value_bool(const struct value *map, const char *key, bool otherwise)
{
	const struct value *value = value_get(map, key);

	return value && value->kind == VALUE_BOOL ? value->yes : otherwise;
}

int64_t
value_moment(const struct value *map, const char *key)
{
	double seconds = value_number(map, key, 0);

	return fabs(seconds) <= LAST_SECOND ? (int64_t)(seconds * 1000) : 0;
}

float
value_percent(const struct value *map, const char *key)
{
	double number = value_number(map, key, 0);

	return (float)fmax(0, fmin(number, 100));
}

const char *
value_kind_name(enum value_kind kind)
{
	static const char *const name[] = {
		[VALUE_NULL] = "null",
		[VALUE_BOOL] = "true or false",
		[VALUE_INT] = "a whole number",
		[VALUE_NUMBER] = "a number",
		[VALUE_TEXT] = "a text",
		[VALUE_LIST] = "a list",
		[VALUE_MAP] = "a map",
	};

	return name[kind];
}

/* The keys of a map differ already, so the rows are filled without searching. */
struct pairs *
value_pairs(const void *ctx, const struct value *map)
{
	struct pairs *pairs;

	if (!map || map->kind != VALUE_MAP)
		return NULL;
	for (size_t i = 0; i < map->count; i++)
		if (map->item[i].kind != VALUE_TEXT)
			return NULL;
	pairs = pairs_new(ctx);
	pairs->row = mem_array(pairs, struct pair, map->count);
	pairs->count = map->count;
	for (size_t i = 0; i < map->count; i++)
		pairs->row[i] = (struct pair){
			.key = mem_text(pairs, map->key[i]),
			.value = mem_text(pairs, map->item[i].text),
		};
	return pairs;
}

static const char *
show_text(const void *ctx, const char *quote, const char *text)
{
	size_t n = strlen(text), at = 0, used;

	while (at < n && at < SHOWN_MAX) {
		utf8_next(text + at, n - at, &used);
		at += used;
	}
	return mem_format(ctx, "%s%s%s%s", quote, text_safe(ctx, text, at).text,
		at < n ? "..." : "", quote);
}

const char *
value_words(const void *ctx, const struct value *value)
{
	char number[NUMBER_SIZE];

	if (value->written && *value->written)
		return show_text(ctx, "", value->written);
	switch (value->kind) {
	case VALUE_TEXT:
		return show_text(ctx, "\"", value->text);
	case VALUE_INT:
		return mem_format(ctx, "%lld", (long long)value->whole);
	case VALUE_BOOL:
		return value->yes ? "true" : "false";
	case VALUE_NUMBER:
		number_write(value->number, number);
		return mem_text(ctx, number);
	case VALUE_NULL:
	case VALUE_LIST:
	case VALUE_MAP:
		break;
	}
	return value_kind_name(value->kind);
}
