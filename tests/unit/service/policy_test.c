#include "oneclick/api/extra.h"
#include "oneclick/api/grant.h"
#include "oneclick/base/buf.h"
#include "policy_ground.h"

static void
the_read_only_policy_allows_exactly_what_reads(void **state)
{
	(void)state;
	for (enum op op = 0; op < OP_COUNT; op++) {
		assert_int_equal(
			allows("AWSIoT1ClickReadOnlyAccess", grant_action(op), DEVICE),
			!op_is_write(op));
		assert_true(allows("AWSIoT1ClickFullAccess", grant_action(op), "*"));
	}
}

static void
what_no_statement_allows_is_denied(void **state)
{
	static const char text[] =
		STATEMENTS(ALLOW("\"iot1click:ListDevices\"", "\"*\""));

	(void)state;
	assert_true(allows(text, "iot1click:ListDevices", "*"));
	assert_false(allows(text, "iot1click:ListProjects", "*"));
}

static void
an_explicit_deny_wins_wherever_it_stands(void **state)
{
	static const char before[] = STATEMENTS(
		DENY("\"*\"", "\"" PROJECT "secret*\"") "," ALLOW("\"*\"", "\"*\""));
	static const char after[] = STATEMENTS(
		ALLOW("\"*\"", "\"*\"") "," DENY("\"*\"", "\"" PROJECT "secret*\""));

	(void)state;
	for (int i = 0; i < 2; i++) {
		const char *text = i ? after : before;
		assert_true(allows(text, "iot1click:DescribeProject", PROJECT "open"));
		assert_false(
			allows(text, "iot1click:DescribeProject", PROJECT "secret-1"));
	}
}

static void
actions_match_in_any_case_and_resources_as_they_are(void **state)
{
	static const char text[] =
		STATEMENTS(ALLOW("\"IOT1CLICK:describe*\"", "\"" PROJECT "Room?\""));

	(void)state;
	assert_true(allows(text, "iot1click:DescribeProject", PROJECT "Room1"));
	assert_false(allows(text, "iot1click:DescribeProject", PROJECT "room1"));
	assert_false(allows(text, "iot1click:DescribeProject", PROJECT "Room12"));
	assert_false(allows(text, "iot1click:DescribeProject", PROJECT "Room"));
}

static void
a_pattern_over_the_guides_spelling_means_the_operation_too(void **state)
{
	static const char text[] = STATEMENTS(
		ALLOW("\"*\"", "\"*\"") "," DENY("\"iot1click:Dissoc*\"", "\"*\""));
	static const char other[] =
		STATEMENTS(ALLOW("\"iot1click:initialize?????eClaim\"", "\"*\""));

	(void)state;
	assert_false(
		allows(text, "iot1click:DisassociateDeviceFromPlacement", PROJECT "p"));
	assert_true(allows(text, "iot1click:AssociateDeviceWithPlacement", PROJECT "p"));
	assert_true(allows(other, "iot1click:InitiateDeviceClaim", DEVICE));
}

