/* Whose callback an event is due to: clicks, and what the device's health monitor tells. */
#include "fleet.h"

#define ID "deviceId=" ENTERPRISE
#define ARN "arn:aws:lambda:us-west-2:012345678910:function:press"
#define HEALTH "arn:aws:lambda:us-west-2:012345678910:function:health"

static void
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
	json_member_text(&j, "deviceMethodParameters", parameters);
	json_close(&j, '}');
	must(call(OP_INVOKE_DEVICE_METHOD, ID, NULL, body.data));
}

static void
set_callback(const char *arn)
{
	invoke("setOnClickCallback",
		mem_format(
			fleet.life, "{\"callback\": {\"awsLambdaArn\": \"%s\"}}", arn));
}

static void
watch(const char *condition)
{
	invoke("setDeviceHealthMonitorCallback",
		mem_format(fleet.life,
			"{\"callback\": {\"awsLambdaArn\": \"" HEALTH
			"\"}, \"condition\": %s}",
			condition));
}

static void
enable(const char *enabled)
{
	must(call(OP_UPDATE_DEVICE_STATE, ID, NULL,
		mem_format(fleet.life, "{\"enabled\": %s}", enabled)));
}

/* The log's events after a position, one word each: "SINGLE", "LIFE_LOW!" when due. */
struct dues {
	int64_t after;
	struct buf words;
	char context[512]; /* of the last */
	double life;
};

static bool
add_due(void *arg, const struct event *event)
{
	struct dues *dues = arg;

	buf_format(&dues->words, "%s%s%s", dues->words.len ? " " : "",
		event_kind_name(event->kind), event->due ? "!" : "");
	snprintf(dues->context, sizeof dues->context, "%s",
		event->context_json ? event->context_json : "");
	dues->life = event->life;
	dues->after = event->pos;
	return true;
}

static enum err
read_dues(struct tx *tx, void *arg, struct fault *why)
{
	struct dues *dues = arg;

	buf_init(&dues->words, fleet.life, BUF_NO_CAP);
	*dues->context = '\0';
	return events_follow(tx, dues->after, 1000, add_due, dues, why);
}

static const char *
look(struct dues *dues)
{
	must(store_read(fleet.store, read_dues, dues, &fleet.why));
	return dues->words.data;
}

static void
press_with(double life)
{
	struct press p = {
		.report = { .device_id = ENTERPRISE, .kind = EVENT_LONG, .life = life }
	};

	must(store_write(fleet.store, take_press, &p, &fleet.why));
}

/* ---- clicks ---- */

static void
clicks_of_an_enabled_device_are_due_to_its_own_callback(void **state)
{
	struct dues dues = { 0 };

	(void)state;
	claim(ENTERPRISE);
	press(ENTERPRISE, EVENT_SINGLE);
	enable("true");
	press(ENTERPRISE, EVENT_SINGLE);
	assert_string_equal(
		look(&dues), "CLAIM_STARTED SINGLE CLAIMED SINGLE ENABLED SINGLE");
	assert_string_equal(dues.context, "");
	set_callback(ARN);
	press(ENTERPRISE, EVENT_SINGLE);
	assert_string_equal(look(&dues), "SINGLE!");
	assert_string_equal(dues.context, "{\"callback\":\"" ARN "\"}");
	enable("false");
	press(ENTERPRISE, EVENT_DOUBLE);
	assert_string_equal(look(&dues), "DISABLED DOUBLE");
	enable("true");
	set_callback("");
	press(ENTERPRISE, EVENT_DOUBLE);
	assert_string_equal(look(&dues), "ENABLED DOUBLE");
	assert_string_equal(dues.context, "");
}

static void
a_press_that_claims_is_due_to_nobody(void **state)
{
	struct dues dues = { 0 };

	(void)state;
	claim(ENTERPRISE);
	set_callback(ARN);
	enable("true");
	must(call(OP_UNCLAIM_DEVICE, ID, NULL, NULL));
	must(call(OP_INITIATE_DEVICE_CLAIM, ID, NULL, NULL));
	look(&dues);
	press(ENTERPRISE, EVENT_SINGLE);
	assert_string_equal(look(&dues), "SINGLE");
	assert_string_equal(dues.context, "");
}

static void
a_placed_device_without_callback_has_a_context_and_nothing_is_due(void **state)
{
	struct dues dues = { 0 };

	(void)state;
	claim(ENTERPRISE);
	enable("true");
	make_project();
	make_placement();
	must(associate(SLOT, ENTERPRISE));
	look(&dues);
	press(ENTERPRISE, EVENT_SINGLE);
	assert_string_equal(look(&dues), "SINGLE");
	assert_non_null(strstr(dues.context, "\"callback\":\"\""));
	must(call(OP_UPDATE_PROJECT, DUMPSTERS, NULL,
		"{\"placementTemplate\": {\"deviceTemplates\": "
		"{\"empty-dumpster-request\": {\"deviceType\": \"button\", "
		"\"callbackOverrides\": {\"onClickCallback\": \"" ARN "\"}}, "
		"\"complaint\": {}}}}"));
	press(ENTERPRISE, EVENT_SINGLE);
	assert_string_equal(look(&dues), "SINGLE!");
	assert_non_null(strstr(dues.context, "\"callback\":\"" ARN "\""));
}

