#include "oneclick/console/context.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "oneclick/base/mem.h"

static const struct config_context contexts[] = {
	{ .name = "prod-eu",
		.endpoint = "https://eu.example",
		.region = "eu-central-1",
		.theme = "dark",
		.where = "config.yaml:5:3",
		.read_only = 1,
		.plain = -1 },
	{ .name = "lab",
		.endpoint = "http://10.0.0.7:8080",
		.where = "config.yaml:9:3",
		.read_only = 0,
		.plain = 1 },
	{ .name = "bare", .where = "config.yaml:12:3", .read_only = -1, .plain = -1 },
};

struct scene {
	void *life;
	struct config config;
	struct context_flags flags;
	const struct context *context;
	struct fault warning, why;
};

static int
set_up(void **state)
{
	static const char *const names[] = { "AWS_PROFILE", "AWS_REGION",
		"AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN",
		"ONECLICK_CONTEXT", "ONECLICK_READ_ONLY" };
	struct scene *scene = calloc(1, sizeof(*scene));

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		unsetenv(names[i]);
	setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent/credentials", 1);
	setenv("AWS_CONFIG_FILE", "/nonexistent/config", 1);
	setenv("AWS_ACCESS_KEY_ID", "AK", 1);
	setenv("AWS_SECRET_ACCESS_KEY", "secret", 1);
	scene->life = mem_life(NULL);
	scene->config = (struct config){
		.path = "config.yaml", .contexts = contexts, .count = 3, .read_only = -1
	};
	*state = scene;
	return 0;
}

static int
tear_down(void **state)
{
	struct scene *scene = *state;

	mem_free(scene->life);
	free(scene);
	return 0;
}

static enum err
resolve(struct scene *scene)
{
	return context_resolve(scene->life, &scene->config, &scene->flags,
		&scene->context, &scene->warning, &scene->why);
}

static void
with_nothing_said_it_is_the_local_service_without_a_key(void **state)
{
	struct scene *scene = *state;

	unsetenv("AWS_ACCESS_KEY_ID");
	assert_int_equal(resolve(scene), ERR_NONE);
	assert_true(context_is_local(scene->context));
	assert_string_equal(scene->context->name, "local");
	assert_string_equal(scene->context->region, "us-west-2");
	assert_null(scene->context->creds.access_key);
	assert_null(scene->context->read_only_by);
}

static void
a_flag_goes_before_the_environment_and_that_before_the_file(void **state)
{
	struct scene *scene = *state;

	scene->config.context = "bare";
	assert_int_equal(resolve(scene), ERR_NONE);
	assert_string_equal(scene->context->name, "bare");
	setenv("ONECLICK_CONTEXT", "lab", 1);
	assert_int_equal(resolve(scene), ERR_NONE);
	assert_string_equal(scene->context->name, "lab");
	assert_true(scene->context->plain);
	scene->flags.context = "prod-eu";
	assert_int_equal(resolve(scene), ERR_NONE);
	assert_string_equal(scene->context->endpoint, "https://eu.example");
	assert_string_equal(scene->context->region, "eu-central-1");
	assert_string_equal(scene->context->theme, "dark");
	assert_string_equal(scene->context->creds.access_key, "AK");
	scene->flags.endpoint = "https://other.example:8443";
	scene->flags.region = "us-east-1";
	assert_int_equal(resolve(scene), ERR_NONE);
	assert_string_equal(scene->context->endpoint, "https://other.example:8443");
	assert_string_equal(scene->context->region, "us-east-1");
}

static void
the_aws_endpoint_is_asked_last(void **state)
{
	struct scene *scene = *state;

	setenv("AWS_ENDPOINT_URL", "https://aws.example:8443", 1);
	setenv("AWS_REGION", "ap-northeast-1", 1);
	assert_int_equal(resolve(scene), ERR_NONE);
	assert_string_equal(scene->context->endpoint, "https://aws.example:8443");
	assert_string_equal(scene->context->name, "aws.example:8443");
	assert_string_equal(scene->context->region, "ap-northeast-1");
	scene->flags.context = "prod-eu";
	assert_int_equal(resolve(scene), ERR_NONE);
	assert_string_equal(scene->context->endpoint, "https://eu.example");
	scene->flags.context = "local";
	assert_int_equal(resolve(scene), ERR_NONE);
	assert_true(context_is_local(scene->context));
}

static void
check_read_only(struct scene *scene, const char *by)
{
	assert_int_equal(resolve(scene), ERR_NONE);
	if (by)
		assert_string_equal(scene->context->read_only_by, by);
	else
		assert_null(scene->context->read_only_by);
}

static void
any_source_makes_it_read_only_and_none_lifts_it(void **state)
{
	struct scene *scene = *state;

	scene->flags.context = "lab";
	check_read_only(scene, NULL);
	scene->config.read_only = 1;
	check_read_only(scene, "read_only in the configuration");
	scene->config.read_only = -1;
	setenv("ONECLICK_READ_ONLY", "1", 1);
	check_read_only(scene, "ONECLICK_READ_ONLY");
	setenv("ONECLICK_READ_ONLY", "0", 1);
	check_read_only(scene, NULL);
	scene->flags.read_only = true;
	check_read_only(scene, "--read-only");
	scene->flags.read_only = false;
	scene->flags.context = "prod-eu";
	check_read_only(scene, "config.yaml:5:3");
}

static void
an_unknown_context_offers_the_nearest(void **state)
{
	struct scene *scene = *state;

	scene->flags.context = "prod-ue";
	assert_int_equal(resolve(scene), ERR_NOT_FOUND);
	assert_non_null(strstr(scene->why.sentence, "did you mean \"prod-eu\""));
}

static void
an_endpoint_beyond_us_needs_a_key(void **state)
{
	struct scene *scene = *state;

	unsetenv("AWS_ACCESS_KEY_ID");
	scene->flags.context = "prod-eu";
	assert_int_equal(resolve(scene), ERR_NOT_FOUND);
	assert_non_null(strstr(scene->why.sentence, "Context prod-eu"));
	scene->flags.endpoint = "unix:/run/oneclick/sock";
	assert_int_equal(resolve(scene), ERR_NONE);
	assert_null(scene->context->creds.access_key);
}

#define IN_SCENE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(with_nothing_said_it_is_the_local_service_without_a_key),
		IN_SCENE(a_flag_goes_before_the_environment_and_that_before_the_file),
		IN_SCENE(the_aws_endpoint_is_asked_last),
		IN_SCENE(any_source_makes_it_read_only_and_none_lifts_it),
		IN_SCENE(an_unknown_context_offers_the_nearest),
		IN_SCENE(an_endpoint_beyond_us_needs_a_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
