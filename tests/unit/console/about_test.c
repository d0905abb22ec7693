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
another_pane_keeps_to_the_project_and_again_widens(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_keys(rig, "2 Enter 4");
	assert_true(rig_shows(rig, "prod-eu > acme-hq > Devices"));
	assert_int_equal(rig->app->pane->table->count, 3);
	rig_keys(rig, "4");
	assert_int_equal(rig->app->pane->table->count, 7);
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
a_command_that_says_all_is_sent_as_it_is(void **state)
{
	struct rig *rig = rig_fleet(NULL);
	struct rig_call *call;

	(void)state;
	rig_command(rig, "associate acme-hq mail-room front-desk G030PM0457533771");
	call = rig_find(rig, OP_ASSOCIATE_DEVICE_WITH_PLACEMENT);
	assert_string_equal(call->ask.project_name, "acme-hq");
	assert_string_equal(call->ask.placement_name, "mail-room");
	assert_string_equal(call->ask.template_name, "front-desk");
	assert_string_equal(call->ask.device_id, "G030PM0457533771");
	rig_free(rig);
}

static void
a_detail_walks_its_list_as_that_was_left(void **state)
{
	static const char *const tabs[] = { "2", "3", "4" };
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		char *first, *there;

		rig_keys(rig, tabs[i]);
		rig_draw(rig, 24, 80);
		rig_keys(rig, "S g v");
		first = mem_format(
			rig, "%s/%s", rig->app->pane->project, rig->app->pane->name);
		assert_null(rig->app->pane->table);
		rig_keys(rig, "}");
		there = mem_format(
			rig, "%s/%s", rig->app->pane->project, rig->app->pane->name);
		assert_string_not_equal(there, first);
		rig_keys(rig, "{");
		assert_string_equal(
			first, mem_format(rig, "%s/%s", rig->app->pane->project,
				       rig->app->pane->name));
		rig_keys(rig, "} Esc");
		assert_int_equal(rig->app->pane->table->list.cursor, 1);
	}
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
the_detail_beside_the_list_follows_when_the_keys_rest(void **state)
{
	struct rig *rig = rig_fleet(NULL);
	struct msg down = { .kind = MSG_KEY, .chord = CHORD('j') };
	const struct detail *detail = &rig->app->pane->detail;
	char *before;

	(void)state;
	rig_draw(rig, 40, 120);
	rig_rest(rig);
	before = mem_text(rig, detail->line[0].value.text);
	app_update(rig->app, &down);
	app_layout(rig->app, 40, 120);
	assert_string_equal(detail->line[0].value.text, before);
	rig_rest(rig);
	assert_string_not_equal(detail->line[0].value.text, before);
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
leaving_asks_while_a_form_is_not_sent(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_keys(rig, "2 a");
	rig_type(rig, "x");
	rig_keys(rig, "Esc q");
	assert_false(rig->app->quit);
	assert_int_equal(rig->app->modal.kind, MODAL_DIALOG);
	rig_keys(rig, "Tab Enter");
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
			if (key != 'E') /* which would leave a file */
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
		cmocka_unit_test(esc_clears_the_filter_and_then_goes_back),
		cmocka_unit_test(another_pane_keeps_to_the_project_and_again_widens),
		cmocka_unit_test(the_history_restores_filter_order_and_cursor),
		cmocka_unit_test(a_command_that_says_all_is_sent_as_it_is),
		cmocka_unit_test(a_detail_walks_its_list_as_that_was_left),
		cmocka_unit_test(a_filter_that_is_given_up_is_as_before),
		cmocka_unit_test(the_detail_beside_the_list_follows_when_the_keys_rest),
		cmocka_unit_test(a_paste_is_never_taken_for_keys),
		cmocka_unit_test(ctrl_c_twice_at_the_top_quits),
		cmocka_unit_test(leaving_asks_while_a_form_is_not_sent),
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
