#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "oneclick/base/backoff.h"

static void
each_wait_lies_between_half_and_all_of_a_doubling(void **state)
{
	(void)state;
	for (int round = 0; round < 200; round++) {
		struct backoff b = { .first = 100, .cap = 5000 };

		for (int64_t all = 100; all < 5000; all *= 2)
			assert_in_range(backoff_next(&b), all / 2, all);
		for (int i = 0; i < 100; i++)
			assert_in_range(backoff_next(&b), 2500, 5000);
	}
}

static void
waits_are_spread(void **state)
{
	int64_t least = INT64_MAX, most = 0;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		struct backoff b = { .first = 1000, .cap = 1000 };
		int64_t wait = backoff_next(&b);

		least = wait < least ? wait : least;
		most = wait > most ? wait : most;
	}
	assert_true(least < 600 && most > 900);
}

static void
a_success_starts_again(void **state)
{
	struct backoff b = { .first = 100, .cap = 100000 };

	(void)state;
	for (int i = 0; i < 9; i++)
		backoff_next(&b);
	assert_in_range(backoff_next(&b), 25600, 51200);
	backoff_reset(&b);
	assert_in_range(backoff_next(&b), 50, 100);
}

static void
no_number_of_failures_overflows(void **state)
{
	struct backoff b = { .first = INT64_MAX / 3, .cap = INT64_MAX / 2 };

	(void)state;
	for (int i = 0; i < 300; i++)
		assert_true(backoff_next(&b) >= INT64_MAX / 7);
	b = (struct backoff){ .first = 500, .cap = 100 };
	assert_in_range(backoff_next(&b), 50, 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_wait_lies_between_half_and_all_of_a_doubling),
		cmocka_unit_test(waits_are_spread),
		cmocka_unit_test(a_success_starts_again),
		cmocka_unit_test(no_number_of_failures_overflows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
