#include "rig.h"

#include "oneclick/console/claims.h"
#include "oneclick/console/forms.h"

static const struct app_options local_options = { .context = "local",
	.endpoint = "unix:/run/user/1/oneclick/socket",
	.region = "us-west-2",
	.local = true };
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
what_fails_stays_marked(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_keys(rig, "Space Space - Tab Enter");
	rig_refuse(rig, rig_find(rig, OP_UPDATE_DEVICE_STATE), ERR_FORBIDDEN, "not allowed");
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
	assert_string_equal(rig_find(rig, OP_UNCLAIM_DEVICE)->ask.device_id,
		"G030PM0457533771");
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
	rig_answer(rig, call, "{\"deviceMethodResponse\":\"{\\\"remainingLife\\\": 4}\"}");
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
			RIG_CLICK("G030PM0457514501", "SINGLE", "10:41:50.000", "50", "acme-hq",
				"kitchen-1f"));
	rig_keys(rig, "k");
	rig_live(rig, "click",
		RIG_CLICK("G030PM0457514501", "LONG", "10:41:51.000", "50", "acme-hq",
			"kitchen-1f"));
	assert_true(rig_shows(rig, "PAUSED, 1 new below"));
	assert_int_equal(rig->app->pane->table->list.cursor, 3);
	rig_keys(rig, "G");
	assert_true(rig_shows(rig, "FOLLOW"));
	assert_int_equal(rig->app->pane->table->list.cursor, 5);
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
			RIG_CLICK("G030PM0457514501", "SINGLE", "10:41:50.000", "50", "a", "b"));
	assert_int_equal(rig->app->state->events.shelf.count, EVENTS_KEPT);
	assert_int_equal(events_at(rig->app->state, 0)->number, 10);
	rig_free(rig);
}

/* ---- onboard ---- */

static void
the_box_takes_commas_and_pasted_lines(void **state)
{
	void *life = mem_life(NULL);
	size_t count;
	struct claim_entry *entry = claims_read(life,
		"g030pm0457510001, C-8K2M44QX77\nG030PM0457510001\n\nG030PM0457510002", &count);

	(void)state;
	assert_int_equal(count, 3);
	assert_string_equal(entry[0].text, "G030PM0457510001");
	assert_int_equal(entry[0].verdict, ERR_NONE);
	assert_true(entry[1].code);
	assert_int_equal(entry[1].verdict, ERR_NONE);
	mem_free(life);
}

static void
claim_is_unavailable_while_a_value_is_malformed(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_keys(rig, "1 a");
	rig_type(rig, "G030PM0457510001,G03OPM0457510002");
	rig_keys(rig, "Enter");
	assert_false(rig_waits(rig, OP_INITIATE_DEVICE_CLAIM));
	assert_true(rig_shows(rig, "[ Claim ] (off)"));
	assert_non_null(strstr(last_message(rig), "G03OPM0457510002"));
	rig_keys(rig, "Tab");
	assert_string_equal(
		rig->app->claims->box.text, "G030PM0457510001, G030PM0457510002");
	rig_keys(rig, "Enter");
	assert_true(rig_waits(rig, OP_INITIATE_DEVICE_CLAIM));
	rig_free(rig);
}

static void
a_press_finishes_the_claim_by_itself(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_command(rig, "claim G030PM0457510001");
	rig_answer(rig, rig_find(rig, OP_INITIATE_DEVICE_CLAIM),
		"{\"state\":\"CLAIM_INITIATED\"}");
	assert_true(rig_shows(rig, "waiting for a press"));
	assert_true(app_is_ticking(rig->app));
	rig_live(rig, "click",
		RIG_CLICK("G030PM0457510001", "SINGLE", "10:41:51.000", "100", "", ""));
	rig_answer(rig, rig_find(rig, OP_FINALIZE_DEVICE_CLAIM), "{\"state\":\"CLAIMED\"}");
	assert_true(rig_shows(rig, "[4/4] claimed"));
	assert_false(app_is_ticking(rig->app));
	rig_keys(rig, "d");
	assert_int_equal(rig->app->pane->class->id, PANE_DEVICES);
	rig_free(rig);
}

