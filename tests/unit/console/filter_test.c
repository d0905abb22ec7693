#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "oneclick/base/mem.h"
#include "oneclick/console/filter.h"

enum { ID, PROJECT, BATTERY, SEEN, FIELDS };

static const struct filter_field fields[FIELDS] = {
	{ "id", FILTER_TEXT },
	{ "project", FILTER_TEXT },
	{ "battery", FILTER_NUMBER },
	{ "seen", FILTER_AGE },
};

static const struct {
	const char *id, *project;
	double battery, seen;
} rows[] = {
	{ "G030PM0457511071", "acme-hq", 4, 1000 },
	{ "G030PM0457514501", "acme-hq", 22, 8 * 864e5 },
	{ "P5SJVQ2007V8296A", "plant-7", 100, NAN },
};
enum { ROWS = sizeof(rows) / sizeof(*rows) };

static const char *
text(const void *arg, size_t row, size_t field)
{
	(void)arg;
	return field == ID ? rows[row].id : field == PROJECT ? rows[row].project : "";
}

static double
number(const void *arg, size_t row, size_t field)
{
	(void)arg;
	return field == BATTERY ? rows[row].battery : rows[row].seen;
}

/* The rows a filter shows, as digits: "01". */
static const char *
shown(const char *filter_text)
{
	static char out[ROWS + 1];
	struct filter_rows source = { fields, FIELDS, text, number, NULL };
	struct filter *filter;
	struct fault why;
	size_t n = 0;

	if (filter_parse(NULL, filter_text, fields, FIELDS, &filter, &why))
		fail_msg("%s: %s", filter_text, why.sentence);
	for (size_t i = 0; i < ROWS; i++)
		if (filter_match(filter, &source, i))
			out[n++] = (char)('0' + i);
	out[n] = '\0';
	mem_free(filter);
	return out;
}

static const char *
refused(const char *filter_text)
{
	static struct fault why;
	struct filter *filter;

	assert_int_equal(filter_parse(NULL, filter_text, fields, FIELDS, &filter, &why),
		ERR_INVALID);
	return why.sentence;
}

static void
nothing_typed_shows_all(void **state)
{
	(void)state;
	assert_string_equal(shown(""), "012");
	assert_string_equal(shown("   "), "012");
	assert_true(filter_match(NULL, NULL, 0));
}

static void
a_word_is_looked_for_in_all_texts_without_case(void **state)
{
	(void)state;
	assert_string_equal(shown("ACME"), "01");
	assert_string_equal(shown("8296a"), "2");
	assert_string_equal(shown("4501 acme"), "1");
}

static void
an_exclamation_mark_turns_a_term_round(void **state)
{
	(void)state;
	assert_string_equal(shown("!acme"), "2");
	assert_string_equal(shown("!battery<20"), "12");
	assert_string_equal(shown("!/1$/"), "2");
}

static void
a_pattern_without_end_is_given_up(void **state)
{
	struct filter_rows source = { fields, FIELDS, text, number, NULL };
	struct filter *filter;
	struct fault why;

	(void)state;
	refused("/a++++++++++++++++++++++/");
	assert_int_equal(filter_parse(NULL, "/^([0-9a-z]+)*[!?]$/", fields, FIELDS, &filter,
				 &why),
		ERR_NONE);
	for (size_t i = 0; i < 3; i++)
		assert_false(filter_match(filter, &source, i));
	assert_int_equal(filter_gave_up(filter, &why), ERR_INVALID);
	assert_non_null(strstr(why.sentence, "too many steps"));
	mem_free(filter);
}

static void
more_than_a_filter_holds_is_refused(void **state)
{
	char many[600];

	(void)state;
	memset(many, 'a', sizeof(many));
	many[599] = '\0';
	assert_non_null(strstr(refused(many), "at most 32 terms of at most 511 letters"));
	for (size_t i = 1; i < 80; i += 2)
		many[i] = ' ';
	many[80] = '\0';
	refused(many);
}

static void
slashes_hold_a_pattern(void **state)
{
	(void)state;
	assert_string_equal(shown("/^g030.*71$/"), "0");
	assert_string_equal(shown("/plant|45014/"), "2");
}

static void
a_tilde_looks_for_letters_in_order(void **state)
{
	(void)state;
	assert_string_equal(shown("~pnt7"), "2");
	assert_string_equal(shown("~7tnp"), "");
}

static void
numbers_are_compared(void **state)
{
	(void)state;
	assert_string_equal(shown("battery<20"), "0");
	assert_string_equal(shown("battery<=22%"), "01");
	assert_string_equal(shown("battery>=22"), "12");
	assert_string_equal(shown("battery!=4"), "12");
	assert_string_equal(shown("battery=100"), "2");
}

static void
texts_take_stars(void **state)
{
	(void)state;
	assert_string_equal(shown("project=acme*"), "01");
	assert_string_equal(shown("project=*-7"), "2");
	assert_string_equal(shown("project=acme"), "");
	assert_string_equal(shown("project!=acme*"), "2");
	assert_string_equal(shown("id=\"G030PM0457511071\""), "0");
}

static void
ages_have_units_and_the_unknown_matches_none(void **state)
{
	(void)state;
	assert_string_equal(shown("seen>7d"), "1");
	assert_string_equal(shown("seen<5m"), "0");
	assert_string_equal(shown("seen>0s"), "01");
}

static void
an_unknown_field_offers_the_nearest(void **state)
{
	(void)state;
	assert_non_null(strstr(refused("batery<20"), "battery"));
}

static void
wrong_values_are_refused_with_a_sentence(void **state)
{
	(void)state;
	assert_non_null(strstr(refused("battery<low"), "number"));
	assert_non_null(strstr(refused("seen>7"), "7d"));
	assert_non_null(strstr(refused("project<7"), "text"));
	assert_non_null(strstr(refused("/(/"), "pattern"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_typed_shows_all),
		cmocka_unit_test(a_word_is_looked_for_in_all_texts_without_case),
		cmocka_unit_test(an_exclamation_mark_turns_a_term_round),
		cmocka_unit_test(a_pattern_without_end_is_given_up),
		cmocka_unit_test(more_than_a_filter_holds_is_refused),
		cmocka_unit_test(slashes_hold_a_pattern),
		cmocka_unit_test(a_tilde_looks_for_letters_in_order),
		cmocka_unit_test(numbers_are_compared),
		cmocka_unit_test(texts_take_stars),
		cmocka_unit_test(ages_have_units_and_the_unknown_matches_none),
		cmocka_unit_test(an_unknown_field_offers_the_nearest),
		cmocka_unit_test(wrong_values_are_refused_with_a_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
