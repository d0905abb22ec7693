/* Products: their life, the IDs that may be one's, and the mending of misread ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/model/product.h"

static const int64_t DAY = 24 * 60 * 60 * 1000;

static void
assert_prints(double life, const char *expected)
{
	char text[32];
	snprintf(text, sizeof text, "%.15g", life);
	assert_string_equal(text, expected);
}

static void
an_id_tells_its_product(void **state)
{
	(void)state;
	assert_string_equal(
		product_of("G030PM039134U3AT")->name, "AWS IoT Enterprise Button");
	assert_true(product_of("B9GHXT183200293")->by_claim_code);
	assert_int_equal(product_of("7MF6JKXXXXYY9999")->rated_days, 365);
	assert_non_null(strstr(product_of("P5SJVQ2007V8296A")->name, "Seeed"));
	assert_false(product_of("G030JF0123456789")->supported);
	assert_null(product_of("G030PX0312744DWM"));
	assert_null(product_of("G030P"));
	assert_null(product_of(""));
}

static void
an_enterprise_click_costs_a_twentieth_of_a_percent_and_prints_so(void **state)
{
	(void)state;
	const struct product *button = product_of("G030PM039134U3AT");
	assert_prints(product_life(button, 0, 0, 5 * DAY), "100");
	assert_prints(product_life(button, 1, DAY, 5 * DAY), "99.95");
	assert_prints(product_life(button, 2, DAY, 5 * DAY), "99.9");
	assert_prints(product_life(button, 3, DAY, 5 * DAY), "99.85");
	assert_prints(product_life(button, 47, DAY, 5000 * DAY), "97.65");
	for (int clicks = 0; clicks <= 2000; clicks++) {
		char expected[32];
		int left = 2000 - clicks;
		snprintf(expected, sizeof expected, "%d.%02d", left / 20, left % 20 * 5);
		double read;
		assert_int_equal(sscanf(expected, "%lf", &read), 1);
		assert_true(product_life(button, clicks, DAY, DAY) == read);
	}
}

static void
life_never_leaves_its_bounds(void **state)
{
	(void)state;
	const struct product *button = product_of("G030PM039134U3AT");
	assert_prints(product_life(button, 2000, DAY, DAY), "0");
	assert_prints(product_life(button, INT64_MAX, DAY, DAY), "0");
	const struct product *soracom = product_of("7MF6JKXXXXYY9999");
	assert_prints(product_life(soracom, 0, DAY, INT64_MAX), "0");
	assert_prints(product_life(soracom, 0, 3 * DAY, 2 * DAY), "100");
}

static void
a_soracom_button_has_the_lower_of_clicks_and_days(void **state)
{
	(void)state;
	const struct product *button = product_of("7MF6JKXXXXYY9999");
	assert_prints(product_life(button, 1, DAY, DAY), "99.933333");
	assert_prints(product_life(button, 150, DAY, 2 * DAY), "90");
	assert_prints(product_life(button, 15, DAY, DAY + 73 * DAY), "80");
	assert_prints(product_life(button, 15, DAY, DAY + 365 * DAY), "0");
	assert_prints(product_life(button, 15, 0, 800 * DAY), "99");
}

static void
a_product_without_a_rating_keeps_its_life(void **state)
{
	(void)state;
	assert_prints(
		product_life(product_of("B9GHXT183200293"), 9999, DAY, 900 * DAY), "100");
	assert_prints(product_life(NULL, 9999, DAY, 900 * DAY), "100");
}

static void
ids_within_the_rules_are_good(void **state)
{
	(void)state;
	static const char *const good[] = { "G030PM039134U3AT", "G030PX0312744DWM",
		"abcd", "a4:c1:38:0f:00:01", "0x00158d0001a2b3c4", "shelly-button1_AB.12",
		"12345678901234567890123456789012" };
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_int_equal(device_id_check(good[i], NULL), ERR_NONE);
}

static void
ids_outside_the_rules_are_refused_with_the_reason(void **state)
{
	(void)state;
	static const struct {
		const char *id, *says;
	} bad[] = {
		{ "", "too short" },
		{ "abc", "too short" },
		{ "123456789012345678901234567890123", "at most 32" },
		{ "with blank", "only letters" },
		{ "a/../b", "only letters" },
		{ "caf\xc3\xa9 1", "only letters" },
		{ "G030JF0123456789", "does not support" },
		{ "G030MD0123456789", "does not support" },
		{ "G030PT0123456789", "does not support" },
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct fault why = { 0 };
		assert_int_equal(device_id_check(bad[i].id, &why), ERR_INVALID);
		assert_non_null(strstr(why.sentence, bad[i].says));
	}
}

static void
letters_read_for_digits_are_mended_in_a_known_prefix_only(void **state)
{
	(void)state;
	void *life = mem_life(NULL);
	assert_string_equal(device_id_mend(life, "GO3OPM0O9134U3AT"), "G030PM0O9134U3AT");
	assert_string_equal(device_id_mend(life, "G03OPM039134U3AT"), "G030PM039134U3AT");
	assert_null(device_id_mend(life, "G030PM039134U3AT"));
	assert_null(device_id_mend(life, "GO30JF0123456789"));
	assert_null(device_id_mend(life, "0x00158d0001a2b3"));
	assert_null(device_id_mend(life, "GO3"));
	mem_free(life);
}

static void
claim_codes_begin_with_C_and_have_12_to_40_letters(void **state)
{
	(void)state;
	assert_true(claim_code_is_well_formed("C-1234567890"));
	assert_true(claim_code_is_well_formed("C-123EXAMPLE-abc"));
	assert_true(
		claim_code_is_well_formed("C-12345678901234567890123456789012345678"));
	assert_false(claim_code_is_well_formed("C-123456789"));
	assert_false(
		claim_code_is_well_formed("C-123456789012345678901234567890123456789"));
	assert_false(claim_code_is_well_formed("c-1234567890"));
	assert_false(claim_code_is_well_formed("G030PM039134U3AT"));
	assert_false(claim_code_is_well_formed("C-12345 67890"));
	assert_false(claim_code_is_well_formed(""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_id_tells_its_product),
		cmocka_unit_test(
			an_enterprise_click_costs_a_twentieth_of_a_percent_and_prints_so),
		cmocka_unit_test(life_never_leaves_its_bounds),
		cmocka_unit_test(a_soracom_button_has_the_lower_of_clicks_and_days),
		cmocka_unit_test(a_product_without_a_rating_keeps_its_life),
		cmocka_unit_test(ids_within_the_rules_are_good),
		cmocka_unit_test(ids_outside_the_rules_are_refused_with_the_reason),
		cmocka_unit_test(
			letters_read_for_digits_are_mended_in_a_known_prefix_only),
		cmocka_unit_test(claim_codes_begin_with_C_and_have_12_to_40_letters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