static void
the_guides_own_spellings_mean_the_real_operations(void **state)
{
	static const char *const words[][2] = {
		{ "InitializeDeviceClaim", "iot1click:InitiateDeviceClaim" },
		{ "ClaimDeviceByClaimCode", "iot1click:ClaimDevicesByClaimCode" },
		{ "DissociateDeviceFromPlacement",
			"iot1click:DisassociateDeviceFromPlacement" },
		{ "dissacociateDeviceFromPlacement",
			"iot1click:DisassociateDeviceFromPlacement" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		char text[400];
		snprintf(text, sizeof text,
			STATEMENTS(ALLOW("\"iot1click:%s\"", "\"*\"")), words[i][0]);
		assert_true(allows(text, words[i][1], DEVICE));
		snprintf(text, sizeof text,
			STATEMENTS(ALLOW("\"*\"", "\"*\"") "," DENY(
				"\"iot1click:%s\"", "\"*\"")),
			words[i][0]);
		assert_false(allows(text, words[i][1], DEVICE));
	}
}

static void
lists_sids_and_a_single_statement_are_understood(void **state)
{
	static const char text[] =
		"{\"Id\":\"x\",\"Statement\":{\"Sid\":\"One\",\"Effect\":\"Allow\","
		"\"Action\":[\"iot1click:ListDevices\",\"iot1click:Get*\"],\"Resource\":["
		"\"" DEVICE "\",\"arn:aws:iot1click:*:*:devices/B*\"]}}";

	(void)state;
	assert_true(allows(text, "iot1click:GetDeviceMethods", DEVICE));
	assert_true(allows(text, "iot1click:ListDevices",
		"arn:aws:iot1click:eu-west-1:111111111111:devices/B9GHXT"));
	assert_false(allows(text, "iot1click:ListDevices", "*"));
}

static void
before_2012_a_variable_is_literal_text(void **state)
{
	static const char text[] = "{\"Version\":\"2008-10-17\",\"Statement\":" ALLOW(
		"\"*\"", "\"" PROJECT "${x}\"") "}";

	(void)state;
	assert_true(allows(text, "iot1click:DescribeProject", PROJECT "${x}"));
	assert_false(allows(text, "iot1click:DescribeProject", PROJECT "x"));
}

static void
every_action_a_door_asks_for_can_be_named(void **state)
{
	static const char *const words[] = { "cloudtrail:LookupEvents",
		"cloudwatch:ListMetrics", "CLOUDWATCH:GetMetricStatistics",
		"cloudwatch:GetMetricData", "iot1click:ListDeliveries",
		"iot1click:ReplayDeliveries", "iam:SimulatePrincipalPolicy" };

	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		char text[400];
		snprintf(text, sizeof text, STATEMENTS(ALLOW("\"%s\"", "\"*\"")),
			words[i]);
		assert_true(allows(text, policy_action(words[i]), "*"));
		assert_false(allows(text, "iot1click:ListDevices", "*"));
	}
	for (enum extra extra = 0; extra < EXTRA_COUNT; extra++)
		assert_string_equal(policy_action(extra_info(extra)->action),
			extra_info(extra)->action);
	assert_null(policy_action("iot1click:PressButton"));
}

static void
the_administrators_policy_allows_all(void **state)
{
	(void)state;
	assert_true(allows(POLICY_ADMINISTRATOR, "iot1click:UnclaimDevice", DEVICE));
	assert_true(allows(POLICY_ADMINISTRATOR, "cloudtrail:LookupEvents", "*"));
	assert_false(allows("AWSIoT1ClickFullAccess", "cloudtrail:LookupEvents", "*"));
}

static void
not_action_is_a_complement_and_no_denial(void **state)
{
	static const char but_unclaim[] =
		STATEMENTS("{\"Effect\":\"Allow\",\"NotAction\":[\"iot1click:Unclaim*\","
			   "\"iot1click:initializeDeviceClaim\"],\"Resource\":\"*\"}");
	static const char both[] = STATEMENTS(
		"{\"Effect\":\"Allow\",\"NotAction\":\"iot1click:UnclaimDevice\","
		"\"Resource\":\"*\"}," ALLOW("\"iot1click:UnclaimDevice\"", "\"*\""));

	(void)state;
	assert_true(allows(but_unclaim, "iot1click:ListDevices", "*"));
	assert_int_equal(decide(but_unclaim, "iot1click:UnclaimDevice", DEVICE, ""),
		POLICY_IMPLICIT_DENY);
	assert_false(allows(but_unclaim, "iot1click:InitiateDeviceClaim", DEVICE));
	for (enum op op = 0; op < OP_COUNT; op++)
		assert_true(allows(both, grant_action(op), DEVICE));
}

static void
not_resource_is_a_complement_too(void **state)
{
	static const char text[] = STATEMENTS(
		"{\"Effect\":\"Deny\",\"Action\":\"*\","
		"\"NotResource\":\"" PROJECT "own*\"}," ALLOW("\"*\"", "\"*\""));

	(void)state;
	assert_true(allows(text, "iot1click:DescribeProject", PROJECT "own-1"));
	assert_int_equal(decide(text, "iot1click:DescribeProject", PROJECT "other", ""),
		POLICY_EXPLICIT_DENY);
	assert_false(allows(text, "iot1click:ListProjects", "*"));
}

