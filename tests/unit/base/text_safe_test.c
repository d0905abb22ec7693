#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/base/utf8.h"

#define ACUTE "\xCC\x81"

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

struct row {
	const char *bytes, *shown;
};

static void
expect(void *life, const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct safe_text safe = text_safe_z(life, rows[i].bytes);

		assert_string_equal(safe.text, rows[i].shown);
		assert_int_equal(text_is_safe(rows[i].bytes, strlen(rows[i].bytes)),
			strcmp(rows[i].bytes, rows[i].shown) == 0);
	}
}

static void
ordinary_text_stays(void **state)
{
	static const struct row rows[] = {
		{ "", "" },
		{ "Room 4-021 <b>&\\ ~", "Room 4-021 <b>&\\ ~" },
		{ "\xC3\xBC \xE6\xBC\xA2 \xF0\x9F\x98\x80",
			"\xC3\xBC \xE6\xBC\xA2 \xF0\x9F\x98\x80" },
		{ "e" ACUTE ACUTE "x", "e" ACUTE ACUTE "x" },
		{ "\xD7\xA9\xD7\x9C", "\xD7\xA9\xD7\x9C" },
		{ "^[ \\x9b <U+202E> +3", "^[ \\x9b <U+202E> +3" },
	};

	expect(*state, rows, sizeof(rows) / sizeof(*rows));
}

static void
controls_are_shown_and_not_obeyed(void **state)
{
	static const struct row rows[] = {
		{ "\x1b[2J\x1b]0;x\x07", "^[[2J^[]0;x^G" },
		{ "a\r\n\tb\b\x7f\x01", "a^M^J^Ib^H^?^A" },
		{ "\xC2\x9B"
		  "31m",
			"\\x9b31m" }, /* C1 as UTF-8 */
		{ "\x9B"
		  "31m",
			"\\x9b31m" }, /* C1 as a byte */
		{ "\xC2\x85\xC2\x80", "\\x85\\x80" },
		{ "\xFF\xC3(", "\\xff\\xc3(" },
		{ "\xED\xA0\x80", "\\xed\\xa0\\x80" },
	};

	expect(*state, rows, sizeof(rows) / sizeof(*rows));
}

/* What no terminal may be handed: bidi controls, zero-width, fillers, separators, tags,
 * private use, noncharacters, soft hyphen; and variation selectors. */
static void
what_hides_or_reorders_is_named(void **state)
{
	static const int32_t points[] = { 0x061C, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C,
		0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069, 0x200B, 0x200C, 0x200D,
		0x2060, 0xFEFF, 0x00AD, 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E,
		0x3164, 0xFFA0, 0x2028, 0x2029, 0xE0001, 0xE0041, 0xE007F, 0xE000, 0xF8FF,
		0xF0000, 0x10FFFD, 0xFDD0, 0xFFFE, 0xFFFF, 0x1FFFE, 0x10FFFF, 0xFE0F,
		0xE0100, 0x0378 };

	for (size_t i = 0; i < sizeof(points) / sizeof(*points); i++) {
		char bytes[6] = "a", shown[16];
		size_t n = 1 + utf8_put(points[i], bytes + 1);

		snprintf(shown, sizeof(shown), "a<U+%04X>", (unsigned)points[i]);
		assert_string_equal(text_safe(*state, bytes, n).text, shown);
		assert_false(text_is_safe(bytes, n));
	}
}

static void
a_nul_in_the_bytes_is_shown(void **state)
{
	assert_string_equal(text_safe(*state, "a\0b", 3).text, "a^@b");
	assert_false(text_is_safe("a\0b", 3));
}

static void
marks_do_not_pile_up(void **state)
{
	static const struct row rows[] = {
		{ "e" ACUTE ACUTE ACUTE, "e" ACUTE ACUTE "+1" },
		{ "e" ACUTE ACUTE ACUTE ACUTE ACUTE "x" ACUTE,
			"e" ACUTE ACUTE "+3x" ACUTE },
		{ ACUTE "e", "<U+0301>e" }, /* nothing of ours to sit on */
		{ "\n" ACUTE, "^J" ACUTE },
	};

	expect(*state, rows, sizeof(rows) / sizeof(*rows));
}

static void
null_shows_as_nothing(void **state)
{
	assert_null(text_safe_z(*state, NULL).text);
	assert_string_equal(text_safe(*state, "", 0).text, "");
}

static void
a_formatted_text_is_made_safe_too(void **state)
{
	assert_string_equal(text_safe_format(*state, "%d of %s", 3,
				    "a\x1b"
				    "b")
				    .text,
		"3 of a^[b");
	assert_string_equal(SAFE("ours").text, "ours");
}

/* Random bytes, half of them from pieces that matter. */
static size_t
mix(char *bytes, size_t room)
{
	static const char *const pieces[] = { ACUTE, "\xE2\x80\xAE", "\x1b[", "\xC2\x9B",
		"a", "\xE6\xBC\xA2", "\xF3\xA0\x81\x81", "\xE1\x85\xA1", "\xEF\xB8\x8F",
		"\xF0\x9F" };
	size_t n = 0;

	while (n + 4 < room) {
		const char *piece = pieces[rand() % 10];

		if (rand() % 2) {
			bytes[n++] = (char)rand();
		} else {
			memcpy(bytes + n, piece, strlen(piece));
			n += strlen(piece);
		}
	}
	return n;
}

static void
a_second_time_changes_nothing(void **state)
{
	char bytes[64];

	srand(1);
	for (int round = 0; round < 20000; round++) {
		size_t n = mix(bytes, 8 + (size_t)rand() % 56);
		struct safe_text once = text_safe(*state, bytes, n);

		assert_true(text_is_safe(once.text, strlen(once.text)));
		assert_true(utf8_is_valid(once.text, strlen(once.text)));
		assert_int_equal(strcspn(once.text, "\x1b\r\n\b\x7f"), strlen(once.text));
		if (text_is_safe(bytes, n))
			assert_memory_equal(once.text, bytes, n);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(ordinary_text_stays, begin, end),
		cmocka_unit_test_setup_teardown(
			controls_are_shown_and_not_obeyed, begin, end),
		cmocka_unit_test_setup_teardown(
			what_hides_or_reorders_is_named, begin, end),
		cmocka_unit_test_setup_teardown(a_nul_in_the_bytes_is_shown, begin, end),
		cmocka_unit_test_setup_teardown(marks_do_not_pile_up, begin, end),
		cmocka_unit_test_setup_teardown(null_shows_as_nothing, begin, end),
		cmocka_unit_test_setup_teardown(
			a_formatted_text_is_made_safe_too, begin, end),
		cmocka_unit_test_setup_teardown(
			a_second_time_changes_nothing, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
