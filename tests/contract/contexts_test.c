#include "oneclick/store/contexts.h"

#include "ground.h"

enum { MANY = 1500, STEP = 400 };

static int64_t
context(struct tx *tx, int n)
{
	struct fault why;
	int64_t num = 0;
	char json[32];

	snprintf(json, sizeof json, "{\"n\":%d}", n);
	must(events_context(tx, json, &num, &why), &why);
	return num;
}

static void
append(struct tx *tx, int64_t with)
{
	struct fault why;
	struct event event = a_click("A", 1);

	event.context = with;
	must(events_append(tx, &event, &why), &why);
}

/* Contexts 0 to count - 1; every tenth is an event's, and the fifth the device's. */
static void
fill(struct tx *tx, int count)
{
	struct fault why;
	struct device device = a_device("A");

	must(devices_add(tx, &device, &why), &why);
	for (int n = 0; n < count; n++) {
		int64_t num = context(tx, n);

		if (n % 10 == 0)
			append(tx, num);
		if (n == 5)
			device.context = num;
	}
	must(devices_save(tx, &device, &why), &why);
}

static void
mark_all(struct tx *tx, struct sweep *sweep)
{
	struct fault why;
	bool more = true;

	while (more)
		must(sweep_mark(tx, sweep, STEP, &more, &why), &why);
}

static int
remove_all(struct tx *tx, struct sweep *sweep)
{
	struct fault why;
	bool more = true;
	int all = 0, removed;

	while (more) {
		must(sweep_remove(tx, sweep, STEP, &more, &removed, &why), &why);
		assert_true(removed <= STEP);
		all += removed;
	}
	return all;
}

/* Whether the context is still the one it was: asking makes a new one. */
static bool
is_kept(struct tx *tx, int n, int64_t num)
{
	return context(tx, n) == num;
}

TX_TEST(what_events_and_devices_refer_to_stays_and_the_rest_goes)
{
	struct sweep *sweep = sweep_new(life);
	int64_t first;

	fill(tx, MANY);
	first = context(tx, 0);
	mark_all(tx, sweep);
	assert_int_equal(remove_all(tx, sweep), MANY - MANY / 10 - 1);
	assert_true(is_kept(tx, 0, first));
	assert_true(is_kept(tx, 5, first + 5));
	assert_true(is_kept(tx, 1490, first + 1490));
	assert_false(is_kept(tx, 6, first + 6));
	return ERR_NONE;
}

TX_TEST(an_event_of_the_meantime_keeps_its_context)
{
	struct sweep *sweep = sweep_new(life);
	int64_t num;

	fill(tx, MANY);
	mark_all(tx, sweep);
	num = context(tx, 7);
	append(tx, num);
	assert_int_equal(remove_all(tx, sweep), MANY - MANY / 10 - 2);
	assert_true(is_kept(tx, 7, num));
	return ERR_NONE;
}

TX_TEST(contexts_made_meanwhile_are_left_alone)
{
	struct sweep *sweep = sweep_new(life);
	int64_t num;

	fill(tx, MANY);
	mark_all(tx, sweep);
	num = context(tx, MANY);
	remove_all(tx, sweep);
	assert_true(is_kept(tx, MANY, num));
	return ERR_NONE;
}

TX_TEST(nothing_goes_while_not_all_is_marked)
{
	struct sweep *sweep = sweep_new(life);
	bool more;

	assert_int_equal(remove_all(tx, sweep), 0);
	fill(tx, MANY);
	must(sweep_mark(tx, sweep, 1, &more, why), why);
	assert_true(more);
	assert_int_equal(remove_all(tx, sweep), 0);
	return ERR_NONE;
}

TX_TEST(a_few_are_not_worth_the_walk)
{
	struct sweep *sweep = sweep_new(life);
	int64_t num;

	fill(tx, 100);
	num = context(tx, 6);
	mark_all(tx, sweep);
	assert_int_equal(remove_all(tx, sweep), 0);
	assert_true(is_kept(tx, 6, num));
	return ERR_NONE;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			what_events_and_devices_refer_to_stays_and_the_rest_goes),
		cmocka_unit_test(an_event_of_the_meantime_keeps_its_context),
		cmocka_unit_test(contexts_made_meanwhile_are_left_alone),
		cmocka_unit_test(nothing_goes_while_not_all_is_marked),
		cmocka_unit_test(a_few_are_not_worth_the_walk),
	};

	return RUN_BOTH(tests);
}
