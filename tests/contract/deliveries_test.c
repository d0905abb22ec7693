#include "ground.h"
#include "oneclick/store/deliveries.h"

#define ARN "arn:aws:lambda:us-west-2:123456789012:function:f"
#define HOUR (INT64_C(60) * 60 * 1000)

/* An event of the device at this moment, and its delivery. */
static struct delivery
a_delivery(struct tx *tx, const char *device, int64_t at)
{
	struct event event = a_click(device, at);
	static char ids[64][40];
	struct fault why;

	event.event_id = ids[at % 64];
	snprintf(ids[at % 64], sizeof ids[0], "event-%d", (int)at);
	must(events_append(tx, &event, &why), &why);
	return (struct delivery){
		.event = event,
		.callback = ARN,
		.target = "t",
		.state = DELIVERY_WAITING,
		.due = at,
	};
}

static void
put(struct tx *tx, struct delivery delivery)
{
	struct fault why;

	must(deliveries_put(tx, &delivery, &why), &why);
}

static bool
see_delivery(void *arg, const struct delivery *delivery)
{
	char text[16];

	snprintf(text, sizeof text, "%d", (int)delivery->event.at);
	return see(arg, text);
}

static void
assert_due(struct tx *tx, const char *target, int64_t now, bool ordered, int limit,
	const char *wanted)
{
	struct seen seen = { 0 };
	struct fault why;

	must(deliveries_due(tx, target, now, ordered, limit, see_delivery, &seen, &why),
		&why);
	assert_string_equal(seen.text, wanted);
}

static void
assert_listed(struct tx *tx, int states, int64_t before, int limit, const char *wanted)
{
	struct seen seen = { 0 };
	struct fault why;

	must(deliveries_list(tx, OURS, states, before, limit, see_delivery, &seen, &why),
		&why);
	assert_string_equal(seen.text, wanted);
}

static bool
check_delivery(void *arg, const struct delivery *delivery)
{
	const struct delivery *wanted = arg;

	assert_int_equal(delivery->event.pos, wanted->event.pos);
	assert_string_equal(delivery->event.event_id, wanted->event.event_id);
	assert_string_equal(delivery->event.account, OURS);
	assert_string_equal(delivery->event.device_id, "A");
	assert_string_equal(delivery->callback, wanted->callback);
	assert_string_equal(delivery->target, wanted->target);
	assert_int_equal(delivery->attempts, wanted->attempts);
	assert_int_equal(delivery->due, wanted->due);
	assert_int_equal(delivery->tried_at, wanted->tried_at);
	assert_string_equal(delivery->error, wanted->error);
	return true;
}

TX_TEST(a_delivery_comes_back_as_it_was_last_put)
{
	struct delivery one;

	claim(tx, "A", OURS);
	one = a_delivery(tx, "A", 1);
	put(tx, one);
	one.attempts = 2;
	one.due = 30;
	one.tried_at = 20;
	one.error = "HTTP 500";
	put(tx, one);
	must(deliveries_due(tx, "t", 30, false, 9, check_delivery, &one, why), why);
	assert_due(tx, "t", 30, false, 9, "1");
	return ERR_NONE;
}

TX_TEST(what_is_due_comes_longest_due_first_and_what_is_not_does_not)
{
	static const int dues[] = { 50, 20, 40, 10, 30 };
	int64_t next = 0;

	claim(tx, "A", OURS);
	for (int i = 0; i < 5; i++) {
		struct delivery one = a_delivery(tx, "A", i + 1);

		one.due = dues[i];
		put(tx, one);
	}
	assert_due(tx, "t", 30, false, 9, "4 2 5");
	assert_due(tx, "t", 30, false, 2, "4 2");
	assert_due(tx, "other", 99, false, 9, "");
	must(deliveries_next(tx, "t", 30, &next, why), why);
	assert_int_equal(next, 40);
	must(deliveries_next(tx, "t", 50, &next, why), why);
	assert_true(next == DELIVERY_NONE_DUE);
	return ERR_NONE;
}

