/* Whatever can be decoded is the same after it was encoded and decoded once more. */
#undef NDEBUG
#include <assert.h>
#include <string.h>

#include "../fuzz.h"
#include "oneclick/base/uri.h"

void
fuzz(const void *life, const char *data, size_t n)
{
	size_t length, again_length;
	char *text = uri_decoded(life, data, n, &length), *again;
	struct buf out;

	if (!text)
		return;
	assert(length <= n && text[length] == '\0');
	buf_init(&out, life, BUF_NO_CAP);
	uri_encode(&out, text, length);
	again = uri_decoded(life, out.data, out.len, &again_length);
	assert(again && again_length == length && memcmp(again, text, length) == 0);
}
