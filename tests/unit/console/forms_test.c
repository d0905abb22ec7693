#include "rig.h"

#include "oneclick/console/forms.h"

static const char *
last_message(const struct rig *rig)
{
	return rig->app->message[(rig->app->messages - 1) % MESSAGES_KEPT].text;
}

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
clearing_a_device_template_is_asked_first_as_enter_comes_by(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_keys(rig, "2 a");
	rig_type(rig, "clinic-nw");
	rig_keys(rig, "Tab Tab Enter Enter Enter"); /* Next, Start, All button types */
	rig_type(rig, "Nurse");
	rig_keys(rig, "Enter Enter Enter"); /* Action, Clear, pressed */
	assert_true(rig_shows(rig, "Device template 1 goes: Nurse"));
	rig_keys(rig, "Enter"); /* Cancel is the default */
	assert_true(rig_shows(rig, "[Nurse"));
	rig_keys(rig, "Enter Tab Enter");
	assert_false(rig_shows(rig, "[Nurse"));
	assert_true(rig_shows(rig, "> [ Start ]"));
	rig_free(rig);
}

static void
what_is_wrong_in_a_field_is_said_to_the_end(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_keys(rig, "2 a");
	rig_type(rig, "Meeting Rooms!");
	assert_true(rig_shows(rig, "a-z A-Z 0-9 _ -"));
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
a_form_with_nothing_typed_is_left_for_good(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_keys(rig, "2 a Tab Esc");
	assert_int_equal(rig->app->pane->class->id, PANE_PROJECTS);
	assert_null(rig->app->drafts);
	assert_int_equal(rig->app->messages, 0);
	rig_keys(rig, "a");
	rig_type(rig, "x");
	rig_keys(rig, "Esc");
	assert_int_equal(rig->app->pane->class->id, PANE_PROJECTS);
	assert_non_null(rig->app->drafts);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_guides_example_makes_the_guides_project),
		cmocka_unit_test(
			clearing_a_device_template_is_asked_first_as_enter_comes_by),
		cmocka_unit_test(what_is_wrong_in_a_field_is_said_to_the_end),
		cmocka_unit_test(leaving_a_form_keeps_what_was_typed),
		cmocka_unit_test(a_form_with_nothing_typed_is_left_for_good),
		cmocka_unit_test(going_on_says_what_is_missing),
		cmocka_unit_test(a_placement_begins_with_the_defaults_and_takes_a_device),
		cmocka_unit_test(a_placement_that_was_made_is_not_made_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
