#include "yaml_scalar.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/data/number.h"

/* The words of the core schema, in each of their spellings. */
static const struct {
	const char *word;
	struct value value;
} words[] = {
	{ "", { .kind = VALUE_NULL } },
	{ "~", { .kind = VALUE_NULL } },
	{ "null", { .kind = VALUE_NULL } },
	{ "Null", { .kind = VALUE_NULL } },
	{ "NULL", { .kind = VALUE_NULL } },
	{ "true", { .kind = VALUE_BOOL, .yes = true } },
	{ "True", { .kind = VALUE_BOOL, .yes = true } },
	{ "TRUE", { .kind = VALUE_BOOL, .yes = true } },
	{ "false", { .kind = VALUE_BOOL, .yes = false } },
	{ "False", { .kind = VALUE_BOOL, .yes = false } },
	{ "FALSE", { .kind = VALUE_BOOL, .yes = false } },
	{ ".nan", { .kind = VALUE_NUMBER, .number = NAN } },
	{ ".NaN", { .kind = VALUE_NUMBER, .number = NAN } },
	{ ".NAN", { .kind = VALUE_NUMBER, .number = NAN } },
	{ ".inf", { .kind = VALUE_NUMBER, .number = INFINITY } },
	{ ".Inf", { .kind = VALUE_NUMBER, .number = INFINITY } },
	{ ".INF", { .kind = VALUE_NUMBER, .number = INFINITY } },
	{ "+.inf", { .kind = VALUE_NUMBER, .number = INFINITY } },
	{ "-.inf", { .kind = VALUE_NUMBER, .number = -INFINITY } },
};

static bool
read_word(const char *text, struct value *out)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(words[i].word, text) == 0) {
			*out = words[i].value;
			return true;
		}
	return false;
}

enum reading { READ_OTHER, READ_WHOLE, READ_TOO_LARGE };

/* 0o17 and 0xff. */
static enum reading
read_prefixed(const char *text, int64_t *whole)
{
	static const char digits[] = "0123456789abcdef";
	int64_t base = strncmp(text, "0x", 2) == 0   ? 16
		       : strncmp(text, "0o", 2) == 0 ? 8
						     : 0;

	if (!base || !text[2])
		return READ_OTHER;
	*whole = 0;
	for (text += 2; *text; text++) {
		int c = *text >= 'A' && *text <= 'F' ? *text + 'a' - 'A' : *text;
		const char *found = strchr(digits, c);

		if (!found || found - digits >= base)
			return READ_OTHER;
		if (__builtin_mul_overflow(*whole, base, whole) ||
			__builtin_add_overflow(*whole, (int64_t)(found - digits), whole))
			return READ_TOO_LARGE;
	}
	return READ_WHOLE;
}

static enum reading
read_whole(const char *text, size_t n, int64_t *whole)
{
	size_t sign = *text == '+' || *text == '-';

	if (n == sign || strspn(text + sign, "0123456789") != n - sign)
		return read_prefixed(text, whole);
	if (*text == '+') {
		text++;
		n--;
	}
	return number_read_int(text, n, whole) ? READ_WHOLE : READ_TOO_LARGE;
}

enum { DECIMAL_MAX = 128 };

/* What YAML takes and JSON does not (+1.5, .5, 1., 007.5) is read as JSON would write it.
 */
static bool
read_decimal(const char *text, double *number)
{
	const char *minus = *text == '-' ? "-" : "", *rest;
	char plain[DECIMAL_MAX + 4];
	size_t whole, fraction;
	int n;

	text += *text == '-' || *text == '+';
	while (text[0] == '0' && text[1] >= '0' && text[1] <= '9')
		text++;
	whole = strspn(text, "0123456789");
	rest = text + whole;
	fraction = *rest == '.' ? strspn(rest + 1, "0123456789") : 0;
	if (whole + fraction == 0 || strlen(text) > DECIMAL_MAX)
		return false;
	n = snprintf(plain, sizeof(plain), "%s%.*s%.*s%s", minus, whole ? (int)whole : 1,
		whole ? text : "0", fraction ? (int)fraction + 1 : 0, rest,
		*rest == '.' ? rest + 1 + fraction : rest);
	return number_read(plain, (size_t)n, number);
}

bool
yaml_scalar(const void *ctx, const char *text, size_t n, struct value *out)
{
	int64_t whole;
	double number;

	if (read_word(text, out))
		return true;
	switch (read_whole(text, n, &whole)) {
	case READ_TOO_LARGE:
		return false;
	case READ_WHOLE:
		*out = (struct value){ .kind = VALUE_INT, .whole = whole };
		return true;
	case READ_OTHER:
		break;
	}
	if (read_decimal(text, &number))
		*out = (struct value){ .kind = VALUE_NUMBER, .number = number };
	else
		*out = (struct value){ .kind = VALUE_TEXT,
			.text = mem_textn(ctx, text, n) };
	return true;
}
