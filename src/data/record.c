#include "oneclick/data/record.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/data/number.h"
#include "record_parts.h"

enum { SHOWN_MAX = 60 }; /* bytes of a foreign key in a sentence */

void
field_clear(const struct field *field, void *record)
{
	void *member = field_member(field, record);

	switch (field->kind) {
	case FIELD_TEXT:
		*(const char **)member = NULL;
		break;
	case FIELD_FLAG:
		*(int *)member = -1;
		break;
	case FIELD_INT:
	case FIELD_TIME:
		*(int64_t *)member = FIELD_ABSENT_INT;
		break;
	case FIELD_NUMBER:
		*(double *)member = NAN;
		break;
	case FIELD_PAIRS:
		*(struct pairs **)member = NULL;
		break;
	case FIELD_TEXTS:
		*(struct texts *)member = (struct texts){ 0 };
		break;
	case FIELD_TREE:
		*(const struct value **)member = NULL;
		break;
	}
}

int
field_is_given(const struct field *field, const void *record)
{
	const void *member = field_member(field, record);

	switch (field->kind) {
	case FIELD_TEXT:
		return *(const char *const *)member != NULL;
	case FIELD_FLAG:
		return *(const int *)member != -1;
	case FIELD_INT:
	case FIELD_TIME:
		return *(const int64_t *)member != FIELD_ABSENT_INT;
	case FIELD_NUMBER:
		return !isnan(*(const double *)member);
	case FIELD_PAIRS:
		return *(struct pairs *const *)member != NULL;
	case FIELD_TEXTS:
		return ((const struct texts *)member)->item != NULL;
	case FIELD_TREE:
		return *(const struct value *const *)member != NULL;
	}
	return 0;
}

/* ---- from a tree ---- */

static const char *
advise(const struct value *value)
{
	bool is_scalar = value->kind == VALUE_INT || value->kind == VALUE_NUMBER ||
			 value->kind == VALUE_BOOL;

	return is_scalar ? ": put it in quotes" : "";
}

static enum err
refuse_value(const struct field *field, const struct value *value, struct fault *why)
{
	void *life;

	if (value->kind == VALUE_TEXT)
		return field_refuse_text(field, why, value->text);
	life = mem_life(NULL);
	field_refuse(field, why, "%s%s", value_words(life, value),
		field->kind == FIELD_TEXT ? advise(value) : "");
	mem_free(life);
	return ERR_INVALID;
}

/* What stands among the texts and is none; NULL if all are. */
static const struct value *
find_stranger(const struct value *items)
{
	for (size_t i = 0; i < items->count; i++)
		if (items->item[i].kind != VALUE_TEXT)
			return &items->item[i];
	return NULL;
}

static enum err
refuse_stranger(const struct field *field, const struct value *items,
	const struct value *stranger, struct fault *why)
{
	void *life = mem_life(NULL);
	const char *words = value_words(life, stranger);

	if (items->kind == VALUE_MAP)
		fault(why, ERR_INVALID, "%s: %s takes a text, not %s%s.", field->name,
			text_safe_format(
				life, "%.60s", items->key[stranger - items->item])
				.text,
			words, advise(stranger));
	else
		fault(why, ERR_INVALID, "%s takes a list of texts; %s is none%s.",
			field->name, words, advise(stranger));
	mem_free(life);
	return ERR_INVALID;
}

/* A whole number may come as 10 or as 10.0: JSON does not tell them apart. */
static bool
take_int(const struct value *value, int64_t *member)
{
	if (value->kind == VALUE_INT)
		*member = value->whole;
	else if (value->kind == VALUE_NUMBER && fabs(value->number) < 9e15 &&
		 floor(value->number) == value->number)
		*member = (int64_t)value->number;
	else
		return false;
	return *member != FIELD_ABSENT_INT;
}

static bool
take_number(const struct value *value, double *member)
{
	if (value->kind == VALUE_INT)
		*member = (double)value->whole;
	else if (value->kind == VALUE_NUMBER && isfinite(value->number))
		*member = value->number;
	else
		return false;
	return true;
}

static bool
take_texts(const void *ctx, const struct value *value, struct texts *member)
{
	if (value->kind != VALUE_LIST)
		return false;
	for (size_t i = 0; i < value->count; i++)
		if (value->item[i].kind != VALUE_TEXT)
			return false;
	member->item = mem_array(ctx, const char *, value->count);
	member->count = value->count;
	for (size_t i = 0; i < value->count; i++)
		member->item[i] = mem_text(member->item, value->item[i].text);
	return true;
}

