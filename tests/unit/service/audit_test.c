#include "oneclick/service/audit.h"

#include "fleet.h"

static struct sign_header headers[] = { { "User-Agent", "aws-cli/2.9.19 \x1b[31m" } };

/* The record of one call, read from the wire; `error` as in audit_note. */
static const struct value *
record(enum op op, const char *labels, const char *query, const char *body,
	const char *error)
{
	struct ask_source from = { read_labels(labels), query, body,
		body ? strlen(body) : 0 };
	struct principal who = { .account = ACCOUNT,
		.user = "Alice",
		.arn = "arn:aws:iam::" ACCOUNT ":user/Alice",
		.access_key = "AKIAEXAMPLE" };
	struct request request = { .header = headers,
		.header_count = 1,
		.peer = "127.0.0.1",
		.at = INT64_C(1523559447123),
		.id = "request-1" };
	struct ask ask;
	struct audit_note note = { .op = op,
		.request = &request,
		.principal = &who,
		.ask = &ask,
		.region = "us-west-2",
		.error = error,
		.sentence = error ? "Because." : NULL };
	const struct value *tree;

	must(ask_read(fleet.life, op, &from, &ask, &fleet.why));
	buf_clear(&fleet.out);
	audit_record(&fleet.out, &note);
	assert_null(strchr(fleet.out.data, '\n'));
	assert_null(strchr(fleet.out.data, '\x1b'));
	must(json_parse(fleet.life, fleet.out.data, fleet.out.len, &tree, &fleet.why));
	return tree;
}

static void
the_guides_sample_comes_out(void **state)
{
	const struct value *tree =
		record(OP_DESCRIBE_DEVICE, "deviceId=G030PM12345678", NULL, NULL, NULL);
	static const char *const members[] = { "eventVersion", "userIdentity",
		"eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress",
		"userAgent", "requestParameters", "responseElements", "requestID",
		"eventID", "readOnly", "eventType", "recipientAccountId" };

	(void)state;
	assert_int_equal(tree->count, sizeof members / sizeof *members);
	for (size_t i = 0; i < tree->count; i++)
		assert_string_equal(tree->key[i], members[i]);
	assert_string_equal(value_text(tree, "eventTime"), "2018-04-12T18:57:27Z");
	assert_string_equal(value_text(tree, "eventName"), "DescribeDevice");
	assert_string_equal(value_text(value_get(tree, "requestParameters"), "deviceId"),
		"G030PM12345678");
	assert_true(value_bool(tree, "readOnly", false));
	assert_reply_has(
		"\"userIdentity\":{\"type\":\"IAMUser\",\"principalId\":\"" ACCOUNT
		":Alice\",\"arn\":\"arn:aws:iam::" ACCOUNT
		":user/Alice\",\"accountId\":\"" ACCOUNT
		"\",\"accessKeyId\":\"AKIAEXAMPLE\",\"userName\":\"Alice\"}");
}

static void
values_that_are_the_customers_are_masked(void **state)
{
	(void)state;
	record(OP_CREATE_PROJECT, "", NULL,
		"{\"projectName\": \"P\", \"description\": \"\", \"placementTemplate\": "
		"{\"defaultAttributes\": {\"k\": \"hidden\"}, \"deviceTemplates\": "
		"{\"happyId\": "
		"{\"deviceType\": \"button\", \"callbackOverrides\": "
		"{\"onClickCallback\": "
		"\"arn:x\"}}}}, \"tags\": {\"t\": \"hidden\"}}",
		NULL);
	assert_reply_lacks("hidden");
	assert_reply_has(
		"\"requestParameters\":{\"projectName\":\"P\",\"description\":\"\","
		"\"placementTemplate\":{\"defaultAttributes\":\"****\","
		"\"deviceTemplates\":{\"happyId\":{\"deviceType\":\"button\","
		"\"callbackOverrides\":{\"onClickCallback\":\"arn:x\"}}}},"
		"\"tags\":\"****\"}");
	record(OP_UPDATE_PLACEMENT, CUSTOMER, NULL,
		"{\"attributes\": {\"k\": \"hidden\"}}", NULL);
	assert_reply_has("\"attributes\":\"****\"");
	record(OP_INVOKE_DEVICE_METHOD, "deviceId=" ENTERPRISE, NULL,
		"{\"deviceMethod\": {\"methodName\": \"setOnClickCallback\"}, "
		"\"deviceMethodParameters\": \"hidden\"}",
		NULL);
	assert_reply_lacks("hidden");
	assert_reply_has("\"deviceMethod\":{\"methodName\":\"setOnClickCallback\"},"
			 "\"deviceMethodParameters\":\"****\"");
}

