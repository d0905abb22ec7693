#include "rig.h"

#include "oneclick/console/claims.h"

static const struct app_options local_options = { .context = "local",
	.endpoint = "unix:/run/user/1/oneclick/socket",
	.region = "us-west-2",
	.local = true };

static const char *
last_message(const struct rig *rig)
{
	return rig->app->message[(rig->app->messages - 1) % MESSAGES_KEPT].text;
}

static void
the_box_takes_commas_and_pasted_lines(void **state)
{
	void *life = mem_life(NULL);
	size_t count;
	struct claim_entry *entry = claims_read(life,
		"g030pm0457510001, C-8K2M44QX77\nG030PM0457510001\n\nG030PM0457510002",
		&count);

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
	rig_answer(
		rig, rig_find(rig, OP_FINALIZE_DEVICE_CLAIM), "{\"state\":\"CLAIMED\"}");
	assert_true(rig_shows(rig, "[4/4] claimed"));
	rig_keys(rig, "d");
	assert_int_equal(rig->app->pane->class->id, PANE_DEVICES);
	assert_false(app_is_ticking(rig->app));
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
	app_update(rig->app, &(struct msg){ .kind = MSG_KNOWN,
				     .request = rig_find(rig, OP_NONE)->request });
	rig_find(rig, OP_NONE)->request = NULL;
	assert_true(rig_waits(rig, OP_INITIATE_DEVICE_CLAIM));
	rig_free(rig);
}

static void
paste(struct rig *rig, const char *text, size_t lost)
{
	struct msg msg = { .kind = MSG_KEY,
		.chord = { .kind = CHORD_PASTE,
			.text = text,
			.len = strlen(text),
			.lost = lost } };

	app_update(rig->app, &msg);
	app_layout(rig->app, rig->app->rows, rig->app->cols);
}

static size_t
count_calls(const struct rig *rig, enum op op)
{
	size_t count = 0;

	for (size_t i = 0; i < rig->calls; i++)
		count += rig->call[i].request && rig->call[i].op == op;
	return count;
}

static void
ten_thousand_pasted_ids_are_all_taken(void **state)
{
	struct rig *rig = rig_fleet(NULL);
	const struct claims *claims = rig->app->claims;
	struct buf text;

	(void)state;
	buf_init(&text, rig, BUF_NO_CAP);
	for (int i = 0; i < 10000; i++)
		buf_format(&text, "G030PM04%08d\n", i);
	rig_keys(rig, "1");
	paste(rig, text.data, 0);
	assert_true(rig_shows(rig, "10000 device IDs"));
	rig_keys(rig, "Enter");
	assert_int_equal(claims->count, 10000);
	assert_int_equal(count_calls(rig, OP_INITIATE_DEVICE_CLAIM), 8);
	rig_answer(rig, rig_find(rig, OP_INITIATE_DEVICE_CLAIM), "{}");
	assert_int_equal(count_calls(rig, OP_INITIATE_DEVICE_CLAIM), 8);
	rig_keys(rig, "G");
	assert_true(rig_shows(rig, "waits for its turn"));

	rig_keys(rig, "Ctrl-c");
	assert_int_equal(claims->count, 9);
	assert_non_null(strstr(last_message(rig), "9991 not begun stand in the box"));
	assert_true(rig_shows(rig, "9991 device IDs"));
	assert_non_null(strstr(claims->box.text, "G030PM0400009999"));
	while (rig_waits(rig, OP_INITIATE_DEVICE_CLAIM))
		rig_answer(rig, rig_find(rig, OP_INITIATE_DEVICE_CLAIM), "{}");
	assert_non_null(strstr(last_message(rig),
		"9 claims begun, 0 refused; 9991 not begun stand in the box again"));
	rig_keys(rig, "q");
	assert_false(rig->app->quit);
	assert_true(rig_shows(rig, "What stands in Onboard's box is not claimed"));
	rig_free(rig);
}

static void
a_paste_too_long_is_refused_whole(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_keys(rig, "1");
	paste(rig, "G030PM0457510001", 5000000);
	assert_string_equal(rig->app->claims->box.text, "");
	assert_non_null(strstr(last_message(rig), "Nothing of the paste was taken"));
	rig_free(rig);
}

/* The service's list of new devices: rows come and go under the cursor. */
static void
list_ready(struct rig *rig, const char *ids)
{
	struct buf text;

	buf_init(&text, rig, BUF_NO_CAP);
	buf_text(&text, "{\"devices\":[");
	for (const char *at = ids; *at; at += strcspn(at, " ") + (at[strcspn(at, " ")] == ' '))
		buf_format(&text, "%s{\"deviceId\":\"%.*s\",\"profile\":\"x\"}",
			at == ids ? "" : ",", (int)strcspn(at, " "), at);
	buf_text(&text, "]}");
	claims_look(rig->app);
	while (rig->call[rig->calls - 1].request)
		rig_answer(rig, &rig->call[rig->calls - 1], text.data);
}