static void
a_press_before_the_answer_counts(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_command(rig, "claim G030PM0457510001");
	rig_live(rig, "click",
		RIG_CLICK("G030PM0457510001", "SINGLE", "10:41:51.000", "100", "", ""));
	rig_answer(rig, rig_find(rig, OP_INITIATE_DEVICE_CLAIM), "{}");
	assert_true(rig_waits(rig, OP_FINALIZE_DEVICE_CLAIM));
	rig_free(rig);
}

static void
a_claim_code_claims_all_its_devices(void **state)
{
	struct rig *rig = rig_fleet(NULL);
	struct rig_call *call;

	(void)state;
	rig_command(rig, "claim C-8K2M44QX77");
	call = rig_find(rig, OP_CLAIM_DEVICES_BY_CLAIM_CODE);
	assert_string_equal(call->ask.claim_code, "C-8K2M44QX77");
	rig_answer(rig, call, "{\"claimCode\":\"C-8K2M44QX77\",\"total\":9}");
	assert_non_null(strstr(last_message(rig), "9 devices claimed"));
	assert_true(rig_waits(rig, OP_LIST_DEVICES));
	rig_free(rig);
}

static void
the_local_service_offers_to_register_an_unknown_device(void **state)
{
	struct rig *rig = rig_fleet(&local_options);

	(void)state;
	rig_command(rig, "claim G030PM0457510001");
	rig_refuse(rig, rig_find(rig, OP_INITIATE_DEVICE_CLAIM), ERR_NOT_FOUND,
		"no such device");
	assert_true(rig_shows(rig, "R = register it"));
	rig_keys(rig, "R");
	assert_string_equal(rig_find(rig, OP_NONE)->body, "know G030PM0457510001");
	app_update(rig->app,
		&(struct msg){
			.kind = MSG_KNOWN, .request = rig_find(rig, OP_NONE)->request });
	rig_find(rig, OP_NONE)->request = NULL;
	assert_true(rig_waits(rig, OP_INITIATE_DEVICE_CLAIM));
	rig_free(rig);
}

/* ---- forms ---- */

/* The guide's MeetingRoomSatisfaction example, key by key. */
static void
the_guides_example_makes_the_guides_project(void **state)
{
	struct rig *rig = rig_fleet(NULL);
	const char *body;

	(void)state;
	rig_keys(rig, "1 p");
	rig_type(rig, "MeetingRoomSatisfaction");
	rig_keys(rig, "Enter");
	rig_type(rig, "Project used to track customer meeting room satisfaction");
	rig_keys(rig, "Enter Enter"); /* Next */
	rig_keys(rig, "Enter Enter"); /* Start, All button types */
	rig_type(rig, "Satisfied");
	rig_keys(rig, "Enter Right Tab Tab"); /* Send email, past Clear */
	rig_keys(rig, "Enter Enter");         /* Add, All button types */
	rig_type(rig, "Unsatisfied");
	rig_keys(rig, "Tab Tab Tab Tab"); /* Action as above, Clear, Add */
	rig_type(rig, "me@example.com");
	rig_keys(rig, "Enter");
	rig_type(rig, "Meeting Room Feedback");
	rig_keys(rig, "Enter");
	rig_type(rig, "Either positive or negative");
	rig_keys(rig, "Enter");
	rig_type(rig, "Building");
	rig_keys(rig, "Enter");
	rig_type(rig, "Headquarters");
	rig_keys(rig, "Enter Enter"); /* add another attribute */
	rig_type(rig, "Room");
	rig_keys(rig, "Enter");
	rig_type(rig, "TBD");
	rig_keys(rig, "Tab Tab Enter"); /* Review */
	assert_true(rig_shows(rig, "[3 Review]"));
	rig_keys(rig, "Enter"); /* Create project */
	body = rig_find(rig, OP_CREATE_PROJECT)->body;
	assert_non_null(strstr(body, "MeetingRoomSatisfaction"));
	assert_non_null(strstr(body, "\"Satisfied\""));
	assert_non_null(strstr(body, "\"Unsatisfied\""));
	assert_non_null(strstr(body, "arn:aws:lambda:eu-central-1:123456789012:function:"
				     "iot1click_onclick_email"));
	assert_null(strstr(body, "iot1click_onclick_sms"));
	assert_non_null(strstr(body, "me@example.com"));
	assert_non_null(strstr(body, "Headquarters"));
	rig_answer(rig, rig_find(rig, OP_CREATE_PROJECT), "{}");
	assert_true(rig_shows(rig, "Create placement"));
	rig_keys(rig, "Enter");
	assert_int_equal(rig->app->pane->class->id, PANE_FORM);
	assert_string_equal(rig->app->pane->project, "MeetingRoomSatisfaction");
	assert_null(rig->app->drafts->next); /* the project's draft is done with */
	rig_free(rig);
}

