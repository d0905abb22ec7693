/* What others change while one looks: it shows by itself, at a price the service can bear. */
#include "rig.h"

static void
change(struct rig *rig, const char *json)
{
	const struct value *data = NULL;

	assert_int_equal(json_parse(rig, json, strlen(json), &data, NULL), ERR_NONE);
	app_update(rig->app, &(struct msg){ .kind = MSG_CHANGE, .data = data });
}

/* As if the last loads were an hour ago and took a moment. */
static void
age(struct rig *rig)
{
	struct state *state = rig->app->state;
	struct shelf *shelf[] = { &state->devices.shelf, &state->projects.shelf,
		&state->placements.shelf };

	for (size_t i = 0; i < 3; i++)
		shelf[i]->begun = shelf[i]->ended = moment_ticks() - 3600 * 1000;
	app_update(rig->app, &(struct msg){ .kind = MSG_TICK });
}

static void
a_project_another_made_shows(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_keys(rig, "2");
	rig_serve(rig);
	change(rig, "{\"operation\":\"CreateProject\",\"projectName\":\"new\"}");
	assert_false(rig_waits(rig, OP_LIST_PROJECTS));
	assert_true(app_is_ticking(rig->app));
	age(rig);
	rig_answer(rig, rig_find(rig, OP_LIST_PROJECTS),
		"{\"projects\":[{\"projectName\":\"new\",\"createdDate\":1770800000,"
		"\"updatedDate\":1795000000,\"tags\":{}}]}");
	assert_true(rig_shows(rig, "new"));
	assert_false(rig_shows(rig, "plant-7"));
	assert_false(app_is_ticking(rig->app));
	rig_free(rig);
}

/* Many changes are one load, and of one project's placements only those are read. */
static void
placements_are_read_again_while_they_are_looked_at(void **state)
{
	struct rig *rig = rig_fleet(NULL);
	const char *made = "{\"operation\":\"CreatePlacement\",\"projectName\":\"acme-hq\","
			   "\"placementName\":\"p\"}";

	(void)state;
	rig_keys(rig, "3");
	rig_serve(rig);
	rig_serve(rig);
	rig_keys(rig, "4");
	change(rig, made);
	age(rig);
	assert_false(rig_waits(rig, OP_LIST_PLACEMENTS));
	rig_keys(rig, "3");
	assert_true(rig_waits(rig, OP_LIST_PLACEMENTS));
	assert_string_equal(rig_find(rig, OP_LIST_PLACEMENTS)->ask.project_name, "acme-hq");
	for (int i = 0; i < 100; i++)
		change(rig, made);
	rig_answer(rig, rig_find(rig, OP_LIST_PLACEMENTS),
		"{\"placements\":[{\"projectName\":\"acme-hq\",\"placementName\":\"p\","
		"\"createdDate\":1,\"updatedDate\":1}]}");
	assert_false(rig_waits(rig, OP_LIST_PLACEMENTS));
	assert_int_not_equal(placements_find(rig->app->state, "acme-hq", "p"), NO_ROW);
	assert_int_equal(
		placements_find(rig->app->state, "acme-hq", "kitchen-1f"), NO_ROW);
	rig_free(rig);
}

static void
what_is_looked_at_closely_is_asked_for_again(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_keys(rig, "2 v");
	rig_serve(rig);
	change(rig, "{\"operation\":\"UpdateProject\",\"projectName\":\"acme-hq\"}");
	app_layout(rig->app, 24, 80);
	rig_refuse(rig, rig_find(rig, OP_DESCRIBE_PROJECT), ERR_NOT_FOUND,
		"There is no project acme-hq.");
	assert_true(rig_shows(rig, "There is no project acme-hq."));
	rig_free(rig);
}

static void
after_a_gap_everything_is_read_again(void **state)
{
	struct rig *rig = rig_fleet(NULL);

	(void)state;
	rig_live(rig, "gap", "{\"from\":1,\"to\":2}");
	age(rig);
	assert_true(rig_waits(rig, OP_LIST_DEVICES));
	assert_true(rig_waits(rig, OP_LIST_PROJECTS));
	rig_serve(rig);
	change(rig, "{}");
	age(rig);
	assert_true(rig_waits(rig, OP_LIST_DEVICES));
	rig_free(rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_project_another_made_shows),
		cmocka_unit_test(placements_are_read_again_while_they_are_looked_at),
		cmocka_unit_test(what_is_looked_at_closely_is_asked_for_again),
		cmocka_unit_test(after_a_gap_everything_is_read_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
