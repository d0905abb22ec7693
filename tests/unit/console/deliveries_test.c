/* Deliveries: what did not go well, and sending it again. */
#include "rig.h"

#define DELIVERY(n, state, tries, next, error) \
	"{\"position\":" #n ",\"eventId\":\"e-" #n \
	"\",\"deviceId\":\"G030PM0457511071\"," \
	"\"callback\":\"arn:aws:lambda:eu-central-1:123456789012:function:hook\"," \
	"\"state\":\"" state "\",\"attempts\":" #tries \
	",\"reportedTime\":\"2026-11-23T09:41:00.000Z\",\"nextAttempt\":" next \
	",\"lastAttempt\":\"2026-11-23T10:41:00.000Z\",\"error\":\"" error "\"," \
	"\"project\":\"acme-hq\",\"placement\":\"lobby-2f\"}"

static const char
	two[] =
		"{\"deliveries\":[" DELIVERY(12, "dead", 9, "null",
			"500 from hooks.example.com, "
			"and 66 letters more to say what the receiver said of the "
			"message it got") "," DELIVERY(11, "waiting", 3,
			"\"2026-11-23T10:44:30.000Z\"",
			"no answer for 15 s\\u001b[2J") "]}";

static struct rig *
rig_deliveries(const struct app_options *options)
{
	struct rig *rig = rig_fleet(options);

	rig_keys(rig, "6");
	rig_answer(rig, rig_find_extra(rig, "ListDeliveries"), two);
	return rig;
}

static void
the_pane_shows_what_waits_and_what_is_dead(void **state)
{
	struct rig *rig = rig_deliveries(NULL);

	(void)state;
	rig_screen(rig, "deliveries-80x24", 24, 80);
	rig_screen(rig, "deliveries-120x40", 40, 120);
	rig_free(rig);
}

static void
an_empty_list_says_what_would_stand_there(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_keys(rig, "6");
	rig_answer(rig, rig_find_extra(rig, "ListDeliveries"), "{\"deliveries\":[]}");
	rig_screen(rig, "deliveries-empty", 24, 80);
	rig_free(rig);
}

static void
a_delivery_is_opened_with_all_of_why_not(void **state)
{
	struct rig *rig = rig_deliveries(NULL);

	(void)state;
	rig_keys(rig, "Enter");
	rig_screen(rig, "delivery-80x24", 24, 80);
	rig_keys(rig, "q d");
	assert_int_equal(rig->app->pane->class->id, PANE_DEVICE);
	rig_free(rig);
}

static void
the_row_under_the_cursor_is_sent_again_at_once(void **state)
{
	struct rig *rig = rig_deliveries(NULL);
	struct rig_call *call;

	(void)state;
	rig_keys(rig, "r");
	call = rig_find_extra(rig, "ReplayDeliveries");
	assert_string_equal(call->body, "ReplayDeliveries {\"eventIds\":[\"e-12\"]}");
	rig_answer(rig, call, "{\"replayed\":1,\"more\":false}");
	assert_true(rig_shows(rig, "1 to be sent again"));
	rig_find_extra(rig, "ListDeliveries");
	rig_free(rig);
}

static void
marked_rows_are_sent_again_after_a_question(void **state)
{
	struct rig *rig = rig_deliveries(NULL);

	(void)state;
	rig_keys(rig, "* r");
	assert_true(rig_shows(rig, "2 events go to their destinations again"));
	rig_keys(rig, "Tab Enter");
	assert_string_equal(rig_find_extra(rig, "ReplayDeliveries")->body,
		"ReplayDeliveries {\"eventIds\":[\"e-12\",\"e-11\"]}");
	rig_free(rig);
}

static void
all_or_a_range_is_sent_again_by_command_until_nothing_is_left(void **state)
{
	struct rig *rig = rig_deliveries(NULL);
	struct rig_call *call;

	(void)state;
	rig_command(rig, "deliveries replay all");
	assert_true(rig_shows(rig, "The dead letters asked for go"));
	rig_keys(rig, "Tab Enter");
	call = rig_find_extra(rig, "ReplayDeliveries");
	assert_string_equal(call->body, "ReplayDeliveries {\"all\":true}");
	rig_answer(rig, call, "{\"replayed\":5000,\"more\":true}");
	rig_answer(rig, rig_find_extra(rig, "ReplayDeliveries"),
		"{\"replayed\":3,\"more\":false}");
	assert_true(rig_shows(rig, "5003 to be sent again"));
	rig_command(rig, "deliveries replay 2026-11-23T08:00:00Z 2026-11-23T09:00:00Z");
	rig_keys(rig, "Tab Enter");
	call = rig_find_extra(rig, "ReplayDeliveries");
	assert_string_equal(call->body,
		"ReplayDeliveries {\"from\":\"2026-11-23T08:00:00Z\",\"to\":"
		"\"2026-11-23T09:00:00Z\"}");
	rig_answer(rig, call, "{\"replayed\":0,\"more\":false}");
	assert_true(rig_shows(rig, "No dead letter is meant by that"));
	rig_free(rig);
}

