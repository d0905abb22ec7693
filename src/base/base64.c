#include "oneclick/base/base64.h"

void
base64_encode(struct buf *out, const void *bytes, size_t n)
{
	static const char letter[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *at = bytes;

	for (size_t i = 0; i < n; i += 3) {
		unsigned b = i + 1 < n ? at[i + 1] : 0, c = i + 2 < n ? at[i + 2] : 0;

		buf_char(out, letter[at[i] >> 2]);
		buf_char(out, letter[(at[i] & 3) << 4 | b >> 4]);
		buf_char(out, i + 1 < n ? letter[(b & 15) << 2 | c >> 6] : '=');
		buf_char(out, i + 2 < n ? letter[c & 63] : '=');
	}
}
