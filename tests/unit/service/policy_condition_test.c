/* Every condition operator, in its plain form, with IfExists and over sets. */
#include "policy_ground.h"

/* One operator against a request: what holds, 'y' or 'n'. */
struct row {
	const char *name, *key, *values, *known;
	char holds;
};

static bool
holds(const struct row *row)
{
	char document[1024];

	snprintf(document, sizeof document, WHEN("{\"%s\":{\"%s\":%s}}"), row->name,
		row->key, row->values);
	return decide(document, "iot1click:ListDevices", "*", row->known) ==
	       POLICY_ALLOWED;
}

static void
check(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (holds(&rows[i]) != (rows[i].holds == 'y'))
			fail_msg("row %zu: %s %s %s with '%s' should be %c", i,
				rows[i].name, rows[i].key, rows[i].values, rows[i].known,
				rows[i].holds);
}

#define CHECK(rows) check((rows), sizeof(rows) / sizeof *(rows))
#define USER "aws:username"

static void
texts_are_compared_as_they_are_or_in_any_case(void **state)
{
	static const struct row rows[] = {
		{ "StringEquals", USER, "\"ann\"", USER "=ann", 'y' },
		{ "StringEquals", USER, "\"Ann\"", USER "=ann", 'n' },
		{ "StringEquals", USER, "[\"bob\",\"ann\"]", USER "=ann", 'y' },
		{ "StringEquals", USER, "\"a*\"", USER "=ann", 'n' },
		{ "StringEquals", USER, "\"a*\"", USER "=a*", 'y' },
		{ "StringEquals", "AWS:UserName", "\"ann\"", USER "=ann", 'y' },
		{ "StringNotEquals", USER, "\"ann\"", USER "=ann", 'n' },
		{ "StringNotEquals", USER, "\"bob\"", USER "=ann", 'y' },
		{ "StringNotEquals", USER, "[\"bob\",\"ann\"]", USER "=ann", 'n' },
		{ "StringEqualsIgnoreCase", USER, "\"ANN\"", USER "=ann", 'y' },
		{ "StringEqualsIgnoreCase", USER, "\"ANNE\"", USER "=ann", 'n' },
		{ "StringNotEqualsIgnoreCase", USER, "\"ANN\"", USER "=ann", 'n' },
		{ "StringNotEqualsIgnoreCase", USER, "\"ANNE\"", USER "=ann", 'y' },
		{ "StringLike", USER, "\"a*n\"", USER "=ann", 'y' },
		{ "StringLike", USER, "\"a?n\"", USER "=ann", 'y' },
		{ "StringLike", USER, "\"A*\"", USER "=ann", 'n' },
		{ "StringLike", USER, "\"*\"", USER "=", 'y' },
		{ "StringNotLike", USER, "\"a*\"", USER "=ann", 'n' },
		{ "StringNotLike", USER, "[\"b*\",\"c*\"]", USER "=ann", 'y' },
	};

	(void)state;
	CHECK(rows);
}

#define N "aws:EpochTime"

static void
numbers_are_compared_by_value(void **state)
{
	static const struct row rows[] = {
		{ "NumericEquals", N, "\"10\"", N "=10.0", 'y' },
		{ "NumericEquals", N, "10", N "=10", 'y' },
		{ "NumericEquals", N, "1e1", N "=10", 'y' },
		{ "NumericEquals", N, "\"10\"", N "=11", 'n' },
		{ "NumericEquals", N, "\"10\"", N "=ten", 'n' },
		{ "NumericNotEquals", N, "\"10\"", N "=11", 'y' },
		{ "NumericNotEquals", N, "\"10\"", N "=10", 'n' },
		{ "NumericNotEquals", N, "\"10\"", N "=ten", 'y' },
		{ "NumericLessThan", N, "\"10\"", N "=9.5", 'y' },
		{ "NumericLessThan", N, "\"10\"", N "=10", 'n' },
		{ "NumericLessThan", N, "\"10\"", N "=9a", 'n' },
		{ "NumericLessThanEquals", N, "\"10\"", N "=10", 'y' },
		{ "NumericLessThanEquals", N, "\"10\"", N "=10.1", 'n' },
		{ "NumericGreaterThan", N, "\"-1\"", N "=0", 'y' },
		{ "NumericGreaterThan", N, "\"10\"", N "=10", 'n' },
		{ "NumericGreaterThanEquals", N, "\"10\"", N "=10", 'y' },
		{ "NumericGreaterThanEquals", N, "[\"10\",\"5\"]", N "=6", 'y' },
		{ "NumericGreaterThanEquals", N, "\"10\"", N "=9", 'n' },
	};

	(void)state;
	CHECK(rows);
}

