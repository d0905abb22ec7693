#include "fleet.h"

#define ID "deviceId=" ENTERPRISE

static void
set_enabled(const char *id, bool enabled)
{
	must(call(OP_UPDATE_DEVICE_STATE, label("deviceId", id), NULL,
		enabled ? "{\"enabled\": true}" : "{\"enabled\": false}"));
}

static void
a_placed_device_has_four_attributes(void **state)
{
	(void)state;
	claim(ENTERPRISE);
	must(call(OP_DESCRIBE_DEVICE, ID, NULL, NULL));
	assert_reply_has("\"attributes\":{},");
	make_project();
	make_placement();
	must(associate(SLOT, ENTERPRISE));
	must(call(OP_DESCRIBE_DEVICE, ID, NULL, NULL));
	assert_reply_has("\"attributes\":{\"projectRegion\":\"us-west-2\","
			 "\"projectName\":\"AnytownDumpsters\","
			 "\"placementName\":\"customer217\","
			 "\"deviceTemplateName\":\"empty-dumpster-request\"}");
}

static void
another_accounts_device_is_not_found(void **state)
{
	(void)state;
	claim(ENTERPRISE);
	fleet.account = "999999999999";
	assert_refused(
		ERR_NOT_FOUND, ENTERPRISE, call(OP_DESCRIBE_DEVICE, ID, NULL, NULL));
	assert_refused(ERR_NOT_FOUND, ENTERPRISE,
		call(OP_UPDATE_DEVICE_STATE, ID, NULL, "{\"enabled\":true}"));
	assert_refused(
		ERR_NOT_FOUND, ENTERPRISE, call(OP_GET_DEVICE_METHODS, ID, NULL, NULL));
	assert_refused(ERR_NOT_FOUND, ENTERPRISE,
		call(OP_LIST_DEVICE_EVENTS, ID,
			"fromTimeStamp=2018-01-01&toTimeStamp=2020-01-01", NULL));
}

static void
enabling_is_told_once(void **state)
{
	(void)state;
	claim(ENTERPRISE);
	set_enabled(ENTERPRISE, true);
	assert_reply("{}");
	set_enabled(ENTERPRISE, true);
	must(call(OP_DESCRIBE_DEVICE, ID, NULL, NULL));
	assert_reply_has("\"enabled\":true");
	set_enabled(ENTERPRISE, false);
	assert_string_equal(
		log_kinds().words.data, "CLAIM_STARTED SINGLE CLAIMED ENABLED DISABLED");
}

static void
a_state_without_enabled_is_refused(void **state)
{
	(void)state;
	claim(ENTERPRISE);
	assert_refused(
		ERR_INVALID, "enabled", call(OP_UPDATE_DEVICE_STATE, ID, NULL, "{}"));
}

static void
an_unclaimed_device_is_not_enabled(void **state)
{
	(void)state;
	know(ENTERPRISE, NULL);
	assert_refused(ERR_NOT_FOUND, ENTERPRISE,
		call(OP_UPDATE_DEVICE_STATE, ID, NULL, "{\"enabled\":true}"));
}

/* The token of the last reply, or NULL. */
static const char *
next_token(void)
{
	const char *at = strstr(fleet.out.data, "\"nextToken\":\"");

	if (!at)
		return NULL;
	at += strlen("\"nextToken\":\"");
	return mem_textn(fleet.life, at, strcspn(at, "\""));
}

static int
count_parts(const char *part)
{
	int count = 0;

	for (const char *at = fleet.out.data; (at = strstr(at, part)); at++)
		count++;
	return count;
}

static void
claim_many(int count)
{
	for (int i = 0; i < count; i++)
		know(mem_format(fleet.life, "B9GHXT1832%05d", i), "C-0123456789");
	must(call(OP_CLAIM_DEVICES_BY_CLAIM_CODE, "claimCode=C-0123456789", NULL, NULL));
}

static void
pages_show_each_device_once(void **state)
{
	const char *token;
	int seen = 0, pages = 0;

	(void)state;
	claim_many(10);
	must(call(OP_LIST_DEVICES, "", "maxResults=4", NULL));
	while (pages++, seen += count_parts("\"deviceId\""), (token = next_token()))
		must(call(OP_LIST_DEVICES, "",
			mem_format(fleet.life, "maxResults=4&nextToken=%s", token),
			NULL));
	assert_int_equal(seen, 10);
	assert_int_equal(pages, 3);
}

static void
a_page_that_ends_the_list_has_no_token(void **state)
{
	(void)state;
	claim_many(4);
	must(call(OP_LIST_DEVICES, "", "maxResults=4", NULL));
	assert_int_equal(count_parts("\"deviceId\""), 4);
	assert_reply_lacks("nextToken");
}

