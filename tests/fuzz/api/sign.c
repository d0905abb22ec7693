/* The canonical request is one text, whatever stands in path, query and headers; and any
 * change of what is signed is another signature. */
#undef NDEBUG
#include <assert.h>
#include <string.h>

#include "../fuzz.h"
#include "oneclick/api/sign.h"

static void
sign(const struct sign_request *request, char out[DIGEST_HEX_SIZE])
{
	const struct sign_scope scope = sign_scope_at(1525476393747, "us-west-2");
	unsigned char key[DIGEST_SIZE];

	sign_key("secret", &scope, key);
	sign_compute(request, &scope, key, out);
}

void
fuzz(const void *life, const char *data, size_t n)
{
	const char *path = fuzz_line(life, &data, &n),
		   *query = fuzz_line(life, &data, &n);
	struct sign_header header[] = { { "Host", fuzz_line(life, &data, &n) },
		{ fuzz_line(life, &data, &n), data } };
	struct sign_request request = { "GET", path, query, header, 2, "e3b0c44298" };
	char first[DIGEST_HEX_SIZE], second[DIGEST_HEX_SIZE];
	struct buf out;

	buf_init(&out, life, BUF_NO_CAP);
	sign_canonical(&out, &request);
	assert(strlen(out.data) == out.len);
	sign(&request, first);
	sign(&request, second);
	assert(strcmp(first, second) == 0);
	request.method = "PUT";
	sign(&request, second);
	assert(strcmp(first, second) != 0);
}
