/* The difference between a wanted fleet and the one there is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "../../../src/console/fleet/plan.h"
#include "oneclick/base/mem.h"

struct ground {
	struct fleet *wanted, *found;
};

static int
set_up(void **state)
{
	struct ground *ground = mem_new(NULL, struct ground);

	ground->wanted = fleet_new(ground);
	ground->found = fleet_new(ground);
	*state = ground;
	return 0;
}

static int
tear_down(void **state)
{
	mem_free(*state);
	return 0;
}

static const struct placement_template *
a_template(const void *ctx, const char *name)
{
	struct placement_template *template = mem_new(ctx, struct placement_template);

	template->templates = mem_array(template, struct device_template, 1);
	template->templates[0] = (struct device_template){ .name = name,
		.callbacks = pairs_new(template) };
	template->count = 1;
	return template;
}

/* Up and Down, for all that is there. */
static const struct placement_template *
the_template(const void *ctx)
{
	struct placement_template *template = mem_new(ctx, struct placement_template);

	template->templates = mem_array(template, struct device_template, 2);
	template->templates[0] = (struct device_template){ .name = "Up",
		.callbacks = pairs_new(template) };
	template->templates[1] = (struct device_template){ .name = "Down",
		.callbacks = pairs_new(template) };
	template->count = 2;
	return template;
}

static void
put(struct fleet *fleet, const char *placement, const char *template, const char *id)
{
	struct fleet_device *device = fleet_device(fleet, id);

	fleet_project(fleet, "P")->template = the_template(fleet);
	pairs_set(fleet_placement(fleet, "P", placement)->devices, template, id);
	device->project = "P";
	device->placement = placement;
	device->template_name = template;
	device->enabled = 0;
}

static void
want(struct fleet *fleet, const char *placement, const char *template, const char *id)
{
	struct fleet_placement *one = fleet_placement(fleet, "P", placement);

	one->is_whole = true;
	if (template)
		pairs_set(one->devices, template, id);
}

/* "DisassociateDeviceFromPlacement P/a (1 leaves Up); ..." */
static void
expect_plan(const struct ground *ground, bool prune, const char *wanted)
{
	struct plan *plan = plan_make(ground, ground->wanted, ground->found, prune);
	char said[2048] = "";

	for (size_t i = 0; i < plan->count; i++) {
		const struct step *step = &plan->step[i];
		size_t n = strlen(said);

		snprintf(said + n, sizeof said - n, "%s%s %s (%s)", i ? "; " : "",
			step->op == OP_NONE ? "-" : op_info(step->op)->name,
			step->subject, step->detail);
	}
	assert_string_equal(said, wanted);
}

static void
what_was_learnt_in_any_order_is_found_and_told_in_one(void **state)
{
	struct ground *ground = *state;
	struct fleet *fleet = ground->found;

	fleet_project(fleet, "b");
	fleet_project(fleet, "a");
	fleet_placement(fleet, "b", "1");
	fleet_placement(fleet, "a", "2");
	fleet_placement(fleet, "a", "1");
	fleet_device(fleet, "G2");
	fleet_device(fleet, "G1");
	fleet_sort(fleet);
	assert_string_equal(fleet->project[0].name, "a");
	assert_string_equal(fleet->placement[0].name, "1");
	assert_string_equal(fleet->placement[1].name, "2");
	assert_string_equal(fleet->placement[2].project, "b");
	assert_string_equal(fleet->device[0].id, "G1");
	assert_ptr_equal(fleet_find_project(fleet, "b"), &fleet->project[1]);
	assert_ptr_equal(fleet_find_placement(fleet, "a", "2"), &fleet->placement[1]);
	assert_ptr_equal(fleet_find_device(fleet, "G2"), &fleet->device[1]);
	assert_ptr_equal(fleet_device(fleet, "G1"), &fleet->device[0]);
	fleet_sort(ground->wanted); /* of nothing */
}

static void
what_is_as_it_should_be_takes_no_step(void **state)
{
	struct ground *ground = *state;

	put(ground->found, "a", "Up", "1");
	pairs_set(fleet_placement(ground->found, "P", "a")->attributes, "Room", "7");
	want(ground->wanted, "a", "Up", "1");
	pairs_set(fleet_placement(ground->wanted, "P", "a")->attributes, "Room", "7");
	expect_plan(ground, false, "");
}

static void
devices_that_change_places_leave_both_before_either_arrives(void **state)
{
	struct ground *ground = *state;

	put(ground->found, "a", "Up", "1");
	put(ground->found, "b", "Up", "2");
	want(ground->wanted, "a", "Up", "2");
	want(ground->wanted, "b", "Up", "1");
	expect_plan(ground, false,
		"DisassociateDeviceFromPlacement P/a (1 leaves Up); "
		"DisassociateDeviceFromPlacement P/b (2 leaves Up); "
		"AssociateDeviceWithPlacement P/a (2 becomes Up); "
		"AssociateDeviceWithPlacement P/b (1 becomes Up)");
}

static void
a_row_of_csv_leaves_the_other_slots_alone(void **state)
{
	struct ground *ground = *state;

	put(ground->found, "a", "Up", "1");
	put(ground->found, "a", "Down", "2");
	fleet_placement(ground->wanted, "P", "a");
	expect_plan(ground, false, "");
	want(ground->wanted, "a", "Up", "1");
	expect_plan(ground, false, "DisassociateDeviceFromPlacement P/a (2 leaves Down)");
}

static void
pruning_empties_a_placement_before_it_goes(void **state)
{
	struct ground *ground = *state;

	put(ground->found, "left", "Up", "1");
	fleet_project(ground->wanted, "P");
	expect_plan(ground, false, "");
	expect_plan(ground, true,
		"DisassociateDeviceFromPlacement P/left (1 leaves Up); "
		"DeletePlacement P/left (the file does not name it)");
}

