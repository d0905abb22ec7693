/* Consumers of the log: how far each has come, and all accounts' events past that. */
#include "ground.h"
#include "oneclick/store/cursors.h"

static bool
see_follow(void *arg, const struct event *event)
{
	char text[64];

	snprintf(text, sizeof text, "%d:%s:%s%s", (int)event->pos, event->account,
		event->device_id, event->due ? ":due" : "");
	return see(arg, text);
}

TX_TEST(a_consumer_that_never_wrote_begins_at_the_start)
{
	int64_t pos = 7;

	must(cursors_read(tx, "dispatch", &pos, why), why);
	assert_int_equal(pos, 0);
	return ERR_NONE;
}

TX_TEST(each_consumer_keeps_a_place_of_its_own)
{
	int64_t pos;

	must(cursors_write(tx, "dispatch", 3, why), why);
	must(cursors_write(tx, "metrics", 9, why), why);
	must(cursors_write(tx, "dispatch", 4, why), why);
	must(cursors_read(tx, "dispatch", &pos, why), why);
	assert_int_equal(pos, 4);
	must(cursors_read(tx, "metrics", &pos, why), why);
	assert_int_equal(pos, 9);
	return ERR_NONE;
}

TX_TEST(a_follower_is_told_of_all_accounts_in_the_order_of_commit)
{
	struct event a = a_click("A", 1), b = a_click("B", 2);
	struct seen seen = { 0 };

	claim(tx, "A", OURS);
	claim(tx, "B", THEIRS);
	b.account = THEIRS;
	b.due = true;
	must(events_append(tx, &a, why), why);
	must(events_append(tx, &b, why), why);
	must(events_append(tx, &a, why), why);
	must(events_follow(tx, 1, 10, see_follow, &seen, why), why);
	assert_string_equal(seen.text, "2:" THEIRS ":B:due 3:" OURS ":A");
	memset(&seen, 0, sizeof seen);
	must(events_follow(tx, 0, 1, see_follow, &seen, why), why);
	assert_string_equal(seen.text, "1:" OURS ":A");
	return ERR_NONE;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_consumer_that_never_wrote_begins_at_the_start),
		cmocka_unit_test(each_consumer_keeps_a_place_of_its_own),
		cmocka_unit_test(
			a_follower_is_told_of_all_accounts_in_the_order_of_commit),
	};

	return RUN_BOTH(tests);
}
