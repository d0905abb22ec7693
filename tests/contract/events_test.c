#include "ground.h"

enum { DAY = 24 * 60 * 60 * 1000 };

static bool
see_event(void *arg, const struct event *event)
{
	char pos[24];

	snprintf(pos, sizeof(pos), "%d", (int)event->pos);
	return see(arg, pos);
}

static int64_t
append(struct tx *tx, struct event event)
{
	struct fault why;

	must(events_append(tx, &event, &why), &why);
	return event.pos;
}

TX_TEST(positions_are_gapless_and_each_device_counts_its_own)
{
	struct event a = a_click("A", 1), b = a_click("B", 1);

	claim(tx, "A", OURS);
	claim(tx, "B", OURS);
	must(events_append(tx, &a, why), why);
	assert_int_equal(a.pos, 1);
	assert_int_equal(a.seq, 1);
	must(events_append(tx, &b, why), why);
	assert_int_equal(b.pos, 2);
	assert_int_equal(b.seq, 1);
	must(events_append(tx, &a, why), why);
	assert_int_equal(a.pos, 3);
	assert_int_equal(a.seq, 2);
	return ERR_NONE;
}

TX_TEST(saving_a_device_leaves_its_count_of_events_alone)
{
	struct event a = a_click("A", 1);
	struct device d;

	claim(tx, "A", OURS);
	must(devices_find(tx, life, "A", &d, why), why);
	append(tx, a);
	must(devices_save(tx, &d, why), why);
	must(events_append(tx, &a, why), why);
	assert_int_equal(a.seq, 2);
	return ERR_NONE;
}

TX_TEST(an_event_of_a_device_at_hand_is_counted_when_the_device_is_saved)
{
	struct event a = a_click("A", 1);
	struct device d;

	claim(tx, "A", OURS);
	append(tx, a);
	must(devices_find(tx, life, "A", &d, why), why);
	must(events_append_of(tx, &d, &a, why), why);
	assert_int_equal(a.pos, 2);
	assert_int_equal(a.seq, 2);
	must(events_append_of(tx, &d, &a, why), why);
	assert_int_equal(a.seq, 3);
	must(devices_save_click(tx, &d, why), why);
	must(events_append(tx, &a, why), why);
	assert_int_equal(a.seq, 4);
	return ERR_NONE;
}

TX_TEST(an_event_of_an_unknown_device_is_refused)
{
	struct event a = a_click("A", 1);

	assert_int_equal(events_append(tx, &a, why), ERR_NOT_FOUND);
	assert_string_equal(why->sentence, "There is no device \"A\".");
	return ERR_NONE;
}

static bool
keep_event(void *arg, const struct event *event)
{
	struct event *out = arg;

	*out = *event;
	out->account = strdup(event->account);
	out->device_id = strdup(event->device_id);
	out->event_id = strdup(event->event_id);
	out->context_json = event->context_json ? strdup(event->context_json) : NULL;
	return true;
}

static void
free_event(struct event *event)
{
	free((void *)event->account);
	free((void *)event->device_id);
	free((void *)event->event_id);
	free((void *)event->context_json);
}

TX_TEST(an_event_comes_back_as_it_was_appended)
{
	struct event a = a_click("A", INT64_C(1525476393747)), b;

	claim(tx, "A", OURS);
	a.reported_at = INT64_C(1525476390000);
	a.kind = EVENT_LONG;
	a.life = 97.65;
	must(events_context(tx, "{\"project\":\"hotel\"}", &a.context, why), why);
	append(tx, a);
	must(events_after(tx, OURS, 0, 9, keep_event, &b, why), why);
	assert_int_equal(b.pos, 1);
	assert_int_equal(b.at, a.at);
	assert_int_equal(b.reported_at, a.reported_at);
	assert_string_equal(b.account, OURS);
	assert_string_equal(b.device_id, "A");
	assert_string_equal(b.event_id, a.event_id);
	assert_int_equal(b.kind, EVENT_LONG);
	assert_true(b.life == 97.65);
	assert_int_equal(b.seq, 1);
	assert_int_equal(b.context, a.context);
	assert_string_equal(b.context_json, "{\"project\":\"hotel\"}");
	free_event(&b);
	return ERR_NONE;
}

