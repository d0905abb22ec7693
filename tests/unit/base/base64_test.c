#include "oneclick/base/base64.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

/* RFC 4648, section 10. */
static void
bytes_become_letters_and_padding(void **state)
{
	static const char *const row[][2] = { { "", "" }, { "f", "Zg==" },
		{ "fo", "Zm8=" }, { "foo", "Zm9v" }, { "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" },
		{ "\xff\xfe\xfd", "//79" }, { "\xfb", "+w==" } };
	struct buf out;

	(void)state;
	buf_init(&out, NULL, BUF_NO_CAP);
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		buf_clear(&out);
		base64_encode(&out, row[i][0], strlen(row[i][0]));
		assert_string_equal(out.data, row[i][1]);
	}
	buf_clear(&out);
	base64_encode(&out, "\0\0\0", 3);
	assert_string_equal(out.data, "AAAA");
	buf_release(&out);
}

static void
letters_become_the_bytes_they_were(void **state)
{
	static const char *const row[][2] = { { "", "" }, { "f", "Zg==" },
		{ "fo", "Zm8=" }, { "foo", "Zm9v" }, { "foobar", "Zm9vYmFy" },
		{ "\xff\xfe\xfd", "//79" }, { "\xfb", "+w==" } };
	struct buf out;

	(void)state;
	buf_init(&out, NULL, BUF_NO_CAP);
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		buf_clear(&out);
		assert_true(base64_decode(&out, row[i][1], strlen(row[i][1])));
		assert_string_equal(out.data, row[i][0]);
	}
	buf_release(&out);
}

static void
what_is_no_base64_is_not_read(void **state)
{
	static const char *const row[] = { "Zg=", "Zg", "Zh==", "Zm9=", "Z===", "====",
		"Zg==Zg==", "Zm 9", "Zm9v\n", "Zm9-", "=Zm9" };
	struct buf out;

	(void)state;
	buf_init(&out, NULL, BUF_NO_CAP);
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		if (base64_decode(&out, row[i], strlen(row[i])))
			fail_msg("%s was read", row[i]);
	buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_become_letters_and_padding),
		cmocka_unit_test(letters_become_the_bytes_they_were),
		cmocka_unit_test(what_is_no_base64_is_not_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
