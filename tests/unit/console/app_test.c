#include "rig.h"

static const struct app_options reader_options = { .context = "prod-eu",
	.endpoint = "https://1click.example",
	.region = "eu-central-1",
	.read_only_by = "--read-only" };

static const char *
last_message(const struct rig *rig)
{
	return rig->app->message[(rig->app->messages - 1) % MESSAGES_KEPT].text;
}

/* ---- loading ---- */

static void
nothing_is_asked_before_the_service_is_ready(void **state)
{
	struct rig *rig = rig_new(NULL);

	(void)state;
	rig_draw(rig, 24, 80);
	rig_keys(rig, "2 3 5 1 4");
	assert_int_equal(rig->calls, 0);
	rig_free(rig);
}

static void
the_first_page_shows_while_the_rest_is_loading(void **state)
{
	struct rig *rig = rig_new(NULL);
	struct rig_call *call;

	(void)state;
	rig_ready(rig);
	call = rig_find(rig, OP_LIST_DEVICES);
	assert_int_equal(call->ask.max_results, 250);
	rig_answer(rig, call,
		"{\"devices\":[{\"deviceId\":\"G030PM0457511071\",\"enabled\":true,"
		"\"remainingLife\":50,\"attributes\":{}}],\"nextToken\":\"more\"}");
	app_layout(rig->app, 24, 80);
	assert_int_equal(rig->app->pane->table->count, 1);
	call = rig_find(rig, OP_LIST_DEVICES);
	assert_string_equal(call->ask.next_token, "more");
	rig_refuse(rig, call, ERR_THROTTLED, "too many requests");
	assert_int_equal(rig->app->state->devices.shelf.phase, SHELF_FAILED);
	assert_int_equal(rig->app->pane->table->count, 1);
	rig_free(rig);
}

static void
a_newer_load_overtakes_an_older_one(void **state)
{
	struct rig *rig = rig_new(NULL);
	struct rig_call *old;

	(void)state;
	rig_ready(rig);
	old = rig_find(rig, OP_LIST_DEVICES);
	rig_keys(rig, "Ctrl-r");
	rig_answer(rig, old, rig_devices);
	assert_int_equal(rig->app->state->devices.shelf.count, 0);
	rig_answer(rig, rig_find(rig, OP_LIST_DEVICES), rig_devices);
	assert_int_equal(rig->app->state->devices.shelf.count, 7);
	rig_free(rig);
}

static void
hostile_names_are_made_safe_where_they_enter(void **state)
{
	struct rig *rig = rig_new(NULL);

	(void)state;
	rig_ready(rig);
	rig_answer(rig, rig_find(rig, OP_LIST_DEVICES),
		"{\"devices\":[{\"deviceId\":\"G030\\u001b]0;x\\u0007\",\"enabled\":true,"
		"\"remainingLife\":50,\"attributes\":{\"projectName\":\"\\u202eevil\","
		"\"placementName\":\"p\"}}]}");
	assert_null(strchr(rig_draw(rig, 24, 80), '\033'));
	assert_true(rig_shows(rig, "^[]0;x^G"));
	rig_free(rig);
}

static void
an_answer_of_another_shape_does_no_harm(void **state)
{
	struct rig *rig = rig_new(NULL);

	(void)state;
	rig_ready(rig);
	rig_answer(rig, rig_find(rig, OP_LIST_DEVICES),
		"{\"devices\":[1,null,{},{\"deviceId\":7},{\"deviceId\":\"\"},[]],"
		"\"nextToken\":\"\"}");
	rig_answer(rig, rig_find(rig, OP_LIST_PROJECTS), "{\"projects\":{}}");
	assert_int_equal(rig->app->state->devices.shelf.count, 0);
	assert_int_equal(rig->app->state->devices.shelf.phase, SHELF_WHOLE);
	rig_free(rig);
}

/* ---- the link ---- */

static void
a_lost_link_keeps_the_data_and_refuses_changes(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_lose(rig);
	assert_true(rig_shows(rig, "OFFLINE"));
	assert_true(rig_shows(rig, "G030PM0457511071"));
	assert_true(rig_shows(rig, "data from"));
	rig_keys(rig, "+");
	assert_false(rig_waits(rig, OP_UPDATE_DEVICE_STATE));
	assert_non_null(strstr(last_message(rig), "Not sent"));
	rig_keys(rig, "Ctrl-r");
	assert_int_equal(rig->retries, 1);
	rig_free(rig);
}