TX_TEST(equal_contexts_share_one_number)
{
	int64_t a, b, c;

	must(events_context(tx, "{\"a\":1}", &a, why), why);
	must(events_context(tx, "{\"a\":2}", &b, why), why);
	must(events_context(tx, "{\"a\":1}", &c, why), why);
	assert_true(a > 0);
	assert_int_equal(a, c);
	assert_int_not_equal(a, b);
	return ERR_NONE;
}

TX_TEST(the_stream_has_the_accounts_events_of_every_kind_after_a_position)
{
	struct seen all = { 0 }, rest = { 0 }, two = { 0 }, none = { 0 };
	struct event e = a_click("A", 1);

	claim(tx, "A", OURS);
	append(tx, e);
	e.kind = EVENT_DISABLED;
	append(tx, e);
	e.account = THEIRS;
	append(tx, e);
	e.account = OURS;
	append(tx, e);
	must(events_after(tx, OURS, 0, 9, see_event, &all, why), why);
	assert_string_equal(all.text, "1 2 4");
	must(events_after(tx, OURS, 2, 9, see_event, &rest, why), why);
	assert_string_equal(rest.text, "4");
	must(events_after(tx, OURS, 0, 2, see_event, &two, why), why);
	assert_string_equal(two.text, "1 2");
	must(events_after(tx, OURS, 4, 9, see_event, &none, why), why);
	assert_int_equal(none.count, 0);
	return ERR_NONE;
}

/* Positions 1 to 6 report at 50 10 30 30 20 40. */
static void
append_out_of_order(struct tx *tx)
{
	static const int64_t reported[] = { 50, 10, 30, 30, 20, 40 };
	struct event e = a_click("A", 100);

	claim(tx, "A", OURS);
	claim(tx, "B", OURS);
	for (int i = 0; i < 6; i++) {
		e.reported_at = reported[i];
		append(tx, e);
	}
	append(tx, a_click("B", 30));
	e.kind = EVENT_ENABLED;
	append(tx, e);
}

TX_TEST(clicks_of_a_device_are_listed_oldest_first_and_only_clicks)
{
	struct seen all = { 0 }, some = { 0 }, theirs = { 0 };

	append_out_of_order(tx);
	must(events_list_device(tx, OURS, "A", 0, 1000, 0, 9, see_event, &all, why), why);
	assert_string_equal(all.text, "2 5 3 4 6 1");
	must(events_list_device(tx, OURS, "A", 20, 40, 0, 9, see_event, &some, why), why);
	assert_string_equal(some.text, "5 3 4 6");
	must(events_list_device(tx, THEIRS, "A", 0, 1000, 0, 9, see_event, &theirs, why),
		why);
	assert_int_equal(theirs.count, 0);
	return ERR_NONE;
}

TX_TEST(pages_of_clicks_follow_one_another)
{
	struct seen page[3] = { { .count = 0 } };

	append_out_of_order(tx);
	must(events_list_device(tx, OURS, "A", 0, 99, 0, 3, see_event, &page[0], why),
		why);
	assert_string_equal(page[0].text, "2 5 3");
	must(events_list_device(tx, OURS, "A", 0, 99, 3, 2, see_event, &page[1], why),
		why);
	assert_string_equal(page[1].text, "4 6");
	must(events_list_device(tx, OURS, "A", 0, 99, 6, 9, see_event, &page[2], why),
		why);
	assert_string_equal(page[2].text, "1");
	return ERR_NONE;
}