#define T "aws:CurrentTime"

static void
moments_are_dates_or_seconds_since_1970(void **state)
{
	static const struct row rows[] = {
		{ "DateEquals", T, "\"2018-05-04T23:26:33Z\"",
			T "=2018-05-04T23:26:33.000Z", 'y' },
		{ "DateEquals", T, "\"1525476393\"", T "=2018-05-04T23:26:33Z", 'y' },
		{ "DateEquals", T, "1525476393", T "=2018-05-05T01:26:33+02:00", 'y' },
		{ "DateEquals", T, "\"2018-05-04\"", T "=2018-05-04T00:00:00Z", 'y' },
		{ "DateEquals", T, "\"2018-05-04\"", T "=2018-05-04T00:00:00.001Z", 'n' },
		{ "DateNotEquals", T, "\"2018-05-04\"", T "=2018-05-05", 'y' },
		{ "DateNotEquals", T, "\"2018-05-04\"", T "=2018-05-04", 'n' },
		{ "DateLessThan", T, "\"2018-05-04\"", T "=2018-05-03T23:59:59.999Z",
			'y' },
		{ "DateLessThan", T, "\"2018-05-04\"", T "=2018-05-04", 'n' },
		{ "DateLessThan", T, "\"2018-05-04\"", T "=yesterday", 'n' },
		{ "DateLessThanEquals", T, "\"2018-05-04\"", T "=2018-05-04", 'y' },
		{ "DateGreaterThan", T, "\"2018-05-04\"", T "=1525476393", 'y' },
		{ "DateGreaterThan", T, "\"2018-05-04\"", T "=2018-05-04", 'n' },
		{ "DateGreaterThanEquals", N, "\"2018-05-04\"", N "=1525392000", 'y' },
		{ "DateGreaterThanEquals", N, "\"2018-05-04\"", N "=1525391999", 'n' },
	};

	(void)state;
	CHECK(rows);
}

#define S "aws:SecureTransport"

static void
true_and_false_may_stand_without_quotes(void **state)
{
	static const struct row rows[] = {
		{ "Bool", S, "\"true\"", S "=true", 'y' },
		{ "Bool", S, "true", S "=true", 'y' },
		{ "Bool", S, "false", S "=true", 'n' },
		{ "Bool", S, "\"False\"", S "=false", 'y' },
		{ "Bool", S, "\"true\"", S "=1", 'n' },
		{ "Bool", S, "\"true\"", "", 'n' },
		{ "Bool", S, "\"false\"", "", 'n' },
		{ "BoolIfExists", S, "\"true\"", "", 'y' },
		{ "BinaryEquals", USER, "\"YW5u\"", USER "=ann", 'y' },
		{ "BinaryEquals", USER, "\"YW5uZQ==\"", USER "=anne", 'y' },
		{ "BinaryEquals", USER, "\"YW5u\"", USER "=Ann", 'n' },
		{ "BinaryEquals", USER, "\"YW5u\"", USER "=YW5u", 'n' },
		{ "BinaryEquals", USER, "\"YW5u\"", "", 'n' },
		{ "BinaryEqualsIfExists", USER, "\"YW5u\"", "", 'y' },
	};

	(void)state;
	CHECK(rows);
}

#define IP "aws:SourceIp"

