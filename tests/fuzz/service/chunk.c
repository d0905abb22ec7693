/* A chunked body is the same, and ends at the same byte, in whatever pieces it comes. */
#undef NDEBUG
#include <assert.h>
#include <string.h>

#include "../../../src/service/http/chunk.h"
#include "../fuzz.h"
#include "oneclick/base/mem.h"

static size_t
take(const void *life, const char *data, size_t n, size_t piece, struct chunks *chunks,
	struct buf *body)
{
	size_t at = 0;

	*chunks = (struct chunks){ 0 };
	buf_init(body, life, BUF_NO_CAP);
	while (at < n) {
		size_t here = n - at < piece ? n - at : piece;
		size_t took = chunks_take(chunks, data + at, here, body);

		at += took;
		if (took < here)
			break;
	}
	return at;
}

/* The first byte is how large the pieces are. */
void
fuzz(const void *life, const char *data, size_t n)
{
	size_t piece = n > 0 ? (unsigned char)data[0] + 1U : 1, end;
	struct chunks whole, parts;
	struct buf body, again;

	data += n > 0;
	n -= n > 0;
	end = take(life, data, n, n > 0 ? n : 1, &whole, &body);
	assert(take(life, data, n, piece, &parts, &again) == end);
	assert(parts.state == whole.state);
	assert(again.len == body.len && body.len <= end);
	assert(body.len == 0 || memcmp(body.data, again.data, body.len) == 0);
	if (whole.state == CHUNK_DONE)
		assert(end > 0 && data[end - 1] == '\n' && whole.left == 0);
	else if (whole.state != CHUNK_BAD)
		assert(end == n);
}
