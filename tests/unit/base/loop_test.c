#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "oneclick/base/loop.h"
#include "oneclick/base/moment.h"

struct world {
	struct loop *loop;
	struct loop_watch *watch;
	struct loop_timer *timer, *other;
	int calls;
	int ready;
	int sleeps;
	int status, signal;
	char order[16];
};

static int
begin(void **state)
{
	static struct world world;

	world = (struct world){ .loop = loop_new() };
	*state = &world;
	return 0;
}

static int
end(void **state)
{
	loop_free(((struct world *)*state)->loop);
	return 0;
}

static void
count(void *arg)
{
	((struct world *)arg)->calls++;
}

static void
count_and_stop(void *arg)
{
	struct world *world = arg;

	world->calls++;
	loop_stop(world->loop);
}

static void
on_ready(void *arg, int fd, int ready)
{
	struct world *world = arg;
	char byte;

	world->calls++;
	world->ready = ready;
	if (ready & LOOP_READ)
		assert_true(read(fd, &byte, 1) >= 0);
}

static void
a_readable_descriptor_calls(void **state)
{
	struct world *world = *state;
	int ends[2];
	struct loop_watch *watch;

	assert_int_equal(pipe(ends), 0);
	watch = loop_watch_new(world->loop, ends[0], LOOP_READ, on_ready, world);
	loop_turn(world->loop);
	assert_int_equal(world->calls, 0);
	assert_int_equal(write(ends[1], "ab", 2), 2);
	loop_turn(world->loop);
	assert_int_equal(world->ready, LOOP_READ);
	assert_int_equal(world->calls, 1);
	loop_watch_set(watch, 0);
	loop_turn(world->loop);
	assert_int_equal(world->calls, 1);
	loop_watch_set(watch, LOOP_READ);
	loop_turn(world->loop);
	assert_int_equal(world->calls, 2);
	loop_watch_stop(watch);
	close(ends[0]);
	close(ends[1]);
}

static void
a_writable_descriptor_calls_until_it_is_paused(void **state)
{
	struct world *world = *state;
	int ends[2];
	struct loop_watch *watch;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	watch = loop_watch_new(
		world->loop, ends[0], LOOP_READ | LOOP_WRITE, on_ready, world);
	loop_turn(world->loop);
	assert_int_equal(world->ready, LOOP_WRITE);
	loop_watch_set(watch, LOOP_READ);
	world->calls = 0;
	loop_turn(world->loop);
	assert_int_equal(world->calls, 0);
	loop_watch_stop(watch);
	close(ends[0]);
	close(ends[1]);
}

static void
stop_watching(void *arg, int fd, int ready)
{
	struct world *world = arg;

	(void)fd;
	world->calls++;
	world->ready = ready;
	loop_watch_stop(world->watch);
}

static void
a_watch_may_stop_itself_while_it_is_called(void **state)
{
	struct world *world = *state;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "ab", 2), 2);
	world->watch =
		loop_watch_new(world->loop, ends[0], LOOP_READ, stop_watching, world);
	loop_turn(world->loop);
	loop_turn(world->loop);
	assert_int_equal(world->calls, 1);
	world->watch =
		loop_watch_new(world->loop, ends[0], LOOP_READ, stop_watching, world);
	loop_turn(world->loop);
	assert_int_equal(world->calls, 2);
	close(ends[0]);
	close(ends[1]);
}

static void
a_lost_reader_shows_as_both_bits(void **state)
{
	struct world *world = *state;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	world->watch =
		loop_watch_new(world->loop, ends[1], LOOP_WRITE, stop_watching, world);
	loop_turn(world->loop);
	assert_int_equal(world->ready, LOOP_READ | LOOP_WRITE);
	close(ends[1]);
}

static void
a_descriptor_keeps_its_flags(void **state)
{
	struct world *world = *state;
	int ends[2];
	struct loop_watch *watch;

	assert_int_equal(pipe(ends), 0);
	watch = loop_watch_new(world->loop, ends[0], LOOP_READ, on_ready, world);
	assert_int_equal(fcntl(ends[0], F_GETFL) & O_NONBLOCK, 0);
	loop_watch_stop(watch);
	close(ends[0]);
	close(ends[1]);
}

static void
what_cannot_be_watched_is_refused(void **state)
{
	struct world *world = *state;
	int fd = open("/proc/self/exe", O_RDONLY);
	int ends[2];
	struct loop_watch *watch;

	errno = 0;
	assert_null(loop_watch_new(world->loop, fd, LOOP_READ, on_ready, world));
	assert_int_not_equal(errno, 0);
	close(fd);
	assert_null(loop_watch_new(world->loop, fd, LOOP_READ, on_ready, world));
	assert_int_equal(pipe(ends), 0);
	watch = loop_watch_new(world->loop, ends[0], LOOP_READ, on_ready, world);
	assert_null(loop_watch_new(world->loop, ends[0], LOOP_READ, on_ready, world));
	loop_watch_stop(watch);
	close(ends[0]);
	close(ends[1]);
}