TX_TEST(bounds_of_an_empty_log_are_zero)
{
	int64_t first = 9, last = 9;

	must(events_bounds(tx, &first, &last, why), why);
	assert_int_equal(first, 0);
	assert_int_equal(last, 0);
	return ERR_NONE;
}

static void
assert_bounds(struct tx *tx, int64_t first, int64_t last)
{
	int64_t a, b;
	struct fault why;

	must(events_bounds(tx, &a, &b, &why), &why);
	assert_int_equal(a, first);
	assert_int_equal(b, last);
}

TX_TEST(trimming_takes_what_is_old_from_the_front_in_small_steps)
{
	int removed;

	claim(tx, "A", OURS);
	for (int64_t at = 1; at <= 10; at++)
		append(tx, a_click("A", at));
	assert_bounds(tx, 1, 10);
	must(events_trim(tx, 6, 3, &removed, why), why);
	assert_int_equal(removed, 3);
	assert_bounds(tx, 4, 10);
	must(events_trim(tx, 6, 100, &removed, why), why);
	assert_int_equal(removed, 2);
	assert_bounds(tx, 6, 10);
	must(events_trim(tx, 6, 100, &removed, why), why);
	assert_int_equal(removed, 0);
	return ERR_NONE;
}

TX_TEST(no_position_is_given_out_twice_after_trimming_all)
{
	int removed;

	claim(tx, "A", OURS);
	for (int64_t at = 1; at <= 10; at++)
		append(tx, a_click("A", at));
	must(events_trim(tx, 1000, 100, &removed, why), why);
	assert_int_equal(removed, 9);
	assert_int_equal(append(tx, a_click("A", 11)), 11);
	must(events_trim(tx, 1000, 100, &removed, why), why);
	assert_bounds(tx, 11, 11);
	return ERR_NONE;
}

TX_TEST(trimming_an_empty_log_removes_nothing)
{
	int removed = 9;

	must(events_trim(tx, 1000, 100, &removed, why), why);
	assert_int_equal(removed, 0);
	return ERR_NONE;
}

static bool
is_seen(struct tx *tx, const char *id, const char *key, int64_t now)
{
	bool seen;
	int64_t first;
	struct fault why;

	must(events_seen(tx, id, key, 0, now, &seen, &first, &why), &why);
	return seen;
}

TX_TEST(a_key_is_seen_the_second_time_by_its_device)
{
	assert_false(is_seen(tx, "A", "k1", 1000));
	assert_true(is_seen(tx, "A", "k1", 1001));
	assert_false(is_seen(tx, "A", "k2", 1002));
	assert_false(is_seen(tx, "B", "k1", 1003));
	return ERR_NONE;
}

TX_TEST(a_key_is_remembered_for_seven_days_wherever_they_begin)
{
	for (int64_t day = 0; day < 8; day++) {
		int64_t at = INT64_C(1525476393747) + day * 100 * DAY + day * DAY;

		assert_false(is_seen(tx, "A", "k", at));
		assert_true(is_seen(tx, "A", "k", at + 7 * (int64_t)DAY));
		assert_false(is_seen(tx, "A", "k", at + 7 * (int64_t)DAY + 1));
		assert_true(is_seen(tx, "A", "k", at + 8 * (int64_t)DAY));
	}
	return ERR_NONE;
}

TX_TEST(forgetting_keys_spares_the_young)
{
	int64_t now = INT64_C(1525476393747);
	int removed;

	assert_false(is_seen(tx, "A", "old", now - 30 * (int64_t)DAY));
	assert_false(is_seen(tx, "A", "young", now - 7 * (int64_t)DAY));
	must(events_forget_keys(tx, now, 1, &removed, why), why);
	assert_int_equal(removed, 1);
	must(events_forget_keys(tx, now, 1000, &removed, why), why);
	assert_int_equal(removed, 0);
	assert_true(is_seen(tx, "A", "young", now));
	assert_false(is_seen(tx, "A", "old", now));
	return ERR_NONE;
}