static void
leaving_a_form_keeps_what_was_typed(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_keys(rig, "2 a");
	rig_type(rig, "clinic-nw");
	rig_keys(rig, "Esc");
	assert_int_equal(rig->app->pane->class->id, PANE_PROJECTS);
	rig_keys(rig, "a");
	assert_true(rig_shows(rig, "clinic-nw"));
	rig_free(rig);
}

static void
going_on_says_what_is_missing(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_keys(rig, "2 a Enter Enter Enter");
	assert_true(rig_shows(rig, "Project name: fill this in"));
	rig_type(rig, "no good");
	rig_keys(rig, "Enter Enter Enter");
	assert_true(rig_shows(rig, "[1 Name]"));
	rig_free(rig);
}

static void
a_placement_begins_with_the_defaults_and_takes_a_device(void **state)
{
	struct rig *rig = rig_fleet(NULL);
	struct rig_call *call;

	(void)state;
	rig_keys(rig, "2 Enter");
	rig_serve(rig);
	rig_keys(rig, "a");
	rig_serve(rig);
	rig_draw(rig, 24, 80);
	rig_type(rig, "room-7");
	rig_keys(rig, "Enter");
	rig_type(rig, "G030PM04575337");
	rig_keys(rig, "Tab Tab Tab Tab Tab Enter");
	for (int i = 0; i < 6 && !rig_waits(rig, OP_CREATE_PLACEMENT); i++)
		rig_keys(rig, "Tab Enter");
	call = rig_find(rig, OP_CREATE_PLACEMENT);
	assert_string_equal(call->ask.placement_name, "room-7");
	assert_non_null(strstr(call->body, "TBD"));
	assert_false(rig_waits(rig, OP_ASSOCIATE_DEVICE_WITH_PLACEMENT));
	rig_answer(rig, call, "{}");
	call = rig_find(rig, OP_ASSOCIATE_DEVICE_WITH_PLACEMENT);
	assert_string_equal(call->ask.device_id, "G030PM0457533771");
	assert_string_equal(call->ask.template_name, "front-desk");
	rig_answer(rig, call, "{}");
	assert_int_equal(rig->app->pane->class->id, PANE_PLACEMENTS);
	assert_null(rig->app->drafts);
	rig_free(rig);
}

static void
a_placement_that_was_made_is_not_made_again(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_keys(rig, "2 Enter");
	rig_serve(rig);
	rig_keys(rig, "a");
	rig_serve(rig);
	rig_draw(rig, 24, 80);
	rig_type(rig, "room-7");
	rig_keys(rig, "Enter");
	rig_type(rig, "G030PM0457533771");
	for (int i = 0; i < 9 && !rig_waits(rig, OP_CREATE_PLACEMENT); i++)
		rig_keys(rig, "Tab Enter");
	rig_answer(rig, rig_find(rig, OP_CREATE_PLACEMENT), "{}");
	rig_refuse(rig, rig_find(rig, OP_ASSOCIATE_DEVICE_WITH_PLACEMENT), ERR_CONFLICT,
		"the slot is taken");
	assert_non_null(strstr(last_message(rig), "the slot is taken"));
	for (int i = 0; i < 9 && !rig_waits(rig, OP_ASSOCIATE_DEVICE_WITH_PLACEMENT); i++)
		rig_keys(rig, "Tab Enter");
	assert_false(rig_waits(rig, OP_CREATE_PLACEMENT));
	assert_true(rig_waits(rig, OP_ASSOCIATE_DEVICE_WITH_PLACEMENT));
	rig_free(rig);
}

/* ---- getting about ---- */

