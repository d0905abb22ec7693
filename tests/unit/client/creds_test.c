#include "oneclick/client/creds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "oneclick/base/mem.h"

struct home {
	char dir[32], credentials[64], config[64];
	void *life;
	struct creds creds;
	struct fault warning, why;
};

static void
write_file(const char *path, const char *text, mode_t mode)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	chmod(path, mode);
}

static int
set_up(void **state)
{
	static const char *const names[] = { "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
		"AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION",
		"AWS_ENDPOINT_URL", "AWS_DEFAULT_PROFILE", "AWS_SECURITY_TOKEN",
		"AWS_CA_BUNDLE", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS" };
	struct home *home = calloc(1, sizeof(*home));

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		unsetenv(names[i]);
	strcpy(home->dir, "/tmp/creds-test-XXXXXX");
	assert_non_null(mkdtemp(home->dir));
	snprintf(home->credentials, sizeof(home->credentials), "%s/credentials",
		home->dir);
	snprintf(home->config, sizeof(home->config), "%s/config", home->dir);
	setenv("AWS_SHARED_CREDENTIALS_FILE", home->credentials, 1);
	setenv("AWS_CONFIG_FILE", home->config, 1);
	home->life = mem_life(NULL);
	*state = home;
	return 0;
}

static int
tear_down(void **state)
{
	struct home *home = *state;

	unlink(home->credentials);
	unlink(home->config);
	rmdir(home->dir);
	mem_free(home->life);
	free(home);
	return 0;
}

static enum err
find(struct home *home, const char *profile)
{
	home->warning.code = ERR_NONE;
	return creds_find(home->life, profile, &home->creds, &home->warning, &home->why);
}

static void
the_default_profile_is_found_in_the_credentials_file(void **state)
{
	struct home *home = *state;

	write_file(home->credentials,
		"# mine\n[default]\naws_access_key_id = "
		"AK1\naws_secret_access_key=s/e+c=ret\n",
		0600);
	assert_int_equal(find(home, NULL), ERR_NONE);
	assert_string_equal(home->creds.access_key, "AK1");
	assert_string_equal(home->creds.secret, "s/e+c=ret");
	assert_null(home->creds.session_token);
	assert_non_null(strstr(home->creds.source, "profile default of "));
	assert_int_equal(home->warning.code, ERR_NONE);
}

static void
the_environment_goes_before_the_files(void **state)
{
	struct home *home = *state;

	write_file(home->credentials,
		"[default]\naws_access_key_id = AK1\naws_secret_access_key = s1\n", 0600);
	setenv("AWS_ACCESS_KEY_ID", "AKENV", 1);
	setenv("AWS_SECRET_ACCESS_KEY", "senv", 1);
	setenv("AWS_SESSION_TOKEN", "tok", 1);
	assert_int_equal(find(home, NULL), ERR_NONE);
	assert_string_equal(home->creds.access_key, "AKENV");
	assert_string_equal(home->creds.session_token, "tok");
	assert_string_equal(home->creds.source, "environment");
}

static void
a_profile_named_outright_goes_before_the_environment(void **state)
{
	struct home *home = *state;

	write_file(home->credentials,
		"[field]\naws_access_key_id = AKF\naws_secret_access_key = sf\n", 0600);
	setenv("AWS_ACCESS_KEY_ID", "AKENV", 1);
	setenv("AWS_SECRET_ACCESS_KEY", "senv", 1);
	assert_int_equal(find(home, "field"), ERR_NONE);
	assert_string_equal(home->creds.access_key, "AKF");
}

static void
half_a_key_in_the_environment_is_told(void **state)
{
	struct home *home = *state;

	setenv("AWS_ACCESS_KEY_ID", "AKENV", 1);
	assert_int_equal(find(home, NULL), ERR_NOT_FOUND);
	assert_non_null(strstr(home->why.sentence, "AWS_SECRET_ACCESS_KEY is not"));
}

static void
region_and_endpoint_come_from_the_config_file(void **state)
{
	struct home *home = *state;

	write_file(home->credentials,
		"[ops]\naws_access_key_id = AK1\naws_secret_access_key = s1\n", 0600);
	write_file(home->config,
		"[default]\nregion = us-east-1\n"
		"[profile   ops]\nregion = eu-central-1 ; ours\n"
		"s3 =\n    max_queue_size = 10\n"
		"endpoint_url = https://1click.example\n",
		0600);
	setenv("AWS_PROFILE", "ops", 1);
	assert_int_equal(find(home, NULL), ERR_NONE);
	assert_string_equal(home->creds.region, "eu-central-1");
	assert_string_equal(home->creds.endpoint, "https://1click.example");
}

static void
region_and_endpoint_are_told_even_without_keys(void **state)
{
	struct home *home = *state;

	write_file(
		home->config, "[default]\nendpoint_url = https://1click.example\n", 0600);
	setenv("AWS_DEFAULT_REGION", "ap-northeast-1", 1);
	assert_int_equal(find(home, NULL), ERR_NOT_FOUND);
	assert_string_equal(home->creds.endpoint, "https://1click.example");
	assert_string_equal(home->creds.region, "ap-northeast-1");
	setenv("AWS_REGION", "eu-west-1", 1);
	assert_int_equal(find(home, NULL), ERR_NOT_FOUND);
	assert_string_equal(home->creds.region, "eu-west-1");
}

static void
no_key_anywhere_says_where_it_looked(void **state)
{
	struct home *home = *state;

	assert_int_equal(find(home, "nobody"), ERR_NOT_FOUND);
	assert_non_null(strstr(home->why.sentence, "profile nobody"));
	assert_non_null(strstr(home->why.sentence, home->credentials));
	assert_non_null(strstr(home->why.sentence, home->config));
}

static void
the_words_of_a_program_are_split_as_a_shell_does(void **state)
{
	struct home *home = *state;

	write_file(home->config,
		"[default]\ncredential_process = '/opt/my keys/get' --for \"a b\"\n  --now\n",
		0600);
	assert_int_equal(find(home, NULL), ERR_NONE);
	assert_null(home->creds.access_key);
	assert_string_equal(home->creds.process[0], "/opt/my keys/get");
	assert_string_equal(home->creds.process[2], "a b");
	assert_string_equal(home->creds.process[3], "--now");
	assert_null(home->creds.process[4]);
}

static void
roles_and_sign_ons_are_refused_with_the_way_out(void **state)
{
	static const char *const lines[] = { "role_arn = arn:aws:iam::1:role/x",
		"role_arn = x\nweb_identity_token_file = /t", "sso_session = corp",
		"sso_start_url = https://x\nsso_account_id = 1" };
	struct home *home = *state;

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		write_file(home->config,
			mem_format(home->life,
				"[profile ops]\n%s\naws_access_key_id = A\n"
				"aws_secret_access_key = s\n",
				lines[i]),
			0600);
		assert_int_equal(find(home, "ops"), ERR_NOT_FOUND);
		assert_non_null(strstr(home->why.sentence, "Profile ops"));
		assert_non_null(strstr(home->why.sentence, "credential_process"));
	}
}

