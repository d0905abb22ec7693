#include "fleet.h"

#define COMPLAINT CUSTOMER " deviceTemplateName=complaint"

static enum err
update(const char *attributes)
{
	return call(OP_UPDATE_PLACEMENT, CUSTOMER, NULL,
		mem_format(fleet.life, "{\"attributes\": %s}", attributes));
}

static enum err
disassociate(const char *labels)
{
	return call(OP_DISASSOCIATE_DEVICE_FROM_PLACEMENT, labels, NULL, NULL);
}

static void
open_customer(void)
{
	claim(ENTERPRISE);
	claim(SECOND);
	make_project();
	make_placement();
}

/* {"a0":"v","a1":"v",...} */
static const char *
many_attributes(int count, const char *value)
{
	struct pairs *pairs = pairs_new(fleet.life);

	for (int i = 0; i < count; i++)
		pairs_set(pairs, mem_format(fleet.life, "a%d", i), value);
	return json_write_pairs(fleet.life, pairs);
}

static void
a_placement_needs_its_project_and_a_free_name(void **state)
{
	(void)state;
	assert_refused(ERR_NOT_FOUND, "AnytownDumpsters",
		call(OP_CREATE_PLACEMENT, DUMPSTERS, NULL, "{\"placementName\": \"x\"}"));
	make_project();
	make_placement();
	assert_reply("{}");
	assert_refused(ERR_CONFLICT, "customer217",
		call(OP_CREATE_PLACEMENT, DUMPSTERS, NULL,
			"{\"placementName\": \"customer217\"}"));
}

static void
attributes_have_limits(void **state)
{
	char value[802];

	(void)state;
	make_project();
	make_placement();
	memset(value, 'x', 801);
	value[801] = '\0';
	assert_refused(ERR_INVALID, "attributes",
		update(mem_format(fleet.life, "{\"a\": \"%s\"}", value)));
	assert_refused(ERR_INVALID, "", update(many_attributes(51, "v")));
	assert_refused(ERR_INVALID, "51 attributes", update(many_attributes(50, "v")));
	must(update(many_attributes(49, value + 1)));
}

static void
an_update_merges_and_an_empty_text_clears(void **state)
{
	(void)state;
	make_project();
	make_placement();
	fleet.now += MINUTE;
	must(update("{\"location\": \"123 Any Street\"}"));
	assert_reply("{}");
	must(call(OP_DESCRIBE_PLACEMENT, CUSTOMER, NULL, NULL));
	assert_reply("{\"placement\":{\"projectName\":\"AnytownDumpsters\","
		     "\"placementName\":\"customer217\",\"attributes\":{"
		     "\"phone\":\"123-555-0110\",\"location\":\"123 Any Street\"},"
		     "\"createdDate\":1563483100,\"updatedDate\":1563483160}}");
	must(update("{\"phone\": \"\"}"));
	must(call(OP_DESCRIBE_PLACEMENT, CUSTOMER, NULL, NULL));
	assert_reply_has("\"attributes\":{\"location\":\"123 Any Street\"}");
}

static void
a_device_takes_a_slot_and_leaves_it(void **state)
{
	(void)state;
	open_customer();
	must(associate(SLOT, ENTERPRISE));
	assert_reply("{}");
	must(call(OP_GET_DEVICES_IN_PLACEMENT, CUSTOMER, NULL, NULL));
	assert_reply("{\"devices\":{\"empty-dumpster-request\":\"" ENTERPRISE "\"}}");
	must(disassociate(SLOT));
	assert_reply("{}");
	must(call(OP_GET_DEVICES_IN_PLACEMENT, CUSTOMER, NULL, NULL));
	assert_reply("{\"devices\":{}}");
	assert_refused(ERR_NOT_FOUND, "empty-dumpster-request", disassociate(SLOT));
}

static void
a_slot_and_a_device_are_taken_once(void **state)
{
	(void)state;
	open_customer();
	must(associate(SLOT, ENTERPRISE));
	assert_refused(ERR_CONFLICT, "customer217", associate(COMPLAINT, ENTERPRISE));
	assert_refused(ERR_CONFLICT, ENTERPRISE, associate(SLOT, SECOND));
	must(associate(COMPLAINT, SECOND));
}

static void
a_slot_must_exist_and_the_device_be_ones_own(void **state)
{
	(void)state;
	open_customer();
	assert_refused(ERR_NOT_FOUND, "no-such",
		associate(CUSTOMER " deviceTemplateName=no-such", ENTERPRISE));
	assert_refused(ERR_NOT_FOUND, "nowhere",
		associate(DUMPSTERS " placementName=nowhere "
				    "deviceTemplateName=complaint",
			ENTERPRISE));
	assert_refused(ERR_NOT_FOUND, "", associate(SLOT, "G030PM5555555555"));
	assert_refused(ERR_INVALID, "prefix", associate(SLOT, "G03"));
	know("G030PM5555555555", NULL);
	assert_refused(ERR_NOT_FOUND, "", associate(SLOT, "G030PM5555555555"));
}

