#include "record_parts.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include "oneclick/base/buf.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/base/utf8.h"

enum { SHOWN_MAX = 60 }; /* bytes of a foreign text in a sentence */

/* ---- what a field takes, in words ---- */

static void
describe_limits(struct buf *out, const struct field *field, const char *unit)
{
	long long min = field->min, max = field->max;

	if (min == 0 && max == 0)
		return;
	if (max < min)
		buf_format(out, " of at least %lld%s", min, unit);
	else if (min == 0 && *unit)
		buf_format(out, " of up to %lld%s", max, unit);
	else
		buf_format(
			out, " %s %lld to %lld%s", *unit ? "of" : "from", min, max, unit);
}

static void
describe_letters(struct buf *out, const struct field *field, const char *whose)
{
	switch (field->letters) {
	case LETTERS_ANY:
		break;
	case LETTERS_NAME:
		buf_format(out, "%s of the letters a-z A-Z 0-9 _ -", whose);
		break;
	case LETTERS_TAG_KEY:
		buf_format(out,
			"%s of the letters a-z A-Z 0-9 + , - . / : ; < = _ "
			"that does not begin with aws:",
			whose);
		break;
	}
}

static void
describe(struct buf *out, const struct field *field)
{
	switch (field->kind) {
	case FIELD_TEXT:
		buf_text(out, "a text");
		describe_limits(out, field, " characters");
		describe_letters(out, field, field->min || field->max ? "," : "");
		break;
	case FIELD_FLAG:
		buf_text(out, "true or false");
		break;
	case FIELD_INT:
		buf_text(out, "a whole number");
		describe_limits(out, field, "");
		break;
	case FIELD_NUMBER:
		buf_text(out, "a number");
		describe_limits(out, field, "");
		break;
	case FIELD_TIME:
		buf_text(out, "a time such as 2018-05-04T23:26:33.747Z");
		break;
	case FIELD_PAIRS:
		buf_text(out, "a map of texts");
		describe_limits(out, field, " members");
		describe_letters(out, field, ", each key");
		if (field->value_max)
			buf_format(out, ", each value up to %lld characters",
				(long long)field->value_max);
		break;
	case FIELD_TEXTS:
		buf_text(out, "a list of texts");
		describe_limits(out, field, " members");
		break;
	case FIELD_TREE:
		buf_text(out, "a map");
		describe_limits(out, field, " members");
		break;
	}
}

enum err
field_refuse(const struct field *field, struct fault *why, const char *got, ...)
{
	struct buf takes, gets;
	va_list args;

	if (!why)
		return ERR_INVALID;
	buf_init(&takes, NULL, BUF_NO_CAP);
	buf_init(&gets, NULL, BUF_NO_CAP);
	describe(&takes, field);
	va_start(args, got);
	buf_vformat(&gets, got, args);
	va_end(args);
	fault(why, ERR_INVALID, "%s takes %s, not %s.", field->name, takes.data,
		gets.data);
	buf_release(&takes);
	buf_release(&gets);
	return ERR_INVALID;
}

/* As much of a foreign text as a sentence bears, safe and living as long as ctx. */
static const char *
cut(const void *ctx, const char *text)
{
	size_t n = strlen(text), used, at = 0;

	if (n <= SHOWN_MAX)
		return text_safe(ctx, text, n).text;
	while (at < SHOWN_MAX) {
		utf8_next(text + at, n - at, &used);
		at += used;
	}
	return mem_format(ctx, "%s...", text_safe(ctx, text, at).text);
}

enum err
field_refuse_text(const struct field *field, struct fault *why, const char *text)
{
	void *life = mem_life(NULL);

	field_refuse(field, why, "\"%s\"", cut(life, text));
	mem_free(life);
	return ERR_INVALID;
}

static enum err
refuse_key(
	const struct field *field, struct fault *why, const char *what, const char *key)
{
	void *life = mem_life(NULL);

	field_refuse(field, why, "%s \"%s\"", what, cut(life, key));
	mem_free(life);
	return ERR_INVALID;
}

/* ---- the checks ---- */

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* "+-=" in the contract's pattern is a range, not three letters. */
static bool
is_tag_letter(char c)
{
	return is_letter(c) || (c >= '+' && c <= '=') || c == '_';
}