static void
keys_act_on_the_row_they_were_pressed_at(void **state)
{
	struct rig *rig = rig_fleet(&local_options);

	(void)state;
	rig_keys(rig, "1");
	list_ready(rig, "Q0000001 Q0000002");
	rig_command(rig, "claim G030PM0457510001 G030PM0457510002");
	rig_refuse(rig, rig_find(rig, OP_INITIATE_DEVICE_CLAIM), ERR_NOT_FOUND, "no");
	rig_refuse(rig, rig_find(rig, OP_INITIATE_DEVICE_CLAIM), ERR_NOT_FOUND, "no");
	rig_keys(rig, "g j j");
	list_ready(rig, "Q0000002");
	rig_keys(rig, "R");
	assert_string_equal(rig_find(rig, OP_NONE)->body, "know G030PM0457510001");
	rig_find(rig, OP_NONE)->request = NULL;
	list_ready(rig, "");
	rig_keys(rig, "j R");
	assert_string_equal(rig_find(rig, OP_NONE)->body, "know G030PM0457510002");
	rig_keys(rig, "D");
	rig_find(rig, OP_NONE)->request = NULL;
	list_ready(rig, "Q0000009");
	rig_keys(rig, "Tab Enter");
	assert_null(claims_find(rig->app->claims, "G030PM0457510002"));
	assert_non_null(claims_find(rig->app->claims, "G030PM0457510001"));
	rig_free(rig);
}

static void
a_key_pressed_twice_does_once(void **state)
{
	struct rig *rig = rig_fleet(&local_options);

	(void)state;
	rig_command(rig, "claim G030PM0457510001");
	rig_refuse(rig, rig_find(rig, OP_INITIATE_DEVICE_CLAIM), ERR_NOT_FOUND, "no");
	rig_keys(rig, "R R");
	assert_int_equal(count_calls(rig, OP_NONE), 1);
	app_update(rig->app, &(struct msg){ .kind = MSG_KNOWN,
				     .request = rig_find(rig, OP_NONE)->request });
	rig_find(rig, OP_NONE)->request = NULL;
	rig_keys(rig, "R r r");
	assert_int_equal(count_calls(rig, OP_NONE), 0);
	assert_int_equal(count_calls(rig, OP_INITIATE_DEVICE_CLAIM), 1);
	rig_answer(rig, rig_find(rig, OP_INITIATE_DEVICE_CLAIM), "{}");
	rig_keys(rig, "R");
	rig_command(rig, "claim G030PM0457510001");
	assert_true(rig_shows(rig, "waiting for a press"));
	assert_int_equal(count_calls(rig, OP_NONE), 0);
	assert_int_equal(count_calls(rig, OP_INITIATE_DEVICE_CLAIM), 0);
	rig_free(rig);
}

static void
what_is_claimed_stays_so_whatever_a_late_answer_says(void **state)
{
	struct rig *rig = rig_fleet(&local_options);

	(void)state;
	rig_command(rig, "claim G030PM0457510001");
	rig_answer(rig, rig_find(rig, OP_INITIATE_DEVICE_CLAIM), "{}");
	rig_live(rig, "click",
		RIG_CLICK("G030PM0457510001", "SINGLE", "10:41:51.000", "100", "", ""));
	rig_live(rig, "state",
		RIG_CLICK("G030PM0457510001", "CLAIMED", "10:41:52.000", "100", "", ""));
	rig_refuse(rig, rig_find(rig, OP_FINALIZE_DEVICE_CLAIM), ERR_NOT_FOUND, "gone");
	rig_live(rig, "state",
		RIG_CLICK("G030PM0457510001", "CLAIMED", "10:41:52.000", "100", "", ""));
	rig_keys(rig, "1");
	assert_true(rig_shows(rig, "[4/4] claimed"));
	rig_live(rig, "state",
		RIG_CLICK("G030PM0457510001", "UNCLAIMED", "10:41:53.000", "100", "", ""));
	assert_false(rig_shows(rig, "[4/4] claimed"));
	rig_free(rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_box_takes_commas_and_pasted_lines),
		cmocka_unit_test(claim_is_unavailable_while_a_value_is_malformed),
		cmocka_unit_test(a_press_finishes_the_claim_by_itself),
		cmocka_unit_test(a_press_before_the_answer_counts),
		cmocka_unit_test(a_claim_code_claims_all_its_devices),
		cmocka_unit_test(the_local_service_offers_to_register_an_unknown_device),
		cmocka_unit_test(ten_thousand_pasted_ids_are_all_taken),
		cmocka_unit_test(a_paste_too_long_is_refused_whole),
		cmocka_unit_test(keys_act_on_the_row_they_were_pressed_at),
		cmocka_unit_test(a_key_pressed_twice_does_once),
		cmocka_unit_test(what_is_claimed_stays_so_whatever_a_late_answer_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
