/* How a document comes: its size, its bytes, what stands around it, and where in it what is
 * wrong stands. */
#include "policy_ground.h"

#define PLAIN STATEMENTS(ALLOW("\"iot1click:ListDevices\"", "\"*\""))

static bool
is_taken(const char *text)
{
	return allows(text, "iot1click:ListDevices", "*") &&
	       !allows(text, "iot1click:ListProjects", "*");
}

/* A document whose Sid makes it of so many characters. */
static char *
document_of(size_t size)
{
	static const char start[] = "{\"Statement\":{\"Sid\":\"",
			  end[] = "\",\"Effect\":\"Allow\",\"Action\":\"*\","
				  "\"Resource\":\"*\"}}";
	char *text = mem_array(NULL, char, size + 1);

	memset(text, 'x', size);
	memcpy(text, start, strlen(start));
	memcpy(text + size - strlen(end), end, strlen(end));
	return text;
}

static void
it_has_at_most_6144_characters_and_blanks_are_none(void **state)
{
	char *text = document_of(POLICY_MAX), *spaced;

	(void)state;
	assert_true(allows(text, "iot1click:ListDevices", "*"));
	spaced = mem_format(NULL, "%*s\r\n\t%s%*s", 9000, "", text, 9000, "");
	assert_true(allows(spaced, "iot1click:ListDevices", "*"));
	mem_free(text);
	mem_free(spaced);
	text = document_of(POLICY_MAX + 1);
	assert_non_null(strstr(refusal_of(text), "6144"));
	mem_free(text);
}

static void
a_byte_order_mark_and_other_line_ends_are_no_matter(void **state)
{
	(void)state;
	assert_true(is_taken("\xef\xbb\xbf" PLAIN));
	assert_true(is_taken("\xef\xbb\xbf\r\n" PLAIN "\r\n"));
	assert_true(is_taken("{\r\n\"Version\":\r\n\"2012-10-17\",\r\n\"Statement\":"
			     "[" ALLOW("\"iot1click:ListDevices\"", "\"*\"") "]}"));
	assert_non_null(strstr(refusal_of("\xef\xbb\xbf{\xef\xbb\xbf}"), "line 1"));
}

#define IN_TEXT \
	"\"{\\\"Statement\\\":{\\\"Effect\\\":\\\"Allow\\\",\\\"Action\\\":" \
	"\\\"iot1click:ListDevices\\\",\\\"Resource\\\":\\\"*\\\"}}\""
#define ENCODED \
	"%7B%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22iot1click" \
	"%3AListDevices%22%2C%22Resource%22%3A%22*%22%7D%7D"

static void
what_iam_prints_around_it_is_taken(void **state)
{
	static const char *const rows[] = {
		"{\"PolicyVersion\":{\"Document\":" PLAIN ",\"VersionId\":\"v1\","
		"\"IsDefaultVersion\":true,\"CreateDate\":\"2018-05-11T20:04:13Z\"}}",
		"{\"Document\":" PLAIN "}",
		"{\"UserName\":\"a\",\"PolicyName\":\"b\",\"PolicyDocument\":" PLAIN "}",
		"{\"PolicyVersion\":{\"Document\":" IN_TEXT "}}",
		"{\"PolicyVersion\":{\"Document\":\"" ENCODED "\"}}",
		"\xef\xbb\xbf{\"PolicyVersion\":{\"Document\":\"" ENCODED "\"}}",
		ENCODED,
		ENCODED "\n",
	};
	const char *bare;
	void *life = mem_life(NULL);

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_true(is_taken(rows[i]));
		assert_int_equal(policy_bare(life, rows[i], &bare, NULL), ERR_NONE);
		assert_true(is_taken(bare));
		assert_null(strstr(bare, "Document"));
		assert_int_equal(bare[0], '{');
	}
	assert_int_equal(policy_bare(life, PLAIN, &bare, NULL), ERR_NONE);
	assert_string_equal(bare, PLAIN);
	assert_int_equal(policy_bare(life, POLICY_ADMINISTRATOR, &bare, NULL), ERR_NONE);
	assert_string_equal(bare, POLICY_ADMINISTRATOR);
	assert_int_equal(policy_bare(life, "{", &bare, NULL), ERR_INVALID);
	mem_free(life);
	assert_non_null(strstr(refusal_of("{\"Document\":\"%7B%\"}"), "percent-escape"));
	assert_non_null(strstr(refusal_of("{\"Document\":7}"), "object"));
	assert_non_null(strstr(refusal_of("{\"PolicyVersion\":{}}"), "Statement"));
}