static void
a_placement_with_devices_is_not_deleted(void **state)
{
	(void)state;
	open_customer();
	must(associate(SLOT, ENTERPRISE));
	assert_refused(
		ERR_INVALID, ENTERPRISE, call(OP_DELETE_PLACEMENT, CUSTOMER, NULL, NULL));
	must(disassociate(SLOT));
	must(call(OP_DELETE_PLACEMENT, CUSTOMER, NULL, NULL));
	assert_refused(ERR_NOT_FOUND, "customer217",
		call(OP_DELETE_PLACEMENT, CUSTOMER, NULL, NULL));
}

static void
events_carry_the_placement_as_it_was(void **state)
{
	struct listing log;

	(void)state;
	open_customer();
	must(associate(SLOT, ENTERPRISE));
	log = log_kinds();
	assert_non_null(strstr(log.words.data, "CLAIMED PLACED"));
	assert_string_equal(log.context,
		"{\"projectName\":\"AnytownDumpsters\",\"placementName\":\"customer217\","
		"\"deviceTemplateName\":\"empty-dumpster-request\",\"attributes\":"
		"{\"City\":\"Anytown\",\"phone\":\"123-555-0110\"},\"devices\":"
		"{\"empty-dumpster-request\":\"" ENTERPRISE "\"},\"callback\":\"\"}");
	must(disassociate(SLOT));
	log = log_kinds();
	assert_non_null(strstr(log.words.data, "PLACED REMOVED"));
	assert_non_null(strstr(log.context, "customer217"));
	press(ENTERPRISE, EVENT_SINGLE);
	assert_string_equal(log_kinds().context, "");
}

static void
a_change_shows_in_the_next_event(void **state)
{
	(void)state;
	open_customer();
	must(associate(SLOT, ENTERPRISE));
	must(update("{\"City\": \"Elsewhere\"}"));
	press(ENTERPRISE, EVENT_SINGLE);
	assert_non_null(strstr(log_kinds().context, "\"City\":\"Elsewhere\""));
	must(associate(COMPLAINT, SECOND));
	press(ENTERPRISE, EVENT_SINGLE);
	assert_non_null(strstr(log_kinds().context, "\"complaint\":\"" SECOND "\""));
	must(call(OP_UPDATE_PROJECT, DUMPSTERS, NULL,
		"{\"placementTemplate\": {\"defaultAttributes\": {\"Zip\": "
		"\"98101\"}}}"));
	press(ENTERPRISE, EVENT_SINGLE);
	assert_non_null(strstr(log_kinds().context, "\"Zip\":\"98101\""));
}

static void
the_templates_callback_goes_before_the_devices_own(void **state)
{
	(void)state;
	open_customer();
	must(associate(SLOT, ENTERPRISE));
	must(call(OP_INVOKE_DEVICE_METHOD, "deviceId=" ENTERPRISE, NULL,
		"{\"deviceMethod\": {\"methodName\": \"setOnClickCallback\"}, "
		"\"deviceMethodParameters\": "
		"\"{\\\"callback\\\": {\\\"awsLambdaArn\\\": \\\"arn:own\\\"}}\"}"));
	press(ENTERPRISE, EVENT_SINGLE);
	assert_non_null(strstr(log_kinds().context, "\"callback\":\"arn:own\""));
	must(call(OP_UPDATE_PROJECT, DUMPSTERS, NULL,
		"{\"placementTemplate\": {\"deviceTemplates\": "
		"{\"empty-dumpster-request\": "
		"{\"callbackOverrides\": {\"onClickCallback\": \"arn:template\"}}}}}"));
	press(ENTERPRISE, EVENT_SINGLE);
	assert_non_null(strstr(log_kinds().context, "\"callback\":\"arn:template\""));
}

static void
placements_are_listed_in_their_project(void **state)
{
	(void)state;
	assert_refused(ERR_NOT_FOUND, "AnytownDumpsters",
		call(OP_LIST_PLACEMENTS, DUMPSTERS, NULL, NULL));
	make_project();
	must(call(OP_LIST_PLACEMENTS, DUMPSTERS, NULL, NULL));
	assert_reply("{\"placements\":[]}");
	make_placement();
	must(call(OP_CREATE_PLACEMENT, DUMPSTERS, NULL, "{\"placementName\": \"a\"}"));
	must(call(OP_LIST_PLACEMENTS, DUMPSTERS, "maxResults=1", NULL));
	assert_reply_has("\"placementName\":\"a\"");
	assert_reply_has("nextToken");
	assert_reply_lacks("customer217");
	assert_refused(ERR_INVALID, "",
		call(OP_LIST_PLACEMENTS, DUMPSTERS, "nextToken=AAAA", NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_placement_needs_its_project_and_a_free_name),
		TEST(attributes_have_limits),
		TEST(an_update_merges_and_an_empty_text_clears),
		TEST(a_device_takes_a_slot_and_leaves_it),
		TEST(a_slot_and_a_device_are_taken_once),
		TEST(a_slot_must_exist_and_the_device_be_ones_own),
		TEST(a_placement_with_devices_is_not_deleted),
		TEST(events_carry_the_placement_as_it_was),
		TEST(a_change_shows_in_the_next_event),
		TEST(the_templates_callback_goes_before_the_devices_own),
		TEST(placements_are_listed_in_their_project),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
