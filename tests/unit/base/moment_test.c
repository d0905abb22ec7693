#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "oneclick/base/moment.h"

static void
a_moment_is_written_as_the_events_have_it(void **state)
{
	char text[MOMENT_ISO_SIZE];

	(void)state;
	moment_to_iso(INT64_C(1525476393747), text);
	assert_string_equal(text, "2018-05-04T23:26:33.747Z");
	moment_to_iso(0, text);
	assert_string_equal(text, "1970-01-01T00:00:00.000Z");
	moment_to_iso(INT64_C(253402300799999), text);
	assert_string_equal(text, "9999-12-31T23:59:59.999Z");
}

static void
a_moment_outside_the_calendar_shows_its_edge(void **state)
{
	char text[MOMENT_ISO_SIZE];

	(void)state;
	moment_to_iso(INT64_MAX, text);
	assert_string_equal(text, "9999-12-31T23:59:59.999Z");
	moment_to_iso(INT64_MIN, text);
	assert_string_equal(text, "1970-01-01T00:00:00.000Z");
}

static void
a_signature_is_dated_in_the_basic_form(void **state)
{
	char text[MOMENT_BASIC_SIZE];
	int64_t at;

	(void)state;
	moment_to_basic(INT64_C(1525476393747), text);
	assert_string_equal(text, "20180504T232633Z");
	assert_true(moment_from_basic(text, &at));
	assert_true(at == INT64_C(1525476393000));
}

static void
each_form_of_a_moment_is_read(void **state)
{
	static const struct {
		const char *text;
		int64_t at;
	} rows[] = {
		{ "2018-05-04T23:26:33.747Z", INT64_C(1525476393747) },
		{ "2018-05-04T23:26:33Z", INT64_C(1525476393000) },
		{ "2018-05-04T23:26:33.7Z", INT64_C(1525476393700) },
		{ "2018-05-04T23:26:33.747999999Z", INT64_C(1525476393747) },
		{ "2018-05-05T01:26:33.747+02:00", INT64_C(1525476393747) },
		{ "2018-05-05T01:26:33.747+0200", INT64_C(1525476393747) },
		{ "2018-05-04T21:56:33.747-01:30", INT64_C(1525476393747) },
		{ "2018-05-04", INT64_C(1525392000000) },
		{ "2020-02-29T00:00:00Z", INT64_C(1582934400000) },
		{ "1970-01-01T00:00:00Z", 0 },
		{ "1970-01-01T02:00:00+02:00", 0 },
		{ "9999-12-31T23:59:59.999Z", INT64_C(253402300799999) },
		{ "2018-05-04T23:26:33,747Z", INT64_C(1525476393747) },
		{ "2018-05-04 23:26:33Z", INT64_C(1525476393000) },
		{ "2018-05-04t23:26:33z", INT64_C(1525476393000) },
		{ "2018-05-05T01:26:33+02", INT64_C(1525476393000) },
		{ "2018-05-04T24:00:00Z", INT64_C(1525478400000) },
		{ "2018-12-31T24:00:00.000Z", INT64_C(1546300800000) },
		{ "2016-12-31T23:59:60Z", INT64_C(1483228800000) },
		{ "2016-12-31T23:59:60.500Z", INT64_C(1483228800500) },
		{ "2016-12-31T18:59:60-05:00", INT64_C(1483228800000) },
		{ "2017-01-01T05:29:60+05:30", INT64_C(1483228800000) },
	};
	int64_t at;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_true(moment_from_iso(rows[i].text, &at));
		assert_true(at == rows[i].at);
	}
}

static void
anything_else_is_no_moment(void **state)
{
	static const char *const rows[] = {
		"",
		"now",
		"2018-05-04T23:26:33.747",
		"2018-05-04T23:26:33.Z",
		"2018-05-04T23:26:33.0123456789Z",
		"2018-05-04T23:26:33Z ",
		" 2018-05-04T23:26:33Z",
		"2018-5-4",
		"2018-13-01",
		"2018-00-10",
		"2018-02-29",
		"2018-04-31",
		"2018-01-00",
		"2018-05-04T24:00:01Z",
		"2018-05-04T24:00:00.001Z",
		"2018-05-04T24:01:00Z",
		"2018-05-04T23:60:00Z",
		"2018-05-04T23:59:61Z",
		"2018-05-04T23:59:60+02:00",
		"2018-05-04T23:26:33+2",
		"2018-05-04T23:26:33+02:",
		"9999-12-31T23:59:60Z",
		"2018-05-04T23:26:60Z",
		"2018-05-04T23:26:33+24:00",
		"2018-05-04T23:26:33+02:60",
		"2018-05-04T23:26:33+02:00Z",
		"1969-12-31T23:59:59Z",
		"1970-01-01T00:00:00+00:01",
		"9999-12-31T23:59:59-00:01",
		"-2018-05-04",
		"+2018-05-04",
		"2018-05-04T-1:26:33Z",
	};
	int64_t at = 42;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (moment_from_iso(rows[i], &at))
			fail_msg("read \"%s\"", rows[i]);
	assert_false(moment_from_iso(NULL, &at));
	assert_false(moment_from_basic("20180504T232633", &at));
	assert_false(moment_from_basic("2018-05-04T23:26:33Z", &at));
	assert_false(moment_from_basic("20180230T232633Z", &at));
	/* A second spelling of midnight, or of the second before it. */
	assert_false(moment_from_basic("20180504T240000Z", &at));
	assert_false(moment_from_basic("20161231T235960Z", &at));
	assert_false(moment_from_basic(NULL, &at));
	assert_int_equal(at, 42);
}

static void
every_day_goes_there_and_back(void **state)
{
	char text[MOMENT_ISO_SIZE];
	int64_t back;

	(void)state;
	for (int64_t at = 123; at < INT64_C(4102444800000); at += INT64_C(86399999)) {
		moment_to_iso(at, text);
		assert_int_equal(strlen(text), MOMENT_ISO_SIZE - 1);
		assert_true(moment_from_iso(text, &back));
		assert_true(back == at);
	}
}

static int64_t
stand_still(void)
{
	return 1234;
}

static void
a_test_can_replace_the_clock(void **state)
{
	(void)state;
	moment_set_clock(stand_still);
	assert_int_equal(moment_now(), 1234);
	moment_set_clock(NULL);
	assert_true(moment_now() > INT64_C(1500000000000));
}

static void
ticks_never_go_back(void **state)
{
	int64_t before = moment_ticks();

	(void)state;
	for (int i = 0; i < 1000; i++) {
		int64_t now = moment_ticks();

		assert_true(now >= before);
		before = now;
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_moment_is_written_as_the_events_have_it),
		cmocka_unit_test(a_moment_outside_the_calendar_shows_its_edge),
		cmocka_unit_test(a_signature_is_dated_in_the_basic_form),
		cmocka_unit_test(each_form_of_a_moment_is_read),
		cmocka_unit_test(anything_else_is_no_moment),
		cmocka_unit_test(every_day_goes_there_and_back),
		cmocka_unit_test(a_test_can_replace_the_clock),
		cmocka_unit_test(ticks_never_go_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
