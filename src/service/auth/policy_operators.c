#include "policy_operators.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "oneclick/base/base64.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/data/number.h"
#include "policy_match.h"

static enum policy_outcome
order(bool less, bool more)
{
	return less ? OUTCOME_LESS : more ? OUTCOME_MORE : OUTCOME_EQUAL;
}

/* ---- texts and ARNs ---- */

static enum policy_outcome
compare_pattern(const char *pattern, const char *value, bool any_case)
{
	struct match match = { .pattern = pattern, .any_case = any_case };

	return match_holds(&match, value) ? OUTCOME_EQUAL : OUTCOME_OTHER;
}

static enum policy_outcome
compare_text(const struct policy_operand *operand, const char *pattern, const char *value)
{
	(void)operand;
	return compare_pattern(pattern, value, false);
}

static enum policy_outcome
compare_any_case(
	const struct policy_operand *operand, const char *pattern, const char *value)
{
	(void)operand;
	return compare_pattern(pattern, value, true);
}

/* ---- numbers and moments ---- */

static bool
read_number(const void *ctx, const char *text, struct policy_operand *out)
{
	(void)ctx;
	return number_read(text, strlen(text), &out->number);
}

static enum policy_outcome
compare_number(
	const struct policy_operand *operand, const char *pattern, const char *value)
{
	double number;

	(void)pattern;
	if (!number_read(value, strlen(value), &number))
		return OUTCOME_OTHER;
	return order(number<operand->number, number> operand->number);
}

/* An ISO 8601 date, or seconds since 1970. */
static bool
take_moment(const char *text, int64_t *out)
{
	int64_t seconds;

	if (moment_from_iso(text, out))
		return true;
	if (!number_read_int(text, strlen(text), &seconds) || seconds < 0 ||
		seconds > INT64_MAX / 1000)
		return false;
	*out = seconds * 1000;
	return true;
}

static bool
read_moment(const void *ctx, const char *text, struct policy_operand *out)
{
	(void)ctx;
	return take_moment(text, &out->moment);
}

static enum policy_outcome
compare_moment(
	const struct policy_operand *operand, const char *pattern, const char *value)
{
	int64_t moment;

	(void)pattern;
	if (!take_moment(value, &moment))
		return OUTCOME_OTHER;
	return order(moment<operand->moment, moment> operand->moment);
}

/* ---- true and false ---- */

static bool
read_bool(const void *ctx, const char *text, struct policy_operand *out)
{
	(void)ctx;
	out->yes = strcasecmp(text, "true") == 0;
	return out->yes || strcasecmp(text, "false") == 0;
}

static enum policy_outcome
compare_bool(const struct policy_operand *operand, const char *pattern, const char *value)
{
	(void)pattern;
	return strcasecmp(value, operand->yes ? "true" : "false") == 0 ? OUTCOME_EQUAL
								       : OUTCOME_OTHER;
}

/* ---- addresses ---- */

/* One IPv4 address written as IPv6 is the IPv4 address. */
static bool
take_address(const char *text, unsigned char out[16], bool *wide)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

	*wide = inet_pton(AF_INET6, text, out) == 1;
	if (*wide && memcmp(out, mapped, sizeof mapped) == 0) {
		*wide = false;
		memmove(out, out + sizeof mapped, 4);
		return true;
	}
	return *wide || inet_pton(AF_INET, text, out) == 1;
}

static bool
read_address(const void *ctx, const char *text, struct policy_operand *out)
{
	size_t n = strcspn(text, "/");
	char *bare = mem_textn(ctx, text, n);
	int64_t bits;
	int most;

	if (!take_address(bare, out->address.net, &out->address.wide))
		return false;
	most = out->address.wide ? 128 : 32;
	bits = most;
	if (text[n] != '\0' &&
		!number_read_int(text + n + 1, strlen(text + n + 1), &bits))
		return false;
	out->address.bits = (int)bits;
	return bits >= 0 && bits <= most;
}

static bool
is_within(const unsigned char *net, const unsigned char *address, int bits)
{
	int whole = bits / 8, rest = bits % 8;

	if (memcmp(net, address, (size_t)whole) != 0)
		return false;
	return rest == 0 || ((net[whole] ^ address[whole]) >> (8 - rest)) == 0;
}

static enum policy_outcome
compare_address(
	const struct policy_operand *operand, const char *pattern, const char *value)
{
	unsigned char address[16];
	bool wide;

	(void)pattern;
	if (!take_address(value, address, &wide) || wide != operand->address.wide)
		return OUTCOME_OTHER;
	return is_within(operand->address.net, address, operand->address.bits)
		       ? OUTCOME_EQUAL
		       : OUTCOME_OTHER;
}

