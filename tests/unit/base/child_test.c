/* Programs started: what they get, what they may, and that nothing of them stays. */
#include "oneclick/base/child.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../skip.h"
#include "oneclick/base/mem.h"

enum { NOBODY = 65534 };

static struct loop *loop;
static int ended, status_of, signal_of;

static int
set_up(void **state)
{
	(void)state;
	loop = loop_new();
	ended = status_of = signal_of = 0;
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	loop_free(loop);
	return 0;
}

static void
on_end(void *arg, int status, int signum)
{
	(void)arg;
	ended++;
	status_of = status;
	signal_of = signum;
	loop_stop(loop);
}

/* Runs a shell's script to its end; what it printed. */
static const char *
run(const char *script, struct child_plan plan)
{
	static char said[4096];
	const char *argv[] = { "/bin/sh", "-c", script, NULL };
	const char *env[] = { "ONE=1", NULL };
	int pipes[2];
	ssize_t n;

	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	plan.argv = argv;
	plan.env = env;
	plan.fds[0] = -1;
	plan.fds[1] = plan.fds[2] = pipes[1];
	assert_non_null(child_start(loop, &plan, on_end, NULL));
	close(pipes[1]);
	loop_run(loop);
	n = read(pipes[0], said, sizeof said - 1);
	said[n > 0 ? n : 0] = '\0';
	close(pipes[0]);
	return said;
}

static void
its_end_is_told_as_it_was(void **state)
{
	(void)state;
	run("exit 3", (struct child_plan){ 0 });
	assert_int_equal(status_of, 3);
	assert_int_equal(signal_of, 0);
	run("kill -SEGV $$", (struct child_plan){ 0 });
	assert_int_equal(signal_of, SIGSEGV);
	assert_int_equal(ended, 2);
}

static void
it_gets_what_it_is_given_and_nothing_else(void **state)
{
	const char *said;

	(void)state;
	setenv("SECRET_OF_OURS", "x", 1);
	signal(SIGPIPE, SIG_IGN);
	said = run("/usr/bin/env | sort", (struct child_plan){ 0 });
	assert_non_null(strstr(said, "ONE=1\n"));
	assert_null(strstr(said, "SECRET_OF_OURS"));
	/* The descriptor of the folder that is being listed comes along. */
	assert_string_equal(
		run("echo /proc/self/fd/*; pwd; umask; ulimit -c; read x; echo \"$x\"",
			(struct child_plan){ 0 }),
		"/proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2 "
		"/proc/self/fd/3\n/\n0077\n"
		"0\n\n");
	/* The two signals libc keeps to itself stay as they were. */
	assert_string_equal(
		run("for n in $(grep -E '^Sig(Ign|Blk)' /proc/self/status | cut -f2); do "
		    "echo $((0x$n & ~0x180000000)); done; "
		    "grep NoNewPrivs /proc/self/status | cut -f2",
			(struct child_plan){ 0 }),
		"0\n0\n1\n");
	signal(SIGPIPE, SIG_DFL);
}

static void
limits_are_its_own(void **state)
{
	const struct child_plan plan = {
		.limits = { .files = 17, .file_size = 1024 * 1024, .seconds = 9 }
	};

	(void)state;
	assert_string_equal(
		run("ulimit -n; ulimit -t; ulimit -f", plan), "17\n9\n2048\n");
}

static void
another_user_has_that_users_rights_and_no_group_of_ours(void **state)
{
	const struct child_plan plan = {
		.changes_user = true, .uid = NOBODY, .gid = NOBODY
	};

	(void)state;
	skip_unless(geteuid() == 0, "only root may run a program as another user");
	assert_string_equal(
		run("id -u; id -g; id -G; id -ru", plan), "65534\n65534\n65534\n65534\n");
}

static bool
is_alive(pid_t pid)
{
	char path[64], name[8] = "";
	FILE *file;

	snprintf(path, sizeof path, "/proc/%d/stat", pid);
	file = fopen(path, "r");
	if (!file)
		return false;
	if (fscanf(file, "%*d (%*[^)]) %7s", name) != 1)
		*name = 'Z';
	fclose(file);
	return *name != 'Z';
}

static void
what_it_has_started_ends_with_it(void **state)
{
	int pid;

	(void)state;
	assert_int_equal(
		sscanf(run("sleep 600 & echo $!", (struct child_plan){ 0 }), "%d", &pid),
		1);
	assert_int_equal(status_of, 0);
	for (int i = 0; is_alive(pid) && i < 1000; i++)
		usleep(10 * 1000);
	assert_false(is_alive(pid));
}

static void
what_is_no_program_is_said_at_once(void **state)
{
	const char *argv[] = { "/nowhere/at/all", NULL }, *env[] = { NULL };
	struct child_plan plan = { .argv = argv, .env = env, .fds = { -1, -1, -1 } };

	(void)state;
	assert_null(child_start(loop, &plan, on_end, NULL));
	assert_int_equal(errno, ENOENT);
	argv[0] = "/etc/passwd";
	assert_null(child_start(loop, &plan, on_end, NULL));
	assert_int_equal(errno, EACCES);
	loop_turn(loop);
	assert_int_equal(ended, 0);
}

static void
what_is_ended_by_us_is_not_told(void **state)
{
	const char *argv[] = { "/bin/sh", "-c", "trap '' TERM; sleep 600", NULL };
	const char *env[] = { NULL };
	struct child_plan plan = { .argv = argv, .env = env, .fds = { -1, -1, -1 } };
	struct child *child = child_start(loop, &plan, on_end, NULL);

	(void)state;
	assert_non_null(child);
	child_end(child);
	run("exit 0", (struct child_plan){ 0 });
	assert_int_equal(ended, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			its_end_is_told_as_it_was, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			it_gets_what_it_is_given_and_nothing_else, set_up, tear_down),
		cmocka_unit_test_setup_teardown(limits_are_its_own, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			another_user_has_that_users_rights_and_no_group_of_ours, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			what_it_has_started_ends_with_it, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_is_no_program_is_said_at_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_is_ended_by_us_is_not_told, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
