/*
 * The loop: one thread, every descriptor, timer, signal and child.  Thin over libuv.
 *
 * Callbacks set state; the one `before sleep` hook is where the console paints and the
 * service flushes.  Watches, timers and children belong to the loop's memory and are gone
 * after their _stop call; a pointer to one must not be used after that.
 */
#ifndef ONECLICK_BASE_LOOP_H
#define ONECLICK_BASE_LOOP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct loop;
struct loop_watch;
struct loop_timer;
struct loop_wake;
struct loop_signal;
struct loop_hook;

enum loop_ready { LOOP_READ = 1, LOOP_WRITE = 2 };

typedef void (*loop_fn)(void *arg);
typedef void (*loop_watch_fn)(void *arg, int fd, int ready);
typedef void (*loop_exit_fn)(void *arg, int status, int signal);

struct loop *loop_new(void);
void loop_free(struct loop *loop);

void loop_run(struct loop *loop);  /* until loop_stop */
void loop_turn(struct loop *loop); /* one turn without waiting: tests drive with it */
void loop_stop(struct loop *loop);

/* Called at the end of each turn, before the loop waits; one hook a loop. */
void loop_before_sleep(struct loop *loop, loop_fn fn, void *arg);
/* Further calls of the kind, for parts that gather work during a turn; loop_turn makes
 * them at its start, for what was gathered before it. */
struct loop_hook *loop_hook_new(struct loop *loop, loop_fn fn, void *arg);
void loop_hook_stop(struct loop_hook *hook);

/* Watches fd for `ready` bits; loop_watch_set changes them (0 pauses).  The caller owns
 * the descriptor and stops the watch before closing it; its flags stay as they are.  An
 * error on it shows as both bits, once.  NULL (errno) if it cannot be watched: a plain
 * file, or one that is watched already. */
struct loop_watch *loop_watch_new(
	struct loop *loop, int fd, int ready, loop_watch_fn fn, void *arg);
void loop_watch_set(struct loop_watch *watch, int ready);
void loop_watch_stop(struct loop_watch *watch);

/* Fires after `wait` ms, then every `again` ms (0: once; it then stays idle until set). */
struct loop_timer *loop_timer_new(struct loop *loop, loop_fn fn, void *arg);
void loop_timer_set(struct loop_timer *timer, int64_t wait, int64_t again);
void loop_timer_clear(struct loop_timer *timer);
void loop_timer_stop(struct loop_timer *timer);

/* loop_wake_send may be called from any thread; several sends may become one call. */
struct loop_wake *loop_wake_new(struct loop *loop, loop_fn fn, void *arg);
void loop_wake_send(struct loop_wake *wake);
void loop_wake_stop(struct loop_wake *wake);

struct loop_signal *loop_signal_new(struct loop *loop, int signum, loop_fn fn, void *arg);
void loop_signal_stop(struct loop_signal *signal);

/* Starts argv[0] (a path; no shell) with environment `env` (NULL: ours), fds[i] as its
 * descriptor i (-1: /dev/null), three of them.  Returns its pid or -1 (errno).  `fn` hears
 * of its end once. */
pid_t loop_spawn(struct loop *loop, const char *const *argv, const char *const *env,
	const int fds[3], loop_exit_fn fn, void *arg);

#endif
