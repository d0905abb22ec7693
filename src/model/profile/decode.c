#include <string.h>

#include "inside.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/utf8.h"
#include "oneclick/data/json.h"

enum {
	PAYLOAD_MAX = 4 * 1024 * 1024, /* a bridge tells all of its devices at once */
	TEXT_MAX = 4096,
};

static enum err
decode_text(const void *ctx, const char *bytes, size_t n, const struct value **out,
	struct fault *why)
{
	struct value *text = mem_new(ctx, struct value);

	if (n > TEXT_MAX)
		return fault(why, ERR_INVALID,
			"a text of %zu bytes; at most %d are taken", n, TEXT_MAX);
	if (memchr(bytes, '\0', n) || !utf8_is_valid(bytes, n))
		return fault(why, ERR_INVALID, "the payload is no UTF-8 text");
	text->kind = VALUE_TEXT;
	text->text = mem_textn(ctx, bytes, n);
	*out = text;
	return ERR_NONE;
}

static enum err
decode_json(const void *ctx, const char *bytes, size_t n, const struct value **out,
	struct fault *why)
{
	enum err err = json_parse(ctx, bytes, n, out, why);

	return err ? fault_at(why, err, "the payload is no JSON") : ERR_NONE;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 'a' - 'A';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Some gateways send the bytes, some their hexadecimal digits; a button's bytes are never
 * all such digits, for they hold the object ID ':'. */
static enum err
decode_bthome(const void *ctx, const char *bytes, size_t n, const struct value **out,
	struct fault *why)
{
	unsigned char *raw;
	size_t i = 0;

	if (n > TEXT_MAX)
		return fault(
			why, ERR_INVALID, "%zu bytes are no BTHome advertisement", n);
	while (i < n && hex_digit(bytes[i]) >= 0)
		i++;
	if (i < n || n % 2 != 0)
		return bthome_decode(ctx, (const unsigned char *)bytes, n, out, why);
	raw = (unsigned char *)mem_textn(ctx, bytes, n / 2);
	for (i = 0; i < n / 2; i++)
		raw[i] = (unsigned char)(hex_digit(bytes[2 * i]) << 4 |
					 hex_digit(bytes[2 * i + 1]));
	return bthome_decode(ctx, raw, n / 2, out, why);
}

enum err
payload_decode(const void *ctx, enum decoding decoding, const char *bytes, size_t n,
	const struct value **out, struct fault *why)
{
	*out = NULL;
	if (n == 0)
		return ERR_NONE;
	if (n > PAYLOAD_MAX)
		return fault(why, ERR_INVALID,
			"a payload of %zu bytes; at most %d are taken", n, PAYLOAD_MAX);
	switch (decoding) {
	case DECODE_JSON:
		return decode_json(ctx, bytes, n, out, why);
	case DECODE_TEXT:
		return decode_text(ctx, bytes, n, out, why);
	case DECODE_BTHOME2:
		return decode_bthome(ctx, bytes, n, out, why);
	case DECODE_JSON_OR_TEXT:
		break;
	}
	if (!json_parse(ctx, bytes, n, out, NULL))
		return ERR_NONE;
	return decode_text(ctx, bytes, n, out, why);
}