static void
a_timer_fires_once_and_can_be_set_again(void **state)
{
	struct world *world = *state;
	struct loop_timer *timer = loop_timer_new(world->loop, count_and_stop, world);

	loop_turn(world->loop);
	assert_int_equal(world->calls, 0);
	loop_timer_set(timer, 1, 0);
	loop_run(world->loop);
	assert_int_equal(world->calls, 1);
	usleep(3000);
	loop_turn(world->loop);
	assert_int_equal(world->calls, 1);
	loop_timer_set(timer, -5, 0);
	loop_turn(world->loop);
	assert_int_equal(world->calls, 2);
	loop_timer_set(timer, 0, 0);
	loop_timer_clear(timer);
	loop_turn(world->loop);
	assert_int_equal(world->calls, 2);
	loop_timer_stop(timer);
}

static void
count_to_three(void *arg)
{
	struct world *world = arg;

	if (++world->calls == 3) {
		loop_timer_stop(world->timer);
		loop_stop(world->loop);
	}
}

static void
set_again(void *arg)
{
	struct world *world = arg;
	int64_t until = moment_ticks() + 3;

	while (moment_ticks() < until)
		continue;
	if (++world->calls == 100)
		loop_stop(world->loop);
	else
		loop_timer_set(world->timer, 0, 0);
	loop_timer_set(world->other, 1000, 0);
}

static void
stop_by_watch(void *arg, int fd, int ready)
{
	struct world *world = arg;

	(void)fd;
	world->ready = ready;
	loop_stop(world->loop);
}

static void
a_timer_that_sets_itself_lets_the_rest_of_the_loop_live(void **state)
{
	struct world *world = *state;
	struct loop_watch *watch;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "x", 1), 1);
	world->timer = loop_timer_new(world->loop, set_again, world);
	world->other = loop_timer_new(world->loop, count, world);
	loop_timer_set(world->timer, 0, 0);
	watch = loop_watch_new(world->loop, ends[0], LOOP_READ, stop_by_watch, world);
	loop_run(world->loop);
	assert_int_equal(world->ready, LOOP_READ);
	assert_in_range(world->calls, 1, 2);
	loop_watch_stop(watch);
	loop_timer_stop(world->timer);
	loop_timer_stop(world->other);
	close(ends[0]);
	close(ends[1]);
}

static void
a_timer_repeats_until_it_is_stopped(void **state)
{
	struct world *world = *state;

	world->timer = loop_timer_new(world->loop, count_to_three, world);
	loop_timer_set(world->timer, 0, 1);
	loop_run(world->loop);
	usleep(3000);
	loop_turn(world->loop);
	assert_int_equal(world->calls, 3);
}

static void
note_call(void *arg)
{
	strcat(((struct world *)arg)->order, "c");
}

static void
note_sleep(void *arg)
{
	strcat(((struct world *)arg)->order, "s");
}

static void
the_hook_comes_at_the_end_of_a_turn(void **state)
{
	struct world *world = *state;
	struct loop_timer *timer = loop_timer_new(world->loop, note_call, world);
	struct loop_wake *wake = loop_wake_new(world->loop, note_call, world);

	loop_before_sleep(world->loop, note_sleep, world);
	loop_timer_set(timer, 0, 0);
	loop_wake_send(wake);
	loop_turn(world->loop);
	assert_string_equal(world->order, "ccs");
	loop_wake_stop(wake);
	loop_timer_stop(timer);
}

static void
stop_at_the_hook(void *arg)
{
	struct world *world = arg;

	world->sleeps++;
	loop_stop(world->loop);
}

static void
the_hook_comes_before_the_loop_waits(void **state)
{
	struct world *world = *state;

	loop_before_sleep(world->loop, stop_at_the_hook, world);
	loop_run(world->loop); /* would wait for ever if the hook came after */
	assert_int_equal(world->sleeps, 1);
}

static void
further_hooks_come_too_until_they_are_stopped(void **state)
{
	struct world *world = *state;
	struct loop_hook *hook = loop_hook_new(world->loop, note_call, world);

	loop_before_sleep(world->loop, note_sleep, world);
	loop_turn(world->loop);
	assert_string_equal(world->order, "cs");
	loop_hook_stop(hook);
	loop_turn(world->loop);
	assert_string_equal(world->order, "css");
}

static void
a_stop_before_the_run_counts(void **state)
{
	struct world *world = *state;

	loop_stop(world->loop);
	loop_run(world->loop);
	loop_stop(world->loop); /* and one nobody runs does not hinder loop_free */
}

static void *
send_from_afar(void *arg)
{
	loop_wake_send(arg);
	return NULL;
}

static void
another_thread_wakes_the_loop(void **state)
{
	struct world *world = *state;
	struct loop_wake *wake = loop_wake_new(world->loop, count_and_stop, world);
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, send_from_afar, wake), 0);
	loop_run(world->loop);
	pthread_join(thread, NULL);
	assert_int_equal(world->calls, 1);
	loop_wake_stop(wake);
}

static void
several_sends_become_one_call(void **state)
{
	struct world *world = *state;
	struct loop_wake *wake = loop_wake_new(world->loop, count, world);

	for (int i = 0; i < 100; i++)
		loop_wake_send(wake);
	loop_turn(world->loop);
	loop_turn(world->loop);
	assert_int_equal(world->calls, 1);
	loop_wake_stop(wake);
}

