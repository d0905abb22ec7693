/* The claim state machine and what a click changes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "oneclick/model/device.h"

enum { WINDOW = CLAIM_WINDOW_DEFAULT };
static const char ANN[] = "111111111111", BOB[] = "222222222222";

static struct device
known_device(void)
{
	return (struct device){
		.id = "G030PM039134U3AT", .type = "button", .tags = "{}", .life = 100
	};
}

static void
a_claim_goes_from_initiated_over_a_click_to_claimed(void **state)
{
	(void)state;
	struct device device = known_device();
	assert_string_equal(claim_state_name(device.state), "UNCLAIMED");
	assert_int_equal(device_start_claim(&device, ANN, 1000, WINDOW, NULL), ERR_NONE);
	assert_string_equal(claim_state_name(device.state), "CLAIM_INITIATED");
	device_take_click(&device, -1, 2000);
	assert_int_equal(device.claim_heard_at, 2000);
	assert_int_equal(device_finish_claim(&device, ANN, 3000, WINDOW, NULL), ERR_NONE);
	assert_string_equal(claim_state_name(device.state), "CLAIMED");
	assert_string_equal(device.account, ANN);
	assert_int_equal(device.claim_at, 1000);
	assert_false(device.enabled);
}

static void
finalizing_before_a_click_is_too_early(void **state)
{
	(void)state;
	struct device device = known_device();
	struct fault why = { 0 };
	device_take_click(&device, -1, 500);
	assert_int_equal(device_start_claim(&device, ANN, 1000, WINDOW, NULL), ERR_NONE);
	assert_int_equal(
		device_finish_claim(&device, ANN, 2000, WINDOW, &why), ERR_PRECONDITION);
	assert_non_null(strstr(why.sentence, "press"));
	assert_int_equal(device.state, DEVICE_CLAIM_INITIATED);
}

static void
finalizing_what_is_not_pending_is_a_conflict(void **state)
{
	(void)state;
	struct device device = known_device();
	assert_int_equal(
		device_finish_claim(&device, ANN, 1, WINDOW, NULL), ERR_CONFLICT);
	device_start_claim(&device, BOB, 1000, WINDOW, NULL);
	device_take_click(&device, -1, 1500);
	assert_int_equal(
		device_finish_claim(&device, ANN, 2000, WINDOW, NULL), ERR_CONFLICT);
	assert_int_equal(device_finish_claim(&device, BOB, 2000, WINDOW, NULL), ERR_NONE);
	assert_int_equal(
		device_finish_claim(&device, BOB, 2001, WINDOW, NULL), ERR_CONFLICT);
}

static void
a_claim_lapses_after_its_window(void **state)
{
	(void)state;
	struct device device = known_device();
	struct fault why = { 0 };
	device_start_claim(&device, ANN, 1000, WINDOW, NULL);
	device_take_click(&device, -1, 1500);
	assert_true(device_is_of(&device, ANN, 1000 + WINDOW - 1, WINDOW));
	assert_false(device_is_of(&device, ANN, 1000 + WINDOW, WINDOW));
	/* The clock was set back. */
	assert_true(device_is_of(&device, ANN, 1001 - WINDOW, WINDOW));
	assert_false(device_is_of(&device, ANN, 1000 - WINDOW, WINDOW));
	assert_int_equal(device_finish_claim(&device, ANN, 1000 + WINDOW, WINDOW, &why),
		ERR_CONFLICT);
	assert_non_null(strstr(why.sentence, "15 minutes"));
	assert_int_equal(
		device_start_claim(&device, BOB, 1000 + WINDOW, WINDOW, NULL), ERR_NONE);
	assert_string_equal(device.account, BOB);
	assert_int_equal(device.claim_heard_at, 0);
}

static void
a_pending_or_claimed_device_is_not_to_be_had_by_another(void **state)
{
	(void)state;
	struct device device = known_device();
	device_start_claim(&device, ANN, 1000, WINDOW, NULL);
	assert_int_equal(
		device_start_claim(&device, BOB, 2000, WINDOW, NULL), ERR_CONFLICT);
	assert_string_equal(device.account, ANN);
	device_take_click(&device, -1, 2500);
	assert_int_equal(device_finish_claim(&device, ANN, 3000, WINDOW, NULL), ERR_NONE);
	assert_int_equal(
		device_start_claim(&device, BOB, 4000, WINDOW, NULL), ERR_CONFLICT);
	assert_int_equal(
		device_start_claim(&device, ANN, 4000, WINDOW, NULL), ERR_CONFLICT);
	assert_true(device_is_of(&device, ANN, INT64_MAX, WINDOW));
	assert_false(device_is_of(&device, BOB, 4000, WINDOW));
}