static void
addresses_are_of_a_net_or_not(void **state)
{
	static const struct row rows[] = {
		{ "IpAddress", IP, "\"192.0.2.0/24\"", IP "=192.0.2.77", 'y' },
		{ "IpAddress", IP, "\"192.0.2.0/24\"", IP "=192.0.3.77", 'n' },
		{ "IpAddress", IP, "\"192.0.2.9/24\"", IP "=192.0.2.77", 'y' },
		{ "IpAddress", IP, "\"192.0.2.128/25\"", IP "=192.0.2.127", 'n' },
		{ "IpAddress", IP, "\"192.0.2.128/25\"", IP "=192.0.2.128", 'y' },
		{ "IpAddress", IP, "\"192.0.2.1\"", IP "=192.0.2.1", 'y' },
		{ "IpAddress", IP, "\"192.0.2.1\"", IP "=192.0.2.2", 'n' },
		{ "IpAddress", IP, "\"0.0.0.0/0\"", IP "=203.0.113.1", 'y' },
		{ "IpAddress", IP, "\"0.0.0.0/0\"", IP "=2001:db8::1", 'n' },
		{ "IpAddress", IP, "\"::/0\"", IP "=2001:db8::1", 'y' },
		{ "IpAddress", IP, "\"::/0\"", IP "=203.0.113.1", 'n' },
		{ "IpAddress", IP, "\"2001:db8::/33\"", IP "=2001:db8:7fff::1", 'y' },
		{ "IpAddress", IP, "\"2001:db8::/33\"", IP "=2001:db8:8000::1", 'n' },
		{ "IpAddress", IP, "\"192.0.2.0/24\"", IP "=::ffff:192.0.2.1", 'y' },
		{ "IpAddress", IP, "\"192.0.2.0/24\"", IP "=local", 'n' },
		{ "IpAddress", IP, "[\"10.0.0.0/8\",\"::1\"]", IP "=::1", 'y' },
		{ "NotIpAddress", IP, "\"192.0.2.0/24\"", IP "=192.0.2.77", 'n' },
		{ "NotIpAddress", IP, "\"192.0.2.0/24\"", IP "=192.0.3.77", 'y' },
		{ "NotIpAddress", IP, "[\"10.0.0.0/8\",\"::1\"]", IP "=::1", 'n' },
		{ "NotIpAddress", IP, "\"192.0.2.0/24\"", "", 'y' },
	};

	(void)state;
	CHECK(rows);
}

#define ARN "aws:PrincipalArn"
#define ANN "arn:aws:iam::000000000000:user/ann"

static void
arns_are_compared_part_by_part(void **state)
{
	static const struct row rows[] = {
		{ "ArnEquals", ARN, "\"" ANN "\"", ARN "=" ANN, 'y' },
		{ "ArnLike", ARN, "\"arn:aws:iam::*:user/*\"", ARN "=" ANN, 'y' },
		{ "ArnEquals", ARN, "\"arn:aws:iam::*:user/a?n\"", ARN "=" ANN, 'y' },
		{ "ArnLike", ARN, "\"arn:aws:iam:*:user/ann:x\"", ARN "=" ANN, 'n' },
		{ "ArnLike", ARN, "\"arn:*:*:*:*:*\"", ARN "=" ANN, 'y' },
		{ "ArnLike", ARN, "\"arn:*:*:*:*:*\"", ARN "=ann", 'n' },
		{ "ArnLike", ARN, "\"arn:aws:i*:*:*:*\"", ARN "=" ANN, 'y' },
		{ "ArnLike", ARN, "\"arn:aws:i*n:*:*:*\"", ARN "=" ANN, 'n' },
		{ "ArnNotLike", ARN, "\"arn:aws:iam::*:user/b*\"", ARN "=" ANN, 'y' },
		{ "ArnNotEquals", ARN, "\"arn:aws:iam::*:user/a*\"", ARN "=" ANN, 'n' },
		{ "ArnNotEquals", ARN, "\"arn:aws:iam::*:user/a*\"", "", 'y' },
		{ "ArnLike", ARN, "\"arn:aws:iam::*:user/a*\"", "", 'n' },
		{ "ArnLikeIfExists", ARN, "\"arn:aws:iam::*:user/a*\"", "", 'y' },
	};

	(void)state;
	CHECK(rows);
}