TX_TEST(in_order_only_the_first_of_each_device_is_due)
{
	struct delivery one;

	claim(tx, "A", OURS);
	claim(tx, "B", OURS);
	put(tx, a_delivery(tx, "A", 1));
	put(tx, a_delivery(tx, "A", 2));
	put(tx, a_delivery(tx, "B", 3));
	one = a_delivery(tx, "B", 4);
	one.target = "other";
	put(tx, one);
	assert_due(tx, "t", 9, true, 9, "1 3");
	assert_due(tx, "other", 9, true, 9, "4");
	one = a_delivery(tx, "A", 5);
	one.event.pos = 1;
	one.due = HOUR;
	put(tx, one);
	assert_due(tx, "t", 9, true, 9, "3");
	must(deliveries_remove(tx, 1, why), why);
	assert_due(tx, "t", 9, true, 9, "2 3");
	return ERR_NONE;
}

TX_TEST(a_delivery_that_went_well_leaves_nothing)
{
	bool has;

	claim(tx, "A", OURS);
	put(tx, a_delivery(tx, "A", 1));
	must(deliveries_has(tx, 1, &has, why), why);
	assert_true(has);
	must(deliveries_remove(tx, 1, why), why);
	must(deliveries_remove(tx, 1, why), why);
	must(deliveries_has(tx, 1, &has, why), why);
	assert_false(has);
	assert_listed(tx, 3, INT64_MAX, 9, "");
	return ERR_NONE;
}

static bool
see_target(void *arg, const char *target, int64_t due)
{
	char text[32];

	snprintf(text, sizeof text, "%s:%d", *target ? target : "-", (int)due);
	return see(arg, text);
}

TX_TEST(each_target_is_told_with_its_first_due)
{
	static const char *const targets[] = { "b", "", "a", "b", "ab" };
	struct seen seen = { 0 };

	claim(tx, "A", OURS);
	for (int i = 0; i < 5; i++) {
		struct delivery one = a_delivery(tx, "A", i + 1);

		one.target = targets[i];
		one.due = 10 - i;
		put(tx, one);
	}
	must(deliveries_targets(tx, see_target, &seen, why), why);
	assert_string_equal(seen.text, "-:9 a:8 ab:6 b:7");
	return ERR_NONE;
}

TX_TEST(what_waits_for_long_is_hastened_some_at_a_time)
{
	int hastened = -1;

	claim(tx, "A", OURS);
	for (int i = 0; i < 4; i++) {
		struct delivery one = a_delivery(tx, "A", i + 1);

		one.due = 100 + i;
		put(tx, one);
	}
	must(deliveries_hasten(tx, "t", 5, 101, 1, &hastened, why), why);
	assert_int_equal(hastened, 1);
	assert_due(tx, "t", 5, false, 9, "3");
	must(deliveries_hasten(tx, "t", 5, 101, 9, &hastened, why), why);
	assert_int_equal(hastened, 1);
	assert_due(tx, "t", 5, false, 9, "3 4");
	must(deliveries_hasten(tx, "other", 5, 0, 9, &hastened, why), why);
	assert_int_equal(hastened, 0);
	assert_due(tx, "t", 5, false, 9, "3 4");
	return ERR_NONE;
}

TX_TEST(an_account_lists_its_own_newest_first_by_state_and_page)
{
	claim(tx, "A", OURS);
	claim(tx, "B", THEIRS);
	for (int i = 1; i <= 6; i++) {
		struct delivery one = a_delivery(tx, i == 3 ? "B" : "A", i);

		if (i == 3)
			one.event.account = THEIRS;
		one.state = i % 2 ? DELIVERY_DEAD : DELIVERY_WAITING;
		put(tx, one);
	}
	assert_listed(tx, 3, INT64_MAX, 9, "6 5 4 2 1");
	assert_listed(tx, 3, 5, 2, "4 2");
	assert_listed(tx, 1 << DELIVERY_DEAD, INT64_MAX, 9, "5 1");
	assert_listed(tx, 1 << DELIVERY_WAITING, INT64_MAX, 2, "6 4");
	return ERR_NONE;
}