static bool
is_name_letter(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

static bool
has_letters(const char *text, enum field_letters letters)
{
	if (letters == LETTERS_ANY)
		return true;
	if (letters == LETTERS_TAG_KEY && strncmp(text, "aws:", 4) == 0)
		return false;
	for (const char *c = text; *c; c++)
		if (letters == LETTERS_NAME ? !is_name_letter(*c) : !is_tag_letter(*c))
			return false;
	return *text != '\0';
}

static bool
is_within(const struct field *field, int64_t n)
{
	if (field->min == 0 && field->max == 0)
		return true;
	return n >= field->min && (field->max < field->min || n <= field->max);
}

static enum err
check_text(const struct field *field, const char *text, struct fault *why)
{
	size_t count;

	if (!text)
		return ERR_NONE;
	if (!utf8_is_valid(text, strlen(text)))
		return refuse_key(field, why, "bytes that are no UTF-8:", text);
	count = utf8_count(text);
	if (!is_within(field, (int64_t)count))
		return field_refuse(field, why, "%zu characters", count);
	if (!has_letters(text, field->letters))
		return field_refuse_text(field, why, text);
	return ERR_NONE;
}

static enum err
check_number(const struct field *field, double number, struct fault *why)
{
	bool is_limited = field->min != 0 || field->max != 0;

	if (isnan(number))
		return ERR_NONE;
	if (isinf(number) || (is_limited && number < (double)field->min) ||
		(is_limited && field->max >= field->min && number > (double)field->max))
		return field_refuse(field, why, "%g", number);
	return ERR_NONE;
}

static enum err
check_pair(const struct field *field, const struct pair *pair, struct fault *why)
{
	if (!utf8_is_valid(pair->key, strlen(pair->key)))
		return refuse_key(field, why, "the key, which is not UTF-8,", pair->key);
	if (!has_letters(pair->key, field->letters))
		return refuse_key(field, why, "the key", pair->key);
	if (!utf8_is_valid(pair->value, strlen(pair->value)))
		return refuse_key(
			field, why, "bytes that are no UTF-8 at the key", pair->key);
	if (field->value_max && utf8_count(pair->value) > (size_t)field->value_max)
		return refuse_key(field, why, "the longer value of the key", pair->key);
	return ERR_NONE;
}

static enum err
check_pairs(const struct field *field, const struct pairs *pairs, struct fault *why)
{
	enum err err = ERR_NONE;

	if (!pairs)
		return ERR_NONE;
	if (!is_within(field, (int64_t)pairs->count))
		return field_refuse(field, why, "%zu members", pairs->count);
	for (size_t i = 0; !err && i < pairs->count; i++)
		err = check_pair(field, &pairs->row[i], why);
	return err;
}

static enum err
check_texts(const struct field *field, const struct texts *texts, struct fault *why)
{
	if (!texts->item)
		return ERR_NONE;
	if (!is_within(field, (int64_t)texts->count))
		return field_refuse(field, why, "%zu members", texts->count);
	for (size_t i = 0; i < texts->count; i++)
		if (!utf8_is_valid(texts->item[i], strlen(texts->item[i])))
			return refuse_key(
				field, why, "bytes that are no UTF-8:", texts->item[i]);
	return ERR_NONE;
}

enum err
field_check(const struct field *field, const void *record, struct fault *why)
{
	const void *member = field_member(field, record);
	const struct value *tree;
	int64_t whole;

	switch (field->kind) {
	case FIELD_TEXT:
		return check_text(field, *(const char *const *)member, why);
	case FIELD_INT:
		whole = *(const int64_t *)member;
		if (whole != FIELD_ABSENT_INT && !is_within(field, whole))
			return field_refuse(field, why, "%lld", (long long)whole);
		return ERR_NONE;
	case FIELD_NUMBER:
		return check_number(field, *(const double *)member, why);
	case FIELD_PAIRS:
		return check_pairs(field, *(struct pairs *const *)member, why);
	case FIELD_TEXTS:
		return check_texts(field, member, why);
	case FIELD_TREE:
		tree = *(const struct value *const *)member;
		if (tree && !is_within(field, (int64_t)tree->count))
			return field_refuse(field, why, "%zu members", tree->count);
		return ERR_NONE;
	case FIELD_FLAG:
	case FIELD_TIME:
		break;
	}
	return ERR_NONE;
}
