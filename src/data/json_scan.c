#include "json_parts.h"

#include <stdarg.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/base/utf8.h"
#include "oneclick/data/json.h"
#include "oneclick/data/keys.h"
#include "oneclick/data/number.h"

enum { SHOWN_MAX = 60 }; /* bytes of foreign text in a sentence */

/* The keys of all objects that are open, one object's above the other's, so that a
 * closing one finds its own at the top. */
struct key_stack {
	const char **key; /* decoded, in letters */
	const char **at;  /* where each stands in the text */
	size_t count, room;
};

struct scan {
	const char *text, *at, *end;
	char *letters; /* room for every decoded key of the text */
	size_t used;
	struct key_stack open;
	struct json_count *count;
	const void *places; /* NULL: nobody asks where values stand */
	const char *member; /* the key of the value to come; NULL: an item of a list */
	const char *seen;   /* as far as lines are counted */
	struct json_place at_seen;
	struct fault *why;
};

static enum err scan_value(struct scan *s, int depth);

static enum err refuse(struct scan *s, const char *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static enum err
refuse(struct scan *s, const char *at, const char *format, ...)
{
	const char *line = s->text;
	size_t number = 1, column = 1, used;
	va_list args;
	char *what;

	for (const char *c = s->text; c < at; c++)
		if (*c == '\n') {
			number++;
			line = c + 1;
		}
	for (; line < at; line += used, column++)
		utf8_next(line, (size_t)(at - line), &used);
	va_start(args, format);
	what = mem_vformat(NULL, format, args);
	va_end(args);
	fault(s->why, ERR_INVALID, "line %zu, column %zu: %s", number, column, what);
	mem_free(what);
	return ERR_INVALID;
}

/* "EXPECTED is missing here, before 'x'". */
static enum err
refuse_unless(struct scan *s, const char *expected)
{
	struct safe_text found;
	size_t used;

	if (s->at == s->end)
		return refuse(s, s->at, "the text ends where %s should be", expected);
	utf8_next(s->at, (size_t)(s->end - s->at), &used);
	found = text_safe(NULL, s->at, used);
	refuse(s, s->at, "'%s' stands where %s should be", found.text, expected);
	mem_free((char *)found.text);
	return ERR_INVALID;
}

/* Notes where the value to come stands; the text is walked once for all of them. */
static void
note_place(struct scan *s)
{
	size_t n = s->count->values - 1, used;
	const char *to = s->member ? s->member : s->at;

	s->member = NULL;
	if (!s->places)
		return;
	for (; s->seen < to; s->seen += used) {
		bool ends = *s->seen == '\n';

		utf8_next(s->seen, (size_t)(s->end - s->seen), &used);
		s->at_seen.line += ends;
		s->at_seen.column = ends ? 1 : s->at_seen.column + 1;
	}
	if ((n & (n - 1)) == 0)
		s->count->place = mem_resize(s->places, s->count->place,
			struct json_place, n ? n * 2 : 1);
	s->count->place[n] = s->at_seen;
}

static void
skip_blanks(struct scan *s)
{
	while (s->at < s->end &&
		(*s->at == ' ' || *s->at == '\n' || *s->at == '\t' || *s->at == '\r'))
		s->at++;
}

static bool
take(struct scan *s, char c)
{
	skip_blanks(s);
	if (s->at == s->end || *s->at != c)
		return false;
	s->at++;
	return true;
}

/* The four digits at s->at, or -1. */
static int32_t
read_digits(struct scan *s)
{
	static const char digit[] = "0123456789abcdef";
	int32_t unit = 0;

	if (s->end - s->at < 4)
		return -1;
	for (int i = 0; i < 4; i++, s->at++) {
		int c = *s->at >= 'A' && *s->at <= 'F' ? *s->at + 'a' - 'A' : *s->at;
		const char *found = c ? strchr(digit, c) : NULL;

		if (!found)
			return -1;
		unit = unit * 16 + (int32_t)(found - digit);
	}
	return unit;
}

/* The code point after "\u", a pair of surrogates taken together. */
static enum err
scan_point(struct scan *s, const char *start, int32_t *point)
{
	int32_t low;

	*point = read_digits(s);
	if (*point < 0)
		return refuse(s, start, "\\u needs four hexadecimal digits");
	if (*point == 0)
		return refuse(s, start, "\\u0000 is not taken: no text may hold a NUL");
	if (*point < 0xD800 || *point > 0xDFFF)
		return ERR_NONE;
	if (*point > 0xDBFF || s->end - s->at < 6 || s->at[0] != '\\' || s->at[1] != 'u')
		return refuse(s, start, "half of a surrogate pair stands alone");
	s->at += 2;
	low = read_digits(s);
	if (low < 0xDC00 || low > 0xDFFF)
		return refuse(s, start, "half of a surrogate pair stands alone");
	*point = 0x10000 + ((*point - 0xD800) << 10) + (low - 0xDC00);
	return ERR_NONE;
}

static enum err
scan_escape(struct scan *s, int32_t *point)
{
	static const char name[] = "\"\\/bfnrt", letter[] = "\"\\/\b\f\n\r\t";
	const char *start = s->at++, *found;

	if (s->at == s->end)
		return refuse(s, s->at, "the text ends inside a string");
	if (*s->at == 'u') {
		s->at++;
		return scan_point(s, start, point);
	}
	found = *s->at ? strchr(name, *s->at) : NULL;
	if (!found)
		return refuse(
			s, start, "a backslash stands before a letter it cannot escape");
	*point = letter[found - name];
	s->at++;
	return ERR_NONE;
}

/* One character that is not plain ASCII; *point is -1 for the closing quote. */
static enum err
scan_odd(struct scan *s, int32_t *point)
{
	size_t used;

	if (s->at == s->end)
		return refuse(s, s->at, "the text ends inside a string");
	if (*s->at == '\\')
		return scan_escape(s, point);
	if (*s->at == '"') {
		s->at++;
		*point = -1;
		return ERR_NONE;
	}
	if ((unsigned char)*s->at < 0x20)
		return refuse(s, s->at, "the control character \\u%04x must be escaped",
			(unsigned)*s->at);
	*point = utf8_next(s->at, (size_t)(s->end - s->at), &used);
	if (*point < 0)
		return refuse(s, s->at, "the byte \\x%02x is not UTF-8",
			(unsigned)(unsigned char)*s->at);
	s->at += used;
	return ERR_NONE;
}

static bool
is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

/* A string; its letters, decoded, go to the end of s->letters if `keep`. */
static enum err
scan_string(struct scan *s, bool keep)
{
	enum err err;
	int32_t point = -1;

	if (!take(s, '"'))
		return refuse_unless(s, "a text in double quotes");
	for (;;) {
		const char *run = s->at;

		while (s->at < s->end && is_plain((unsigned char)*s->at))
			s->at++;
		if (keep) {
			memcpy(s->letters + s->used, run, (size_t)(s->at - run));
			s->used += (size_t)(s->at - run);
		}
		err = scan_odd(s, &point);
		if (err || point < 0)
			break;
		if (keep)
			s->used += utf8_put(point, s->letters + s->used);
	}
	if (keep && !err)
		s->letters[s->used++] = '\0';
	return err;
}

static void
push_key(struct key_stack *open, const char *key, const char *at)
{
	if (open->count == open->room) {
		open->room = open->room ? open->room * 2 : 64;
		open->key = mem_resize(NULL, open->key, const char *, open->room);
		open->at = mem_resize(NULL, open->at, const char *, open->room);
	}
	open->key[open->count] = key;
	open->at[open->count++] = at;
}

static enum err
scan_member(struct scan *s, int depth)
{
	const char *key = s->letters + s->used, *at;
	enum err err;

	skip_blanks(s);
	at = s->at;
	err = scan_string(s, true);
	if (err)
		return err;
	push_key(&s->open, key, at);
	s->count->keys++;
	if (!take(s, ':'))
		return refuse_unless(s, "':'");
	s->member = at;
	return scan_value(s, depth);
}

/* The keys above `base` are the closing object's. */
static enum err
close_object(struct scan *s, size_t base, size_t used)
{
	size_t count = s->open.count - base;
	const char *const *key = s->open.key + base;
	size_t twice = count > 1 ? keys_repeat(key, count) : count;
	struct safe_text shown;

	if (twice < count) {
		shown = text_safe(NULL, key[twice], strnlen(key[twice], SHOWN_MAX));
		refuse(s, s->open.at[base + twice], "the key \"%s\" stands twice",
			shown.text);
		mem_free((char *)shown.text);
		return ERR_INVALID;
	}
	s->open.count = base;
	s->used = used;
	return ERR_NONE;
}

static enum err
scan_object(struct scan *s, int depth)
{
	size_t base = s->open.count, used = s->used;
	enum err err;

	s->at++;
	if (take(s, '}'))
		return ERR_NONE;
	do {
		err = scan_member(s, depth);
		if (err)
			return err;
	} while (take(s, ','));
	if (!take(s, '}'))
		return refuse_unless(s, "',' or '}'");
	return close_object(s, base, used);
}

static enum err
scan_list(struct scan *s, int depth)
{
	enum err err;

	s->at++;
	if (take(s, ']'))
		return ERR_NONE;
	do {
		err = scan_value(s, depth);
		if (err)
			return err;
	} while (take(s, ','));
	return take(s, ']') ? ERR_NONE : refuse_unless(s, "',' or ']'");
}

static enum err
scan_number(struct scan *s)
{
	size_t left = (size_t)(s->end - s->at), n;
	bool is_whole, fits;
	int64_t whole;
	double number;

	n = number_span(s->at, left, &is_whole);
	if (n == 0)
		return refuse(s, s->at, "a number is written as no JSON number is");
	fits = is_whole ? number_read_int(s->at, n, &whole)
			: number_read(s->at, n, &number);
	if (!fits)
		return refuse(s, s->at, "the number does not fit into 64 bits");
	s->at += n;
	return ERR_NONE;
}

static enum err
scan_word(struct scan *s)
{
	static const char *const word[] = { "true", "false", "null" };

	for (size_t i = 0; i < sizeof(word) / sizeof(*word); i++) {
		size_t n = strlen(word[i]);

		if ((size_t)(s->end - s->at) >= n && memcmp(s->at, word[i], n) == 0) {
			s->at += n;
			s->count->nulls += *word[i] == 'n';
			return ERR_NONE;
		}
	}
	return refuse_unless(s, "a value");
}

static enum err
scan_value(struct scan *s, int depth)
{
	skip_blanks(s);
	s->count->values++;
	note_place(s);
	if (s->at == s->end)
		return refuse_unless(s, "a value");
	switch (*s->at) {
	case '{':
	case '[':
		if (depth == JSON_DEPTH_MAX)
			return refuse(
				s, s->at, "nested deeper than %d levels", JSON_DEPTH_MAX);
		return *s->at == '{' ? scan_object(s, depth + 1)
				     : scan_list(s, depth + 1);
	case '"':
		return scan_string(s, false);
	default:
		if (*s->at == '-' || (*s->at >= '0' && *s->at <= '9'))
			return scan_number(s);
		return scan_word(s);
	}
}

enum err
json_scan(const void *life, const char *text, size_t n, char *letters,
	struct json_count *count, struct fault *why)
{
	struct scan s = {
		.text = text,
		.at = text,
		.end = text + n,
		.letters = letters,
		.count = count,
		.places = life,
		.seen = text,
		.at_seen = { 1, 1 },
		.why = why,
	};
	enum err err;

	*count = (struct json_count){ 0 };
	err = scan_value(&s, 0);
	skip_blanks(&s);
	if (!err && s.at < s.end)
		err = refuse_unless(&s, "the end");
	mem_free(s.open.key);
	mem_free(s.open.at);
	return err;
}
