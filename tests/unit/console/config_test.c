#include "oneclick/console/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "oneclick/base/mem.h"

struct file {
	char path[64];
	void *life;
	const struct config *config;
	struct fault why;
};

static int
set_up(void **state)
{
	struct file *file = calloc(1, sizeof(*file));
	int fd;

	strcpy(file->path, "/tmp/config-test-XXXXXX");
	fd = mkstemp(file->path);
	assert_true(fd >= 0);
	close(fd);
	file->life = mem_life(NULL);
	*state = file;
	return 0;
}

static int
tear_down(void **state)
{
	struct file *file = *state;

	unlink(file->path);
	mem_free(file->life);
	free(file);
	return 0;
}

static enum err
load(struct file *file, const char *text)
{
	FILE *stream = fopen(file->path, "w");

	fputs(text, stream);
	fclose(stream);
	return config_load(file->life, file->path, &file->config, &file->why);
}

static void
no_file_is_an_empty_configuration(void **state)
{
	struct file *file = *state;

	setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
	assert_int_equal(
		config_load(file->life, NULL, &file->config, &file->why), ERR_NONE);
	assert_int_equal(file->config->count, 0);
	assert_int_equal(file->config->warning_count, 0);
	assert_null(file->config->context);
	assert_int_equal(file->config->read_only, -1);
}

static void
a_file_that_was_named_must_be_there(void **state)
{
	struct file *file = *state;

	assert_int_equal(config_load(file->life, "/nonexistent/config.yaml",
				 &file->config, &file->why),
		ERR_NOT_FOUND);
	assert_non_null(strstr(file->why.sentence, "/nonexistent/config.yaml"));
}

static void
contexts_keys_and_defaults_are_read(void **state)
{
	struct file *file = *state;
	const struct config_context *eu;

	assert_int_equal(
		load(file, "context: prod-eu\n"
			   "theme: dark\n"
			   "contexts:\n"
			   "  prod-eu:\n"
			   "    endpoint: https://1click.example\n"
			   "    region: eu-central-1\n"
			   "    read_only: true\n"
			   "  lab: {endpoint: \"http://10.0.0.7:8080\", plain: true}\n"
			   "keys:\n"
			   "  devices: {device unclaim: Ctrl-u}\n"),
		ERR_NONE);
	assert_int_equal(file->config->warning_count, 0);
	assert_string_equal(file->config->context, "prod-eu");
	assert_string_equal(file->config->theme, "dark");
	assert_int_equal(file->config->count, 2);
	eu = config_find(file->config, "prod-eu");
	assert_string_equal(eu->endpoint, "https://1click.example");
	assert_string_equal(eu->region, "eu-central-1");
	assert_int_equal(eu->read_only, 1);
	assert_int_equal(eu->plain, -1);
	assert_null(eu->profile);
	assert_int_equal(config_find(file->config, "lab")->plain, 1);
	assert_null(config_find(file->config, "nowhere"));
	assert_string_equal(
		value_text(value_get(file->config->keys, "devices"), "device unclaim"),
		"Ctrl-u");
}

static void
an_unknown_key_is_a_warning_with_its_place_and_the_rest_is_read(void **state)
{
	struct file *file = *state;

	assert_int_equal(load(file, "thema: dark\n"
				    "contexts:\n"
				    "  lab:\n"
				    "    endpiont: https://x.example\n"
				    "    region: us-east-1\n"),
		ERR_NONE);
	assert_int_equal(file->config->warning_count, 2);
	assert_non_null(strstr(file->config->warnings[0], ":1:"));
	assert_non_null(strstr(file->config->warnings[0], "did you mean \"theme\""));
	assert_non_null(strstr(file->config->warnings[1], ":4:"));
	assert_non_null(strstr(file->config->warnings[1], "\"endpoint\""));
	assert_string_equal(config_find(file->config, "lab")->region, "us-east-1");
}

static void
a_value_of_the_wrong_kind_is_a_warning_and_stays_at_its_default(void **state)
{
	struct file *file = *state;

	assert_int_equal(load(file, "read_only: perhaps\n"
				    "contexts:\n"
				    "  lab: https://x.example\n"
				    "  far: {account: \"12\", region: eu-west-1}\n"),
		ERR_NONE);
	assert_int_equal(file->config->warning_count, 3);
	assert_int_equal(file->config->read_only, -1);
	assert_null(config_find(file->config, "lab"));
	assert_null(config_find(file->config, "far")->account);
	assert_string_equal(config_find(file->config, "far")->region, "eu-west-1");
}

static void
a_default_context_that_does_not_exist_is_a_warning(void **state)
{
	struct file *file = *state;

	assert_int_equal(load(file, "context: prod-ue\n"
				    "contexts: {prod-eu: {region: eu-west-1}}\n"),
		ERR_NONE);
	assert_int_equal(file->config->warning_count, 1);
	assert_non_null(strstr(file->config->warnings[0], "did you mean \"prod-eu\""));
}

static void
what_is_no_yaml_is_refused_with_its_place(void **state)
{
	struct file *file = *state;

	assert_int_equal(load(file, "contexts: [\n"), ERR_INVALID);
	assert_non_null(strstr(file->why.sentence, file->path));
	assert_int_equal(file->config->count, 0);
}

static void
warnings_are_safe_for_a_terminal(void **state)
{
	struct file *file = *state;

	assert_int_equal(load(file, "\"a\\e[31mb\": 1\n"), ERR_NONE);
	assert_int_equal(file->config->warning_count, 1);
	assert_null(strchr(file->config->warnings[0], '\x1b'));
}

static void
relative_xdg_directories_are_ignored(void **state)
{
	struct file *file = *state;

	setenv("HOME", "/home/me", 1);
	setenv("XDG_STATE_HOME", "relative", 1);
	assert_string_equal(config_home(file->life, "XDG_STATE_HOME", ".local/state"),
		"/home/me/.local/state/oneclick");
	setenv("XDG_STATE_HOME", "/x/state", 1);
	assert_string_equal(config_home(file->life, "XDG_STATE_HOME", ".local/state"),
		"/x/state/oneclick");
	setenv("HOME", "here", 1);
	unsetenv("XDG_STATE_HOME");
	assert_null(config_home(file->life, "XDG_STATE_HOME", ".local/state"));
}

#define WITH_FILE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FILE(no_file_is_an_empty_configuration),
		WITH_FILE(a_file_that_was_named_must_be_there),
		WITH_FILE(contexts_keys_and_defaults_are_read),
		WITH_FILE(
			an_unknown_key_is_a_warning_with_its_place_and_the_rest_is_read),
		WITH_FILE(
			a_value_of_the_wrong_kind_is_a_warning_and_stays_at_its_default),
		WITH_FILE(a_default_context_that_does_not_exist_is_a_warning),
		WITH_FILE(what_is_no_yaml_is_refused_with_its_place),
		WITH_FILE(warnings_are_safe_for_a_terminal),
		WITH_FILE(relative_xdg_directories_are_ignored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