static void
a_key_that_is_missing_fails_what_is_said_and_passes_what_is_denied(void **state)
{
	static const struct row rows[] = {
		{ "StringEquals", USER, "\"ann\"", "", 'n' },
		{ "StringLike", USER, "\"*\"", "", 'n' },
		{ "StringNotEquals", USER, "\"ann\"", "", 'y' },
		{ "StringNotLike", USER, "\"*\"", "", 'y' },
		{ "NumericLessThan", N, "\"1\"", "", 'n' },
		{ "NumericNotEquals", N, "\"1\"", "", 'y' },
		{ "DateNotEquals", T, "\"2018-05-04\"", "", 'y' },
		{ "StringEqualsIfExists", USER, "\"ann\"", "", 'y' },
		{ "StringEqualsIfExists", USER, "\"ann\"", USER "=bob", 'n' },
		{ "StringNotEqualsIfExists", USER, "\"ann\"", "", 'y' },
		{ "StringNotEqualsIfExists", USER, "\"ann\"", USER "=ann", 'n' },
		{ "NumericLessThanIfExists", N, "\"1\"", "", 'y' },
		{ "IpAddressIfExists", IP, "\"10.0.0.0/8\"", "", 'y' },
		{ "Null", USER, "\"true\"", "", 'y' },
		{ "Null", USER, "\"true\"", USER "=ann", 'n' },
		{ "Null", USER, "\"false\"", USER "=ann", 'y' },
		{ "Null", USER, "false", "", 'n' },
		{ "Null", USER, "[\"true\",\"false\"]", "", 'y' },
		{ "Null", "aws:TagKeys", "\"true\"", "aws:TagKeys", 'y' },
		{ "StringEquals", "aws:NeverHeardOf", "\"x\"", "", 'n' },
	};

	(void)state;
	CHECK(rows);
}

#define K "aws:TagKeys"

static void
sets_are_compared_all_or_any(void **state)
{
	static const struct row rows[] = {
		{ "ForAllValues:StringEquals", K, "[\"a\",\"b\"]", K "=a|b", 'y' },
		{ "ForAllValues:StringEquals", K, "[\"a\",\"b\"]", K "=a", 'y' },
		{ "ForAllValues:StringEquals", K, "[\"a\",\"b\"]", K "=a|c", 'n' },
		{ "ForAllValues:StringEquals", K, "\"a\"", "", 'y' },
		{ "ForAllValues:StringEquals", K, "\"a\"", K, 'y' },
		{ "ForAllValues:StringNotEquals", K, "[\"a\",\"b\"]", K "=c|d", 'y' },
		{ "ForAllValues:StringNotEquals", K, "[\"a\",\"b\"]", K "=c|a", 'n' },
		{ "ForAllValues:StringNotEquals", K, "\"a\"", "", 'y' },
		{ "ForAnyValue:StringEquals", K, "[\"a\",\"b\"]", K "=c|b", 'y' },
		{ "ForAnyValue:StringEquals", K, "[\"a\",\"b\"]", K "=c|d", 'n' },
		{ "ForAnyValue:StringEquals", K, "\"a\"", "", 'n' },
		{ "ForAnyValue:StringEquals", K, "\"a\"", K, 'n' },
		{ "ForAnyValue:StringNotEquals", K, "\"a\"", K "=a|b", 'y' },
		{ "ForAnyValue:StringNotEquals", K, "\"a\"", K "=a", 'n' },
		{ "ForAnyValue:StringNotEquals", K, "\"a\"", "", 'n' },
		{ "ForAnyValue:StringLikeIfExists", K, "\"a*\"", "", 'y' },
		{ "ForAnyValue:StringLikeIfExists", K, "\"a*\"", K "=b", 'n' },
		{ "ForAllValues:NumericLessThan", N, "\"5\"", N "=1|4", 'y' },
		{ "ForAllValues:NumericLessThan", N, "\"5\"", N "=1|6", 'n' },
		{ "StringEquals", K, "\"a\"", K "=b|a", 'y' },
		{ "StringNotEquals", K, "\"a\"", K "=b|a", 'n' },
	};

	(void)state;
	CHECK(rows);
}

static void
operators_and_keys_must_all_hold(void **state)
{
	static const char document[] =
		WHEN("{\"StringEquals\":{\"aws:username\":\"ann\",\"aws:userid\":\"1\"},"
		     "\"Bool\":{\"aws:SecureTransport\":\"true\"}}");
	static const char all[] =
		"aws:username=ann aws:userid=1 aws:SecureTransport=true";

	(void)state;
	assert_int_equal(
		decide(document, "iot1click:ListDevices", "*", all), POLICY_ALLOWED);
	for (int i = 0; i < 3; i++) {
		static const char *const less[] = {
			"aws:username=bob aws:userid=1 aws:SecureTransport=true",
			"aws:username=ann aws:SecureTransport=true",
			"aws:username=ann aws:userid=1 aws:SecureTransport=false",
		};
		assert_int_equal(decide(document, "iot1click:ListDevices", "*", less[i]),
			POLICY_IMPLICIT_DENY);
	}
	assert_int_equal(
		decide(WHEN("{}"), "iot1click:ListDevices", "*", ""), POLICY_ALLOWED);
}

