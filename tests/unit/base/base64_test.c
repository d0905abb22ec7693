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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_become_letters_and_padding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
