/* Signatures: as botocore computes them, and that they cover what they must. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "oneclick/api/sign.h"
#include "oneclick/base/mem.h"

#define SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

static const struct vector {
	const char *method, *path, *query;
	struct sign_header header[10];
	const char *payload, *signature;
} vectors[] = {
#include "sign_vectors.inc"
};
enum { VECTORS = sizeof vectors / sizeof *vectors };

static const int64_t SIGNED_AT = 1525476393000; /* 2018-05-04T23:26:33Z */

static struct sign_request
request_of(const struct vector *vector)
{
	struct sign_request request = { .method = vector->method,
		.path = vector->path,
		.query = vector->query,
		.header = vector->header };
	while (vector->header[request.header_count].name != NULL)
		request.header_count++;
	memcpy(request.payload_hash, vector->payload, DIGEST_HEX_SIZE);
	return request;
}

static void
compute(const struct sign_request *request, char signature[DIGEST_HEX_SIZE])
{
	struct sign_scope scope = sign_scope_at(SIGNED_AT, "us-west-2");
	unsigned char key[DIGEST_SIZE];
	sign_key(SECRET, &scope, key);
	sign_compute(request, &scope, key, signature);
}

static void
every_request_has_the_signature_botocore_gives_it(void **state)
{
	(void)state;
	assert_true(VECTORS > 100);
	for (size_t i = 0; i < VECTORS; i++) {
		struct sign_request request = request_of(&vectors[i]);
		char signature[DIGEST_HEX_SIZE];
		compute(&request, signature);
		if (strcmp(signature, vectors[i].signature) != 0)
			fail_msg("%s %s?%s", vectors[i].method, vectors[i].path,
				vectors[i].query);
	}
}

static void
the_order_of_headers_does_not_matter(void **state)
{
	(void)state;
	struct sign_request request = request_of(&vectors[0]);
	struct sign_header turned[10];
	for (size_t i = 0; i < request.header_count; i++)
		turned[i] = request.header[request.header_count - 1 - i];
	request.header = turned;
	char signature[DIGEST_HEX_SIZE];
	compute(&request, signature);
	assert_string_equal(signature, vectors[0].signature);
}

static void
anything_signed_that_changes_changes_the_signature(void **state)
{
	(void)state;
	const struct sign_request good = request_of(&vectors[2]);
	struct sign_header other[10] = { { "Host", "elsewhere" } };
	struct sign_request bad[6] = { good, good, good, good, good, good };
	bad[0].method = "PUT";
	bad[1].path = "/projectS";
	bad[2].query = "nextToken=Rooms&maxResults=8";
	bad[3].query = NULL;
	bad[4].payload_hash[10] ^= 1;
	other[1] = good.header[1];
	bad[5].header = other;
	for (size_t i = 0; i < 6; i++) {
		char signature[DIGEST_HEX_SIZE];
		compute(&bad[i], signature);
		assert_string_not_equal(signature, vectors[2].signature);
	}
}

static void
the_key_is_derived_as_the_public_example_has_it(void **state)
{
	(void)state;
	struct sign_scope scope = {
		.date = "20150830", .region = "us-east-1", .service = "iam"
	};
	unsigned char key[DIGEST_SIZE];
	char hex[DIGEST_HEX_SIZE];
	sign_key(SECRET, &scope, key);
	digest_hex(key, sizeof key, hex);
	assert_string_equal(hex,
		"c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c"
		"154a4b9");
}

static void
assert_canonical(const struct sign_request *request, const char *expected)
{
	struct buf out;
	buf_init(&out, NULL, BUF_NO_CAP);
	sign_canonical(&out, request);
	assert_string_equal(out.data, expected);
	buf_release(&out);
}

static void
a_path_is_encoded_once_more_and_an_empty_one_is_the_root(void **state)
{
	(void)state;
	const struct sign_header host = { "Host", "h" };
	struct sign_request request = { .method = "GET",
		.path = "/tags/arn%3Aaws%2fX",
		.header = &host,
		.header_count = 1,
		.payload_hash = "0" };
	assert_canonical(&request, "GET\n/tags/arn%253Aaws%252fX\n\nhost:h\n\nhost\n0");
	request.path = "";
	assert_canonical(&request, "GET\n/\n\nhost:h\n\nhost\n0");
}

static void
a_query_is_sorted_by_its_encoded_names_and_then_values(void **state)
{
	(void)state;
	struct sign_request request = { .method = "GET",
		.path = "/",
		.query = "b&a-=1&a=%7e&a=%2f&X-Amz-Signature=00&a=2&&%41=x%",
		.payload_hash = "0" };
	assert_canonical(&request, "GET\n/\nA=x%25&a=%2F&a=2&a=~&a-=1&b=\n\n\n\n0");
	request.query = "";
	assert_canonical(&request, "GET\n/\n\n\n\n\n0");
}

static void
header_values_are_trimmed_folded_and_joined(void **state)
{
	(void)state;
	const struct sign_header headers[] = { { "Zed", "  a \t b  " }, { "X-List", "2" },
		{ "x-list", " 1 " }, { "Empty", " \t " } };
	struct sign_request request = { .method = "PUT",
		.path = "/",
		.header = headers,
		.header_count = 4,
		.payload_hash = "0" };
	assert_canonical(&request, "PUT\n/\n\nempty:\nx-list:2,1\nzed:a b\n\n"
				   "empty;x-list;zed\n0");
	struct buf out;
	buf_init(&out, NULL, BUF_NO_CAP);
	sign_names(&out, &request);
	assert_string_equal(out.data, "empty;x-list;zed");
	buf_release(&out);
}

static void
the_authorization_names_key_scope_headers_and_signature(void **state)
{
	(void)state;
	void *life = mem_life(NULL);
	struct sign_request request = request_of(&vectors[0]);
	struct sign_scope scope = sign_scope_at(SIGNED_AT, "us-west-2");
	assert_string_equal(scope.moment, "20180504T232633Z");
	assert_string_equal(scope.date, "20180504");
	char *expected = mem_format(life,
		"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20180504/us-west-2/iot1click/"
		"aws4_request, SignedHeaders=host;x-amz-date;x-amz-security-token, "
		"Signature=%s",
		vectors[0].signature);
	assert_string_equal(
		sign_authorization(life, &request, &scope, "AKIDEXAMPLE", SECRET),
		expected);
	mem_free(life);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_request_has_the_signature_botocore_gives_it),
		cmocka_unit_test(the_order_of_headers_does_not_matter),
		cmocka_unit_test(anything_signed_that_changes_changes_the_signature),
		cmocka_unit_test(the_key_is_derived_as_the_public_example_has_it),
		cmocka_unit_test(
			a_path_is_encoded_once_more_and_an_empty_one_is_the_root),
		cmocka_unit_test(a_query_is_sorted_by_its_encoded_names_and_then_values),
		cmocka_unit_test(header_values_are_trimmed_folded_and_joined),
		cmocka_unit_test(the_authorization_names_key_scope_headers_and_signature),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
