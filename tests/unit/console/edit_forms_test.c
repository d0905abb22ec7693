/* Forms that change what there is: filled with what the service says, sent as they stand. */
#include "rig.h"

#include "oneclick/console/forms.h"

static struct draft *
draft_of(const struct rig *rig)
{
	assert_int_equal(rig->app->pane->class->id, PANE_FORM);
	return rig->app->pane->data;
}

/* The field of this label, in focus. */
static struct form_field *
go_to(struct rig *rig, const char *label)
{
	struct form *form = &draft_of(rig)->form[0];

	for (size_t i = 0; i < form->count; i++)
		if (form->field[i].label.text && !form->field[i].hide &&
			strcmp(form->field[i].label.text, label) == 0) {
			form_go(form, i);
			return &form->field[i];
		}
	fail_msg("no field %s", label);
	return NULL;
}

static void
go_to_buttons(struct rig *rig)
{
	struct form *form = &draft_of(rig)->form[0];

	for (size_t i = 0; i < form->count; i++)
		if (form->field[i].kind == FORM_BUTTONS && !form->field[i].hide)
			form_go(form, i);
}

/* The form of the project, or of one of its placements, loaded. */
static struct rig *
open_form(const char *command, const char *keys)
{
	struct rig *rig = rig_fleet(NULL);

	rig_command(rig, command);
	rig_serve(rig);
	rig_keys(rig, keys);
	rig_serve(rig);
	rig_draw(rig, 24, 80);
	return rig;
}

static void
a_project_is_changed_as_its_form_says(void **state)
{
	struct rig *rig = open_form("project show acme-hq", "e");
	const char *body;

	(void)state;
	assert_string_equal(go_to(rig, "Description")->edit.text, "Facility requests");
	rig_keys(rig, "Ctrl-k");
	edit_set(&go_to(rig, "Description")->edit, "All of HQ");
	go_to(rig, "Action")->chosen = 1;
	go_to_buttons(rig);
	rig_keys(rig, "Enter");
	body = rig_find(rig, OP_UPDATE_PROJECT)->body;
	assert_non_null(strstr(body, "PUT /projects/acme-hq "));
	assert_non_null(strstr(body, "\"description\":\"All of HQ\""));
	assert_non_null(strstr(body, "\"Building\":\"HQ-1\""));
	assert_non_null(strstr(body, "\"front-desk\":{\"deviceType\":\"button\""));
	rig_answer(rig, rig_find(rig, OP_UPDATE_PROJECT), "{}");
	assert_true(rig_waits(rig, OP_LIST_PROJECTS));
	assert_null(rig->app->drafts);
	rig_free(rig);
}

static void
a_function_of_ones_own_is_named_or_left_out(void **state)
{
	static const char *const functions[] = { "",
		"arn:aws:lambda:eu-central-1:123456789012:function:mine" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct rig *rig = open_form("project show acme-hq", "e");
		struct form_field *action = go_to(rig, "Action");

		action->chosen = action->options - 1;
		app_layout(rig->app, 24, 80);
		edit_set(&go_to(rig, "Lambda function")->edit, functions[i]);
		go_to_buttons(rig);
		rig_keys(rig, "Enter");
		assert_non_null(strstr(rig_find(rig, OP_UPDATE_PROJECT)->body,
			mem_format(rig, "\"onClickCallback\":\"%s\"", functions[i])));
		rig_free(rig);
	}
}

static void
a_change_that_is_refused_leaves_the_form(void **state)
{
	struct rig *rig = open_form("project show acme-hq", "e");

	(void)state;
	edit_set(&go_to(rig, "Description")->edit, "All of HQ");
	go_to_buttons(rig);
	rig_keys(rig, "Enter");
	rig_refuse(rig, rig_find(rig, OP_UPDATE_PROJECT), ERR_CONFLICT, "It is in use.");
	assert_true(rig_shows(rig, "It is in use."));
	assert_string_equal(go_to(rig, "Description")->edit.text, "All of HQ");
	go_to_buttons(rig);
	rig_keys(rig, "Enter");
	assert_true(rig_waits(rig, OP_UPDATE_PROJECT));
	rig_free(rig);
}

static void
what_cannot_be_loaded_says_why_until_it_can(void **state)
{
	static const struct {
		const char *command, *keys;
		enum op op;
	} forms[] = {
		{ "projects", "g e", OP_DESCRIBE_PROJECT },
		{ "placements acme-hq", "g j e", OP_DESCRIBE_PLACEMENT },
		{ "placements acme-hq", "g j e", OP_GET_DEVICES_IN_PLACEMENT },
		{ "placements acme-hq", "a", OP_DESCRIBE_PROJECT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct rig *rig = rig_fleet(NULL);

		rig_command(rig, forms[i].command);
		rig_serve(rig);
		/* No detail beside the list asks for it before the form does. */
		for (char *save,
			*key = strtok_r(mem_text(rig, forms[i].keys), " ", &save);
			key; key = strtok_r(NULL, " ", &save)) {
			struct msg msg = { .kind = MSG_KEY };

			chord_parse(key, &msg.chord, NULL);
			app_update(rig->app, &msg);
			app_layout(rig->app, 24, 80);
		}
		if (!rig_waits(rig, forms[i].op))
			fail_msg("form %zu does not ask", i);
		rig_refuse(rig, rig_find(rig, forms[i].op), ERR_INTERNAL,
			"The disk is full.");
		if (!rig_shows(rig, "The disk is full."))
			fail_msg("form %zu:\n%s", i, rig_draw(rig, 24, 80));
		rig_command(rig, "reload");
		for (int turn = 0; turn < 3; turn++) {
			rig_serve(rig);
			rig_draw(rig, 24, 80);
		}
		assert_non_null(draft_of(rig));
		rig_free(rig);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_project_is_changed_as_its_form_says),
		cmocka_unit_test(a_function_of_ones_own_is_named_or_left_out),
		cmocka_unit_test(a_change_that_is_refused_leaves_the_form),
		cmocka_unit_test(what_cannot_be_loaded_says_why_until_it_can),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
