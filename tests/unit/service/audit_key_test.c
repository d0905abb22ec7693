/* The key of the audit records: where it is, what it may be, and how it is made. */
#include <fcntl.h>
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

#include "../../../src/service/audit_key.h"
#include "folder.h"

#define DIGITS "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void
put(const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(close(fd), 0);
}

static void
it_is_where_it_is_said_or_in_the_state(void **state)
{
	char here[4096], gone[96];

	assert_string_equal(audit_key_path(*state, "/s", "/k"), "/k");
	assert_string_equal(audit_key_path(*state, "/s", NULL), "/s/audit.key");
	assert_non_null(getcwd(here, sizeof here));
	assert_string_equal(audit_key_path(*state, "s", NULL),
		mem_format(*state, "%s/s/audit.key", here));
	/* From a directory that is no more, as it was said. */
	snprintf(gone, sizeof gone, "%s/gone", dir);
	assert_int_equal(mkdir(gone, 0700), 0);
	assert_int_equal(chdir(gone), 0);
	assert_int_equal(rmdir(gone), 0);
	assert_string_equal(audit_key_path(*state, "s", NULL), "s/audit.key");
	assert_int_equal(chdir(here), 0);
}

static void
one_that_is_made_is_read_again(void **state)
{
	struct audit_key made, again;
	struct fault why;
	struct stat at;

	(void)state;
	assert_int_equal(audit_key_read(path, &made, &why), ERR_NOT_FOUND);
	assert_int_equal(audit_key_need(path, &made, &why), ERR_NONE);
	assert_int_equal(audit_key_need(path, &again, &why), ERR_NONE);
	assert_memory_equal(&made, &again, sizeof made);
	assert_int_equal(stat(path, &at), 0);
	assert_int_equal(at.st_mode & 0777, 0600);
}

static void
what_is_no_key_is_refused_and_left_alone(void **state)
{
	static const char *const bad[] = { "x", DIGITS "0", DIGITS "\nmore", "",
		"0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef" };
	struct audit_key key;
	struct fault why;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		put(bad[i]);
		assert_int_equal(audit_key_need(path, &key, &why), ERR_INVALID);
		assert_true(strlen(why.sentence) > 10);
	}
	put(DIGITS "\n");
	assert_int_equal(audit_key_need(path, &key, &why), ERR_NONE);
	assert_true(key.known);
}

static void
where_none_can_be_made_says_so(void **state)
{
	const char *nowhere = mem_format(*state, "%s/none/audit.key", dir);
	struct audit_key key;
	struct fault why;

	assert_int_equal(audit_key_need(nowhere, &key, &why), ERR_INTERNAL);
	assert_non_null(strstr(why.sentence, "cannot be made: No such file"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(it_is_where_it_is_said_or_in_the_state),
		IN_FOLDER(one_that_is_made_is_read_again),
		IN_FOLDER(what_is_no_key_is_refused_and_left_alone),
		IN_FOLDER(where_none_can_be_made_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