static void
esc_clears_the_filter_and_then_goes_back(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_keys(rig, "2 Enter");
	rig_serve(rig);
	rig_keys(rig, "/");
	rig_type(rig, "lobby");
	rig_keys(rig, "Enter");
	assert_int_equal(rig->app->pane->table->count, 1);
	rig_keys(rig, "Esc");
	assert_int_equal(rig->app->pane->table->count, 4);
	rig_keys(rig, "Esc");
	assert_int_equal(rig->app->pane->class->id, PANE_PROJECTS);
	rig_keys(rig, "Esc");
	assert_int_equal(rig->app->pane->class->id, PANE_PROJECTS);
	assert_false(rig->app->quit);
	rig_free(rig);
}

static void
the_history_restores_filter_order_and_cursor(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_command(rig, "filter battery<20");
	rig_command(rig, "sort battery");
	rig_keys(rig, "j Enter");
	assert_int_equal(rig->app->pane->class->id, PANE_DEVICE);
	rig_keys(rig, "[");
	assert_string_equal(rig->app->pane->table->filter_text, "battery<20");
	assert_int_equal(rig->app->pane->table->list.cursor, 1);
	assert_int_equal(rig->app->pane->table->sort,
		table_column_find(rig->app->pane->table, "battery"));
	rig_keys(rig, "]");
	assert_int_equal(rig->app->pane->class->id, PANE_DEVICE);
	rig_free(rig);
}

static void
a_filter_that_is_given_up_is_as_before(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_command(rig, "filter battery<20");
	rig_keys(rig, "/");
	rig_type(rig, " acme");
	assert_int_equal(rig->app->pane->table->count, 2);
	rig_keys(rig, "Esc");
	assert_string_equal(rig->app->pane->table->filter_text, "battery<20");
	rig_free(rig);
}

static void
a_paste_is_never_taken_for_keys(void **state)
{
	struct rig *rig = rig_fleet(NULL);
	struct msg msg = { .kind = MSG_KEY,
		.chord = { .kind = CHORD_PASTE, .text = "q\nD\n", .len = 4 } };

	(void)state;
	app_update(rig->app, &msg);
	assert_false(rig->app->quit);
	assert_int_equal(rig->app->modal.kind, MODAL_NONE);
	rig_keys(rig, "1");
	app_update(rig->app, &msg);
	assert_string_equal(rig->app->claims->box.text, "q, D, ");
	rig_free(rig);
}

static void
ctrl_c_twice_at_the_top_quits(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_keys(rig, "Ctrl-c j Ctrl-c");
	assert_false(rig->app->quit);
	rig_keys(rig, "Ctrl-c");
	assert_true(rig->app->quit);
	rig_free(rig);
}

static void
an_unknown_key_is_told_once(void **state)
{
	struct rig *rig = rig_fleet(NULL);
	size_t before = rig->app->messages;

	(void)state;
	rig_keys(rig, "Z Z Z Z");
	assert_int_equal(rig->app->messages, before + 1);
	rig_free(rig);
}

static void
an_unknown_command_offers_the_nearest(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_command(rig, "unclam");
	assert_non_null(strstr(last_message(rig), "unclaim"));
	rig_command(rig, "associate a b");
	assert_non_null(strstr(last_message(rig), "PROJECT PLACEMENT TEMPLATE DEVICE"));
	rig_free(rig);
}

static void
tab_completes_commands_and_device_ids(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_keys(rig, ":");
	rig_type(rig, "unc");
	rig_keys(rig, "Tab");
	assert_string_equal(rig->app->modal.prompt.edit.text, "unclaim");
	rig_type(rig, " P5");
	rig_keys(rig, "Tab");
	assert_string_equal(rig->app->modal.prompt.edit.text, "unclaim P5SJVQ2007V8296A");
	rig_free(rig);
}

static void
help_is_searched_and_runs_what_is_chosen(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_keys(rig, "?");
	assert_true(rig_shows(rig, ":device enable"));
	rig_keys(rig, "/");
	rig_type(rig, "unclaim");
	rig_keys(rig, "Enter");
	assert_false(rig_shows(rig, ":device enable"));
	rig_keys(rig, "Enter");
	assert_int_equal(rig->app->modal.kind, MODAL_DIALOG);
	rig_free(rig);
}