static void
members_come_from_path_query_and_body(void **state)
{
	(void)state;
	record(OP_LIST_DEVICE_EVENTS, "deviceId=" ENTERPRISE,
		"fromTimeStamp=2019-07-18&toTimeStamp=2019-07-19&maxResults=7", NULL,
		NULL);
	assert_reply_has(
		"\"requestParameters\":{\"deviceId\":\"" ENTERPRISE "\","
		"\"fromTimeStamp\":\"2019-07-18T00:00:00.000Z\",\"maxResults\":7,"
		"\"toTimeStamp\":\"2019-07-19T00:00:00.000Z\"}");
	record(OP_UNTAG_DEVICE,
		"resourceArn=arn:aws:iot1click:us-west-2:" ACCOUNT ":devices/" ENTERPRISE,
		"tagKeys=a&tagKeys=b", NULL, NULL);
	assert_reply_has("\"tagKeys\":[\"a\",\"b\"]");
	record(OP_UPDATE_DEVICE_STATE, "deviceId=" ENTERPRISE, NULL,
		"{\"enabled\": false}", NULL);
	assert_reply_has("\"enabled\":false");
	assert_reply_has("\"readOnly\":false");
}

static void
a_refusal_says_why(void **state)
{
	(void)state;
	record(OP_DESCRIBE_DEVICE, "deviceId=X", NULL, NULL, "ResourceNotFoundException");
	assert_reply_has("\"errorCode\":\"ResourceNotFoundException\","
			 "\"errorMessage\":\"Because.\",\"requestParameters\"");
}

static void
what_others_wrote_is_cut_and_says_how_long_it_was(void **state)
{
	char agent[7001] = "", value[3001] = "";
	struct sign_header header = { "User-Agent", memset(agent, 'u', 7000) };
	struct request request = { .header = &header,
		.header_count = 1,
		.peer = "127.0.0.1",
		.id = "request-1" };
	struct principal who = { .account = ACCOUNT, .user = "Alice", .arn = "arn" };
	struct pairs *query = pairs_new(fleet.life);
	struct audit_note note = { .op = OP_NONE,
		.name = "ListRecords",
		.source = "s",
		.request = &request,
		.principal = &who,
		.query = query,
		.region = "us-west-2" };
	const struct value *tree;

	(void)state;
	pairs_set(query, "nextToken", memset(value, 'v', 3000));
	buf_clear(&fleet.out);
	audit_record(&fleet.out, &note);
	must(json_parse(fleet.life, fleet.out.data, fleet.out.len, &tree, &fleet.why));
	assert_reply_has("uuu... (cut, of 7000 bytes)\"");
	assert_reply_has("\"requestParameters\":{\"nextToken\":\"vvv");
	assert_reply_has("vvv... (cut, of 3000 bytes)\"}");
	assert_true(fleet.out.len < 2048);
	for (int i = 0; i < 64; i++)
		pairs_set(query, mem_format(fleet.life, "member%d", i), value);
	buf_clear(&fleet.out);
	audit_record(&fleet.out, &note);
	must(json_parse(fleet.life, fleet.out.data, fleet.out.len, &tree, &fleet.why));
	assert_non_null(value_text(tree, "requestParameters"));
	assert_true(fleet.out.len < 4096);
}

static void
nobody_known_is_recorded_as_unknown(void **state)
{
	struct request request = { .peer = "127.0.0.1", .id = "request-1" };
	struct audit_note note = { .op = OP_LIST_DEVICES,
		.request = &request,
		.region = "us-west-2",
		.account = ACCOUNT,
		.error = "UnrecognizedClientException",
		.sentence = "No such key." };

	(void)state;
	audit_record(&fleet.out, &note);
	assert_reply_has("\"userIdentity\":{\"type\":\"Unknown\"}");
	assert_reply_has("\"userAgent\":null");
	assert_reply_has("\"requestParameters\":null");
	assert_reply_has("\"recipientAccountId\":\"" ACCOUNT "\"}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_guides_sample_comes_out),
		TEST(values_that_are_the_customers_are_masked),
		TEST(members_come_from_path_query_and_body),
		TEST(a_refusal_says_why),
		TEST(what_others_wrote_is_cut_and_says_how_long_it_was),
		TEST(nobody_known_is_recorded_as_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
