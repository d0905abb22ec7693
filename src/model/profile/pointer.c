#include <math.h>
#include <string.h>

#include "inside.h"
#include "oneclick/base/mem.h"
#include "oneclick/data/number.h"

enum { TOKENS_MAX = 16 };

/* ~1 is a slash, ~0 a tilde (RFC 6901, 4). */
static const char *
read_token(const void *ctx, const char *text, size_t n)
{
	char *token = mem_textn(ctx, text, n), *to = token;

	for (const char *at = token; *at; at++) {
		bool escaped = *at == '~';

		at += escaped;
		*to++ = !escaped ? *at : *at == '1' ? '/' : '~';
	}
	*to = '\0';
	return token;
}

static bool
is_well_escaped(const char *text)
{
	for (; (text = strchr(text, '~')); text++)
		if (text[1] != '0' && text[1] != '1')
			return false;
	return true;
}

enum err
pointer_read(const void *ctx, const char *text, struct pointer *out, struct fault *why)
{
	*out = (struct pointer){ .text = mem_text(ctx, text),
		.token = mem_array(ctx, const char *, TOKENS_MAX) };
	if (*text && *text != '/')
		return fault(why, ERR_INVALID,
			"a pointer is \"\" (the whole) or begins with /: \"/%.60s\"",
			text);
	if (!is_well_escaped(text))
		return fault(why, ERR_INVALID, "a ~ in a pointer is ~0, a / is ~1");
	while (*text) {
		size_t n = strcspn(++text, "/");

		if (out->count == TOKENS_MAX)
			return fault(why, ERR_INVALID, "a pointer has %d steps at most",
				TOKENS_MAX);
		out->token[out->count++] = read_token(ctx, text, n);
		text += n;
	}
	return ERR_NONE;
}

static const struct value *
find_item(const struct value *list, const char *token)
{
	int64_t at;

	if (!number_read_int(token, strlen(token), &at) || at < 0 ||
		(uint64_t)at >= list->count)
		return NULL;
	return &list->item[at];
}

const struct value *
pointer_find(const struct pointer *pointer, const struct value *in)
{
	for (size_t i = 0; in && i < pointer->count; i++)
		in = in->kind == VALUE_LIST ? find_item(in, pointer->token[i])
					    : value_get(in, pointer->token[i]);
	return in;
}

static const char *
write_number(const void *ctx, double number)
{
	char text[NUMBER_SIZE];

	if (!isfinite(number)) /* YAML can write those, JSON cannot */
		return NULL;
	number_write(number, text);
	return mem_text(ctx, text);
}

const char *
scalar_text(const void *ctx, const struct value *value)
{
	if (!value)
		return NULL;
	switch (value->kind) {
	case VALUE_BOOL:
		return value->yes ? "true" : "false";
	case VALUE_INT:
		return mem_format(ctx, "%lld", (long long)value->whole);
	case VALUE_NUMBER:
		return write_number(ctx, value->number);
	case VALUE_TEXT:
		return value->text;
	case VALUE_NULL:
	case VALUE_LIST:
	case VALUE_MAP:
		break;
	}
	return NULL;
}
