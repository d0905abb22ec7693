/* Whole files, and what is refused in their place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
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

/* A program that writes into the pipe a while after it is waited for. */
static pid_t
write_later(const char *path, size_t n)
{
	pid_t child = fork();
	int fd;

	if (child != 0)
		return child;
	usleep(50 * 1000);
	fd = open(path, O_WRONLY);
	for (size_t i = 0; fd >= 0 && i < n; i++)
		if (write(fd, "x", 1) != 1)
			_exit(1);
	_exit(0);
}

static void
a_pipe_that_a_person_names_is_read_to_its_end(void **state)
{
	struct ground *ground = *state;
	pid_t child;

	assert_int_equal(mkfifo(ground->path, 0600), 0);
	for (size_t n = 0; n <= 3000; n += 1500) {
		child = write_later(ground->path, n);
		assert_int_equal(file_read_input(ground, ground->path, 3000, &ground->out,
					 &ground->why),
			0);
		assert_int_equal(ground->out.len, n);
		assert_int_equal(waitpid(child, NULL, 0), child);
	}
	child = write_later(ground->path, 100);
	assert_int_equal(
		file_read_input(ground, ground->path, 99, &ground->out, &ground->why),
		ERR_INVALID);
	assert_non_null(strstr(ground->why.sentence, "longer than 99 bytes"));
	waitpid(child, NULL, 0);
}

static void
a_descriptor_of_ours_is_read_on_from_where_it_stands(void **state)
{
	struct ground *ground = *state;
	char name[32];
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "whole", 5), 5);
	close(ends[1]);
	snprintf(name, sizeof name, "/dev/fd/%d", ends[0]);
	assert_int_equal(
		file_read_input(ground, name, 99, &ground->out, &ground->why), 0);
	assert_string_equal(ground->out.data, "whole");
	close(ends[0]);
	assert_true(file_is_nameless(name) && file_is_nameless("-") &&
		    file_is_nameless("/dev/stdin"));
	assert_false(file_is_nameless("/dev/fd/x") || file_is_nameless("./-"));
}

static void
what_is_neither_file_nor_pipe_is_not_read(void **state)
{
	struct ground *ground = *state;

	assert_int_equal(
		file_read_input(ground, ground->dir, 9, &ground->out, &ground->why),
		ERR_INVALID);
	assert_non_null(strstr(ground->why.sentence, "neither a plain file nor a pipe"));
	assert_int_equal(
		file_read_input(ground, ground->path, 9, &ground->out, &ground->why),
		ERR_NOT_FOUND);
	assert_int_equal(
		file_read_input(ground, "/dev/null", 9, &ground->out, &ground->why), 0);
}

static void
a_directory_is_no_file(void **state)
{
	struct ground *ground = *state;

	assert_int_equal(
		file_read(ground, ground->dir, 9, &ground->out, NULL), ERR_INVALID);
}

static enum err
write_whole(struct ground *ground, const char *path)
{
	struct buf text;

	buf_init(&text, ground, BUF_NO_CAP);
	buf_text(&text, "whole");
	return file_write(path, &text, &ground->why);
}

static void
assert_whole(struct ground *ground, mode_t mode)
{
	struct stat found;

	assert_int_equal(file_read(ground, ground->path, 99, &ground->out, NULL), 0);
	assert_string_equal(ground->out.data, "whole");
	assert_int_equal(lstat(ground->path, &found), 0);
	assert_true(S_ISREG(found.st_mode));
	assert_int_equal(found.st_mode & 07777, mode);
}

static void
what_is_written_is_read_back_and_ours_alone(void **state)
{
	struct ground *ground = *state;

	assert_int_equal(write_whole(ground, ground->path), ERR_NONE);
	assert_whole(ground, 0600);
}

static void
an_older_files_permissions_stay(void **state)
{
	struct ground *ground = *state;

	write_file(ground, 9);
	assert_int_equal(chmod(ground->path, 0640), 0);
	assert_int_equal(write_whole(ground, ground->path), ERR_NONE);
	assert_whole(ground, 0640);
}

/* A link to a link, each in its own directory, the last one's file there or not. */
static void
links_are_followed_and_stay(void **state)
{
	struct ground *ground = *state;
	char first[64], second[64], inner[64];
	struct stat found;

	snprintf(inner, sizeof inner, "%s/in", ground->dir);
	snprintf(first, sizeof first, "%s/first", ground->dir);
	snprintf(second, sizeof second, "%s/in/second", ground->dir);
	assert_int_equal(mkdir(inner, 0700), 0);
	assert_int_equal(symlink("in/second", first), 0);
	assert_int_equal(symlink("../it", second), 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(write_whole(ground, first), ERR_NONE);
		assert_whole(ground, 0600);
	}
	assert_int_equal(lstat(first, &found), 0);
	assert_true(S_ISLNK(found.st_mode));
	assert_int_equal(unlink(second), 0);
	assert_int_equal(symlink("second", second), 0);
	assert_int_equal(write_whole(ground, first), ERR_INVALID);
	assert_non_null(strstr(ground->why.sentence, "symbolic links"));
	unlink(first);
	unlink(second);
	assert_int_equal(rmdir(inner), 0);
}

