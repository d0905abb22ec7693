#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "oneclick/api/grant.h"
#include "oneclick/base/mem.h"
#include "oneclick/service/policy.h"

#define DEVICE "arn:aws:iot1click:us-west-2:000000000000:devices/G030PM0123456789"
#define PROJECT "arn:aws:iot1click:us-west-2:000000000000:projects/"
#define STATEMENTS(text) "{\"Version\":\"2012-10-17\",\"Statement\":[" text "]}"
#define ALLOW(action, resource) \
	"{\"Effect\":\"Allow\",\"Action\":" action ",\"Resource\":" resource "}"
#define DENY(action, resource) \
	"{\"Effect\":\"Deny\",\"Action\":" action ",\"Resource\":" resource "}"

static bool
allows(const char *text, const char *action, const char *resource)
{
	void *life = mem_life(NULL);
	struct policy *policy;
	struct fault why;
	const char *because = "";
	bool yes;

	if (policy_parse(life, text, &policy, &why))
		fail_msg("%s: %s", text, why.sentence);
	yes = policy_allows(policy, action, resource, &because);
	if (!yes)
		assert_true(strlen(because) > 10);
	mem_free(life);
	return yes;
}

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
what_is_not_understood_is_refused_whole(void **state)
{
	static const char *const documents[][2] = {
		{ "AWSIoT1ClickAdmin", "AWSIoT1ClickAdmin" },
		{ "{", "line 1" },
		{ "[{}]", "object" },
		{ "{}", "Statement" },
		{ "{\"Statement\":[]}", "Statement" },
		{ "{\"Statement\":[3]}", "Statement 1" },
		{ "{\"Statement\":[],\"Statement\":[]}", "twice" },
		{ "{\"Version\":\"2020-01-01\",\"Statement\":[]}", "Version" },
		{ "{\"Rules\":[]}", "Rules" },
		{ STATEMENTS("{\"Action\":\"*\",\"Resource\":\"*\"}"), "Effect" },
		{ STATEMENTS(
			  "{\"Effect\":\"allow\",\"Action\":\"*\",\"Resource\":\"*\"}"),
			"Effect" },
		{ STATEMENTS("{\"Effect\":\"Allow\",\"Resource\":\"*\"}"), "Action" },
		{ STATEMENTS("{\"Effect\":\"Allow\",\"Action\":\"*\"}"), "Resource" },
		{ STATEMENTS(ALLOW("[]", "\"*\"")), "Action" },
		{ STATEMENTS(ALLOW("[7]", "\"*\"")), "Action" },
		{ STATEMENTS(ALLOW("\"iot1click:\"", "\"*\"")), "Action" },
		{ STATEMENTS(ALLOW("\"s3:GetObject\"", "\"*\"")), "s3:GetObject" },
		{ STATEMENTS(ALLOW("\"i*:ListDevices\"", "\"*\"")), "i*:ListDevices" },
		{ STATEMENTS(ALLOW("\"iot1click:PressButton\"", "\"*\"")),
			"PressButton" },
		{ STATEMENTS(ALLOW("\"*\"", "\"projects/Foo\"")), "projects/Foo" },
		{ STATEMENTS(ALLOW("\"*\"", "\"arn:aws:iot1click:*:*:devices/${a}\"")),
			"${" },
		{ STATEMENTS("{\"Effect\":\"Allow\",\"NotAction\":\"*\",\"Resource\":\"*"
			     "\"}"),
			"NotAction" },
		{ STATEMENTS("{\"Effect\":\"Allow\",\"Action\":\"*\",\"NotResource\":\"*"
			     "\"}"),
			"NotResource" },
		{ STATEMENTS("{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\","
			     "\"Condition\":{}}"),
			"Condition" },
		{ STATEMENTS("{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\","
			     "\"Principal\":\"*\"}"),
			"Principal" },
		{ STATEMENTS("{\"Efect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}"),
			"Effect" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
		struct policy *policy;
		struct fault why;

		if (policy_parse(NULL, documents[i][0], &policy, &why) != ERR_INVALID)
			fail_msg("%s was taken", documents[i][0]);
		if (!strstr(why.sentence, documents[i][1]))
			fail_msg("%s: %s", documents[i][0], why.sentence);
	}
}

static void
a_document_has_at_most_6144_characters(void **state)
{
	static const char start[] = STATEMENTS(ALLOW("\"*\"", "\"*\""));
	char text[POLICY_MAX + 2] = { 0 };
	struct policy *policy;
	struct fault why;

	(void)state;
	memset(text, ' ', POLICY_MAX + 1);
	memcpy(text, start, strlen(start));
	assert_int_equal(policy_parse(NULL, text, &policy, &why), ERR_INVALID);
	assert_non_null(strstr(why.sentence, "6144"));
	text[POLICY_MAX] = '\0';
	assert_int_equal(policy_parse(NULL, text, &policy, &why), ERR_NONE);
	mem_free(policy);
}

/* What a pattern means, said the slow way: by trying every way to split. */
static bool
matches_slowly(const char *pattern, const char *text)
{
	if (*pattern == '\0')
		return *text == '\0';
	if (*pattern == '*')
		return matches_slowly(pattern + 1, text) ||
		       (*text && matches_slowly(pattern, text + 1));
	return *text && (*pattern == '?' || *pattern == *text) &&
	       matches_slowly(pattern + 1, text + 1);
}

static void
the_matcher_agrees_with_the_definition_on_all_short_words(void **state)
{
	static const char letters[] = "a*?b";
	char pattern[6], text[6];

	(void)state;
	for (unsigned p = 0; p < 4 * 4 * 4 * 4 * 4; p++)
		for (unsigned t = 0; t < 3 * 3 * 3 * 3 * 3; t++) {
			unsigned rest = p;
			for (int i = 0; i < 5; i++, rest /= 4)
				pattern[i] = letters[rest % 4];
			pattern[5] = '\0';
			rest = t;
			for (int i = 0; i < 5; i++, rest /= 3)
				text[i] = "ab"[rest % 3 % 2];
			text[rest = 5 - t % 3] = '\0';
			if (policy_word_matches(pattern, text, false) !=
				matches_slowly(pattern, text))
				fail_msg("%s against %s", pattern, text);
		}
	assert_true(policy_word_matches("a?c", "a\303\251c", false));
}

/* With backtracking into every star this would not end within our lives. */
static void
many_stars_cost_no_more_than_length_times_length(void **state)
{
	char pattern[POLICY_MAX + 1], text[POLICY_MAX + 1];

	(void)state;
	for (int i = 0; i < POLICY_MAX - 2; i += 2)
		memcpy(pattern + i, "a*", 2);
	strcpy(pattern + POLICY_MAX - 2, "b");
	memset(text, 'a', POLICY_MAX);
	text[POLICY_MAX] = '\0';
	assert_false(policy_word_matches(pattern, text, true));
	text[POLICY_MAX - 1] = 'B';
	assert_true(policy_word_matches(pattern, text, true));
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
		cmocka_unit_test(a_document_has_at_most_6144_characters),
		cmocka_unit_test(
			the_matcher_agrees_with_the_definition_on_all_short_words),
		cmocka_unit_test(many_stars_cost_no_more_than_length_times_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
