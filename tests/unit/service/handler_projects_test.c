#include "fleet.h"

static enum err
create(const char *name)
{
	return call(OP_CREATE_PROJECT, "", NULL,
		mem_format(fleet.life, "{\"projectName\": \"%s\"}", name));
}

static enum err
update(const char *body)
{
	return call(OP_UPDATE_PROJECT, DUMPSTERS, NULL, body);
}

static void
describe(void)
{
	must(call(OP_DESCRIBE_PROJECT, DUMPSTERS, NULL, NULL));
}

static void
a_name_is_taken_once_an_account(void **state)
{
	(void)state;
	must(create("Rooms"));
	assert_reply("{}");
	assert_refused(ERR_CONFLICT, "Rooms", create("Rooms"));
	fleet.account = "999999999999";
	must(create("Rooms"));
}

static void
a_bare_project_has_an_empty_template(void **state)
{
	(void)state;
	must(create("AnytownDumpsters"));
	describe();
	assert_reply_has("\"placementTemplate\":{\"defaultAttributes\":{},"
			 "\"deviceTemplates\":{}},\"tags\":{}");
	assert_reply_lacks("description");
}

static void
an_account_has_512_projects(void **state)
{
	(void)state;
	for (int i = 0; i < 512; i++)
		must(create(mem_format(fleet.life, "p%d", i)));
	assert_refused(ERR_INVALID, "512", create("one-more"));
	fleet.account = "999999999999";
	must(create("one-more"));
}

static void
a_project_has_five_device_templates(void **state)
{
	(void)state;
	assert_refused(ERR_INVALID, "at most 5",
		call(OP_CREATE_PROJECT, "", NULL,
			"{\"projectName\": \"P\", \"placementTemplate\": "
			"{\"deviceTemplates\": "
			"{\"a\":{},\"b\":{},\"c\":{},\"d\":{},\"e\":{},\"f\":{}}}}"));
}

static void
odd_projects_are_refused(void **state)
{
	(void)state;
	assert_refused(ERR_INVALID, "projectName", create("no blanks"));
	assert_refused(ERR_INVALID, "projectName", create(""));
	assert_refused(
		ERR_INVALID, "projectName", call(OP_CREATE_PROJECT, "", NULL, "{}"));
	assert_refused(ERR_INVALID, "deviceType",
		call(OP_CREATE_PROJECT, "", NULL,
			"{\"projectName\": \"P\", \"placementTemplate\": "
			"{\"deviceTemplates\": "
			"{\"a\": {\"deviceType\": \"toaster\"}}}}"));
}

static void
an_update_changes_what_it_names_only(void **state)
{
	(void)state;
	make_project();
	fleet.now += MINUTE;
	must(update("{\"placementTemplate\": {\"defaultAttributes\": {\"Zip\": \"1\"}, "
		    "\"deviceTemplates\": {\"complaint\": {\"callbackOverrides\": "
		    "{\"onClickCallback\": \"arn:x\"}}}}}"));
	assert_reply("{}");
	describe();
	assert_reply_has("All dumpsters in the Anytown region.");
	assert_reply_has("\"createdDate\":1563483100,\"updatedDate\":1563483160");
	assert_reply_has("\"City\":\"Anytown\",\"Zip\":\"1\"");
	assert_reply_has(
		"\"complaint\":{\"callbackOverrides\":{\"onClickCallback\":\"arn:x\"}}");
	assert_reply_has("\"empty-dumpster-request\":{\"deviceType\":\"button\","
			 "\"callbackOverrides\":{}}");
}

static void
an_empty_text_takes_a_value_away(void **state)
{
	(void)state;
	make_project();
	must(update("{\"description\": \"\", \"placementTemplate\": "
		    "{\"defaultAttributes\": {\"City\": \"\"}}}"));
	describe();
	assert_reply_lacks("description");
	assert_reply_has("\"defaultAttributes\":{}");
}

static void
template_names_are_fixed(void **state)
{
	(void)state;
	make_project();
	assert_refused(ERR_INVALID, "more-towels",
		update("{\"placementTemplate\": {\"deviceTemplates\": {\"more-towels\": "
		       "{}}}}"));
}

static void
a_project_with_placements_is_not_deleted(void **state)
{
	(void)state;
	make_project();
	make_placement();
	assert_refused(ERR_INVALID, "customer217",
		call(OP_DELETE_PROJECT, DUMPSTERS, NULL, NULL));
	must(call(OP_DELETE_PLACEMENT, CUSTOMER, NULL, NULL));
	must(call(OP_DELETE_PROJECT, DUMPSTERS, NULL, NULL));
	assert_reply("{}");
	assert_refused(ERR_NOT_FOUND, "AnytownDumpsters",
		call(OP_DELETE_PROJECT, DUMPSTERS, NULL, NULL));
}

static void
what_is_not_there_is_not_found(void **state)
{
	(void)state;
	assert_refused(ERR_NOT_FOUND, "AnytownDumpsters",
		call(OP_DESCRIBE_PROJECT, DUMPSTERS, NULL, NULL));
	assert_refused(ERR_NOT_FOUND, "AnytownDumpsters", update("{}"));
}

static void
projects_are_listed_by_name_in_pages(void **state)
{
	const char *token;

	(void)state;
	must(call(OP_LIST_PROJECTS, "", NULL, NULL));
	assert_reply("{\"projects\":[]}");
	must(create("b"));
	must(create("a"));
	must(call(OP_LIST_PROJECTS, "", "maxResults=1", NULL));
	assert_reply_has("\"projectName\":\"a\"");
	assert_reply_lacks("\"projectName\":\"b\"");
	token = strstr(fleet.out.data, "nextToken\":\"") + strlen("nextToken\":\"");
	must(call(OP_LIST_PROJECTS, "",
		mem_format(
			fleet.life, "nextToken=%.*s", (int)strcspn(token, "\""), token),
		NULL));
	assert_reply_has("\"projectName\":\"b\"");
	assert_reply_lacks("nextToken");
	assert_refused(ERR_INVALID, "", call(OP_LIST_PROJECTS, "", "nextToken=x", NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_name_is_taken_once_an_account),
		TEST(a_bare_project_has_an_empty_template),
		TEST(an_account_has_512_projects),
		TEST(a_project_has_five_device_templates),
		TEST(odd_projects_are_refused),
		TEST(an_update_changes_what_it_names_only),
		TEST(an_empty_text_takes_a_value_away),
		TEST(template_names_are_fixed),
		TEST(a_project_with_placements_is_not_deleted),
		TEST(what_is_not_there_is_not_found),
		TEST(projects_are_listed_by_name_in_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
