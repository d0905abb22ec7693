#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oneclick/data/number.h"

static void
a_whole_number_is_read_to_its_limits(void **state)
{
	int64_t whole;

	(void)state;
	assert_true(number_read_int("0", 1, &whole) && whole == 0);
	assert_true(number_read_int("-17", 3, &whole) && whole == -17);
	assert_true(
		number_read_int("9223372036854775807", 19, &whole) && whole == INT64_MAX);
	assert_true(number_read_int("-9223372036854775808", 20, &whole) &&
		    whole == INT64_MIN);
	assert_true(number_read_int("12x", 2, &whole) && whole == 12);
}

static void
what_is_no_whole_number_is_refused(void **state)
{
	static const char *const rows[] = { "", "-", "+1", " 1", "1 ", "1.0", "1e3",
		"0x1", "--1", "9223372036854775808", "-9223372036854775809",
		"99999999999999999999" };
	int64_t whole;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_false(number_read_int(rows[i], strlen(rows[i]), &whole));
}

static void
a_decimal_is_read_as_json_writes_it(void **state)
{
	double number;

	(void)state;
	assert_true(number_read("1.5", 3, &number) && number == 1.5);
	assert_true(number_read("-2e3", 4, &number) && number == -2000);
	assert_true(number_read("1E-2", 4, &number) && number == 0.01);
	assert_true(number_read("7", 1, &number) && number == 7);
	assert_true(number_read("1e-999", 6, &number) && number == 0);
}

static void
what_is_no_decimal_is_refused(void **state)
{
	static const char *const rows[] = { "", "-", ".5", "1.", "01", "+1", "1e", "1e+",
		"nan", "inf", "0x10", "1,5", " 1", "1 ", "1e999", "-1e999" };
	char ages[600];
	double number;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_false(number_read(rows[i], strlen(rows[i]), &number));
	memset(ages, '1', sizeof(ages));
	assert_false(number_read(ages, sizeof(ages), &number));
}

static void
a_span_ends_where_the_number_does(void **state)
{
	bool is_whole;

	(void)state;
	assert_int_equal(number_span("12,", 3, &is_whole), 2);
	assert_true(is_whole);
	assert_int_equal(number_span("-1.50e+7]", 9, &is_whole), 8);
	assert_false(is_whole);
	assert_int_equal(number_span("1e5", 3, &is_whole), 3);
	assert_false(is_whole);
	assert_int_equal(number_span("x", 1, &is_whole), 0);
	assert_int_equal(number_span("-", 1, &is_whole), 0);
}

static void
the_shortest_text_is_written(void **state)
{
	static const struct {
		double number;
		const char *text;
	} rows[] = {
		{ 0, "0" },
		{ -0.0, "0" },
		{ 0.1, "0.1" },
		{ 1.0 / 3, "0.3333333333333333" },
		{ 97, "97" },
		{ -2.5e-10, "-2.5e-10" },
		{ 1e21, "1e+21" },
		{ 0.1 + 0.2, "0.30000000000000004" },
		{ 123456789.123, "123456789.123" },
	};
	char text[NUMBER_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		number_write(rows[i].number, text);
		assert_string_equal(text, rows[i].text);
	}
}

static void
what_is_written_reads_back_the_same(void **state)
{
	char text[NUMBER_SIZE];

	(void)state;
	srand(1);
	for (int i = 0; i < 20000; i++) {
		uint64_t bits = ((uint64_t)rand() << 42) ^ ((uint64_t)rand() << 21) ^
				(uint64_t)rand();
		double number, back;

		memcpy(&number, &bits, sizeof(number));
		if (!isfinite(number))
			continue;
		number_write(number, text);
		assert_true(number_read(text, strlen(text), &back));
		assert_true(back == number);
	}
}

/* Makes the locale, so that every machine has it: one with a decimal comma. */
static void
use_a_decimal_comma(char folder[static 32])
{
	char command[128];

	strcpy(folder, "/tmp/oneclick-locale-XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(command, sizeof command,
		"localedef -c -f UTF-8 -i de_DE %s/de_DE.UTF-8 2>/dev/null", folder);
	assert_int_not_equal(system(command), -1);
	setenv("LOCPATH", folder, 1);
	assert_non_null(setlocale(LC_ALL, "de_DE.UTF-8"));
	assert_string_equal(localeconv()->decimal_point, ",");
}

static void
forget_the_locale(const char *folder)
{
	char command[64];

	setlocale(LC_ALL, "C");
	unsetenv("LOCPATH");
	snprintf(command, sizeof command, "rm -rf %s", folder);
	assert_int_equal(system(command), 0);
}

static void
the_locale_changes_nothing(void **state)
{
	char text[NUMBER_SIZE], folder[32];
	double number;

	(void)state;
	use_a_decimal_comma(folder);
	number_write(1.5, text);
	assert_string_equal(text, "1.5");
	assert_true(number_read("1.5", 3, &number) && number == 1.5);
	assert_false(number_read("1,5", 3, &number));
	forget_the_locale(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_number_is_read_to_its_limits),
		cmocka_unit_test(what_is_no_whole_number_is_refused),
		cmocka_unit_test(a_decimal_is_read_as_json_writes_it),
		cmocka_unit_test(what_is_no_decimal_is_refused),
		cmocka_unit_test(a_span_ends_where_the_number_does),
		cmocka_unit_test(the_shortest_text_is_written),
		cmocka_unit_test(what_is_written_reads_back_the_same),
		cmocka_unit_test(the_locale_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