static void
a_link_that_comes_back_loads_anew(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_lose(rig);
	app_update(rig->app, &(struct msg){ .kind = MSG_LINK, .link = LIVE_OPEN });
	assert_true(rig_waits(rig, OP_LIST_DEVICES));
	assert_true(rig_shows(rig, "LIVE"));
	rig_free(rig);
}

static void
a_service_without_a_stream_is_still_used(void **state)
{
	struct rig *rig = rig_fleet(NULL);
	struct fault why = { ERR_NOT_FOUND, "no such path" };

	(void)state;
	app_update(rig->app,
		&(struct msg){ .kind = MSG_LINK, .link = LIVE_LOST, .why = &why });
	assert_true(rig_shows(rig, "NO EVENTS"));
	rig_keys(rig, "+");
	assert_true(rig_waits(rig, OP_UPDATE_DEVICE_STATE));
	rig_free(rig);
}

/* ---- read-only ---- */

static void
read_only_refuses_every_write_of_the_table(void **state)
{
	struct rig *rig = rig_fleet(&reader_options);

	(void)state;
	for (int id = 0; id < ACTION_COUNT; id++) {
		const struct action *action = action_row((enum action_id)id);
		size_t before = rig->calls;
		const char *word[] = { "G030PM0457511071", "b", "c", "d" };

		if (!action_is_write(action) || !(action->where & ACTION_ON_SCREEN))
			continue;
		app_do(rig->app, action->id, &(struct args){ word, 4 });
		assert_int_equal(rig->calls, before);
		assert_int_equal(rig->app->modal.kind, MODAL_NONE);
		assert_int_equal(rig->app->pane->class->id, PANE_DEVICES);
	}
	rig_free(rig);
}

static void
read_only_says_so_and_why(void **state)
{
	struct rig *rig = rig_fleet(&reader_options);

	(void)state;
	assert_true(rig_shows(rig, "READ-ONLY LIVE"));
	rig_keys(rig, "-");
	assert_non_null(strstr(last_message(rig), "Not sent"));
	rig_command(rig, "why");
	assert_true(rig_shows(rig, "--read-only"));
	rig_free(rig);
}

/* ---- devices ---- */

static void
one_device_is_enabled_at_once_and_shows_sending(void **state)
{
	struct rig *rig = rig_fleet(NULL);
	struct rig_call *call;

	(void)state;
	rig_command(rig, "goto G030PM0457516201");
	rig_keys(rig, "+");
	call = rig_find(rig, OP_UPDATE_DEVICE_STATE);
	assert_string_equal(call->ask.device_id, "G030PM0457516201");
	assert_int_equal(call->ask.enabled, 1);
	assert_true(rig_shows(rig, "sending"));
	rig_answer(rig, call, "{}");
	assert_false(rig_shows(rig, "sending"));
	assert_true(rig->app->state->devices
			    .row[devices_find(rig->app->state, "G030PM0457516201")]
			    .flags &
		    ROW_ENABLED);
	rig_free(rig);
}

static void
several_devices_are_asked_about_first(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_keys(rig, "Space Space -");
	assert_int_equal(rig->app->modal.kind, MODAL_DIALOG);
	assert_false(rig_waits(rig, OP_UPDATE_DEVICE_STATE));
	rig_keys(rig, "Enter"); /* Cancel is in focus */
	assert_int_equal(rig->app->modal.kind, MODAL_NONE);
	assert_false(rig_waits(rig, OP_UPDATE_DEVICE_STATE));
	rig_keys(rig, "- Tab Enter");
	assert_true(rig_waits(rig, OP_UPDATE_DEVICE_STATE));
	rig_free(rig);
}

static void
a_long_job_sends_a_few_at_a_time(void **state)
{
	struct rig *rig = rig_new(NULL);
	struct buf text;
	size_t waiting = 0;

	(void)state;
	rig_ready(rig);
	buf_init(&text, rig, BUF_NO_CAP);
	for (int i = 0; i < 30; i++)
		buf_format(&text,
			"%s{\"deviceId\":\"G030PM%04d\",\"enabled\":false,"
			"\"remainingLife\":50,\"attributes\":{}}",
			i ? "," : "{\"devices\":[", i);
	buf_text(&text, "]}");
	rig_answer(rig, rig_find(rig, OP_LIST_DEVICES), text.data);
	rig_keys(rig, "* + Tab Enter");
	for (size_t i = 0; i < rig->calls; i++)
		waiting +=
			rig->call[i].request && rig->call[i].op == OP_UPDATE_DEVICE_STATE;
	assert_int_equal(waiting, 8);
	for (int i = 0; i < 30; i++)
		rig_answer(rig, rig_find(rig, OP_UPDATE_DEVICE_STATE), "{}");
	assert_string_equal(last_message(rig), "30 devices enabled");
	assert_int_equal(rig->app->pane->table->marks, 0);
	rig_free(rig);
}

