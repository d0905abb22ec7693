#include "oneclick/base/base64.h"

#include <string.h>

static const char letter[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			     "abcdefghijklmnopqrstuvwxyz0123456789+/";

void
base64_encode(struct buf *out, const void *bytes, size_t n)
{
	const unsigned char *at = bytes;

	for (size_t i = 0; i < n; i += 3) {
		unsigned b = i + 1 < n ? at[i + 1] : 0, c = i + 2 < n ? at[i + 2] : 0;

		buf_char(out, letter[at[i] >> 2]);
		buf_char(out, letter[(at[i] & 3) << 4 | b >> 4]);
		buf_char(out, i + 1 < n ? letter[(b & 15) << 2 | c >> 6] : '=');
		buf_char(out, i + 2 < n ? letter[c & 63] : '=');
	}
}

/* Four letters become `bytes` bytes; the bits that padding leaves over must be 0. */
static bool
decode_group(struct buf *out, const char *text, size_t bytes)
{
	unsigned bits = 0;

	for (size_t i = 0; i < 4; i++) {
		const char *at = i <= bytes && text[i] ? strchr(letter, text[i]) : NULL;

		if (!at && i <= bytes)
			return false;
		bits = bits << 6 | (at ? (unsigned)(at - letter) : 0);
	}
	for (size_t i = 0; i < bytes; i++)
		buf_char(out, (char)(bits >> (16 - 8 * i) & 0xff));
	return (bits & (0xffffffu >> 8 * bytes) & 0xffffff) == 0 || bytes == 3;
}

bool
base64_decode(struct buf *out, const char *text, size_t n)
{
	size_t bytes = 3;

	if (n % 4 != 0)
		return false;
	for (size_t i = 0; i < n; i += 4) {
		if (i + 4 == n && text[n - 1] == '=')
			bytes = text[n - 2] == '=' ? 1 : 2;
		if (!decode_group(out, text + i, bytes))
			return false;
	}
	return true;
}