TX_TEST(long_keys_are_told_apart_by_their_last_letter)
{
	char a[5001], b[5001];

	memset(a, 'x', sizeof(a));
	memset(b, 'x', sizeof(b));
	a[5000] = b[5000] = '\0';
	b[4999] = 'y';
	assert_false(is_seen(tx, "A", a, 1));
	assert_false(is_seen(tx, "A", b, 1));
	assert_true(is_seen(tx, "A", a, 1));
	return ERR_NONE;
}

TX_TEST(a_key_with_a_window_is_new_again_after_it)
{
	int64_t week = INT64_C(7) * 24 * 60 * 60 * 1000, first = 0;
	/* A window in one span of keys, and one that begins in the span before. */
	const int64_t begin[] = { 100 * week + 5000, 200 * week - 500 };
	bool seen;

	for (size_t i = 0; i < 2; i++) {
		int64_t at = begin[i];

		must(events_seen(tx, "A", "k", 1000, at, &seen, &first, why), why);
		assert_false(seen);
		assert_int_equal(first, at);
		must(events_seen(tx, "A", "k", 1000, at + 1000, &seen, &first, why), why);
		assert_true(seen);
		assert_int_equal(first, at);
		must(events_seen(tx, "A", "k", 1000, at + 1001, &seen, &first, why), why);
		assert_false(seen);
		assert_int_equal(first, at + 1001);
	}
	return ERR_NONE;
}

TX_TEST(a_key_noted_before_the_clock_was_set_back_counts_no_longer_than_its_window)
{
	int64_t at = INT64_C(1800000000000), hour = 60 * 60 * 1000, first = 0;
	bool seen;

	must(events_seen(tx, "A", "k", 1000, at + hour, &seen, &first, why), why);
	must(events_seen(tx, "A", "k", 1000, at, &seen, &first, why), why);
	assert_false(seen);
	assert_int_equal(first, at);
	must(events_seen(tx, "A", "k", 1000, at + 500, &seen, &first, why), why);
	assert_true(seen);
	/* One without a window is known whatever the clock says. */
	must(events_seen(tx, "A", "id", 0, at + hour, &seen, &first, why), why);
	must(events_seen(tx, "A", "id", 0, at, &seen, &first, why), why);
	assert_true(seen);
	return ERR_NONE;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(positions_are_gapless_and_each_device_counts_its_own),
		cmocka_unit_test(saving_a_device_leaves_its_count_of_events_alone),
		cmocka_unit_test(
			an_event_of_a_device_at_hand_is_counted_when_the_device_is_saved),
		cmocka_unit_test(an_event_of_an_unknown_device_is_refused),
		cmocka_unit_test(an_event_comes_back_as_it_was_appended),
		cmocka_unit_test(equal_contexts_share_one_number),
		cmocka_unit_test(
			the_stream_has_the_accounts_events_of_every_kind_after_a_position),
		cmocka_unit_test(
			clicks_of_a_device_are_listed_oldest_first_and_only_clicks),
		cmocka_unit_test(pages_of_clicks_follow_one_another),
		cmocka_unit_test(bounds_of_an_empty_log_are_zero),
		cmocka_unit_test(
			trimming_takes_what_is_old_from_the_front_in_small_steps),
		cmocka_unit_test(no_position_is_given_out_twice_after_trimming_all),
		cmocka_unit_test(trimming_an_empty_log_removes_nothing),
		cmocka_unit_test(a_key_is_seen_the_second_time_by_its_device),
		cmocka_unit_test(a_key_is_remembered_for_seven_days_wherever_they_begin),
		cmocka_unit_test(forgetting_keys_spares_the_young),
		cmocka_unit_test(long_keys_are_told_apart_by_their_last_letter),
		cmocka_unit_test(a_key_with_a_window_is_new_again_after_it),
		cmocka_unit_test(
			a_key_noted_before_the_clock_was_set_back_counts_no_longer_than_its_window),
	};

	return RUN_BOTH(tests);
}