/* ---- variables ---- */

#define TAG "aws:PrincipalTag/team"
#define OF_TEAM(version, resource) \
	"{" version "\"Statement\":" ALLOW("\"*\"", "\"" resource "\"") "}"
#define NOW "\"Version\":\"2012-10-17\","
#define THEN "\"Version\":\"2008-10-17\","
#define ARN_OF(name) "arn:aws:iot1click:*:*:projects/" name

static void
a_variable_stands_for_its_value_and_never_for_a_wildcard(void **state)
{
	static const struct {
		const char *document, *project, *known;
		char holds;
	} rows[] = {
		{ OF_TEAM(NOW, ARN_OF("${" TAG "}-*")), "red-1", TAG "=red", 'y' },
		{ OF_TEAM(NOW, ARN_OF("${" TAG "}-*")), "blue-1", TAG "=red", 'n' },
		{ OF_TEAM(NOW, ARN_OF("${" TAG "}-*")), "red-1", "", 'n' },
		{ OF_TEAM(NOW, ARN_OF("${" TAG "}-*")), "-1", TAG "=", 'n' },
		{ OF_TEAM(NOW, ARN_OF("${" TAG "}*")), "red-1", TAG "=", 'n' },
		{ OF_TEAM(NOW, ARN_OF("${" TAG "}*")), "red-1", "", 'n' },
		{ OF_TEAM(NOW, ARN_OF("*${" TAG "}")), "red-1", TAG "=", 'n' },
		{ OF_TEAM(NOW, ARN_OF("${" TAG ", 'red'}*")), "red-1", TAG "=", 'y' },
		{ OF_TEAM(NOW, ARN_OF("${" TAG ", 'red'}*")), "blue-1", TAG "=", 'n' },
		{ OF_TEAM(NOW, ARN_OF("${" TAG "}")), "red", TAG "=*", 'n' },
		{ OF_TEAM(NOW, ARN_OF("${" TAG "}")), "*", TAG "=*", 'y' },
		{ OF_TEAM(NOW, ARN_OF("${" TAG "}")), "r", TAG "=?", 'n' },
		{ OF_TEAM(NOW, ARN_OF("${" TAG ", 'all'}")), "all", "", 'y' },
		{ OF_TEAM(NOW, ARN_OF("${" TAG ",'all'}")), "all", TAG "=red", 'n' },
		{ OF_TEAM(NOW, ARN_OF("${" TAG ", '*'}")), "red", "", 'n' },
		{ OF_TEAM(NOW, ARN_OF("${" TAG ",  'all'  }")), "all", "", 'y' },
		{ OF_TEAM(NOW, ARN_OF("${" TAG "}*")), "\xff-1", TAG "=\xff", 'n' },
		{ OF_TEAM(NOW, ARN_OF("$x$")), "$x$", "", 'y' },
		{ OF_TEAM(NOW, ARN_OF("${AWS:principaltag/TEAM}")), "red", TAG "=red",
			'y' },
		{ OF_TEAM(NOW, ARN_OF("${*}${?}${$}")), "*?$", "", 'y' },
		{ OF_TEAM(NOW, ARN_OF("${*}${?}${$}")), "abc", "", 'n' },
		{ OF_TEAM(NOW, ARN_OF("${" TAG "}")), "red", TAG "=red|blue", 'n' },
		{ OF_TEAM(THEN, ARN_OF("${" TAG "}")), "red", TAG "=red", 'n' },
		{ OF_TEAM("", ARN_OF("${" TAG "}")), "${" TAG "}", TAG "=red", 'y' },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char resource[128];

		snprintf(resource, sizeof resource, PROJECT "%s", rows[i].project);
		if ((decide(rows[i].document, "iot1click:DescribeProject", resource,
			     rows[i].known) == POLICY_ALLOWED) != (rows[i].holds == 'y'))
			fail_msg("row %zu: %s with '%s'", i, rows[i].project,
				rows[i].known);
	}
}

#define IN(region, account) \
	ALLOW("\"*\"", "\"arn:aws:iot1click:" region ":" account ":projects/*\"")