static void
a_page_has_a_hundred_unless_asked_otherwise(void **state)
{
	(void)state;
	claim_many(101);
	must(call(OP_LIST_DEVICES, "", NULL, NULL));
	assert_int_equal(count_parts("\"deviceId\""), 100);
	assert_non_null(next_token());
	assert_refused(ERR_INVALID, "maxResults",
		call(OP_LIST_DEVICES, "", "maxResults=251", NULL));
	assert_refused(ERR_INVALID, "maxResults",
		call(OP_LIST_DEVICES, "", "maxResults=0", NULL));
}

static void
a_token_of_another_list_is_out_of_range(void **state)
{
	const char *query;

	(void)state;
	claim_many(2);
	must(call(OP_LIST_DEVICES, "", "maxResults=1", NULL));
	query = mem_format(fleet.life, "nextToken=%s", next_token());
	assert_refused(ERR_RANGE, "", call(OP_LIST_DEVICES, "", "nextToken=AAAA", NULL));
	assert_refused(ERR_RANGE, "",
		call(OP_LIST_DEVICES, "",
			mem_format(fleet.life, "deviceType=button&%s", query), NULL));
	assert_refused(ERR_INVALID, "", call(OP_LIST_PROJECTS, "", query, NULL));
	fleet.account = "999999999999";
	assert_refused(ERR_RANGE, "", call(OP_LIST_DEVICES, "", query, NULL));
}

static void
only_buttons_exist(void **state)
{
	(void)state;
	claim(ENTERPRISE);
	must(call(OP_LIST_DEVICES, "", "deviceType=button", NULL));
	assert_reply_has(ENTERPRISE);
	must(call(OP_LIST_DEVICES, "", "deviceType=toaster", NULL));
	assert_reply("{\"devices\":[]}");
}

static void
events_are_listed_in_pages_oldest_first(void **state)
{
	static const char range[] = "fromTimeStamp=2019-07-18&toTimeStamp=2019-07-20";
	const char *token;

	(void)state;
	claim(ENTERPRISE);
	fleet.now += MINUTE;
	press(ENTERPRISE, EVENT_DOUBLE);
	fleet.now += MINUTE;
	press(ENTERPRISE, EVENT_LONG);
	must(call(OP_LIST_DEVICE_EVENTS, ID,
		mem_format(fleet.life, "%s&maxResults=2", range), NULL));
	assert_int_equal(count_parts("stdEvent"), 2);
	assert_true(strstr(fleet.out.data, "SINGLE") < strstr(fleet.out.data, "DOUBLE"));
	token = next_token();
	assert_non_null(token);
	must(call(OP_LIST_DEVICE_EVENTS, ID,
		mem_format(fleet.life, "%s&maxResults=2&nextToken=%s", range, token),
		NULL));
	assert_int_equal(count_parts("stdEvent"), 1);
	assert_reply_has("LONG");
	assert_reply_lacks("nextToken");
	assert_refused(ERR_RANGE, "",
		call(OP_LIST_DEVICE_EVENTS, ID,
			mem_format(fleet.life,
				"fromTimeStamp=2019-07-17&toTimeStamp=2019-07-20&"
				"nextToken=%s",
				token),
			NULL));
}

static void
events_outside_the_range_are_not_listed(void **state)
{
	(void)state;
	claim(ENTERPRISE);
	must(call(OP_LIST_DEVICE_EVENTS, ID,
		"fromTimeStamp=2019-07-19&toTimeStamp=2019-07-20", NULL));
	assert_reply("{\"events\":[]}");
	assert_refused(ERR_INVALID, "exchange",
		call(OP_LIST_DEVICE_EVENTS, ID,
			"fromTimeStamp=2019-07-20&toTimeStamp=2019-07-19", NULL));
	assert_refused(ERR_INVALID, "toTimeStamp",
		call(OP_LIST_DEVICE_EVENTS, ID, "fromTimeStamp=2019-07-20", NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_placed_device_has_four_attributes),
		TEST(another_accounts_device_is_not_found),
		TEST(enabling_is_told_once),
		TEST(a_state_without_enabled_is_refused),
		TEST(an_unclaimed_device_is_not_enabled),
		TEST(pages_show_each_device_once),
		TEST(a_page_that_ends_the_list_has_no_token),
		TEST(a_page_has_a_hundred_unless_asked_otherwise),
		TEST(a_token_of_another_list_is_out_of_range),
		TEST(only_buttons_exist),
		TEST(events_are_listed_in_pages_oldest_first),
		TEST(events_outside_the_range_are_not_listed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