static void
what_is_wrong_is_said_with_its_line_and_column(void **state)
{
	static const char *const rows[][2] = {
		{ "{\n \"Statement\": [\n  {\"Effect\": \"allow\",\n"
		  "   \"Action\": \"*\", \"Resource\": \"*\"}]}",
			"line 3, column 4: Statement 1: Effect" },
		{ "{\"Statement\": {\"Effect\": \"Allow\", \"Resource\": \"*\",\n"
		  "  \"Action\": [\"*\",\n    \"iot1click:Press\"]}}",
			"line 3, column 5: Statement 1: Action" },
		{ "{\"Statement\": {\"Effect\": \"Allow\", \"Action\": \"*\",\n"
		  "\"Resource\": [\"*\",\n\t\"projects/x\"]}}",
			"line 3, column 2: Statement 1: Resource" },
		{ "{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"*\",\n"
		  "\"Resource\": \"*\",\n  \"Condition\": {\"Bool\":\n"
		  "      {\"aws:SecureTransport\": \"yes\"}}}]}",
			"line 4, column 8: Statement 1: Condition" },
		{ "{\"Statement\": [],\n \"Rules\": 1}", "line 2, column 2: A policy" },
		{ "{\n\n \"Version\": \"2020\", \"Statement\": []}", "line 3, column 2" },
		{ "{\"Statement\": [\n\n{\"Action\": \"*\"}]}", "line 3, column 1" },
		{ "{\"PolicyVersion\":\n{\"Document\":\n{\"Statement\": 7}}}",
			"line 3, column 2" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strncmp(refusal_of(rows[i][0]), rows[i][1], strlen(rows[i][1])) != 0)
			fail_msg("%s: not at %s", refusal_of(rows[i][0]), rows[i][1]);
}

/* Policies of a whole account can be used as they are. */
static void
actions_of_other_services_are_named_and_match_nothing(void **state)
{
	static const char text[] =
		"{\"Version\":\"2012-10-17\",\"Statement\":["
		"{\"Effect\":\"Allow\",\"Action\":[\"s3:Get*\",\"iot1click:ListDevices\","
		"\"lambda:InvokeFunction\"],\"Resource\":\"*\"},"
		"{\"Effect\":\"Allow\",\"Resource\":\"arn:aws:s3:::b/*\",\"Action\":"
		"[\"s3:A\",\"s3:B\",\"s3:C\",\"s3:D\",\"s3:E\",\"s3:F\",\"ec2:*\"],"
		"\"Condition\":{\"StringEquals\":{\"s3:prefix\":\"x\"}}}]}";
	struct policy *policy;
	struct texts warnings;

	(void)state;
	assert_true(is_taken(text));
	assert_int_equal(policy_parse(NULL, text, &policy, NULL), ERR_NONE);
	warnings = policy_warnings(policy);
	assert_int_equal(warnings.count, 3);
	assert_string_equal(warnings.item[0],
		"Statement 1 names actions of other services, which nothing here asks "
		"for: s3:Get*, lambda:InvokeFunction.");
	assert_non_null(strstr(warnings.item[1], "s3:prefix"));
	assert_non_null(strstr(warnings.item[2], "s3:E and 2 more"));
	mem_free(policy);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_has_at_most_6144_characters_and_blanks_are_none),
		cmocka_unit_test(a_byte_order_mark_and_other_line_ends_are_no_matter),
		cmocka_unit_test(what_iam_prints_around_it_is_taken),
		cmocka_unit_test(what_is_wrong_is_said_with_its_line_and_column),
		cmocka_unit_test(actions_of_other_services_are_named_and_match_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