static void
repeating_ones_own_claim_asks_for_a_new_click(void **state)
{
	(void)state;
	struct device device = known_device();
	device_start_claim(&device, ANN, 1000, WINDOW, NULL);
	device_take_click(&device, -1, 1500);
	assert_int_equal(device_start_claim(&device, ANN, 2000, WINDOW, NULL), ERR_NONE);
	assert_int_equal(device.claim_at, 2000);
	assert_int_equal(
		device_finish_claim(&device, ANN, 2500, WINDOW, NULL), ERR_PRECONDITION);
}

static void
a_claim_code_claims_without_a_click_and_is_spent(void **state)
{
	(void)state;
	struct device device = known_device();
	device.claim_code = "C-1234567890";
	device_claim_by_code(&device, ANN, 1000);
	assert_int_equal(device.state, DEVICE_CLAIMED);
	assert_null(device.claim_code);
	assert_true(device_is_of(&device, ANN, 1000, WINDOW));
	assert_false(device.enabled);
}

static void
a_placed_device_cannot_be_unclaimed(void **state)
{
	(void)state;
	struct device device = known_device();
	struct fault why = { 0 };
	device_claim_by_code(&device, ANN, 1000);
	device.project = "Rooms";
	device.placement = "Room217";
	device.template_name = "bell";
	assert_true(device_is_placed(&device));
	assert_int_equal(device_unclaim(&device, &why), ERR_INVALID);
	assert_non_null(strstr(why.sentence, "Room217"));
	assert_int_equal(device.state, DEVICE_CLAIMED);
}

static void
unclaiming_forgets_what_the_account_gave_it(void **state)
{
	(void)state;
	struct device device = known_device();
	device_claim_by_code(&device, ANN, 1000);
	device_enable(&device, true, 1100);
	device.tags = "{\"a\":\"b\"}";
	device.on_click = device.on_health = "{}";
	device_take_click(&device, -1, 1200);
	assert_int_equal(device_unclaim(&device, NULL), ERR_NONE);
	assert_null(device.account);
	assert_string_equal(device.tags, "{}");
	assert_null(device.on_click);
	assert_null(device.on_health);
	assert_false(device.enabled);
	assert_int_equal(device.clicks, 1);
	assert_int_equal(device_start_claim(&device, BOB, 2000, WINDOW, NULL), ERR_NONE);
}

static void
enabling_notes_when_and_enabling_again_does_not(void **state)
{
	(void)state;
	struct device device = known_device();
	device_enable(&device, true, 1000);
	device_enable(&device, true, 2000);
	assert_true(device.enabled);
	assert_int_equal(device.enabled_at, 1000);
	device_enable(&device, false, 3000);
	device_enable(&device, true, 4000);
	assert_int_equal(device.enabled_at, 4000);
}

static void
a_click_counts_and_wears_even_while_disabled(void **state)
{
	(void)state;
	struct device device = known_device();
	device_take_click(&device, -1, 1000);
	device_take_click(&device, -1, 2000);
	assert_int_equal(device.clicks, 2);
	assert_int_equal(device.first_click_at, 1000);
	assert_int_equal(device.seen_at, 2000);
	assert_true(device.life == 99.9);
}

static void
a_reported_life_is_taken_within_its_bounds(void **state)
{
	(void)state;
	struct device device = known_device();
	device_take_click(&device, 42.5, 1000);
	assert_true(device.life == 42.5);
	device_take_click(&device, 250, 2000);
	assert_true(device.life == 100);
	device_take_click(&device, 0, 3000);
	assert_true(device.life == 0);
	device_take_click(&device, (double)NAN, 4000);
	assert_true(device.life == 0);
}

/* The guide's example: rated for 2000 clicks, 500 used, 75 left. */
static void
a_profiles_rated_clicks_tell_the_life_of_what_reports_none(void **state)
{
	struct device device = known_device();

	(void)state;
	device.id = "ZIGB00158D0001A2B3C4.1";
	device.rated = 2000;
	for (int i = 0; i < 500; i++)
		device_take_click(&device, -1, 1000 + i);
	assert_true(device.life == 75);
	device_report_life(&device, 90);
	device_take_click(&device, -1, 2000);
	assert_true(device.life == 90);
}

static struct device
watched_device(void)
{
	struct device device = known_device();

	device.id = "ZIGB00158D0001A2B3C4";
	device.state = DEVICE_CLAIMED;
	device_enable(&device, true, 1000);
	return device;
}

static void
life_falls_once_until_it_has_risen_again(void **state)
{
	struct device device = watched_device();

	(void)state;
	device_report_life(&device, 5);
	assert_false(device_life_fell(&device));
	device_watch(&device, 10, 0);
	assert_true(device_life_fell(&device));
	assert_false(device_life_fell(&device));
	device_report_life(&device, 10);
	assert_false(device_life_fell(&device));
	device_report_life(&device, 9.99);
	assert_true(device_life_fell(&device));
	device_watch(&device, 10, 0);
	assert_true(device_life_fell(&device));
	assert_false(device_life_fell(&device));
}