static void
a_pipe_with_a_reader_is_written_through_and_stays_one(void **state)
{
	struct ground *ground = *state;
	char got[8] = "";
	struct stat found;
	int fd;

	assert_int_equal(mkfifo(ground->path, 0600), 0);
	assert_int_equal(write_whole(ground, ground->path), ERR_INVALID);
	assert_non_null(strstr(ground->why.sentence, "nobody reads this pipe"));
	fd = open(ground->path, O_RDONLY | O_NONBLOCK);
	assert_int_equal(write_whole(ground, ground->path), ERR_NONE);
	assert_int_equal(read(fd, got, sizeof got), 5);
	assert_string_equal(got, "whole");
	close(fd);
	assert_int_equal(lstat(ground->path, &found), 0);
	assert_true(S_ISFIFO(found.st_mode));
}

static void
a_descriptor_of_ours_is_written_on_from_where_it_stands(void **state)
{
	struct ground *ground = *state;
	char name[32], got[16] = "";
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	snprintf(name, sizeof name, "/dev/fd/%d", ends[1]);
	assert_int_equal(symlink(name, ground->path), 0);
	assert_int_equal(write_whole(ground, name), ERR_NONE);
	assert_int_equal(write_whole(ground, ground->path), ERR_NONE);
	assert_int_equal(read(ends[0], got, sizeof got), 10);
	assert_string_equal(got, "wholewhole");
	close(ends[0]);
	close(ends[1]);
}

static void
a_device_is_written_through_and_heard(void **state)
{
	struct ground *ground = *state;
	struct stat found;

	assert_int_equal(symlink("/dev/full", ground->path), 0);
	assert_int_equal(write_whole(ground, ground->path), ERR_INVALID);
	assert_non_null(strstr(ground->why.sentence, "No space left"));
	assert_int_equal(write_whole(ground, "/dev/null"), ERR_NONE);
	assert_int_equal(stat("/dev/null", &found), 0);
	assert_true(S_ISCHR(found.st_mode));
	assert_int_equal(stat("/dev/full", &found), 0);
	assert_true(S_ISCHR(found.st_mode));
}

static void
a_socket_is_refused(void **state)
{
	struct ground *ground = *state;
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	strcpy(at.sun_path, ground->path);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(write_whole(ground, ground->path), ERR_INVALID);
	assert_non_null(strstr(ground->why.sentence, "neither a file nor a pipe"));
	close(fd);
}

/* Until it is put there nothing is changed, and what never is leaves nothing. */
static void
a_file_that_is_given_up_leaves_the_older_one(void **state)
{
	struct ground *ground = *state;
	struct file_out *out;

	assert_int_equal(write_whole(ground, ground->path), ERR_NONE);
	assert_int_equal(file_create(ground, ground->path, &out, &ground->why), ERR_NONE);
	assert_int_equal(file_add(out, "half", 4, &ground->why), ERR_NONE);
	assert_whole(ground, 0600);
	mem_free(out);
	assert_whole(ground, 0600);
	assert_int_equal(unlink(ground->path), 0);
	assert_int_equal(rmdir(ground->dir), 0); /* so that it was empty */
	assert_int_equal(mkdir(ground->dir, 0700), 0);
}

static void
what_did_not_fit_is_not_written(void **state)
{
	struct ground *ground = *state;
	struct buf text;

	buf_init(&text, ground, 4);
	buf_text(&text, "too long");
	assert_int_equal(file_write(ground->path, &text, &ground->why), ERR_INVALID);
	assert_int_equal(access(ground->path, F_OK), -1);
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
		EACH(a_pipe_that_a_person_names_is_read_to_its_end),
		EACH(a_descriptor_of_ours_is_read_on_from_where_it_stands),
		EACH(what_is_neither_file_nor_pipe_is_not_read),
		EACH(a_directory_is_no_file),
		EACH(what_is_written_is_read_back_and_ours_alone),
		EACH(an_older_files_permissions_stay),
		EACH(links_are_followed_and_stay),
		EACH(a_pipe_with_a_reader_is_written_through_and_stays_one),
		EACH(a_descriptor_of_ours_is_written_on_from_where_it_stands),
		EACH(a_device_is_written_through_and_heard),
		EACH(a_socket_is_refused),
		EACH(a_file_that_is_given_up_leaves_the_older_one),
		EACH(what_did_not_fit_is_not_written),
		EACH(what_cannot_be_written_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
