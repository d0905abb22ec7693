#include "fleet.h"

#define DEVICE "resourceArn=arn:aws:iot1click:us-west-2:" ACCOUNT ":devices/" ENTERPRISE
#define PROJECT \
	"resourceArn=arn:aws:iot1click:us-west-2:" ACCOUNT ":projects/AnytownDumpsters"

static void
a_device_is_tagged_and_untagged_without_a_body(void **state)
{
	(void)state;
	claim(ENTERPRISE);
	must(call(OP_TAG_DEVICE, DEVICE, NULL,
		"{\"tags\": {\"Driver\": \"Jorge\", \"Driver Phone\": \"123\"}}"));
	assert_reply("");
	must(call(OP_TAG_DEVICE, DEVICE, NULL, "{\"tags\": {\"Driver\": \"Ana\"}}"));
	must(call(OP_LIST_TAGS_FOR_DEVICE, DEVICE, NULL, NULL));
	assert_reply("{\"tags\":{\"Driver\":\"Ana\",\"Driver Phone\":\"123\"}}");
	must(call(OP_UNTAG_DEVICE, DEVICE, "tagKeys=Driver%20Phone&tagKeys=none", NULL));
	assert_reply("");
	must(call(OP_LIST_TAGS_FOR_DEVICE, DEVICE, NULL, NULL));
	assert_reply("{\"tags\":{\"Driver\":\"Ana\"}}");
}

static void
a_project_is_tagged_and_untagged(void **state)
{
	(void)state;
	make_project();
	must(call(OP_TAG_PROJECT, PROJECT, NULL, "{\"tags\": {\"Account\": \"45215\"}}"));
	assert_reply("{}");
	must(call(OP_LIST_TAGS_FOR_PROJECT, PROJECT, NULL, NULL));
	assert_reply("{\"tags\":{\"Account\":\"45215\"}}");
	must(call(OP_UNTAG_PROJECT, PROJECT, "tagKeys=Account", NULL));
	assert_reply("{}");
	must(call(OP_LIST_TAGS_FOR_PROJECT, PROJECT, NULL, NULL));
	assert_reply("{\"tags\":{}}");
}

/* {"tags": {"<letter>0": "v", ...}} */
static const char *
many_tags(char letter, int count)
{
	struct pairs *pairs = pairs_new(fleet.life);

	for (int i = 0; i < count; i++)
		pairs_set(pairs, mem_format(fleet.life, "%c%d", letter, i), "v");
	return mem_format(
		fleet.life, "{\"tags\": %s}", json_write_pairs(fleet.life, pairs));
}

static void
a_resource_has_fifty_tags_in_all(void **state)
{
	(void)state;
	make_project();
	must(call(OP_TAG_PROJECT, PROJECT, NULL, many_tags('a', 30)));
	assert_refused(ERR_INVALID, "50",
		call(OP_TAG_PROJECT, PROJECT, NULL, many_tags('b', 21)));
	must(call(OP_TAG_PROJECT, PROJECT, NULL, many_tags('b', 20)));
	must(call(OP_TAG_PROJECT, PROJECT, NULL, many_tags('b', 20)));
}

static void
odd_tags_are_refused(void **state)
{
	(void)state;
	make_project();
	assert_refused(ERR_INVALID, "aws:",
		call(OP_TAG_PROJECT, PROJECT, NULL, "{\"tags\": {\"aws:x\": \"1\"}}"));
	assert_refused(ERR_INVALID, "tags",
		call(OP_TAG_PROJECT, PROJECT, NULL, "{\"tags\": {}}"));
	assert_refused(ERR_INVALID, "tags", call(OP_TAG_PROJECT, PROJECT, NULL, "{}"));
	assert_refused(
		ERR_INVALID, "tagKeys", call(OP_UNTAG_PROJECT, PROJECT, NULL, NULL));
}

static void
a_resource_that_is_not_ones_own_is_not_found(void **state)
{
	(void)state;
	claim(ENTERPRISE);
	assert_refused(ERR_NOT_FOUND, "AnytownDumpsters",
		call(OP_LIST_TAGS_FOR_PROJECT, PROJECT, NULL, NULL));
	assert_refused(ERR_NOT_FOUND, "region",
		call(OP_LIST_TAGS_FOR_DEVICE,
			"resourceArn=arn:aws:iot1click:eu-west-1:" ACCOUNT
			":devices/" ENTERPRISE,
			NULL, NULL));
	fleet.account = "999999999999";
	assert_refused(ERR_NOT_FOUND, "account",
		call(OP_LIST_TAGS_FOR_DEVICE, DEVICE, NULL, NULL));
	assert_refused(ERR_NOT_FOUND, ENTERPRISE,
		call(OP_LIST_TAGS_FOR_DEVICE,
			"resourceArn=arn:aws:iot1click:us-west-2:999999999999"
			":devices/" ENTERPRISE,
			NULL, NULL));
}

static void
tags_end_with_the_claim(void **state)
{
	(void)state;
	claim(ENTERPRISE);
	must(call(OP_TAG_DEVICE, DEVICE, NULL, "{\"tags\": {\"Driver\": \"Jorge\"}}"));
	must(call(OP_UNCLAIM_DEVICE, "deviceId=" ENTERPRISE, NULL, NULL));
	must(call(OP_INITIATE_DEVICE_CLAIM, "deviceId=" ENTERPRISE, NULL, NULL));
	press(ENTERPRISE, EVENT_SINGLE);
	must(call(OP_FINALIZE_DEVICE_CLAIM, "deviceId=" ENTERPRISE, NULL, NULL));
	must(call(OP_LIST_TAGS_FOR_DEVICE, DEVICE, NULL, NULL));
	assert_reply("{\"tags\":{}}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_device_is_tagged_and_untagged_without_a_body),
		TEST(a_project_is_tagged_and_untagged),
		TEST(a_resource_has_fifty_tags_in_all),
		TEST(odd_tags_are_refused),
		TEST(a_resource_that_is_not_ones_own_is_not_found),
		TEST(tags_end_with_the_claim),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
