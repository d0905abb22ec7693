#include "oneclick/data/json.h"

#include <math.h>
#include <string.h>

#include "oneclick/base/text_safe.h"
#include "oneclick/base/utf8.h"
#include "oneclick/data/number.h"

struct json
json_to(struct buf *out)
{
	return (struct json){ .out = out };
}

struct json
json_seen_to(struct buf *out)
{
	return (struct json){ .out = out, .seen = true };
}

/* What stands before each value and key. */
static void
begin(struct json *j)
{
	if (j->comma)
		buf_add(j->out, ", ", j->spaced ? 2 : 1);
	j->comma = true;
}

void
json_open(struct json *j, char bracket)
{
	begin(j);
	buf_char(j->out, bracket);
	j->comma = false;
}

void
json_close(struct json *j, char bracket)
{
	buf_char(j->out, bracket);
	j->comma = true;
}

void
json_key(struct json *j, const char *key)
{
	json_text(j, key);
	buf_add(j->out, ": ", j->spaced ? 2 : 1);
	j->comma = false;
}

void
json_text(struct json *j, const char *text)
{
	if (text)
		json_textn(j, text, strlen(text));
	else
		json_null(j);
}

static bool
is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

/* Beyond what JSON itself wants escaped: DEL and C1, which some terminals obey. */
static bool
is_control(int32_t point)
{
	return (point >= 0 && point < 0x20) || (point >= 0x7f && point < 0xa0);
}

/* Beyond the first plane, two halves. */
static void
write_point(struct buf *out, int32_t point)
{
	unsigned above = (unsigned)point - 0x10000;

	if (point < 0x10000)
		buf_format(out, "\\u%04x", (unsigned)point);
	else
		buf_format(out, "\\u%04x\\u%04x", 0xd800 | above >> 10,
			0xdc00 | (above & 0x3ff));
}

/* Writes the character at text in the form a JSON text may hold; returns its length. */
static size_t
write_escaped(struct buf *out, const char *text, size_t n, bool seen)
{
	static const char letter[] = "\"\\\b\f\n\r\t", name[] = "\"\\bfnrt";
	const char *found = *text ? strchr(letter, *text) : NULL;
	size_t used;
	int32_t point = utf8_next(text, n, &used);

	if (found)
		buf_add(out, (char[]){ '\\', name[found - letter] }, 2);
	else if (is_control(point) || (seen && text_point_is_hidden(point)))
		write_point(out, point);
	else if (point < 0)
		buf_text(out, "\\ufffd");
	else
		buf_add(out, text, used);
	return used;
}

void
json_textn(struct json *j, const char *text, size_t n)
{
	begin(j);
	buf_char(j->out, '"');
	for (size_t i = 0, run; i < n;) {
		for (run = i; run < n && is_plain((unsigned char)text[run]);)
			run++;
		buf_add(j->out, text + i, run - i);
		i = run;
		if (i < n)
			i += write_escaped(j->out, text + i, n - i, j->seen);
	}
	buf_char(j->out, '"');
}

/* What is hidden can only stand inside its texts. */
void
json_see(struct buf *out, const char *json, size_t n)
{
	for (size_t i = 0, used; i < n; i += used) {
		int32_t point = utf8_next(json + i, n - i, &used);

		if (text_point_is_hidden(point))
			write_point(out, point);
		else
			buf_add(out, json + i, used);
	}
}

void
json_int(struct json *j, int64_t whole)
{
	begin(j);
	buf_format(j->out, "%lld", (long long)whole);
}

void
json_number(struct json *j, double number)
{
	char text[NUMBER_SIZE];

	if (!isfinite(number)) {
		json_null(j);
		return;
	}
	number_write(number, text);
	json_raw(j, text);
}

void
json_bool(struct json *j, bool yes)
{
	json_raw(j, yes ? "true" : "false");
}

void
json_null(struct json *j)
{
	json_raw(j, "null");
}

void
json_raw(struct json *j, const char *json)
{
	begin(j);
	buf_text(j->out, json);
}

void
json_pairs(struct json *j, const struct pairs *pairs)
{
	json_open(j, '{');
	for (size_t i = 0; pairs && i < pairs->count; i++)
		json_member_text(j, pairs->row[i].key, pairs->row[i].value);
	json_close(j, '}');
}

static void
write_items(struct json *j, const struct value *value)
{
	bool is_map = value->kind == VALUE_MAP;

	json_open(j, is_map ? '{' : '[');
	for (size_t i = 0; i < value->count; i++) {
		if (is_map)
			json_key(j, value->key[i]);
		json_value(j, &value->item[i]);
	}
	json_close(j, is_map ? '}' : ']');
}

void
json_value(struct json *j, const struct value *value)
{
	switch (value ? value->kind : VALUE_NULL) {
	case VALUE_NULL:
		json_null(j);
		break;
	case VALUE_BOOL:
		json_bool(j, value->yes);
		break;
	case VALUE_INT:
		json_int(j, value->whole);
		break;
	case VALUE_NUMBER:
		json_number(j, value->number);
		break;
	case VALUE_TEXT:
		json_text(j, value->text);
		break;
	case VALUE_LIST:
	case VALUE_MAP:
		write_items(j, value);
		break;
	}
}

void
json_member_text(struct json *j, const char *key, const char *text)
{
	json_key(j, key);
	json_text(j, text);
}

void
json_member_int(struct json *j, const char *key, int64_t whole)
{
	json_key(j, key);
	json_int(j, whole);
}

void
json_member_bool(struct json *j, const char *key, bool yes)
{
	json_key(j, key);
	json_bool(j, yes);
}

char *
json_write_pairs(const void *ctx, const struct pairs *pairs)
{
	struct buf out;
	struct json j = json_to(&out);

	buf_init(&out, ctx, BUF_NO_CAP);
	json_pairs(&j, pairs);
	return buf_take(&out, ctx);
}
