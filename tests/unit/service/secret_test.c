/* Secrets in files: ours alone, one line, and short. */
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

#include "../../../src/service/secret.h"
#include "folder.h"

static void
put(const char *bytes, size_t n, mode_t mode)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, n, file), n);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, mode), 0);
}

/* The secret, or NULL and what is said of it. */
static const char *
read_it(const void *ctx, struct fault *why)
{
	const char *out = NULL;

	why->sentence[0] = '\0';
	return secret_read(ctx, path, &out, why) ? NULL : out;
}

static void
one_line_is_taken_without_its_end(void **state)
{
	static const char *const lines[] = { "open sesame", "open sesame\n",
		"open sesame\r\n" };
	struct fault why;

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		put(lines[i], strlen(lines[i]), 0600);
		assert_string_equal(read_it(*state, &why), "open sesame");
		assert_int_equal(secret_check(path, &why), ERR_NONE);
	}
}

static void
what_is_no_line_or_too_long_is_refused(void **state)
{
	static const char *const bad[] = { "", "\n", "\r\n", "a\nb", "a\tb", "a\x7f" };
	char many[5000];
	struct fault why;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		put(bad[i], strlen(bad[i]), 0600);
		assert_null(read_it(*state, &why));
		assert_true(strlen(why.sentence) > 10);
	}
	memset(many, 'x', sizeof many);
	put(many, sizeof many, 0600);
	assert_null(read_it(*state, &why));
	assert_non_null(strstr(why.sentence, "4 KiB"));
}

static void
what_others_may_read_is_no_secret(void **state)
{
	static const mode_t modes[] = { 0640, 0604, 0620, 0602, 0610, 0601 };
	struct fault why;

	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		put("x", 1, modes[i]);
		assert_null(read_it(*state, &why));
		assert_non_null(strstr(why.sentence, "chmod 600"));
	}
}

/* systemd gives credentials to root's group to read. */
static void
a_credential_of_systemd_may_be_read_by_its_group(void **state)
{
	struct fault why;

	put("x", 1, 0440);
	assert_null(read_it(*state, &why));
	setenv("CREDENTIALS_DIRECTORY", dir, 1);
	if (geteuid() == 0)
		assert_string_equal(read_it(*state, &why), "x");
	put("x", 1, 0444);
	assert_null(read_it(*state, &why));
	setenv("CREDENTIALS_DIRECTORY", "/elsewhere", 1);
	put("x", 1, 0440);
	assert_null(read_it(*state, &why));
	unsetenv("CREDENTIALS_DIRECTORY");
}

static void
what_is_no_file_is_told_apart(void **state)
{
	const char *out;
	struct fault why;

	assert_int_equal(secret_read(*state, "secret", &out, &why), ERR_INVALID);
	assert_non_null(strstr(why.sentence, "absolute"));
	assert_int_equal(secret_read(*state, path, &out, &why), ERR_NOT_FOUND);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(secret_read(*state, path, &out, &why), ERR_INVALID);
	assert_non_null(strstr(why.sentence, "plain file"));
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(secret_read(*state, path, &out, &why), ERR_INVALID);
	if (geteuid() != 0)
		return;
	unlink(path);
	put("x", 1, 0600);
	assert_int_equal(chown(path, 65534, 65534), 0);
	assert_null(read_it(*state, &why));
	assert_non_null(strstr(why.sentence, "another user"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(one_line_is_taken_without_its_end),
		IN_FOLDER(what_is_no_line_or_too_long_is_refused),
		IN_FOLDER(what_others_may_read_is_no_secret),
		IN_FOLDER(a_credential_of_systemd_may_be_read_by_its_group),
		IN_FOLDER(what_is_no_file_is_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