static void
what_is_said_and_seldom_meant_is_warned_of(void **state)
{
	static const char *const documents[][2] = {
		{ STATEMENTS("{\"Effect\":\"Allow\",\"NotAction\":\"iot1click:*\","
			     "\"Resource\":\"*\"}"),
			"NotAction" },
		{ WHEN("{\"StringEquals\":{\"aws:SourceIP4\":\"x\"}}"), "aws:SourceIp" },
		{ WHEN("{\"StringEquals\":{\"aws:username\":\"${aws:Nick}\"}}"),
			"never applies" },
		{ STATEMENTS("{\"Effect\":\"Deny\",\"NotAction\":\"iot1click:*\","
			     "\"Resource\":\"*\"}"),
			NULL },
		{ WHEN("{\"StringEquals\":{\"AWS:ResourceTag/"
		       "Room\":\"${AWS:username}\"}}"),
			NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
		void *life = mem_life(NULL);
		struct policy *policy;
		struct texts warnings;

		assert_int_equal(
			policy_parse(life, documents[i][0], &policy, NULL), ERR_NONE);
		warnings = policy_warnings(policy);
		assert_int_equal(warnings.count, documents[i][1] != NULL);
		if (documents[i][1] && !strstr(warnings.item[0], documents[i][1]))
			fail_msg("%s", warnings.item[0]);
		mem_free(life);
	}
}

#define WITH(more) \
	STATEMENTS("{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"," more "}")

/* A document, and what its refusal must name. */
static const char *const refused[][2] = {
	{ "AWSIoT1ClickAdmin", "AWSIoT1ClickAdmin" },
	{ "{", "line 1" },
	{ "[{}]", "object" },
	{ "{}", "Statement" },
	{ "{\"Statement\":[]}", "Statement" },
	{ "{\"Statement\":[3]}", "Statement 1" },
	{ "{\"Statement\":[],\"Statement\":[]}", "twice" },
	{ "{\"Version\":\"2020-01-01\",\"Statement\":[]}", "Version" },
	{ "{\"Version\":2012,\"Statement\":[]}", "Version" },
	{ "{\"Rules\":[]}", "Rules" },
	{ STATEMENTS("{\"Action\":\"*\",\"Resource\":\"*\"}"), "Effect" },
	{ STATEMENTS("{\"Effect\":\"allow\",\"Action\":\"*\",\"Resource\":\"*\"}"),
		"Effect" },
	{ STATEMENTS("{\"Effect\":\"Allow\",\"Resource\":\"*\"}"), "Action" },
	{ STATEMENTS("{\"Effect\":\"Allow\",\"Action\":\"*\"}"), "Resource" },
	{ STATEMENTS(ALLOW("[]", "\"*\"")), "Action" },
	{ STATEMENTS(ALLOW("[7]", "\"*\"")), "Action" },
	{ STATEMENTS(ALLOW("\"iot1click:\"", "\"*\"")), "Action" },
	{ STATEMENTS(ALLOW("\"s3:\"", "\"*\"")), "s3:" },
	{ STATEMENTS(ALLOW("\":GetObject\"", "\"*\"")), ":GetObject" },
	{ STATEMENTS(ALLOW("\"GetObject\"", "\"*\"")), "begin with a service" },
	{ STATEMENTS(ALLOW("\"i*:ListDevices\"", "\"*\"")), "i*:ListDevices" },
	{ STATEMENTS(ALLOW("\"iot1click:PressButton\"", "\"*\"")), "PressButton" },
	{ STATEMENTS(ALLOW("\"cloudwatch:PutMetricData\"", "\"*\"")), "PutMetricData" },
	{ STATEMENTS(ALLOW("\"iot1click:${aws:username}*\"", "\"*\"")), "variable" },
	{ STATEMENTS(ALLOW("\"*\"", "\"projects/Foo\"")), "projects/Foo" },
	{ STATEMENTS(ALLOW("\"*\"", "\"arn:aws:iot*:*:*:devices/x\"")), "its service" },
	{ STATEMENTS(ALLOW("\"*\"", "\"arn:aws:*\"")), "its service" },
	{ STATEMENTS(ALLOW("\"*\"", "\"arn:aws\"")), "its service" },
	{ STATEMENTS(ALLOW("\"*\"", "\"arn:aws:iot1click:*:*:devices/${a}\"")),
		"${KEY}" },
	{ STATEMENTS(ALLOW("\"*\"", "\"arn:aws:iot1click:*:*:devices/${aws:x\"")),
		"without its '}'" },
	{ STATEMENTS(
		  ALLOW("\"*\"", "\"arn:aws:iot1click:*:*:devices/${aws:username, x}\"")),
		"default" },
	{ STATEMENTS(ALLOW("\"*\"", "\"arn:aws:iot1click:*:*:devices/${aws:user'}\"")),
		"${KEY}" },
	{ STATEMENTS(
		  ALLOW("\"*\"", "\"arn:aws:iot1click:*:*:devices/${aws:username, '}\"")),
		"default" },
	{ STATEMENTS(ALLOW(
		  "\"*\"", "\"arn:aws:iot1click:*:*:devices/${aws:username, 'x}\"")),
		"default" },
	{ STATEMENTS(ALLOW(
		  "\"*\"", "\"arn:aws:iot1click:*:*:devices/${aws:username, a'b'}\"")),
		"default" },
	{ STATEMENTS(ALLOW(
		  "\"*\"", "\"arn:aws:iot1click:*:*:devices/${aws:username, 'a'b'}\"")),
		"default" },
	{ STATEMENTS(ALLOW("\"*\"", "\"arn:aws:iot1click:*:*:devices/${aws:TagKeys}\"")),
		"more than one value" },
	{ WITH("\"NotAction\":\"*\""), "both Action and NotAction" },
	{ WITH("\"NotResource\":\"*\""), "both Resource and NotResource" },
	{ WITH("\"Principal\":\"*\""), "Principal" },
	{ WITH("\"NotPrincipal\":\"*\""), "NotPrincipal" },
	{ WITH("\"Zzzzzzzz\":1"), "no member 'Zzzzzzzz'." },
	{ WITH("\"Sid\":3"), "Sid" },
	{ WITH("\"Condition\":[]"), "Condition" },
	{ WITH("\"Condition\":{\"StringEquals\":{}}"), "StringEquals" },
	{ WITH("\"Condition\":{\"StringEquals\":\"x\"}"), "StringEquals" },
	{ WITH("\"Condition\":{\"StringEquals\":{\"aws:username\":null}}"), "null" },
	{ WITH("\"Condition\":{\"StringEquals\":{\"aws:username\":[[1]]}}"), "list" },
	{ WITH("\"Condition\":{\"ForAllValues:Null\":{\"aws:TagKeys\":true}}"), "Null" },
	{ WITH("\"Condition\":{\"StringEquals\":{\"aws:username\":[]}}"),
		"aws:username" },
	{ WITH("\"Condition\":{\"StringEquals\":{\"username\":\"x\"}}"), "username" },
	{ WITH("\"Condition\":{\"StringEquals\":{\"aws:username\":{}}}"), "map" },
	{ WITH("\"Condition\":{\"StringEqual\":{\"aws:username\":\"x\"}}"),
		"did you mean 'StringEquals'" },
	{ WITH("\"Condition\":{\"ForSomeValues:StringEquals\":{\"aws:TagKeys\":"
	       "\"x\"}}"),
		"ForSomeValues" },
	{ WITH("\"Condition\":{\"NullIfExists\":{\"aws:username\":\"true\"}}"),
		"NullIfExists" },
	{ WITH("\"Condition\":{\"NumericEquals\":{\"aws:EpochTime\":\"ten\"}}"),
		"a number" },
	{ WITH("\"Condition\":{\"DateLessThan\":{\"aws:CurrentTime\":\"May\"}}"),
		"a moment" },
	{ WITH("\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"yes\"}}"),
		"true or false" },
	{ WITH("\"Condition\":{\"IpAddress\":{\"aws:SourceIp\":\"10.0.0.0/"
	       "33\"}}"),
		"an address" },
	{ WITH("\"Condition\":{\"IpAddress\":{\"aws:SourceIp\":\"10.0.0\"}}"),
		"an address" },
	{ WITH("\"Condition\":{\"ArnLike\":{\"aws:PrincipalArn\":\"arn:aws:iam\"}"
	       "}"),
		"an ARN" },
	{ WITH("\"Condition\":{\"IpAddress\":{\"aws:SourceIp\":\"10.0.0.0/x\"}}"),
		"an address" },
	{ WITH("\"Condition\":{\"IpAddress\":{\"aws:SourceIp\":\"10.0.0.0/-1\"}}"),
		"an address" },
	{ WITH("\"Condition\":{\"DateLessThan\":{\"aws:CurrentTime\":"
	       "\"9223372036854775807\"}}"),
		"a moment" },
	{ WITH("\"Condition\":{\"ArnLike\":{\"aws:PrincipalArn\":\"x:a:b:c:d:e\"}}"),
		"an ARN" },
	{ WITH("\"Condition\":{\"BinaryEquals\":{\"aws:username\":\"a\"}}"), "base 64" },
	{ WITH("\"Condition\":{\"BinaryEquals\":{\"aws:username\":\"==\"}}"), "base 64" },
	{ WITH("\"Condition\":{\"DateLessThan\":{\"aws:CurrentTime\":\"-5\"}}"),
		"a moment" },
	{ "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\","
	  "\"Condition\":{\"ArnLike\":{\"aws:PrincipalArn\":\"${aws:x}\"}}}}",
		"an ARN" },
	{ STATEMENTS(
		  ALLOW("\"*\"", "\"arn:aws:iot1click:*:*:devices/${aws:username,  }\"")),
		"default" },
	{ WITH("\"Condition\":{\"BinaryEquals\":{\"aws:username\":\"a$==\"}}"),
		"base 64" },
	{ WITH("\"Condition\":{\"BinaryEquals\":{\"aws:username\":\"a===\"}}"),
		"base 64" },
	{ STATEMENTS("{\"Efect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}"),
		"Effect" },
};

static void
what_is_not_understood_is_refused_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		if (!strstr(refusal_of(refused[i][0]), refused[i][1]))
			fail_msg("%s: %s", refused[i][0], refusal_of(refused[i][0]));
}

