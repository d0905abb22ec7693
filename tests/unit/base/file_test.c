/* Whole files, and what is refused in their place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "oneclick/base/file.h"
#include "oneclick/base/mem.h"

struct ground {
	char dir[40], path[64];
	struct buf out;
	struct fault why;
};

static int
set_up(void **state)
{
	struct ground *ground = mem_new(NULL, struct ground);

	strcpy(ground->dir, "/tmp/oneclick-file-XXXXXX");
	assert_non_null(mkdtemp(ground->dir));
	snprintf(ground->path, sizeof ground->path, "%s/it", ground->dir);
	*state = ground;
	return 0;
}

static int
tear_down(void **state)
{
	struct ground *ground = *state;

	unlink(ground->path);
	rmdir(ground->dir);
	mem_free(ground);
	return 0;
}

static void
write_file(const struct ground *ground, size_t n)
{
	FILE *f = fopen(ground->path, "w");

	assert_non_null(f);
	for (size_t i = 0; i < n; i++)
		fputc(i % 251 ? 'x' : '\0', f);
	fclose(f);
}

static void
a_file_is_read_to_its_last_byte(void **state)
{
	struct ground *ground = *state;

	write_file(ground, 100000);
	assert_int_equal(file_read(ground, ground->path, 100000, &ground->out, NULL), 0);
	assert_int_equal(ground->out.len, 100000);
	assert_int_equal(ground->out.data[0], '\0');
	assert_int_equal(ground->out.data[99999], 'x');
}

static void
one_byte_more_than_the_cap_is_refused(void **state)
{
	struct ground *ground = *state;

	write_file(ground, 100);
	assert_int_equal(file_read(ground, ground->path, 99, &ground->out, &ground->why),
		ERR_INVALID);
	assert_non_null(strstr(ground->why.sentence, "longer than 99 bytes"));
}

static void
what_is_not_there_is_told_apart(void **state)
{
	struct ground *ground = *state;

	assert_int_equal(file_read(ground, ground->path, 9, &ground->out, &ground->why),
		ERR_NOT_FOUND);
	assert_ptr_equal(
		strstr(ground->why.sentence, ground->path), ground->why.sentence);
}

static void
a_pipe_does_not_hold_us_up(void **state)
{
	struct ground *ground = *state;

	assert_int_equal(mkfifo(ground->path, 0600), 0);
	assert_int_equal(file_read(ground, ground->path, 9, &ground->out, &ground->why),
		ERR_INVALID);
	assert_non_null(strstr(ground->why.sentence, "not a plain file"));
}

static void
a_directory_is_no_file(void **state)
{
	struct ground *ground = *state;

	assert_int_equal(
		file_read(ground, ground->dir, 9, &ground->out, NULL), ERR_INVALID);
}

static void
what_is_written_is_read_back_and_ours_alone(void **state)
{
	struct ground *ground = *state;
	struct buf text;
	struct stat found;

	write_file(ground, 9); /* an older one gives way */
	buf_init(&text, ground, BUF_NO_CAP);
	buf_text(&text, "whole");
	assert_int_equal(file_write(ground->path, &text, &ground->why), ERR_NONE);
	assert_int_equal(file_read(ground, ground->path, 99, &ground->out, NULL), 0);
	assert_string_equal(ground->out.data, "whole");
	assert_int_equal(stat(ground->path, &found), 0);
	assert_int_equal(found.st_mode & 0777, 0600);
}

static void
what_cannot_be_written_leaves_nothing(void **state)
{
	struct ground *ground = *state;
	struct buf text;

	buf_init(&text, ground, BUF_NO_CAP);
	buf_text(&text, "whole");
	assert_int_equal(mkdir(ground->path, 0700), 0); /* nothing is renamed over it */
	assert_int_equal(file_write(ground->path, &text, &ground->why), ERR_INVALID);
	assert_non_null(strstr(ground->why.sentence, "cannot be written"));
	assert_int_equal(rmdir(ground->path), 0);
	assert_int_equal(rmdir(ground->dir), 0); /* so that it was empty */
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(a_file_is_read_to_its_last_byte),
		EACH(one_byte_more_than_the_cap_is_refused),
		EACH(what_is_not_there_is_told_apart),
		EACH(a_pipe_does_not_hold_us_up),
		EACH(a_directory_is_no_file),
		EACH(what_is_written_is_read_back_and_ours_alone),
		EACH(what_cannot_be_written_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
