/* No token that we did not make is taken. */
#undef NDEBUG
#include <assert.h>
#include <string.h>

#include "../fuzz.h"
#include "oneclick/api/page.h"

void
fuzz(const void *life, const char *data, size_t n)
{
	static const unsigned char secret[DIGEST_SIZE] = { 1, 2, 3 };
	const char *query = fuzz_line(life, &data, &n), *after;
	struct fault why;
	enum err err =
		page_token_read(life, secret, query, data, ERR_RANGE, &after, &why);

	fuzz_check_fault(err, &why);
	assert(err == ERR_RANGE);
	if (strlen(data) > PAGE_KEY_MAX)
		return;
	err = page_token_read(life, secret, query,
		page_token_make(life, secret, query, data), ERR_RANGE, &after, &why);
	assert(err == ERR_NONE && strcmp(after, data) == 0);
}
