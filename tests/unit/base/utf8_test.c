#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "oneclick/base/utf8.h"

#define UUML "\xC3\xBC"         /* one column */
#define HAN "\xE6\xBC\xA2"      /* two columns */
#define ACUTE "\xCC\x81"        /* combining */
#define FACE "\xF0\x9F\x98\x80" /* two columns, four bytes */

static void
a_code_point_is_read_with_its_length(void **state)
{
	static const struct {
		const char *text;
		int32_t point;
		size_t used;
	} rows[] = {
		{ "a", 'a', 1 },
		{ UUML "x", 0xFC, 2 },
		{ HAN, 0x6F22, 3 },
		{ FACE, 0x1F600, 4 },
		{ "\xF4\x8F\xBF\xBF", 0x10FFFF, 4 },
	};
	size_t used;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(utf8_next(rows[i].text, strlen(rows[i].text), &used),
			rows[i].point);
		assert_int_equal(used, rows[i].used);
	}
	assert_int_equal(utf8_next("\0", 1, &used), 0);
}

static void
broken_bytes_are_refused_one_by_one(void **state)
{
	static const char *const rows[] = {
		"\x80", "\xC3", "\xC3(", "\xE6\xBC", "\xF0\x9F\x98", /* cut or alone */
		"\xC0\xAF", "\xE0\x80\xAF", "\xF0\x80\x80\xAF",      /* too long a form */
		"\xED\xA0\x80", "\xED\xBF\xBF",                      /* surrogates */
		"\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "\xFF",  /* beyond the last */
	};
	size_t used;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(utf8_next(rows[i], strlen(rows[i]), &used), -1);
		assert_int_equal(used, 1);
		assert_false(utf8_is_valid(rows[i], strlen(rows[i])));
	}
}

static void
nothing_is_read_past_the_end(void **state)
{
	size_t used;

	(void)state;
	assert_int_equal(utf8_next(UUML, 1, &used), -1);
	assert_true(utf8_is_valid("a" UUML HAN FACE, 10));
	assert_false(utf8_is_valid("a" UUML HAN FACE, 9));
	assert_true(utf8_is_valid("", 0));
}

static void
every_code_point_goes_there_and_back(void **state)
{
	char bytes[4];
	size_t used;

	(void)state;
	for (int32_t point = 0; point <= 0x10FFFF; point++) {
		if (point == 0xD800)
			point = 0xE000;
		assert_int_equal(utf8_next(bytes, utf8_put(point, bytes), &used), point);
	}
}

static void
columns_are_counted_as_terminals_do(void **state)
{
	(void)state;
	assert_int_equal(utf8_width(""), 0);
	assert_int_equal(utf8_width("abc"), 3);
	assert_int_equal(utf8_width(UUML HAN FACE), 5);
	assert_int_equal(utf8_width("e" ACUTE ACUTE), 1);
	assert_int_equal(utf8_width("\xFF\xFE"), 2);
	assert_int_equal(utf8_point_width(0x00B1), 1); /* ambiguous */
	assert_int_equal(utf8_point_width(0x2502), 1); /* ambiguous: a line */
	assert_int_equal(utf8_point_width(0x0903), 1); /* a spacing mark */
	assert_int_equal(utf8_point_width(0x1161), 0); /* a joining jamo */
	assert_int_equal(utf8_point_width(0x1100), 2); /* the jamo it joins */
}

static void
a_text_is_clipped_between_clusters(void **state)
{
	static const struct {
		const char *text;
		int columns;
		size_t bytes;
		int width;
	} rows[] = {
		{ "abc", 2, 2, 2 },
		{ "abc", 9, 3, 3 },
		{ "abc", 0, 0, 0 },
		{ HAN HAN, 3, 3, 2 },
		{ HAN HAN, 1, 0, 0 },
		{ "e" ACUTE "x", 1, 3, 1 },
		{ "ae" ACUTE ACUTE, 2, 6, 2 },
		{ "", 5, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int width = -1;

		assert_int_equal(
			utf8_clip(rows[i].text, rows[i].columns, &width), rows[i].bytes);
		assert_int_equal(width, rows[i].width);
	}
}

static void
a_field_moves_by_clusters(void **state)
{
	const char *text = "a" HAN "e" ACUTE "z"; /* starts: 0 1 4 7, end 8 */

	(void)state;
	assert_int_equal(utf8_after(text, 0), 1);
	assert_int_equal(utf8_after(text, 1), 4);
	assert_int_equal(utf8_after(text, 4), 7);
	assert_int_equal(utf8_after(text, 7), 8);
	assert_int_equal(utf8_after(text, 8), 8);
	assert_int_equal(utf8_before(text, 8), 7);
	assert_int_equal(utf8_before(text, 7), 4);
	assert_int_equal(utf8_before(text, 4), 1);
	assert_int_equal(utf8_before(text, 1), 0);
	assert_int_equal(utf8_before(text, 0), 0);
	assert_int_equal(utf8_before(text, 99), 7);
}

static void
limits_count_code_points(void **state)
{
	(void)state;
	assert_int_equal(utf8_count(""), 0);
	assert_int_equal(utf8_count("a" UUML HAN FACE "e" ACUTE), 6);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_code_point_is_read_with_its_length),
		cmocka_unit_test(broken_bytes_are_refused_one_by_one),
		cmocka_unit_test(nothing_is_read_past_the_end),
		cmocka_unit_test(every_code_point_goes_there_and_back),
		cmocka_unit_test(columns_are_counted_as_terminals_do),
		cmocka_unit_test(a_text_is_clipped_between_clusters),
		cmocka_unit_test(a_field_moves_by_clusters),
		cmocka_unit_test(limits_count_code_points),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