/* AWS fills none in before the fifth colon; there it is letters, its signs too. */
static void
a_variable_before_the_fifth_colon_is_no_variable(void **state)
{
	static const char known[] =
		"aws:RequestedRegion=us-west-2 aws:PrincipalAccount=000000000000";
	static const char *const statements[] = {
		IN("${aws:RequestedRegion}", "*"),
		IN("*", "${aws:PrincipalAccount}"),
		IN("*", "${aws:PrincipalAccount, '000000000000'}"),
		IN("${*}", "*"),
		IN("*", "????????${*}"),
		ALLOW("\"*\"", "\"arn:${aws:x}:iot1click:*\""),
		ALLOW("\"*\"", "\"arn:aws:iot1click:*:${aws:PrincipalAccount}\""),
	};

	(void)state;
	for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
		char *text = mem_format(NULL, STATEMENTS("%s"), statements[i]);
		struct policy *policy;

		if (decide(text, "iot1click:DescribeProject", PROJECT "a", known) !=
			POLICY_IMPLICIT_DENY)
			fail_msg("%s", text);
		assert_int_equal(policy_parse(NULL, text, &policy, NULL), ERR_NONE);
		assert_int_equal(policy_warnings(policy).count > 0, 1);
		assert_non_null(strstr(policy_warnings(policy).item[0], "fifth colon"));
		mem_free(policy);
		mem_free(text);
	}
}

static void
a_variable_in_a_list_without_value_silences_the_statement(void **state)
{
	static const char deny[] = "{" NOW "\"Statement\":[" ALLOW(
		"\"*\"", "\"*\"") ","
				  "{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":"
				  "[\"" PROJECT "a\",\"" ARN_OF("${" TAG "}") "\"]}]}";

	(void)state;
	assert_int_equal(decide(deny, "iot1click:DescribeProject", PROJECT "a", ""),
		POLICY_ALLOWED);
	assert_int_equal(decide(deny, "iot1click:DescribeProject", PROJECT "a", TAG "=b"),
		POLICY_EXPLICIT_DENY);
}

static void
conditions_take_variables_in_texts_and_arns(void **state)
{
	static const struct row rows[] = {
		{ "StringEquals", "aws:ResourceTag/owner", "\"${aws:username}\"",
			"aws:username=ann aws:ResourceTag/owner=ann", 'y' },
		{ "StringEquals", "aws:ResourceTag/owner", "\"${aws:username}\"",
			"aws:username=ann aws:ResourceTag/owner=bob", 'n' },
		{ "StringEquals", "aws:ResourceTag/owner", "\"${aws:username}\"",
			"aws:ResourceTag/owner=ann", 'n' },
		{ "StringNotEquals", "aws:ResourceTag/owner", "\"${aws:username}\"",
			"aws:ResourceTag/owner=ann", 'n' },
		{ "StringLike", USER, "\"${aws:userid}*\"",
			"aws:userid=a* aws:username=anna", 'n' },
		{ "StringLike", USER, "\"${aws:userid}*\"",
			"aws:userid=an aws:username=anna", 'y' },
		{ "StringEquals", USER, "\"${*}\"", "aws:username=*", 'y' },
		{ "ArnLike", ARN, "\"arn:aws:iam::*:user/${aws:userid}\"",
			ARN "=" ANN " aws:userid=ann", 'y' },
		{ "ArnEquals", ARN, "\"${aws:userid}\"", ARN "=" ANN " aws:userid=" ANN,
			'y' },
	};

	(void)state;
	CHECK(rows);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_compared_as_they_are_or_in_any_case),
		cmocka_unit_test(numbers_are_compared_by_value),
		cmocka_unit_test(moments_are_dates_or_seconds_since_1970),
		cmocka_unit_test(true_and_false_may_stand_without_quotes),
		cmocka_unit_test(addresses_are_of_a_net_or_not),
		cmocka_unit_test(arns_are_compared_part_by_part),
		cmocka_unit_test(
			a_key_that_is_missing_fails_what_is_said_and_passes_what_is_denied),
		cmocka_unit_test(sets_are_compared_all_or_any),
		cmocka_unit_test(operators_and_keys_must_all_hold),
		cmocka_unit_test(
			a_variable_stands_for_its_value_and_never_for_a_wildcard),
		cmocka_unit_test(a_variable_before_the_fifth_colon_is_no_variable),
		cmocka_unit_test(
			a_variable_in_a_list_without_value_silences_the_statement),
		cmocka_unit_test(conditions_take_variables_in_texts_and_arns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