/* ---- health ---- */

static void
life_below_the_condition_is_told_once(void **state)
{
	struct dues dues = { 0 };

	(void)state;
	claim(ENTERPRISE);
	enable("true");
	watch("{\"remainingLifeLowerThan\": 10}");
	look(&dues);
	press_with(10);
	assert_string_equal(look(&dues), "LONG");
	press_with(5.4);
	assert_string_equal(look(&dues), "LONG LIFE_LOW!");
	assert_string_equal(dues.context,
		"{\"callback\":\"" HEALTH
		"\",\"condition\":{\"remainingLifeLowerThan\":10}}");
	assert_true(dues.life == 5.4);
	press_with(4);
	assert_string_equal(look(&dues), "LONG");
}

static void
it_is_told_again_when_life_had_risen_or_the_callback_is_set_again(void **state)
{
	struct dues dues = { 0 };

	(void)state;
	claim(ENTERPRISE);
	enable("true");
	watch("{\"remainingLifeLowerThan\": 10}");
	press_with(5);
	look(&dues);
	press_with(100);
	press_with(9);
	assert_string_equal(look(&dues), "LONG LONG LIFE_LOW!");
	watch("{\"remainingLifeLowerThan\": 20}");
	press_with(9);
	press_with(9);
	assert_string_equal(look(&dues), "LONG LIFE_LOW! LONG");
	invoke("setDeviceHealthMonitorCallback",
		"{\"callback\": {\"awsLambdaArn\": \"\"}}");
	press_with(100);
	press_with(1);
	assert_string_equal(look(&dues), "LONG LONG");
}

static void
a_disabled_device_tells_of_its_life_when_it_is_enabled(void **state)
{
	struct dues dues = { 0 };

	(void)state;
	claim(ENTERPRISE);
	watch("{\"remainingLifeLowerThan\": 10}");
	look(&dues);
	press_with(5);
	assert_string_equal(look(&dues), "LONG");
	enable("true");
	press_with(5);
	assert_string_equal(look(&dues), "ENABLED LONG LIFE_LOW!");
}

static void
a_placed_devices_health_says_where_it_is(void **state)
{
	struct dues dues = { 0 };

	(void)state;
	claim(ENTERPRISE);
	enable("true");
	make_project();
	make_placement();
	must(associate(SLOT, ENTERPRISE));
	watch("{\"remainingLifeLowerThan\": 12.5, \"notHeardForHours\": 24}");
	press_with(5);
	look(&dues);
	assert_string_equal(dues.context,
		"{\"projectName\":\"AnytownDumpsters\",\"placementName\":\"customer217\","
		"\"deviceTemplateName\":\"empty-dumpster-request\",\"attributes\":{"
		"\"City\":\"Anytown\",\"phone\":\"123-555-0110\"},\"callback\":\"" HEALTH
		"\",\"condition\":{\"remainingLifeLowerThan\":12.5}}");
}

static void
conditions_are_told_back_as_they_were_set(void **state)
{
	(void)state;
	claim(ENTERPRISE);
	watch("{\"notHeardForHours\": 24}");
	must(call(OP_INVOKE_DEVICE_METHOD, ID, NULL,
		"{\"deviceMethod\": {\"methodName\": "
		"\"getDeviceHealthMonitorCallback\"}}"));
	assert_reply_has("\\\"condition\\\": {\\\"notHeardForHours\\\": 24}");
	watch("{\"remainingLifeLowerThan\": 10, \"notHeardForHours\": 8760}");
	must(call(OP_INVOKE_DEVICE_METHOD, ID, NULL,
		"{\"deviceMethod\": {\"methodName\": "
		"\"getDeviceHealthMonitorCallback\"}}"));
	assert_reply_has("{\\\"remainingLifeLowerThan\\\": 10, \\\"notHeardForHours\\\": "
			 "8760}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(clicks_of_an_enabled_device_are_due_to_its_own_callback),
		TEST(a_press_that_claims_is_due_to_nobody),
		TEST(a_placed_device_without_callback_has_a_context_and_nothing_is_due),
		TEST(life_below_the_condition_is_told_once),
		TEST(it_is_told_again_when_life_had_risen_or_the_callback_is_set_again),
		TEST(a_disabled_device_tells_of_its_life_when_it_is_enabled),
		TEST(a_placed_devices_health_says_where_it_is),
		TEST(conditions_are_told_back_as_they_were_set),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