static void
a_pruned_placements_device_can_move_to_a_new_one(void **state)
{
	struct ground *ground = *state;

	put(ground->found, "left", "Up", "1");
	fleet_project(ground->wanted, "P");
	want(ground->wanted, "new", "Up", "1");
	expect_plan(ground, true,
		"CreatePlacement P/new (); "
		"DisassociateDeviceFromPlacement P/left (1 leaves Up); "
		"DeletePlacement P/left (the file does not name it); "
		"AssociateDeviceWithPlacement P/new (1 becomes Up)");
}

static void
another_set_of_templates_is_refused(void **state)
{
	struct ground *ground = *state;

	fleet_project(ground->found, "P")->template = a_template(ground, "Up");
	fleet_project(ground->wanted, "P")->template = a_template(ground, "Down");
	expect_plan(ground, false,
		"- P (its device templates were fixed when it was created; another set "
		"of them takes another project.)");
}

static void
a_claim_code_is_spent_once_for_all_its_devices(void **state)
{
	struct ground *ground = *state;

	fleet_device(ground->wanted, "1")->code = "C-1";
	fleet_device(ground->wanted, "2")->code = "C-1";
	fleet_device(ground->wanted, "3");
	expect_plan(ground, false,
		"ClaimDevicesByClaimCode 1 (by the code C-1); "
		"- 3 (it is not claimed here: claim it first, or give its claim code.)");
}

static void
an_attribute_the_template_does_not_name_goes(void **state)
{
	struct ground *ground = *state;
	struct fleet_placement *now = fleet_placement(ground->found, "P", "a");

	fleet_project(ground->found, "P");
	pairs_set(now->attributes, "Room", "7");
	pairs_set(now->attributes, "phone", "");
	want(ground->wanted, "a", NULL, NULL);
	expect_plan(ground, false, "UpdatePlacement P/a (Room goes, was 7)");
}

static void
a_template_that_is_not_there_takes_nothing_out(void **state)
{
	struct ground *ground = *state;

	put(ground->found, "a", "Up", "1");
	want(ground->wanted, "a", "Top", "1");
	expect_plan(ground, false,
		"- P/a (project P has no device template Top for 1.); "
		"DisassociateDeviceFromPlacement P/a (1 leaves Up); "
		"AssociateDeviceWithPlacement P/a (1 becomes Top)");
	assert_int_equal(
		plan_make(ground, ground->wanted, ground->found, false)->refused, 1);
}

static void
a_device_cannot_be_in_two_places(void **state)
{
	struct ground *ground = *state;

	put(ground->found, "a", "Up", "1");
	want(ground->wanted, "a", "Up", "1");
	want(ground->wanted, "b", "Down", "1");
	assert_int_equal(
		plan_make(ground, ground->wanted, ground->found, false)->refused, 1);
	assert_string_equal(
		plan_make(ground, ground->wanted, ground->found, false)->step[0].detail,
		"1 is to be in P/a as well; a device stands in one place.");
}

static void
one_project_too_many_is_refused(void **state)
{
	struct ground *ground = *state;

	ground->found->account_projects = 511;
	fleet_project(ground->wanted, "A")->template = the_template(ground);
	fleet_project(ground->wanted, "B")->template = the_template(ground);
	expect_plan(ground, false,
		"CreateProject A (); - B (there are 511 projects already, and 512 are "
		"the "
		"most an account has.)");
}

/* The contract's own limits, each one too much. */
static void
what_the_service_would_refuse_is_refused_in_the_plan(void **state)
{
	struct ground *ground = *state;
	struct placement_template *many = mem_new(ground, struct placement_template);
	struct fleet_placement *wide;
	char name[8];

	many->templates = mem_array(many, struct device_template, 6);
	for (many->count = 0; many->count < 6; many->count++) {
		snprintf(name, sizeof name, "T%zu", many->count);
		many->templates[many->count] = (struct device_template){
			.name = mem_text(many, name),
			.callbacks = pairs_new(many),
		};
	}
	fleet_project(ground->wanted, "A")->template = many;
	fleet_project(ground->wanted, "P Q")->template = the_template(ground);
	fleet_project(ground->found, "P")->template = the_template(ground);
	pairs_set(fleet_placement(ground->wanted, "P", "long")->attributes, "Room",
		mem_format(ground, "%0801d", 0));
	wide = fleet_placement(ground->wanted, "P", "wide");
	for (int i = 0; i < 51; i++)
		pairs_set(wide->attributes, mem_format(ground, "a%d", i), "x");
	assert_int_equal(
		plan_make(ground, ground->wanted, ground->found, false)->refused, 4);
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(what_was_learnt_in_any_order_is_found_and_told_in_one),
		EACH(what_is_as_it_should_be_takes_no_step),
		EACH(devices_that_change_places_leave_both_before_either_arrives),
		EACH(a_row_of_csv_leaves_the_other_slots_alone),
		EACH(pruning_empties_a_placement_before_it_goes),
		EACH(a_pruned_placements_device_can_move_to_a_new_one),
		EACH(another_set_of_templates_is_refused),
		EACH(a_claim_code_is_spent_once_for_all_its_devices),
		EACH(an_attribute_the_template_does_not_name_goes),
		EACH(a_template_that_is_not_there_takes_nothing_out),
		EACH(a_device_cannot_be_in_two_places),
		EACH(one_project_too_many_is_refused),
		EACH(what_the_service_would_refuse_is_refused_in_the_plan),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
