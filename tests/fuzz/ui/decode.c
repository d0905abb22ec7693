/* What a terminal sends, cut anywhere: chords come of it, and no memory is left behind. */
#undef NDEBUG
#include <assert.h>

#include "../fuzz.h"
#include "oneclick/base/mem.h"
#include "oneclick/ui/decode.h"

static void
feed(struct decode *decode, const void *life, const char *data, size_t n)
{
	const struct chord *chords;
	/* As long as it is, so that reading beyond it is seen. */
	size_t count = decode_feed(decode, mem_textn(life, data, n), n, &chords);

	assert(count <= 2 * DECODE_PASTE_MAX);
	for (size_t i = 0; i < count; i++)
		assert(chords[i].key >= 0);
}

void
fuzz(const void *life, const char *data, size_t n)
{
	struct decode *decode = decode_new(life);
	size_t step = n ? (unsigned char)data[0] % 16 + 1 : 1;

	for (size_t at = 0; at < n; at += step) {
		feed(decode, life, data + at, n - at < step ? n - at : step);
		if (decode_is_waiting(decode) && step % 3 == 0)
			feed(decode, life, "", 0);
	}
	feed(decode, life, "", 0);
	assert(!decode_is_waiting(decode));
}