static void
assert_replayed(struct tx *tx, struct delivery_choice choice, int limit, int wanted)
{
	struct fault why;
	int replayed = -1;

	choice.account = OURS;
	if (!choice.to)
		choice.to = INT64_MAX;
	must(deliveries_replay(tx, &choice, 77, limit, &replayed, &why), &why);
	assert_int_equal(replayed, wanted);
}

TX_TEST(dead_letters_wait_again_as_they_are_chosen)
{
	claim(tx, "A", OURS);
	for (int i = 1; i <= 8; i++) {
		struct delivery one = a_delivery(tx, "A", i);

		one.state = i == 8 ? DELIVERY_WAITING : DELIVERY_DEAD;
		one.attempts = 5;
		one.callback = i == 4 ? "other" : ARN;
		put(tx, one);
	}
	assert_replayed(tx,
		(struct delivery_choice){ .event_ids = "\nevent-2\nevent-8\nx\n" }, 9, 1);
	assert_due(tx, "", 77, false, 9, "2");
	assert_replayed(tx, (struct delivery_choice){ .event_ids = "\nevent\n" }, 9, 0);
	assert_replayed(tx, (struct delivery_choice){ .callback = "other" }, 9, 1);
	assert_replayed(tx, (struct delivery_choice){ .from = 5, .to = 6 }, 9, 2);
	assert_due(tx, "", 76, false, 9, "");
	assert_due(tx, "", 77, false, 9, "2 4 5 6");
	assert_replayed(tx, (struct delivery_choice){ 0 }, 2, 2);
	assert_replayed(tx, (struct delivery_choice){ 0 }, 2, 1);
	assert_replayed(tx, (struct delivery_choice){ 0 }, 2, 0);
	return ERR_NONE;
}

TX_TEST(they_are_counted_by_state)
{
	int64_t waiting = -1, dead = -1;

	must(deliveries_count(tx, &waiting, &dead, why), why);
	assert_int_equal(waiting, 0);
	assert_int_equal(dead, 0);
	claim(tx, "A", OURS);
	for (int i = 1; i <= 5; i++) {
		struct delivery one = a_delivery(tx, "A", i);

		one.state = i > 2 ? DELIVERY_DEAD : DELIVERY_WAITING;
		put(tx, one);
	}
	must(deliveries_count(tx, &waiting, &dead, why), why);
	assert_int_equal(waiting, 2);
	assert_int_equal(dead, 3);
	return ERR_NONE;
}

TX_TEST(a_delivery_goes_with_its_event)
{
	int removed = 0;

	claim(tx, "A", OURS);
	for (int i = 1; i <= 5; i++)
		put(tx, a_delivery(tx, "A", i));
	must(events_trim(tx, 4, 100, &removed, why), why);
	assert_int_equal(removed, 3);
	assert_listed(tx, 3, INT64_MAX, 9, "5 4");
	return ERR_NONE;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_delivery_comes_back_as_it_was_last_put),
		cmocka_unit_test(
			what_is_due_comes_longest_due_first_and_what_is_not_does_not),
		cmocka_unit_test(in_order_only_the_first_of_each_device_is_due),
		cmocka_unit_test(a_delivery_that_went_well_leaves_nothing),
		cmocka_unit_test(each_target_is_told_with_its_first_due),
		cmocka_unit_test(what_waits_for_long_is_hastened_some_at_a_time),
		cmocka_unit_test(an_account_lists_its_own_newest_first_by_state_and_page),
		cmocka_unit_test(dead_letters_wait_again_as_they_are_chosen),
		cmocka_unit_test(they_are_counted_by_state),
		cmocka_unit_test(a_delivery_goes_with_its_event),
	};

	return RUN_BOTH(tests);
}