static void
marks_outlive_a_load(void **state)
{
	struct rig *rig = rig_deliveries(NULL);

	(void)state;
	rig_keys(rig, "Space Ctrl-r");
	rig_answer(rig, rig_find_extra(rig, "ListDeliveries"), two);
	rig_keys(rig, "r");
	assert_string_equal(rig_find_extra(rig, "ReplayDeliveries")->body,
		"ReplayDeliveries {\"eventIds\":[\"e-12\"]}");
	rig_free(rig);
}

static void
a_read_only_session_sends_nothing_again(void **state)
{
	static const struct app_options options = { .context = "prod-eu",
		.endpoint = "https://1click.example",
		.region = "eu-central-1",
		.read_only_by = "--read-only" };
	struct rig *rig = rig_deliveries(&options);
	size_t calls = rig->calls;

	(void)state;
	rig_keys(rig, "r");
	assert_int_equal(rig->calls, calls);
	rig_free(rig);
}

static void
devices_heard_of_are_offered_and_claimed(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_keys(rig, "1");
	rig_answer(rig, rig_find_extra(rig, "ListReadyDevices"),
		"{\"devices\":[{\"deviceId\":\"ZIGB00158D0001A2B3C4\",\"profile\":"
		"\"zigbee2mqtt\",\"seenAt\":\"2026-11-23T10:41:00.000Z\","
		"\"remainingLife\":98}]}");
	rig_screen(rig, "onboard-ready", 24, 80);
	rig_keys(rig, "Enter");
	assert_string_equal(rig_find(rig, OP_INITIATE_DEVICE_CLAIM)->ask.device_id,
		"ZIGB00158D0001A2B3C4");
	rig_free(rig);
}

static void
a_device_claimed_elsewhere_is_offered_no_longer(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_keys(rig, "1");
	rig_answer(rig, rig_find_extra(rig, "ListReadyDevices"),
		"{\"devices\":[{\"deviceId\":\"ZIGB00158D0001A2B3C4\"}]}");
	assert_true(rig_shows(rig, "1 heard, not claimed"));
	rig_keys(rig, "Ctrl-r");
	rig_answer(rig, rig_find_extra(rig, "ListReadyDevices"), "{\"devices\":[]}");
	assert_false(rig_shows(rig, "heard, not claimed"));
	rig_free(rig);
}

static int64_t
rig_later(void)
{
	return rig_clock() + 5000;
}

static void
a_first_press_shows_by_itself_and_no_row_moves(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_keys(rig, "1");
	rig_answer(rig, rig_find_extra(rig, "ListReadyDevices"),
		"{\"devices\":[{\"deviceId\":\"ZIGB00158D0001A2B3C4\"}]}");
	moment_set_clock(rig_later);
	app_update(rig->app, &(struct msg){ .kind = MSG_TICK });
	rig_answer(rig, rig_find_extra(rig, "ListReadyDevices"),
		"{\"devices\":[{\"deviceId\":\"SHLYA8032ABE54DC.0\"},"
		"{\"deviceId\":\"ZIGB00158D0001A2B3C4\"}]}");
	assert_true(rig_shows(rig, "2 heard, not claimed"));
	rig_keys(rig, "Enter");
	assert_string_equal(rig_find(rig, OP_INITIATE_DEVICE_CLAIM)->ask.device_id,
		"ZIGB00158D0001A2B3C4");
	rig_free(rig);
}

/* 101,986 dead letters were shown as 10000. */
static void
a_list_cut_off_says_that_there_are_more(void **state)
{
	struct rig *rig = rig_fleet(NULL);
	struct buf page;

	(void)state;
	rig_keys(rig, "6");
	for (int i = 0; i < 40; i++) {
		buf_init(&page, rig, BUF_NO_CAP);
		buf_text(&page, "{\"deliveries\":[");
		for (int k = 0; k < 250; k++)
			buf_format(&page,
				"%s{\"eventId\":\"e%d\",\"state\":\"dead\"}",
				k ? "," : "", i * 250 + k);
		buf_format(&page, "],\"nextToken\":\"t%d\"}", i);
		rig_answer(rig, rig_find_extra(rig, "ListDeliveries"), page.data);
		buf_release(&page);
	}
	assert_true(rig_shows(rig, "10000+"));
	rig_command(rig, "filter e9999");
	assert_true(rig_shows(rig, "0+ of 10000+"));
	rig_free(rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_pane_shows_what_waits_and_what_is_dead),
		cmocka_unit_test(an_empty_list_says_what_would_stand_there),
		cmocka_unit_test(a_delivery_is_opened_with_all_of_why_not),
		cmocka_unit_test(the_row_under_the_cursor_is_sent_again_at_once),
		cmocka_unit_test(marked_rows_are_sent_again_after_a_question),
		cmocka_unit_test(
			all_or_a_range_is_sent_again_by_command_until_nothing_is_left),
		cmocka_unit_test(marks_outlive_a_load),
		cmocka_unit_test(a_read_only_session_sends_nothing_again),
		cmocka_unit_test(devices_heard_of_are_offered_and_claimed),
		cmocka_unit_test(a_device_claimed_elsewhere_is_offered_no_longer),
		cmocka_unit_test(a_first_press_shows_by_itself_and_no_row_moves),
		cmocka_unit_test(a_list_cut_off_says_that_there_are_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
