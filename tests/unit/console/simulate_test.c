#include "../../../src/console/simulate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "oneclick/base/mem.h"
#include "oneclick/console/console.h"
#include "oneclick/data/json.h"

#define ARN "arn:aws:iot1click:us-west-2:000000000000:projects/p"
#define READ(life, user, words, body, why) \
	simulate_read( \
		(life), (user), (words), sizeof(words) / sizeof *(words), (body), (why))

static void
a_user_an_action_and_a_resource_are_enough(void **state)
{
	static const char *const words[] = { "iot1click:DescribeProject", ARN };
	void *life = mem_life(NULL);
	const char *body;

	(void)state;
	assert_int_equal(READ(life, "ann", words, &body, NULL), ERR_NONE);
	assert_string_equal(body, "{\"user\":\"ann\",\"actions\":[\"iot1click:"
				  "DescribeProject\"],\"resources\":[\"" ARN "\"],"
				  "\"context\":{}}");
	mem_free(life);
}

static void
a_key_said_twice_has_two_values(void **state)
{
	static const char *const words[] = { "iot1click:TagResource", "*",
		"aws:TagKeys=a", "aws:username=x=y", "aws:TagKeys=" };
	void *life = mem_life(NULL);
	const char *body;

	(void)state;
	assert_int_equal(READ(life, "ann", words, &body, NULL), ERR_NONE);
	assert_non_null(strstr(body, "\"context\":{\"aws:TagKeys\":[\"a\",\"\"],"
				     "\"aws:username\":[\"x=y\"]}"));
	mem_free(life);
}

static void
words_before_the_action_are_files_of_policies(void **state)
{
	char path[] = "/tmp/oneclick-simulate.XXXXXX";
	const char *const words[] = { path, path, "iot1click:ListDevices", "*" };
	void *life = mem_life(NULL);
	int fd = mkstemp(path);
	const char *body;

	(void)state;
	assert_int_equal(write(fd, "{\"a\": 1}", 8), 8);
	close(fd);
	assert_int_equal(READ(life, NULL, words, &body, NULL), ERR_NONE);
	unlink(path);
	assert_non_null(
		strstr(body, "{\"policies\":[\"{\\\"a\\\": 1}\",\"{\\\"a\\\": 1}\"],"));
	mem_free(life);
}

static void
what_is_missing_is_asked_for(void **state)
{
	static const char *const none[] = { "iot1click:ListDevices" };
	static const char *const nobody[] = { "iot1click:ListDevices", "*" };
	static const char *const bare[] = { "iot1click:ListDevices", "*", "lobby" };
	static const char *const gone[] = { "/nowhere.json", "iot1click:ListDevices",
		"*" };
	void *life = mem_life(NULL);
	struct fault why;
	const char *body;

	(void)state;
	assert_int_equal(READ(life, "ann", none, &body, &why), ERR_INVALID);
	assert_non_null(strstr(why.sentence, "a resource"));
	assert_int_equal(READ(life, NULL, nobody, &body, &why), ERR_INVALID);
	assert_non_null(strstr(why.sentence, "--user"));
	assert_int_equal(READ(life, "ann", bare, &body, &why), ERR_INVALID);
	assert_non_null(strstr(why.sentence, "\"lobby\" must be CONDITION=VALUE"));
	assert_int_equal(READ(life, NULL, gone, &body, &why), ERR_INVALID);
	assert_non_null(strstr(why.sentence, "/nowhere.json"));
	mem_free(life);
}

static int
status_of(const char *answer)
{
	void *life = mem_life(NULL);
	const struct value *body;
	int status;

	assert_int_equal(json_parse(life, answer, strlen(answer), &body, NULL), ERR_NONE);
	status = simulate_status(simulate_result(body));
	mem_free(life);
	return status;
}

static void
only_what_is_allowed_is_done(void **state)
{
	(void)state;
	assert_int_equal(
		status_of("{\"results\":[{\"decision\":\"allowed\"}]}"), EXIT_DONE);
	assert_int_equal(status_of("{\"results\":[{\"decision\":\"explicitDeny\"}]}"),
		EXIT_NOT_AUTHORISED);
	assert_int_equal(status_of("{\"results\":[{\"decision\":\"implicitDeny\"}]}"),
		EXIT_NOT_AUTHORISED);
	assert_int_equal(status_of("{\"results\":[]}"), EXIT_NOT_AUTHORISED);
	assert_int_equal(status_of("{}"), EXIT_NOT_AUTHORISED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_user_an_action_and_a_resource_are_enough),
		cmocka_unit_test(a_key_said_twice_has_two_values),
		cmocka_unit_test(words_before_the_action_are_files_of_policies),
		cmocka_unit_test(what_is_missing_is_asked_for),
		cmocka_unit_test(only_what_is_allowed_is_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
