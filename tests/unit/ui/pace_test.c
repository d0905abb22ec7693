#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "oneclick/base/mem.h"
#include "oneclick/ui/pace.h"

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
a_local_terminal_waits_only_between_frames_nobody_asked_for(void **state)
{
	struct pace pace = pace_local();

	(void)state;
	assert_int_equal(pace_wait(&pace, 1000), 0);
	pace_sent(&pace, 1000);
	assert_int_equal(pace_wait(&pace, 1010), PACE_LOCAL_GAP - 10);
	pace_typed(&pace);
	assert_int_equal(pace_wait(&pace, 1010), 0);
	pace_sent(&pace, 1010);
	assert_int_equal(pace_wait(&pace, 1010 + PACE_LOCAL_GAP), 0);
}

static void
a_remote_terminal_gets_no_frame_until_it_answers(void **state)
{
	struct pace pace = pace_remote();

	(void)state;
	pace_sent(&pace, 1000);
	pace_typed(&pace);
	assert_int_equal(pace_wait(&pace, 1500), PACE_TIMEOUT - 500);
	pace_answered(&pace);
	assert_int_equal(pace_wait(&pace, 1500), 0);
}

static void
three_misses_in_a_row_end_the_asking(void **state)
{
	struct pace pace = pace_remote();
	int64_t now = 1000;

	(void)state;
	for (int i = 0; i < PACE_MISSES; i++) {
		assert_true(pace.asking);
		pace_sent(&pace, now);
		now += PACE_TIMEOUT;
		assert_int_equal(pace_wait(&pace, now), 0);
	}
	assert_false(pace.asking);
	pace_sent(&pace, now);
	pace_typed(&pace);
	assert_int_equal(pace_wait(&pace, now), PACE_SILENT_GAP);
}

static void
an_answer_forgives_the_misses_before_it(void **state)
{
	struct pace pace = pace_remote();
	int64_t now = 1000;

	(void)state;
	for (int i = 0; i < 3 * PACE_MISSES; i++) {
		pace_sent(&pace, now);
		now += PACE_TIMEOUT;
		pace_wait(&pace, now);
		if (i % 2 == 1)
			pace_answered(&pace);
	}
	assert_true(pace.asking);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		T(a_local_terminal_waits_only_between_frames_nobody_asked_for),
		T(a_remote_terminal_gets_no_frame_until_it_answers),
		T(three_misses_in_a_row_end_the_asking),
		T(an_answer_forgives_the_misses_before_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
