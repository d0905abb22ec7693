/* A head is found at the same byte in whatever pieces it comes, and no line reaches into
 * another. */
#undef NDEBUG
#include <assert.h>
#include <string.h>

#include "../../../src/service/http/head.h"
#include "../fuzz.h"
#include "oneclick/base/mem.h"

static enum head_found
find(const char *data, size_t n, size_t piece, size_t *seen)
{
	enum head_found found = HEAD_PART;

	*seen = 0;
	for (size_t here = 0; here < n && found == HEAD_PART;) {
		here = n - here < piece ? n : here + piece;
		found = head_find(data, here, seen);
		assert(*seen <= here);
	}
	return found;
}

static void
check_words(const struct request *request)
{
	assert(!strpbrk(request->method, " \n") && !strchr(request->target, '\n'));
	for (size_t i = 0; i < request->header_count; i++) {
		const struct sign_header *header = &request->header[i];

		assert(!strpbrk(header->name, ":\n") && !strchr(header->value, '\n'));
		assert(header->name[0] != ' ' && header->name[0] != '\t');
	}
}

/* The first byte is how large the pieces are. */
void
fuzz(const void *life, const char *data, size_t n)
{
	size_t piece = n > 0 ? (unsigned char)data[0] + 1U : 1, seen, again;
	struct request request = { 0 };
	const char *version;
	struct fault why = { .sentence = "" };
	enum head_found found;
	enum err err;

	data += n > 0;
	n -= n > 0;
	found = find(data, n, n > 0 ? n : 1, &seen);
	assert(find(data, n, piece, &again) == found);
	if (found != HEAD_WHOLE)
		return;
	assert(again == seen && seen <= n && data[seen - 1] == '\n');
	err = head_read(
		life, mem_textn(life, data, seen), seen, &request, &version, &why);
	fuzz_check_fault(err, &why);
	if (!err)
		check_words(&request);
}
