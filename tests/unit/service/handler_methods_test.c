#include "fleet.h"

#define ID "deviceId=" ENTERPRISE
#define ARN "arn:aws:lambda:us-west-2:012345678910:function:press"

/* `parameters` is the JSON text, or NULL to leave it out. */
static enum err
invoke(const char *method, const char *parameters)
{
	struct buf body;
	struct json j;

	buf_init(&body, fleet.life, BUF_NO_CAP);
	j = json_to(&body);
	json_open(&j, '{');
	json_key(&j, "deviceMethod");
	json_open(&j, '{');
	json_member_text(&j, "methodName", method);
	json_close(&j, '}');
	if (parameters)
		json_member_text(&j, "deviceMethodParameters", parameters);
	json_close(&j, '}');
	return call(OP_INVOKE_DEVICE_METHOD, ID, NULL, body.data);
}

static void
health_is_the_remaining_life(void **state)
{
	(void)state;
	claim(ENTERPRISE);
	must(invoke("getDeviceHealthParameters", NULL));
	assert_reply("{\"deviceMethodResponse\":\"{\\\"remainingLife\\\": 99.95}\"}");
}

static void
empty_parameters_are_refused_in_the_contracts_words(void **state)
{
	static const char words[] = "A request parameter was invalid.";

	(void)state;
	claim(ENTERPRISE);
	assert_int_equal(invoke("getDeviceHealthParameters", ""), ERR_INVALID);
	assert_memory_equal(fleet.why.sentence, words, strlen(words));
	assert_int_equal(invoke("getOnClickCallback", "{\"a\":1}"), ERR_INVALID);
	assert_memory_equal(fleet.why.sentence, words, strlen(words));
	assert_int_equal(invoke("setOnClickCallback", "{"), ERR_INVALID);
	assert_memory_equal(fleet.why.sentence, words, strlen(words));
}

static void
a_click_callback_is_kept_and_told_back(void **state)
{
	(void)state;
	claim(ENTERPRISE);
	must(invoke("getOnClickCallback", NULL));
	assert_reply("{\"deviceMethodResponse\":\"{}\"}");
	must(invoke("setOnClickCallback",
		"{\"deviceId\": \"" ENTERPRISE
		"\", \"callback\": {\"awsLambdaArn\": \"" ARN "\"}}"));
	assert_reply("{\"deviceMethodResponse\":\"{}\"}");
	must(invoke("getOnClickCallback", NULL));
	assert_reply_has("\\\"callback\\\": {\\\"awsLambdaArn\\\": \\\"" ARN "\\\"}");
	must(invoke("setOnClickCallback", "{\"callback\": {\"awsLambdaArn\": \"\"}}"));
	must(invoke("getOnClickCallback", NULL));
	assert_reply("{\"deviceMethodResponse\":\"{}\"}");
}

static void
a_health_callback_needs_a_condition(void **state)
{
	(void)state;
	claim(ENTERPRISE);
	assert_refused(ERR_INVALID, "remainingLifeLowerThan",
		invoke("setDeviceHealthMonitorCallback",
			"{\"callback\": {\"awsLambdaArn\": \"" ARN "\"}}"));
	must(invoke("setDeviceHealthMonitorCallback",
		"{\"callback\": {\"awsLambdaArn\": \"" ARN
		"\"}, \"condition\": {\"remainingLifeLowerThan\": 10}}"));
	must(invoke("getDeviceHealthMonitorCallback", NULL));
	assert_reply_has("\\\"condition\\\": {\\\"remainingLifeLowerThan\\\": 10}");
	must(invoke("getOnClickCallback", NULL));
	assert_reply("{\"deviceMethodResponse\":\"{}\"}");
}

static void
odd_parameters_are_refused(void **state)
{
	(void)state;
	claim(ENTERPRISE);
	assert_refused(ERR_INVALID, "missing", invoke("setOnClickCallback", NULL));
	assert_refused(ERR_INVALID, "awsLambdaArn", invoke("setOnClickCallback", "{}"));
	assert_refused(ERR_INVALID, "object", invoke("setOnClickCallback", "[]"));
	assert_refused(ERR_INVALID, "callbock",
		invoke("setOnClickCallback", "{\"callbock\": {}}"));
	assert_refused(ERR_INVALID, "deviceId",
		invoke("setOnClickCallback", "{\"deviceId\": \"X\", \"callback\": "
					     "{\"awsLambdaArn\": \"a\"}}"));
	assert_refused(ERR_INVALID, "condition",
		invoke("setOnClickCallback",
			"{\"callback\": {\"awsLambdaArn\": \"a\"}, \"condition\": "
			"{\"remainingLifeLowerThan\": 10}}"));
	assert_refused(ERR_INVALID, "remainingLifeLowerThan",
		invoke("setDeviceHealthMonitorCallback",
			"{\"callback\": {\"awsLambdaArn\": \"a\"}, \"condition\": "
			"{\"remainingLifeLowerThan\": 101}}"));
}

static void
an_unknown_method_is_refused(void **state)
{
	(void)state;
	claim(ENTERPRISE);
	assert_refused(ERR_INVALID, "explode", invoke("explode", NULL));
	assert_refused(
		ERR_INVALID, "methodName", call(OP_INVOKE_DEVICE_METHOD, ID, NULL, "{}"));
	assert_refused(ERR_INVALID, "deviceType",
		call(OP_INVOKE_DEVICE_METHOD, ID, NULL,
			"{\"deviceMethod\": {\"deviceType\": \"device\", "
			"\"methodName\": \"getOnClickCallback\"}}"));
}

static void
a_device_not_yet_claimed_is_not_ready(void **state)
{
	(void)state;
	assert_refused(
		ERR_NOT_FOUND, ENTERPRISE, invoke("getDeviceHealthParameters", NULL));
	know(ENTERPRISE, NULL);
	must(call(OP_INITIATE_DEVICE_CLAIM, ID, NULL, NULL));
	assert_refused(
		ERR_PRECONDITION, "finalize", invoke("getDeviceHealthParameters", NULL));
}

static void
unclaiming_forgets_the_callbacks(void **state)
{
	(void)state;
	claim(ENTERPRISE);
	must(invoke(
		"setOnClickCallback", "{\"callback\": {\"awsLambdaArn\": \"" ARN "\"}}"));
	must(call(OP_UNCLAIM_DEVICE, ID, NULL, NULL));
	must(call(OP_INITIATE_DEVICE_CLAIM, ID, NULL, NULL));
	press(ENTERPRISE, EVENT_SINGLE);
	must(call(OP_FINALIZE_DEVICE_CLAIM, ID, NULL, NULL));
	must(invoke("getOnClickCallback", NULL));
	assert_reply("{\"deviceMethodResponse\":\"{}\"}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(health_is_the_remaining_life),
		TEST(empty_parameters_are_refused_in_the_contracts_words),
		TEST(a_click_callback_is_kept_and_told_back),
		TEST(a_health_callback_needs_a_condition),
		TEST(odd_parameters_are_refused),
		TEST(an_unknown_method_is_refused),
		TEST(a_device_not_yet_claimed_is_not_ready),
		TEST(unclaiming_forgets_the_callbacks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
