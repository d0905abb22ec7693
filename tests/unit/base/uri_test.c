#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/uri.h"

static int
begin(void **state)
{
	*state = mem_life(NULL);
	return 0;
}

static int
end(void **state)
{
	mem_free(*state);
	return 0;
}

static const char *
encode(void *ctx, const char *text)
{
	struct buf out;

	buf_init(&out, ctx, BUF_NO_CAP);
	uri_encode(&out, text, strlen(text));
	return out.data;
}

static void
only_the_unreserved_stay(void **state)
{
	assert_string_equal(encode(*state, "AZaz09-_.~"), "AZaz09-_.~");
	assert_string_equal(
		encode(*state, "arn:aws:x/y z+%*"), "arn%3Aaws%3Ax%2Fy%20z%2B%25%2A");
	assert_string_equal(encode(*state, "\xC3\xBC\x7F"), "%C3%BC%7F");
}

static void
every_byte_goes_there_and_back(void **state)
{
	char bytes[255];
	struct buf out;
	char *back;
	size_t n;

	for (int i = 0; i < 255; i++)
		bytes[i] = (char)(i + 1);
	buf_init(&out, *state, BUF_NO_CAP);
	uri_encode(&out, bytes, sizeof(bytes));
	back = uri_decoded(*state, out.data, out.len, &n);
	assert_int_equal(n, sizeof(bytes));
	assert_memory_equal(back, bytes, sizeof(bytes));
}

static void
a_nul_is_encoded_and_never_decoded(void **state)
{
	struct buf out;

	buf_init(&out, *state, BUF_NO_CAP);
	uri_encode(&out, "a\0b", 3);
	assert_string_equal(out.data, "a%00b");
	assert_null(uri_decoded(*state, out.data, out.len, NULL));
	assert_null(uri_decoded(*state, "a\0b", 3, NULL));
}

static void
a_plus_stays_and_either_case_is_read(void **state)
{
	assert_string_equal(uri_decoded(*state, "a+b%2fC%2F", 10, NULL), "a+b/C/");
	assert_string_equal(uri_decoded(*state, "", 0, NULL), "");
}

static void
a_malformed_escape_is_refused(void **state)
{
	static const char *const rows[] = { "%", "%4", "a%zz", "%4g", "%%41", "%-1",
		"% 1" };

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_null(uri_decoded(*state, rows[i], strlen(rows[i]), NULL));
	assert_null(
		uri_decoded(*state, "%41", 2, NULL)); /* the length counts, not the NUL */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(only_the_unreserved_stay, begin, end),
		cmocka_unit_test_setup_teardown(
			every_byte_goes_there_and_back, begin, end),
		cmocka_unit_test_setup_teardown(
			a_nul_is_encoded_and_never_decoded, begin, end),
		cmocka_unit_test_setup_teardown(
			a_plus_stays_and_either_case_is_read, begin, end),
		cmocka_unit_test_setup_teardown(
			a_malformed_escape_is_refused, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