static void
copying_says_that_it_cannot_be_confirmed(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_keys(rig, "y");
	assert_string_equal(rig->copied, "G030PM0457511071");
	assert_non_null(strstr(last_message(rig), "cannot be confirmed"));
	rig_free(rig);
}

static void
an_export_is_what_is_shown_for_its_owner_alone(void **state)
{
	struct rig *rig = rig_fleet(NULL);
	char dir[] = "/tmp/oneclick-export-XXXXXX";
	char *path, *text;

	(void)state;
	assert_non_null(mkdtemp(dir));
	path = mem_format(rig, "%s/devices.csv", dir);
	rig_command(rig, "filter battery<20");
	rig_command(rig, mem_format(rig, "export %s", path));
	text = rig_read_file(rig, path);
	assert_non_null(strstr(text, "G030PM0457511071"));
	assert_null(strstr(text, "P5SJVQ2007V8296A"));
	remove(path);
	path = mem_format(rig, "%s/devices.json", dir);
	rig_command(rig, mem_format(rig, "export %s", path));
	text = rig_read_file(rig, path);
	assert_non_null(strstr(text, "\"battery\":11.5"));
	remove(path);
	remove(dir);
	rig_free(rig);
}

static void
every_key_does_something_sane_everywhere(void **state)
{
	static const char *const panes[] = { "1", "2", "3", "4", "5", "2 v", "3 Enter",
		"4 Enter", "?", "2 a", "1 a" };

	(void)state;
	for (size_t i = 0; i < sizeof(panes) / sizeof(*panes); i++)
		for (int key = '!'; key <= '~'; key++) {
			struct rig *rig = rig_fleet(&local_options);
			char name[2] = { (char)key, '\0' };

			rig_keys(rig, panes[i]);
			rig_serve(rig);
			rig_keys(rig, name);
			rig_serve(rig);
			rig_keys(rig, "Enter Esc");
			rig_draw(rig, 24, 80);
			rig_draw(rig, 5, 20);
			rig_free(rig);
		}
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
		cmocka_unit_test(what_fails_stays_marked),
		cmocka_unit_test(unclaiming_needs_the_number_and_keeps_to_its_list),
		cmocka_unit_test(methods_come_from_the_device),
		cmocka_unit_test(a_cancelled_call_counts_as_not_done),
		cmocka_unit_test(a_click_updates_the_device_and_follows),
		cmocka_unit_test(moving_up_pauses_and_counts_what_comes),
		cmocka_unit_test(a_gap_in_the_stream_is_shown),
		cmocka_unit_test(the_ring_keeps_the_newest),
		cmocka_unit_test(the_box_takes_commas_and_pasted_lines),
		cmocka_unit_test(claim_is_unavailable_while_a_value_is_malformed),
		cmocka_unit_test(a_press_finishes_the_claim_by_itself),
		cmocka_unit_test(a_press_before_the_answer_counts),
		cmocka_unit_test(a_claim_code_claims_all_its_devices),
		cmocka_unit_test(the_local_service_offers_to_register_an_unknown_device),
		cmocka_unit_test(the_guides_example_makes_the_guides_project),
		cmocka_unit_test(leaving_a_form_keeps_what_was_typed),
		cmocka_unit_test(going_on_says_what_is_missing),
		cmocka_unit_test(a_placement_begins_with_the_defaults_and_takes_a_device),
		cmocka_unit_test(a_placement_that_was_made_is_not_made_again),
		cmocka_unit_test(esc_clears_the_filter_and_then_goes_back),
		cmocka_unit_test(the_history_restores_filter_order_and_cursor),
		cmocka_unit_test(a_filter_that_is_given_up_is_as_before),
		cmocka_unit_test(a_paste_is_never_taken_for_keys),
		cmocka_unit_test(ctrl_c_twice_at_the_top_quits),
		cmocka_unit_test(an_unknown_key_is_told_once),
		cmocka_unit_test(an_unknown_command_offers_the_nearest),
		cmocka_unit_test(tab_completes_commands_and_device_ids),
		cmocka_unit_test(help_is_searched_and_runs_what_is_chosen),
		cmocka_unit_test(copying_says_that_it_cannot_be_confirmed),
		cmocka_unit_test(an_export_is_what_is_shown_for_its_owner_alone),
		cmocka_unit_test(every_key_does_something_sane_everywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
