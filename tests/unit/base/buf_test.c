#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "oneclick/base/buf.h"
#include "oneclick/base/mem.h"

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

static void
a_new_buffer_is_an_empty_text(void **state)
{
	struct buf b;

	buf_init(&b, *state, BUF_NO_CAP);
	assert_string_equal(b.data, "");
	assert_int_equal(b.len, 0);
	assert_false(b.full);
}

static void
what_is_added_stands_in_order(void **state)
{
	struct buf b;

	buf_init(&b, *state, BUF_NO_CAP);
	buf_text(&b, "one ");
	buf_char(&b, '2');
	buf_format(&b, " %s %d", "three", 4);
	buf_add(&b, " 5\0x", 3);
	buf_text(&b, NULL);
	assert_string_equal(b.data, "one 2 three 4 5");
	assert_int_equal(b.len, 16);
}

static void
it_grows_by_bytes_and_by_formats(void **state)
{
	struct buf bytes, formats;

	buf_init(&bytes, *state, BUF_NO_CAP);
	buf_init(&formats, *state, BUF_NO_CAP);
	for (int i = 0; i < 10000; i++) {
		buf_char(&bytes, (char)('a' + i % 26));
		buf_format(&formats, "%c", 'a' + i % 26);
	}
	buf_format(&formats, "%5000d", 1);
	assert_int_equal(bytes.len, 10000);
	assert_int_equal(formats.len, 15000);
	assert_int_equal(strlen(formats.data), 15000);
	assert_memory_equal(bytes.data, formats.data, 10000);
}

static void
exactly_the_cap_fits(void **state)
{
	struct buf b;

	buf_init(&b, *state, 300);
	for (int i = 0; i < 300; i++)
		buf_char(&b, 'x');
	assert_false(b.full);
	assert_int_equal(strlen(b.data), 300);
	buf_add(&b, "", 0);
	assert_false(b.full);
	buf_char(&b, 'y');
	assert_true(b.full);
	assert_int_equal(strlen(b.data), 300);
}

static void
a_full_buffer_keeps_what_it_had(void **state)
{
	struct buf b;

	buf_init(&b, *state, 5);
	buf_text(&b, "abc");
	buf_format(&b, "%s", "defg");
	assert_true(b.full);
	assert_string_equal(b.data, "abc");
	buf_text(&b, "d");
	buf_format(&b, "%d", 1);
	buf_char(&b, 'd');
	assert_string_equal(b.data, "abc");
	assert_int_equal(b.len, 3);
	buf_clear(&b);
	assert_false(b.full);
	buf_text(&b, "12345");
	assert_string_equal(b.data, "12345");
}

static void
the_front_can_be_dropped(void **state)
{
	struct buf b;

	buf_init(&b, *state, BUF_NO_CAP);
	buf_text(&b, "abcdef");
	buf_drop(&b, 2);
	assert_string_equal(b.data, "cdef");
	buf_drop(&b, 100);
	assert_string_equal(b.data, "");
	assert_int_equal(b.len, 0);
}

static void
a_taken_text_lives_in_its_new_life(void **state)
{
	void *short_life = mem_life(*state);
	struct buf b;
	char *text;

	buf_init(&b, short_life, BUF_NO_CAP);
	buf_text(&b, "kept");
	text = buf_take(&b, *state);
	mem_free(short_life);
	assert_string_equal(text, "kept");
	assert_null(b.data);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_new_buffer_is_an_empty_text, begin, end),
		cmocka_unit_test_setup_teardown(
			what_is_added_stands_in_order, begin, end),
		cmocka_unit_test_setup_teardown(
			it_grows_by_bytes_and_by_formats, begin, end),
		cmocka_unit_test_setup_teardown(exactly_the_cap_fits, begin, end),
		cmocka_unit_test_setup_teardown(
			a_full_buffer_keeps_what_it_had, begin, end),
		cmocka_unit_test_setup_teardown(the_front_can_be_dropped, begin, end),
		cmocka_unit_test_setup_teardown(
			a_taken_text_lives_in_its_new_life, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