/* ---- bytes ---- */

static bool
read_bytes(const void *ctx, const char *text, struct policy_operand *out)
{
	struct buf bytes;

	buf_init(&bytes, ctx, BUF_NO_CAP);
	if (!base64_decode(&bytes, text, strlen(text)))
		return false;
	out->bytes.len = bytes.len;
	out->bytes.data = (const unsigned char *)buf_take(&bytes, ctx);
	return true;
}

static enum policy_outcome
compare_bytes(
	const struct policy_operand *operand, const char *pattern, const char *value)
{
	(void)pattern;
	return strlen(value) == operand->bytes.len &&
			       memcmp(value, operand->bytes.data, operand->bytes.len) == 0
		       ? OUTCOME_EQUAL
		       : OUTCOME_OTHER;
}

/* ---- the table ---- */

static const struct policy_family texts = { "a text", NULL, SIGNS_LITERAL, compare_text };
static const struct policy_family texts_any_case = { "a text", NULL, SIGNS_LITERAL,
	compare_any_case };
static const struct policy_family likes = { "a text", NULL, SIGNS_FREE, compare_text };
static const struct policy_family arns = { "an ARN of six parts", NULL, SIGNS_ARN,
	compare_text };
static const struct policy_family numbers = { "a number", read_number, SIGNS_LITERAL,
	compare_number };
static const struct policy_family moments = {
	"a moment like 2018-05-04T23:26:33Z or seconds since 1970", read_moment,
	SIGNS_LITERAL, compare_moment
};
static const struct policy_family bools = { "true or false", read_bool, SIGNS_LITERAL,
	compare_bool };
static const struct policy_family addresses = {
	"an address like 192.0.2.1 or 2001:db8::/32", read_address, SIGNS_LITERAL,
	compare_address
};
static const struct policy_family bytes = { "bytes in base 64", read_bytes, SIGNS_LITERAL,
	compare_bytes };

enum { LESS = OUTCOME_LESS, EQUAL = OUTCOME_EQUAL, MORE = OUTCOME_MORE };

/* AWS's names; those of a family one after the other. */
static const struct policy_operator operators[] = {
	{ "StringEquals", &texts, EQUAL, false, false },
	{ "StringNotEquals", &texts, EQUAL, true, false },
	{ "StringEqualsIgnoreCase", &texts_any_case, EQUAL, false, false },
	{ "StringNotEqualsIgnoreCase", &texts_any_case, EQUAL, true, false },
	{ "StringLike", &likes, EQUAL, false, false },
	{ "StringNotLike", &likes, EQUAL, true, false },
	{ "NumericEquals", &numbers, EQUAL, false, false },
	{ "NumericNotEquals", &numbers, EQUAL, true, false },
	{ "NumericLessThan", &numbers, LESS, false, false },
	{ "NumericLessThanEquals", &numbers, LESS | EQUAL, false, false },
	{ "NumericGreaterThan", &numbers, MORE, false, false },
	{ "NumericGreaterThanEquals", &numbers, MORE | EQUAL, false, false },
	{ "DateEquals", &moments, EQUAL, false, false },
	{ "DateNotEquals", &moments, EQUAL, true, false },
	{ "DateLessThan", &moments, LESS, false, false },
	{ "DateLessThanEquals", &moments, LESS | EQUAL, false, false },
	{ "DateGreaterThan", &moments, MORE, false, false },
	{ "DateGreaterThanEquals", &moments, MORE | EQUAL, false, false },
	{ "Bool", &bools, EQUAL, false, false },
	{ "BinaryEquals", &bytes, EQUAL, false, false },
	{ "IpAddress", &addresses, EQUAL, false, false },
	{ "NotIpAddress", &addresses, EQUAL, true, false },
	{ "ArnEquals", &arns, EQUAL, false, false },
	{ "ArnNotEquals", &arns, EQUAL, true, false },
	{ "ArnLike", &arns, EQUAL, false, false },
	{ "ArnNotLike", &arns, EQUAL, true, false },
	{ "Null", &bools, EQUAL, false, true },
};

enum { OPERATORS = sizeof operators / sizeof *operators };

const struct policy_operator *
policy_operator_find(const char *name)
{
	for (size_t i = 0; i < OPERATORS; i++)
		if (strcmp(operators[i].name, name) == 0)
			return &operators[i];
	return NULL;
}

const char *
policy_operator_near(const char *name)
{
	const char *names[OPERATORS];

	for (size_t i = 0; i < OPERATORS; i++)
		names[i] = operators[i].name;
	return nearest_word(name, names, OPERATORS);
}