static void
life_of_a_disabled_device_falls_when_it_is_enabled(void **state)
{
	struct device device = watched_device();

	(void)state;
	device_watch(&device, 10, 0);
	device_report_life(&device, 5);
	device_enable(&device, false, 2000);
	assert_false(device_life_fell(&device));
	device_enable(&device, true, 3000);
	assert_true(device_life_fell(&device));
}

static void
a_device_falls_quiet_once_until_it_is_heard_again(void **state)
{
	struct device device = watched_device();

	(void)state;
	device_hear(&device, 5000);
	device_watch(&device, 0, 100);
	assert_int_equal(device.quiet_at, 5100);
	assert_false(device_fell_quiet(&device, 5099));
	assert_true(device_fell_quiet(&device, 5100));
	assert_false(device_fell_quiet(&device, 9000));
	device_take_click(&device, -1, 9000);
	assert_false(device_fell_quiet(&device, 9099));
	assert_true(device_fell_quiet(&device, 9100));
	device_watch(&device, 0, 100);
	assert_true(device_fell_quiet(&device, 9100));
	device_watch(&device, 0, 0);
	assert_false(device_fell_quiet(&device, 99000));
}

static void
silence_of_a_disabled_device_begins_when_it_is_enabled(void **state)
{
	struct device device = watched_device();

	(void)state;
	device_watch(&device, 0, 100);
	device_enable(&device, false, 1050);
	assert_false(device_fell_quiet(&device, 2000));
	device_enable(&device, true, 3000);
	assert_false(device_fell_quiet(&device, 3099));
	assert_true(device_fell_quiet(&device, 3100));
}

static void
a_product_of_ones_own_keeps_the_life_it_last_reported(void **state)
{
	(void)state;
	struct device device = known_device();
	device.id = "a4:c1:38:0f:00:01";
	device_take_click(&device, 61, 1000);
	device_take_click(&device, -1, 2000);
	assert_true(device.life == 61);
}

/* AT&T's tells its life itself; the profile knows better, if it says. */
static void
a_product_that_is_not_rated_wears_as_its_profile_says(void **state)
{
	(void)state;
	struct device device = known_device();
	device.id = "B9GHXT183200293";
	device_take_click(&device, 61, 1000);
	device_take_click(&device, -1, 2000);
	assert_true(device.life == 61);
	device.rated = 100;
	device_take_click(&device, -1, 3000);
	assert_true(device.life == 97);
}

static void
nobodys_device_is_no_ones(void **state)
{
	(void)state;
	struct device device = known_device();
	assert_false(device_is_of(&device, ANN, 1000, WINDOW));
	device.state = DEVICE_CLAIMED;
	assert_false(device_is_of(&device, ANN, 1000, WINDOW));
	device.account = BOB;
	assert_false(device_is_of(&device, ANN, 1000, WINDOW));
	device.account = ANN;
	assert_true(device_is_of(&device, ANN, 1000, WINDOW));
}

static void
what_nobody_claimed_falls_neither_low_nor_quiet(void **state)
{
	(void)state;
	struct device device = known_device();
	device.enabled = true;
	device_watch(&device, 10, 100);
	device_take_click(&device, 5, 1000);
	assert_false(device_life_fell(&device));
	assert_false(device_fell_quiet(&device, 99000));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_claim_goes_from_initiated_over_a_click_to_claimed),
		cmocka_unit_test(finalizing_before_a_click_is_too_early),
		cmocka_unit_test(finalizing_what_is_not_pending_is_a_conflict),
		cmocka_unit_test(a_claim_lapses_after_its_window),
		cmocka_unit_test(a_pending_or_claimed_device_is_not_to_be_had_by_another),
		cmocka_unit_test(repeating_ones_own_claim_asks_for_a_new_click),
		cmocka_unit_test(a_claim_code_claims_without_a_click_and_is_spent),
		cmocka_unit_test(a_placed_device_cannot_be_unclaimed),
		cmocka_unit_test(unclaiming_forgets_what_the_account_gave_it),
		cmocka_unit_test(enabling_notes_when_and_enabling_again_does_not),
		cmocka_unit_test(a_click_counts_and_wears_even_while_disabled),
		cmocka_unit_test(a_reported_life_is_taken_within_its_bounds),
		cmocka_unit_test(
			a_profiles_rated_clicks_tell_the_life_of_what_reports_none),
		cmocka_unit_test(life_falls_once_until_it_has_risen_again),
		cmocka_unit_test(life_of_a_disabled_device_falls_when_it_is_enabled),
		cmocka_unit_test(a_device_falls_quiet_once_until_it_is_heard_again),
		cmocka_unit_test(silence_of_a_disabled_device_begins_when_it_is_enabled),
		cmocka_unit_test(a_product_of_ones_own_keeps_the_life_it_last_reported),
		cmocka_unit_test(a_product_that_is_not_rated_wears_as_its_profile_says),
		cmocka_unit_test(nobodys_device_is_no_ones),
		cmocka_unit_test(what_nobody_claimed_falls_neither_low_nor_quiet),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