static void
what_fails_stays_marked(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_keys(rig, "Space Space - Tab Enter");
	rig_refuse(
		rig, rig_find(rig, OP_UPDATE_DEVICE_STATE), ERR_FORBIDDEN, "not allowed");
	rig_answer(rig, rig_find(rig, OP_UPDATE_DEVICE_STATE), "{}");
	assert_int_equal(rig->app->pane->table->marks, 1);
	assert_non_null(strstr(last_message(rig), "1 of 2 devices disabled"));
	assert_non_null(strstr(last_message(rig), "not allowed"));
	rig_free(rig);
}

static void
go_in_dialog(struct rig *rig, enum dialog_focus focus)
{
	for (int i = 0; i < 4 && rig->app->modal.dialog.focus != focus; i++)
		rig_keys(rig, "Tab");
	assert_int_equal(rig->app->modal.dialog.focus, focus);
}

static void
unclaiming_needs_the_number_and_keeps_to_its_list(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_keys(rig, "G k Space Space D");
	for (int i = 0; i < 4; i++) { /* the button is off: it cannot be reached */
		assert_int_not_equal(rig->app->modal.dialog.focus, DIALOG_ACCEPT);
		rig_keys(rig, "Tab");
	}
	/* a device that is marked meanwhile is not part of what was asked */
	rig->app->state->devices.row[0].flags |= ROW_MARKED;
	go_in_dialog(rig, DIALOG_WORD);
	rig_type(rig, "2");
	go_in_dialog(rig, DIALOG_ACCEPT);
	rig_keys(rig, "Enter");
	assert_string_equal(
		rig_find(rig, OP_UNCLAIM_DEVICE)->ask.device_id, "G030PM0457533771");
	rig_answer(rig, rig_find(rig, OP_UNCLAIM_DEVICE), "{}");
	rig_answer(rig, rig_find(rig, OP_UNCLAIM_DEVICE), "{}");
	assert_false(rig_waits(rig, OP_UNCLAIM_DEVICE));
	assert_int_equal(rig->app->state->devices.shelf.count, 5);
	rig_free(rig);
}

static void
methods_come_from_the_device(void **state)
{
	struct rig *rig = rig_fleet(NULL);
	struct rig_call *call;

	(void)state;
	rig_keys(rig, "i");
	rig_serve(rig);
	rig_keys(rig, "Enter");
	call = rig_find(rig, OP_INVOKE_DEVICE_METHOD);
	assert_string_equal(call->ask.method_name, "getDeviceHealthParameters");
	assert_string_equal(call->ask.method_type, "device");
	assert_null(call->ask.method_parameters);
	rig_answer(
		rig, call, "{\"deviceMethodResponse\":\"{\\\"remainingLife\\\": 4}\"}");
	assert_true(rig_shows(rig, "remainingLife"));
	rig_free(rig);
}

static void
a_cancelled_call_counts_as_not_done(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_keys(rig, "+ Ctrl-c");
	assert_false(rig_waits(rig, OP_UPDATE_DEVICE_STATE));
	assert_false(rig_shows(rig, "sending"));
	rig_free(rig);
}

/* ---- live ---- */

static void
a_click_updates_the_device_and_follows(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_live(rig, "click",
		RIG_CLICK("G030PM0457514501", "DOUBLE", "10:41:50.000", "19.5", "acme-hq",
			"kitchen-1f"));
	assert_true(rig_shows(rig, "19% LOW"));
	rig_keys(rig, "5");
	assert_true(rig_shows(rig, "FOLLOW"));
	assert_true(rig_shows(rig, "DOUBLE"));
	rig_free(rig);
}

static void
moving_up_pauses_and_counts_what_comes(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_keys(rig, "5");
	for (int i = 0; i < 5; i++)
		rig_live(rig, "click",
			RIG_CLICK("G030PM0457514501", "SINGLE", "10:41:50.000", "50",
				"acme-hq", "kitchen-1f"));
	rig_keys(rig, "k");
	rig_live(rig, "click",
		RIG_CLICK("G030PM0457514501", "LONG", "10:41:51.000", "50", "acme-hq",
			"kitchen-1f"));
	assert_true(rig_shows(rig, "PAUSED, 1 new below"));
	assert_int_equal(rig->app->pane->table->list.cursor, 3);
	rig_keys(rig, "G");
	assert_true(rig_shows(rig, "FOLLOW"));
	assert_int_equal(rig->app->pane->table->list.cursor, 5);
	rig_keys(rig, "G");
	assert_true(rig_shows(rig, "FOLLOW"));
	rig_keys(rig, "f");
	assert_true(rig_shows(rig, "PAUSED"));
	rig_free(rig);
}