/* False if the value is not of the member's kind. */
static bool
take_value(const void *ctx, const struct field *field, const struct value *value,
	void *record)
{
	void *member = field_member(field, record);

	switch (field->kind) {
	case FIELD_TEXT:
		if (value->kind == VALUE_TEXT)
			*(const char **)member = mem_text(ctx, value->text);
		return value->kind == VALUE_TEXT;
	case FIELD_FLAG:
		if (value->kind == VALUE_BOOL)
			*(int *)member = value->yes;
		return value->kind == VALUE_BOOL;
	case FIELD_INT:
		return take_int(value, member);
	case FIELD_NUMBER:
		return take_number(value, member);
	case FIELD_TIME:
		return value->kind == VALUE_TEXT && moment_from_iso(value->text, member);
	case FIELD_PAIRS:
		*(struct pairs **)member = value_pairs(ctx, value);
		return *(struct pairs **)member != NULL;
	case FIELD_TEXTS:
		return take_texts(ctx, value, member);
	case FIELD_TREE:
		if (value->kind == VALUE_MAP)
			*(const struct value **)member = value;
		return value->kind == VALUE_MAP;
	}
	return false;
}

/* Says where in the file the refused value stands, if it came from one that has lines. */
static enum err
place(const struct value *value, enum err err, struct fault *why)
{
	if (!err || !value->line)
		return err;
	return fault_at(why, err, "line %d, column %d", value->line, value->column);
}

enum err
field_read(const void *ctx, const struct field *field, const struct value *value,
	void *record, struct fault *why)
{
	const struct value *stranger = NULL;
	enum err err;

	field_clear(field, record);
	if (!value || value->kind == VALUE_NULL)
		return ERR_NONE;
	if (take_value(ctx, field, value, record))
		return place(value, field_check(field, record, why), why);
	if ((field->kind == FIELD_PAIRS && value->kind == VALUE_MAP) ||
		(field->kind == FIELD_TEXTS && value->kind == VALUE_LIST))
		stranger = find_stranger(value);
	err = stranger ? refuse_stranger(field, value, stranger, why)
		       : refuse_value(field, value, why);
	return place(stranger ? stranger : value, err, why);
}

/* ---- from a text ---- */

static bool
take_flag(const char *text, int *member)
{
	if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
		return false;
	*member = *text == 't';
	return true;
}

/* As strict as JSON: no blanks, no plus, no leading zeros. */
static bool
take_int_text(const char *text, int64_t *member)
{
	size_t n = strlen(text);
	bool is_whole;

	return n > 0 && number_span(text, n, &is_whole) == n && is_whole &&
	       number_read_int(text, n, member) && *member != FIELD_ABSENT_INT;
}

static bool
take_text(const void *ctx, const struct field *field, const char *text, void *record)
{
	void *member = field_member(field, record);

	switch (field->kind) {
	case FIELD_TEXT:
		*(const char **)member = mem_text(ctx, text);
		return true;
	case FIELD_FLAG:
		return take_flag(text, member);
	case FIELD_INT:
		return take_int_text(text, member);
	case FIELD_NUMBER:
		return number_read(text, strlen(text), member);
	case FIELD_TIME:
		return moment_from_iso(text, member);
	case FIELD_PAIRS:
	case FIELD_TEXTS:
	case FIELD_TREE:
		break;
	}
	return false;
}

enum err
field_read_text(const void *ctx, const struct field *field, const char *text,
	void *record, struct fault *why)
{
	field_clear(field, record);
	if (!text)
		return ERR_NONE;
	if (!take_text(ctx, field, text, record))
		return field_refuse_text(field, why, text);
	return field_check(field, record, why);
}

/* ---- a whole map ---- */

static const struct field *
find_row(const struct field *rows, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	return NULL;
}

static enum err
refuse_key(const struct field *rows, size_t count, const char *key,
	const struct value *value, struct fault *why)
{
	void *life = mem_life(NULL);
	const char **name = mem_array(life, const char *, count);
	const char *near, *shown = text_safe(life, key, strnlen(key, SHOWN_MAX)).text;

	for (size_t i = 0; i < count; i++)
		name[i] = rows[i].name;
	near = nearest_word(key, name, count);
	if (near)
		fault(why, ERR_INVALID, "\"%s\" is not known here; did you mean \"%s\"?",
			shown, near);
	else
		fault(why, ERR_INVALID, "\"%s\" is not known here; leave it out.", shown);
	mem_free(life);
	return place(value, ERR_INVALID, why);
}

enum err
record_read(const void *ctx, const struct field *rows, size_t count,
	const struct value *map, void *record, struct fault *why)
{
	enum err err = ERR_NONE;

	for (size_t i = 0; i < count; i++)
		field_clear(&rows[i], record);
	if (!map)
		return ERR_NONE;
	if (map->kind != VALUE_MAP)
		return place(map,
			fault(why, ERR_INVALID, "A map is needed here, not %s.",
				value_kind_name(map->kind)),
			why);
	for (size_t i = 0; !err && i < map->count; i++) {
		const struct field *row = find_row(rows, count, map->key[i]);

		err = row ? field_read(ctx, row, &map->item[i], record, why)
			  : refuse_key(rows, count, map->key[i], &map->item[i], why);
	}
	return err;
}