static void
a_profile_that_is_nowhere_is_named_with_the_nearest(void **state)
{
	struct home *home = *state;

	write_file(home->config, "[profile prod]\nregion = x\n[profile dev]\n", 0600);
	assert_int_equal(find(home, "prd"), ERR_NOT_FOUND);
	assert_non_null(strstr(home->why.sentence, "There is no profile prd"));
	assert_non_null(strstr(home->why.sentence, "did you mean prod"));
}

static void
a_file_others_can_read_is_a_warning(void **state)
{
	struct home *home = *state;

	write_file(home->credentials,
		"[default]\naws_access_key_id = AK1\naws_secret_access_key = s1\n", 0644);
	assert_int_equal(find(home, NULL), ERR_NONE);
	assert_non_null(strstr(home->warning.sentence, "chmod 600"));
}

static void
check_refused(struct home *home, const char *text, const char *word)
{
	write_file(home->credentials, text, 0600);
	assert_int_equal(find(home, NULL), ERR_INVALID);
	assert_non_null(strstr(home->why.sentence, word));
	assert_non_null(strstr(home->why.sentence, home->credentials));
}

static void
a_malformed_line_is_refused_with_its_number(void **state)
{
	struct home *home = *state;

	check_refused(home, "[default\n", "line 1");
	check_refused(home, "aws_access_key_id = A\n", "line 1");
	check_refused(home, "[default]\n\naws_access_key_id\n", "line 3");
	check_refused(home, "[default]\n= x\n", "line 2");
}

static void
a_file_too_large_is_refused(void **state)
{
	struct home *home = *state;
	char *text = calloc(1, 300 * 1024);

	memset(text, '#', 300 * 1024 - 1);
	check_refused(home, text, "256 KiB");
	free(text);
}

static void
the_last_of_a_key_written_twice_counts(void **state)
{
	struct home *home = *state;

	write_file(home->credentials,
		"[default]\r\naws_access_key_id=A\r\naws_access_key_id=B\r\n"
		"[other]\naws_access_key_id=C\n[default]\naws_secret_access_key=s # "
		"new\n",
		0600);
	assert_int_equal(find(home, NULL), ERR_NONE);
	assert_string_equal(home->creds.access_key, "B");
	assert_string_equal(home->creds.secret, "s");
}

static void
wiping_leaves_no_secret_behind(void **state)
{
	struct home *home = *state;
	const char *secret;

	write_file(home->credentials,
		"[default]\naws_access_key_id = AK1\naws_secret_access_key = hush\n",
		0600);
	assert_int_equal(find(home, NULL), ERR_NONE);
	secret = home->creds.secret;
	creds_wipe(&home->creds);
	assert_memory_equal(secret, "\0\0\0\0", 4);
	assert_null(home->creds.secret);
}

#define IN_HOME(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HOME(the_default_profile_is_found_in_the_credentials_file),
		IN_HOME(the_environment_goes_before_the_files),
		IN_HOME(a_profile_named_outright_goes_before_the_environment),
		IN_HOME(half_a_key_in_the_environment_is_told),
		IN_HOME(region_and_endpoint_come_from_the_config_file),
		IN_HOME(region_and_endpoint_are_told_even_without_keys),
		IN_HOME(no_key_anywhere_says_where_it_looked),
		IN_HOME(the_words_of_a_program_are_split_as_a_shell_does),
		IN_HOME(roles_and_sign_ons_are_refused_with_the_way_out),
		IN_HOME(a_profile_that_is_nowhere_is_named_with_the_nearest),
		IN_HOME(a_file_others_can_read_is_a_warning),
		IN_HOME(a_malformed_line_is_refused_with_its_number),
		IN_HOME(a_file_too_large_is_refused),
		IN_HOME(the_last_of_a_key_written_twice_counts),
		IN_HOME(wiping_leaves_no_secret_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