static void
a_condition_takes_so_many_keys(void **state)
{
	void *life = mem_life(NULL);
	struct buf document;

	(void)state;
	buf_init(&document, life, BUF_NO_CAP);
	buf_text(&document, "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\","
			    "\"Resource\":\"*\","
			    "\"Condition\":{\"Null\":{");
	for (int i = 0; i <= 256; i++)
		buf_format(&document, "%s\"a:%d\":true", i ? "," : "", i);
	buf_text(&document, "}}}}");
	assert_non_null(strstr(refusal_of(document.data), "up to 256 condition keys"));
	mem_free(life);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_read_only_policy_allows_exactly_what_reads),
		cmocka_unit_test(what_no_statement_allows_is_denied),
		cmocka_unit_test(an_explicit_deny_wins_wherever_it_stands),
		cmocka_unit_test(actions_match_in_any_case_and_resources_as_they_are),
		cmocka_unit_test(the_guides_own_spellings_mean_the_real_operations),
		cmocka_unit_test(
			a_pattern_over_the_guides_spelling_means_the_operation_too),
		cmocka_unit_test(lists_sids_and_a_single_statement_are_understood),
		cmocka_unit_test(before_2012_a_variable_is_literal_text),
		cmocka_unit_test(what_is_not_understood_is_refused_whole),
		cmocka_unit_test(a_condition_takes_so_many_keys),
		cmocka_unit_test(every_action_a_door_asks_for_can_be_named),
		cmocka_unit_test(the_administrators_policy_allows_all),
		cmocka_unit_test(not_action_is_a_complement_and_no_denial),
		cmocka_unit_test(not_resource_is_a_complement_too),
		cmocka_unit_test(what_is_said_and_seldom_meant_is_warned_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