static void
what_befalls_a_device_is_said_in_words(void **state)
{
	/* Of the stream, and on the screen. */
	static const char *const said[][2] = { { "LIFE_LOW", "BATTERY LOW" },
		{ "NOT_HEARD", "NOT HEARD" }, { "OFFLINE", "OFFLINE" },
		{ "ONLINE", "ONLINE" } };
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_keys(rig, "5");
	for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
		char data[256];

		snprintf(data, sizeof data,
			"{\"kind\":\"%s\",\"deviceId\":\"ZIGB00158D0001A2B3C4\"}",
			said[i][0]);
		rig_live(rig, "state", data);
		assert_true(rig_shows(rig, said[i][1]));
		assert_true(rig_shows(rig, "ZIGB00158D0001A2B3C4"));
	}
	rig_free(rig);
}

static void
a_gap_in_the_stream_is_shown(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_keys(rig, "5");
	rig_live(rig, "gap", "{\"from\":1,\"to\":9}");
	assert_true(rig_shows(rig, "gap in the stream"));
	rig_keys(rig, "Enter d p");
	assert_int_equal(rig->app->pane->class->id, PANE_EVENTS);
	rig_free(rig);
}

static void
the_ring_keeps_the_newest(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	for (int i = 0; i < EVENTS_KEPT + 10; i++)
		rig_live(rig, "click",
			RIG_CLICK("G030PM0457514501", "SINGLE", "10:41:50.000", "50", "a",
				"b"));
	assert_int_equal(rig->app->state->events.shelf.count, EVENTS_KEPT);
	assert_int_equal(events_at(rig->app->state, 0)->number, 10);
	rig_free(rig);
}

/* A service that stood still for a while: its stream outlived that, a call did not. */
static void
a_lost_call_beside_a_live_stream_is_no_end(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_keys(rig, "Ctrl-r");
	rig_refuse(rig, rig_find(rig, OP_LIST_PROJECTS), ERR_LINK, "no answer");
	assert_int_equal(rig->app->link, LINK_OFFLINE);
	for (size_t i = 0; i < rig->calls; i++)
		if (rig->call[i].request)
			rig_refuse(rig, &rig->call[i], ERR_LINK, "no answer");
	assert_true(app_is_ticking(rig->app));
	app_update(rig->app, &(struct msg){ .kind = MSG_TICK });
	rig_answer(rig, rig_find(rig, OP_LIST_PROJECTS), rig_projects);
	assert_int_equal(rig->app->link, LINK_LIVE);
	rig_free(rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_asked_before_the_service_is_ready),
		cmocka_unit_test(the_first_page_shows_while_the_rest_is_loading),
		cmocka_unit_test(a_newer_load_overtakes_an_older_one),
		cmocka_unit_test(hostile_names_are_made_safe_where_they_enter),
		cmocka_unit_test(an_answer_of_another_shape_does_no_harm),
		cmocka_unit_test(a_lost_link_keeps_the_data_and_refuses_changes),
		cmocka_unit_test(a_link_that_comes_back_loads_anew),
		cmocka_unit_test(a_service_without_a_stream_is_still_used),
		cmocka_unit_test(read_only_refuses_every_write_of_the_table),
		cmocka_unit_test(read_only_says_so_and_why),
		cmocka_unit_test(one_device_is_enabled_at_once_and_shows_sending),
		cmocka_unit_test(several_devices_are_asked_about_first),
		cmocka_unit_test(a_long_job_sends_a_few_at_a_time),
		cmocka_unit_test(what_fails_stays_marked),
		cmocka_unit_test(unclaiming_needs_the_number_and_keeps_to_its_list),
		cmocka_unit_test(methods_come_from_the_device),
		cmocka_unit_test(a_cancelled_call_counts_as_not_done),
		cmocka_unit_test(a_click_updates_the_device_and_follows),
		cmocka_unit_test(moving_up_pauses_and_counts_what_comes),
		cmocka_unit_test(what_befalls_a_device_is_said_in_words),
		cmocka_unit_test(a_gap_in_the_stream_is_shown),
		cmocka_unit_test(the_ring_keeps_the_newest),
		cmocka_unit_test(a_lost_call_beside_a_live_stream_is_no_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