static void
a_signal_calls(void **state)
{
	struct world *world = *state;
	struct loop_signal *signal =
		loop_signal_new(world->loop, SIGUSR1, count_and_stop, world);

	raise(SIGUSR1);
	loop_run(world->loop);
	assert_int_equal(world->calls, 1);
	loop_signal_stop(signal);
}

static void
on_exit_of_child(void *arg, int status, int signal)
{
	struct world *world = arg;

	world->calls++;
	world->status = status;
	world->signal = signal;
	loop_stop(world->loop);
}

static void
run_shell(
	struct world *world, const char *script, const char *const *env, const int fds[3])
{
	const char *const argv[] = { "/bin/sh", "-c", script, NULL };

	assert_true(loop_spawn(world->loop, argv, env, fds, on_exit_of_child, world) > 0);
	loop_run(world->loop);
	assert_int_equal(world->calls, 1);
}

static void
the_end_of_a_child_is_heard_once(void **state)
{
	struct world *world = *state;

	run_shell(world, "exit 7", NULL, (int[]){ -1, -1, -1 });
	assert_int_equal(world->status, 7);
	assert_int_equal(world->signal, 0);
	loop_turn(world->loop);
	assert_int_equal(world->calls, 1);
}

static void
a_killed_child_tells_its_signal(void **state)
{
	struct world *world = *state;

	run_shell(world, "kill -TERM $$", NULL, (int[]){ -1, -1, -1 });
	assert_int_equal(world->signal, SIGTERM);
}

static void
a_child_has_the_descriptors_and_environment_it_was_given(void **state)
{
	static const char *const env[] = { "WORD=said", NULL };
	struct world *world = *state;
	char heard[64] = "";
	int out[2], in[2];

	assert_int_equal(pipe(out), 0);
	assert_int_equal(pipe(in), 0);
	assert_int_equal(write(in[1], "given\n", 6), 6);
	close(in[1]);
	run_shell(world, "read line; echo $WORD $line; echo lost >&2", env,
		(int[]){ in[0], out[1], -1 });
	assert_int_equal(read(out[0], heard, sizeof(heard) - 1), 11);
	assert_string_equal(heard, "said given\n");
	assert_int_equal(world->status, 0);
	close(in[0]);
	close(out[0]);
	close(out[1]);
}

static void
a_child_that_cannot_start_is_said_at_once(void **state)
{
	const char *const argv[] = { "/nowhere/at/all", NULL };
	struct world *world = *state;

	errno = 0;
	assert_int_equal(loop_spawn(world->loop, argv, NULL, (int[]){ -1, -1, -1 },
				 on_exit_of_child, world),
		-1);
	assert_int_equal(errno, ENOENT);
	loop_turn(world->loop);
	assert_int_equal(world->calls, 0);
}

static void
a_loop_can_go_with_everything_still_on_it(void **state)
{
	struct world *world = *state;
	struct loop *loop = loop_new();
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_non_null(loop_watch_new(loop, ends[0], LOOP_READ, on_ready, world));
	loop_timer_set(loop_timer_new(loop, count, world), 0, 1);
	loop_wake_send(loop_wake_new(loop, count, world));
	assert_non_null(loop_signal_new(loop, SIGUSR2, count, world));
	loop_free(loop);
	loop_free(NULL);
	assert_int_equal(world->calls, 0);
	close(ends[0]);
	close(ends[1]);
}

#define WITH_LOOP(test) cmocka_unit_test_setup_teardown(test, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_LOOP(a_readable_descriptor_calls),
		WITH_LOOP(a_writable_descriptor_calls_until_it_is_paused),
		WITH_LOOP(a_watch_may_stop_itself_while_it_is_called),
		WITH_LOOP(a_lost_reader_shows_as_both_bits),
		WITH_LOOP(a_descriptor_keeps_its_flags),
		WITH_LOOP(what_cannot_be_watched_is_refused),
		WITH_LOOP(a_timer_fires_once_and_can_be_set_again),
		WITH_LOOP(a_timer_that_sets_itself_lets_the_rest_of_the_loop_live),
		WITH_LOOP(a_timer_repeats_until_it_is_stopped),
		WITH_LOOP(the_hook_comes_at_the_end_of_a_turn),
		WITH_LOOP(the_hook_comes_before_the_loop_waits),
		WITH_LOOP(further_hooks_come_too_until_they_are_stopped),
		WITH_LOOP(a_stop_before_the_run_counts),
		WITH_LOOP(another_thread_wakes_the_loop),
		WITH_LOOP(several_sends_become_one_call),
		WITH_LOOP(a_signal_calls),
		WITH_LOOP(the_end_of_a_child_is_heard_once),
		WITH_LOOP(a_killed_child_tells_its_signal),
		WITH_LOOP(a_child_has_the_descriptors_and_environment_it_was_given),
		WITH_LOOP(a_child_that_cannot_start_is_said_at_once),
		WITH_LOOP(a_loop_can_go_with_everything_still_on_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
