#include "oneclick/base/uri.h"

#include <string.h>

#include "oneclick/base/mem.h"

static bool
is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~';
}

void
uri_encode(struct buf *out, const char *bytes, size_t n)
{
	static const char digit[] = "0123456789ABCDEF";

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if (is_plain(bytes[i]))
			buf_char(out, bytes[i]);
		else
			buf_add(out, (char[]){ '%', digit[c >> 4], digit[c & 15] }, 3);
	}
}

static int
digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* The byte an escape stands for, or -1. */
static int
read_escape(const char *text, size_t left)
{
	int high, low;

	if (left < 3)
		return -1;
	high = digit_value(text[1]);
	low = digit_value(text[2]);
	return high < 0 || low < 0 ? -1 : high * 16 + low;
}

char *
uri_decoded(const void *ctx, const char *text, size_t text_len, size_t *n)
{
	char *out = mem_array(ctx, char, text_len + 1);
	size_t len = 0;

	for (size_t i = 0; i < text_len; i++) {
		int byte = (unsigned char)text[i];

		if (byte == '%') {
			byte = read_escape(text + i, text_len - i);
			i += 2;
		}
		if (byte <= 0) {
			mem_free(out);
			return NULL;
		}
		out[len++] = (char)byte;
	}
	if (n)
		*n = len;
	return out;
}
