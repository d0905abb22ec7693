#include "ground.h"
#include "oneclick/store/projects.h"

static bool
see_project(void *arg, const struct project *project)
{
	return see(arg, project->name);
}

static bool
see_placement(void *arg, const struct placement *placement)
{
	return see(arg, placement->name);
}

static struct project
a_project(const char *account, const char *name)
{
	return (struct project){ .account = account,
		.name = name,
		.tags = "{}",
		.created_at = 1,
		.updated_at = 1 };
}

static struct placement
a_placement(const char *project, const char *name)
{
	return (struct placement){ .account = OURS,
		.project = project,
		.name = name,
		.attributes = "{}",
		.created_at = 1,
		.updated_at = 1 };
}

TX_TEST(a_project_comes_back_as_it_was_saved)
{
	struct project a = a_project(OURS, "hotel"), b;

	must(projects_add(tx, &a, why), why);
	must(projects_find(tx, life, OURS, "hotel", &b, why), why);
	assert_null(b.description);
	assert_null(b.template_json);
	a.description = "all rooms";
	a.template_json = "{\"deviceTemplates\":{}}";
	a.tags = "{\"k\":\"v\"}";
	a.updated_at = INT64_C(1525476393747);
	must(projects_save(tx, &a, why), why);
	must(projects_find(tx, life, OURS, "hotel", &b, why), why);
	assert_string_equal(b.account, OURS);
	assert_string_equal(b.name, "hotel");
	assert_string_equal(b.description, "all rooms");
	assert_string_equal(b.template_json, a.template_json);
	assert_string_equal(b.tags, a.tags);
	assert_int_equal(b.created_at, 1);
	assert_int_equal(b.updated_at, INT64_C(1525476393747));
	return ERR_NONE;
}

TX_TEST(a_project_name_is_taken_once_an_account)
{
	struct project ours = a_project(OURS, "hotel"),
		       theirs = a_project(THEIRS, "hotel");

	must(projects_add(tx, &ours, why), why);
	must(projects_add(tx, &theirs, why), why);
	assert_int_equal(projects_add(tx, &ours, why), ERR_CONFLICT);
	assert_string_equal(why->sentence, "There is already a project named \"hotel\".");
	return ERR_NONE;
}

TX_TEST(a_missing_project_is_named_in_the_fault)
{
	struct project p = a_project(OURS, "hotel");

	assert_int_equal(projects_find(tx, life, OURS, "hotel", &p, why), ERR_NOT_FOUND);
	assert_string_equal(why->sentence, "There is no project named \"hotel\".");
	assert_int_equal(projects_save(tx, &p, why), ERR_NOT_FOUND);
	assert_int_equal(projects_remove(tx, OURS, "hotel", why), ERR_NOT_FOUND);
	return ERR_NONE;
}

TX_TEST(projects_are_counted_listed_and_removed_by_account)
{
	static const char *const names[] = { "c", "a", "b", "B" };
	struct seen all = { 0 }, rest = { 0 }, one = { .stop_after = 1 };
	struct project theirs = a_project(THEIRS, "aa");
	int count;

	must(projects_add(tx, &theirs, why), why);
	for (int i = 0; i < 4; i++) {
		struct project p = a_project(OURS, names[i]);

		must(projects_add(tx, &p, why), why);
	}
	must(projects_remove(tx, OURS, "b", why), why);
	must(projects_count(tx, OURS, &count, why), why);
	assert_int_equal(count, 3);
	must(projects_list(tx, OURS, "", 250, see_project, &all, why), why);
	assert_string_equal(all.text, "B a c");
	must(projects_list(tx, OURS, "B", 1, see_project, &rest, why), why);
	assert_string_equal(rest.text, "a");
	must(projects_list(tx, OURS, "", 250, see_project, &one, why), why);
	assert_string_equal(one.text, "B");
	return ERR_NONE;
}

TX_TEST(a_placement_comes_back_as_it_was_saved)
{
	struct placement a = a_placement("hotel", "room-7"), b;

	must(placements_add(tx, &a, why), why);
	a.attributes = "{\"floor\":\"3\"}";
	a.updated_at = 9;
	must(placements_save(tx, &a, why), why);
	must(placements_find(tx, life, OURS, "hotel", "room-7", &b, why), why);
	assert_string_equal(b.account, OURS);
	assert_string_equal(b.project, "hotel");
	assert_string_equal(b.name, "room-7");
	assert_string_equal(b.attributes, a.attributes);
	assert_int_equal(b.created_at, 1);
	assert_int_equal(b.updated_at, 9);
	assert_int_equal(placements_add(tx, &a, why), ERR_CONFLICT);
	assert_string_equal(why->sentence, "There is already a placement named "
					   "\"room-7\" in the project \"hotel\".");
	return ERR_NONE;
}

TX_TEST(a_missing_placement_is_named_in_the_fault)
{
	struct placement p = a_placement("hotel", "room-7");

	assert_int_equal(placements_find(tx, life, OURS, "hotel", "room-7", &p, why),
		ERR_NOT_FOUND);
	assert_string_equal(why->sentence,
		"There is no placement named \"room-7\" in the project \"hotel\".");
	assert_int_equal(placements_save(tx, &p, why), ERR_NOT_FOUND);
	assert_int_equal(
		placements_remove(tx, OURS, "hotel", "room-7", why), ERR_NOT_FOUND);
	return ERR_NONE;
}

TX_TEST(placements_are_listed_by_project_and_the_first_is_named)
{
	struct seen all = { 0 }, rest = { 0 };
	struct placement p[] = { a_placement("hotel", "b"), a_placement("hotel", "a"),
		a_placement("bar", "0") };
	const char *first = "";

	must(placements_first(tx, life, OURS, "hotel", &first, why), why);
	assert_null(first);
	for (int i = 0; i < 3; i++)
		must(placements_add(tx, &p[i], why), why);
	must(placements_list(tx, OURS, "hotel", "", 250, see_placement, &all, why), why);
	assert_string_equal(all.text, "a b");
	must(placements_list(tx, OURS, "hotel", "a", 250, see_placement, &rest, why),
		why);
	assert_string_equal(rest.text, "b");
	must(placements_remove(tx, OURS, "hotel", "a", why), why);
	must(placements_first(tx, life, OURS, "hotel", &first, why), why);
	assert_string_equal(first, "b");
	return ERR_NONE;
}

TX_TEST(a_large_template_is_kept_whole)
{
	struct project a = a_project(OURS, "hotel"), b;
	char *large = mem_array(life, char, 100001);

	memset(large, 'x', 100000);
	a.template_json = large;
	must(projects_add(tx, &a, why), why);
	must(projects_find(tx, life, OURS, "hotel", &b, why), why);
	assert_string_equal(b.template_json, large);
	return ERR_NONE;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_project_comes_back_as_it_was_saved),
		cmocka_unit_test(a_project_name_is_taken_once_an_account),
		cmocka_unit_test(a_missing_project_is_named_in_the_fault),
		cmocka_unit_test(projects_are_counted_listed_and_removed_by_account),
		cmocka_unit_test(a_placement_comes_back_as_it_was_saved),
		cmocka_unit_test(a_missing_placement_is_named_in_the_fault),
		cmocka_unit_test(placements_are_listed_by_project_and_the_first_is_named),
		cmocka_unit_test(a_large_template_is_kept_whole),
	};

	return RUN_BOTH(tests);
}
