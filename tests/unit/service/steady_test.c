/* Which time may decide what is old. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdbool.h>
#include <string.h>

#include "../../../src/service/steady.h"

#define SECOND INT64_C(1000)
#define HOUR (3600 * SECOND)
#define DAY (24 * HOUR)
#define NOW INT64_C(1800000000000)
#define UP (100 * HOUR) /* how long the machine has run */

static struct steady_clock
begun(void)
{
	struct steady_clock clock;

	steady_begin(&clock, NULL, "boot", NOW, UP);
	return clock;
}

/* `passed` ms later, by a clock that is off by so much. */
static int64_t
sure_after(struct steady_clock *clock, int64_t passed, int64_t off)
{
	steady_look(clock, NOW + passed + off, UP + passed);
	return steady_moment(clock, NOW + passed + off, UP + passed) - NOW;
}

static void
a_clock_that_runs_on_is_believed(void **state)
{
	struct steady_clock clock = begun();

	(void)state;
	assert_int_equal(sure_after(&clock, 0, 0), 0);
	for (int64_t passed = 0; passed < 50 * HOUR; passed += HOUR)
		assert_int_equal(sure_after(&clock, passed, 0), passed);
	/* Kept right by small steps, for ever. */
	for (int i = 1; i < 100; i++)
		assert_int_equal(
			sure_after(&clock, 50 * HOUR + i * HOUR, i * 10 * SECOND),
			50 * HOUR + i * (HOUR + 10 * SECOND));
}

static void
a_jump_forward_is_told_once_and_not_believed(void **state)
{
	struct steady_clock clock = begun();

	(void)state;
	assert_int_equal(steady_look(&clock, NOW + 500 * DAY, UP), 500 * DAY);
	assert_int_equal(steady_look(&clock, NOW + 500 * DAY + HOUR, UP + HOUR), 0);
	assert_int_equal(sure_after(&clock, HOUR, 500 * DAY), HOUR);
	assert_int_equal(sure_after(&clock, 23 * HOUR, 500 * DAY), 23 * HOUR);
	assert_int_equal(steady_look(&clock, NOW + DAY, UP + DAY), -500 * DAY);
	assert_int_equal(sure_after(&clock, DAY + HOUR, 0), DAY + HOUR);
	assert_int_equal(sure_after(&clock, 3 * DAY, 0), 3 * DAY);
}

static void
one_that_runs_on_from_there_for_a_day_is(void **state)
{
	struct steady_clock clock = begun();

	(void)state;
	assert_int_equal(sure_after(&clock, 0, 500 * DAY), 0);
	assert_int_equal(sure_after(&clock, DAY - 1, 500 * DAY), DAY - 1);
	assert_int_equal(sure_after(&clock, DAY, 500 * DAY), 501 * DAY);
}

static void
two_jumps_do_not_confirm_one_another(void **state)
{
	struct steady_clock clock = begun();

	(void)state;
	assert_int_equal(sure_after(&clock, 20 * HOUR, 500 * DAY), 20 * HOUR);
	assert_int_equal(sure_after(&clock, 30 * HOUR, 4000 * DAY), 30 * HOUR);
	assert_int_equal(sure_after(&clock, 40 * HOUR, 500 * DAY), 40 * HOUR);
	assert_int_equal(sure_after(&clock, 60 * HOUR, 4000 * DAY), 60 * HOUR);
}

static void
one_set_back_is_older_at_once(void **state)
{
	struct steady_clock clock = begun();

	(void)state;
	assert_int_equal(sure_after(&clock, HOUR, -NOW), HOUR - NOW);
	assert_int_equal(sure_after(&clock, 2 * HOUR, 0), 2 * HOUR);
	assert_int_equal(sure_after(&clock, 3 * HOUR, -2 * HOUR), HOUR);
	/* And after a day it goes on from there. */
	assert_int_equal(sure_after(&clock, 30 * HOUR, -2 * HOUR), 28 * HOUR);
	assert_int_equal(sure_after(&clock, 31 * HOUR, -2 * HOUR), 29 * HOUR);
}

static struct steady_kept
kept(const char *boot, const struct steady_clock *clock, int64_t at, int64_t sure)
{
	struct steady_kept k = { .clock = *clock, .at = at, .sure = sure };

	strcpy(k.boot, boot);
	return k;
}

static void
a_restart_goes_on_where_it_was(void **state)
{
	struct steady_clock clock = begun();
	struct steady_kept k = kept("boot", &clock, NOW, NOW);

	(void)state;
	steady_begin(&clock, &k, "boot", NOW + 10 * DAY, UP + 10 * DAY);
	assert_int_equal(sure_after(&clock, 10 * DAY, 0), 10 * DAY);
	/* Set while it was away: the same as while it ran. */
	steady_begin(&clock, &k, "boot", NOW + 500 * DAY, UP + HOUR);
	assert_int_equal(sure_after(&clock, HOUR, 500 * DAY), HOUR);
	k = kept("boot", &clock, NOW + 500 * DAY, NOW + HOUR);
	steady_begin(&clock, &k, "boot", NOW + 500 * DAY + 20 * HOUR, UP + 20 * HOUR);
	assert_int_equal(sure_after(&clock, 20 * HOUR, 500 * DAY), 20 * HOUR);
	assert_int_equal(sure_after(&clock, 26 * HOUR, 500 * DAY), 500 * DAY + 26 * HOUR);
}

static void
another_start_of_the_machine_believes_what_was_seen_before(void **state)
{
	struct steady_clock clock = begun();
	struct steady_kept k = kept("before", &clock, NOW, NOW - DAY);

	(void)state;
	/* An hour later nothing is known of the time between. */
	steady_begin(&clock, &k, "boot", NOW + HOUR, UP);
	assert_int_equal(sure_after(&clock, 0, HOUR), -DAY);
	assert_int_equal(sure_after(&clock, DAY, HOUR), DAY + HOUR);
	/* A week later what was seen then is certain to have come. */
	steady_begin(&clock, &k, "boot", NOW + 7 * DAY, UP);
	assert_int_equal(sure_after(&clock, 0, 7 * DAY), 0);
	assert_int_equal(sure_after(&clock, HOUR, 7 * DAY), HOUR);
	/* Without a battery, at 1970. */
	steady_begin(&clock, &k, "boot", 0, UP);
	assert_int_equal(sure_after(&clock, 0, -NOW), -NOW);
	assert_int_equal(sure_after(&clock, HOUR, 0), HOUR - NOW);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_clock_that_runs_on_is_believed),
		cmocka_unit_test(a_jump_forward_is_told_once_and_not_believed),
		cmocka_unit_test(one_that_runs_on_from_there_for_a_day_is),
		cmocka_unit_test(two_jumps_do_not_confirm_one_another),
		cmocka_unit_test(one_set_back_is_older_at_once),
		cmocka_unit_test(a_restart_goes_on_where_it_was),
		cmocka_unit_test(
			another_start_of_the_machine_believes_what_was_seen_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
