/* Descriptors 0 to 2, some of them closed by whoever started us. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "oneclick/base/descriptors.h"

enum { ALL = 1 << 3 };

/* In a process of its own: which of 0 to 2 are open in it afterwards, and whether the
 * next file comes after them; -1 when one that was closed can be used. */
static int
open_after_fill(int closed)
{
	char byte = 0;
	int open_ones = 0;

	for (int fd = 0; fd < 3; fd++)
		if (closed & 1 << fd)
			close(fd);
	descriptors_fill();
	for (int fd = 0; fd < 3; fd++) {
		open_ones |= (fcntl(fd, F_GETFD) >= 0) << fd;
		if (!(closed & 1 << fd))
			continue;
		if ((fd == 0 ? read(fd, &byte, 1) : write(fd, &byte, 1)) >= 0 ||
			errno != EBADF)
			return ALL;
	}
	return open("/dev/null", O_RDWR) < 3 ? ALL : open_ones;
}

static void
closed_ones_are_filled_and_cannot_be_used(void **state)
{
	(void)state;
	for (int closed = 0; closed < ALL; closed++) {
		int status;
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0)
			_exit(open_after_fill(closed));
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), ALL - 1);
	}
}

static void
open_ones_stay_what_they_are(void **state)
{
	int pipe_ends[2], status;
	pid_t pid;
	char byte = 0;

	(void)state;
	assert_int_equal(pipe(pipe_ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(pipe_ends[1], STDOUT_FILENO);
		descriptors_fill();
		_exit(write(STDOUT_FILENO, "x", 1) == 1 ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(read(pipe_ends[0], &byte, 1), 1);
	assert_int_equal(byte, 'x');
	close(pipe_ends[0]);
	close(pipe_ends[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(closed_ones_are_filled_and_cannot_be_used),
		cmocka_unit_test(open_ones_stay_what_they_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
