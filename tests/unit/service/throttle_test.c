#include "../../../src/service/auth/throttle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>

/* Calls that are let through of `calls` at one moment. */
static int
take(const char *account, const char *operation, int calls, int64_t ticks)
{
	int taken = 0;

	for (int i = 0; i < calls; i++)
		taken += throttle_takes(account, operation, 10, ticks);
	return taken;
}

static int
fill(void **state)
{
	(void)state;
	throttle_forget();
	return 0;
}

static void
twice_the_rate_may_come_at_once_and_then_the_rate(void **state)
{
	(void)state;
	assert_int_equal(take("1", "a", 100, 5000), 20);
	assert_int_equal(take("1", "a", 100, 5099), 0);
	assert_int_equal(take("1", "a", 100, 5100), 1);
	assert_int_equal(take("1", "a", 100, 6100), 10);
	assert_int_equal(take("1", "a", 100, 60000), 20);
}

static void
accounts_and_operations_have_a_bucket_each(void **state)
{
	(void)state;
	assert_int_equal(take("1", "a", 100, 5000), 20);
	assert_int_equal(take("2", "a", 100, 5000), 20);
	assert_int_equal(take("1", "b", 100, 5000), 20);
	assert_int_equal(take("1", "a", 100, 5000), 0);
}

static void
zero_is_any_number(void **state)
{
	(void)state;
	for (int i = 0; i < 10000; i++)
		assert_true(throttle_takes("1", "a", 0, 5000));
}

/* A million names pass through a table of a few thousand slots; none of them gets more than
 * a bucket at a time, and one that is empty is not forgotten for those that are full. */
static void
the_table_does_not_grow_and_empty_buckets_stay_empty(void **state)
{
	int64_t now = 5000;

	(void)state;
	assert_int_equal(take("1", "a", 100, now), 20);
	for (int i = 0; i < 100000; i++) {
		char name[16];

		snprintf(name, sizeof name, "%d", i);
		/* One call of each, full again when the next slot is sought. */
		throttle_takes(name, "b", 1000 * 1000, now);
		if (i % 100 == 0)
			now++;
		if (i == 10000)
			assert_int_equal(take("1", "a", 100, now), 1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(
			twice_the_rate_may_come_at_once_and_then_the_rate, fill),
		cmocka_unit_test_setup(accounts_and_operations_have_a_bucket_each, fill),
		cmocka_unit_test_setup(zero_is_any_number, fill),
		cmocka_unit_test_setup(
			the_table_does_not_grow_and_empty_buckets_stay_empty, fill),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
