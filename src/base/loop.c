#include "oneclick/base/loop.h"

#include <errno.h>
#include <fcntl.h>

#include <uv.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"

struct loop {
	uv_loop_t uv;
	uv_prepare_t before_sleep;
	uv_async_t keep; /* a loop with nothing to watch waits too */
	bool stop;
	bool turning; /* loop_turn calls the hook itself, after the callbacks */
	bool timing;          /* a timer's callback is being called */
	uint64_t timed_at;    /* libuv's time while it calls those that are due */
	int64_t timing_since; /* ticks when it began to */
	loop_fn fn;
	void *arg;
};

struct loop_watch {
	uv_poll_t uv;
	loop_watch_fn fn;
	void *arg;
	int fd;
};

struct loop_timer {
	uv_timer_t uv;
	loop_fn fn;
	void *arg;
};

struct loop_wake {
	uv_async_t uv;
	loop_fn fn;
	void *arg;
};

struct loop_hook {
	uv_prepare_t uv;
	loop_fn fn;
	void *arg;
};

struct loop_signal {
	uv_signal_t uv;
	loop_fn fn;
	void *arg;
};

struct child {
	uv_process_t uv;
	loop_exit_fn fn;
	void *arg;
};

/* What libuv refuses here it refuses for want of memory or descriptors. */
static void
must(int rc)
{
	if (rc < 0)
		mem_abort(uv_strerror(rc));
}

static void
free_handle(uv_handle_t *handle)
{
	mem_free(handle->data);
}

/* The memory of a handle (its `data`) goes when libuv has let go of it. */
static void
close_handle(uv_handle_t *handle)
{
	if (!uv_is_closing(handle))
		uv_close(handle, free_handle);
}

/* ---- the loop itself ---- */

static void
on_prepare(uv_prepare_t *prepare)
{
	struct loop *loop = uv_loop_get_data(prepare->loop);

	if (loop->fn && !loop->turning)
		loop->fn(loop->arg);
}

struct loop *
loop_new(void)
{
	struct loop *loop = mem_new(NULL, struct loop);

	must(uv_loop_init(&loop->uv));
	uv_loop_set_data(&loop->uv, loop);
	must(uv_async_init(&loop->uv, &loop->keep, NULL));
	must(uv_prepare_init(&loop->uv, &loop->before_sleep));
	must(uv_prepare_start(&loop->before_sleep, on_prepare));
	return loop;
}

static void
close_any(uv_handle_t *handle, void *arg)
{
	(void)arg;
	close_handle(handle);
}

void
loop_free(struct loop *loop)
{
	if (!loop)
		return;
	loop->fn = NULL;
	uv_walk(&loop->uv, close_any, NULL);
	while (uv_run(&loop->uv, UV_RUN_DEFAULT) != 0)
		continue; /* a loop_stop that nobody ran cuts the first one short */
	must(uv_loop_close(&loop->uv));
	mem_free(loop);
}

void
loop_run(struct loop *loop)
{
	while (!loop->stop)
		uv_run(&loop->uv, UV_RUN_DEFAULT);
	loop->stop = false;
}

void
loop_turn(struct loop *loop)
{
	loop->turning = true;
	uv_run(&loop->uv, UV_RUN_NOWAIT);
	loop->turning = false;
	if (loop->fn)
		loop->fn(loop->arg);
}

void
loop_stop(struct loop *loop)
{
	loop->stop = true;
	uv_stop(&loop->uv);
}

void
loop_before_sleep(struct loop *loop, loop_fn fn, void *arg)
{
	loop->fn = fn;
	loop->arg = arg;
}

static void
on_hook(uv_prepare_t *uv)
{
	struct loop_hook *hook = uv->data;

	hook->fn(hook->arg);
}

struct loop_hook *
loop_hook_new(struct loop *loop, loop_fn fn, void *arg)
{
	struct loop_hook *hook = mem_new(loop, struct loop_hook);

	must(uv_prepare_init(&loop->uv, &hook->uv));
	hook->uv.data = hook;
	hook->fn = fn;
	hook->arg = arg;
	must(uv_prepare_start(&hook->uv, on_hook));
	return hook;
}

void
loop_hook_stop(struct loop_hook *hook)
{
	if (hook)
		close_handle((uv_handle_t *)&hook->uv);
}

/* ---- descriptors ---- */

static void
on_ready(uv_poll_t *poll, int status, int events)
{
	struct loop_watch *watch = poll->data;
	int ready = 0;

	if (events & UV_READABLE)
		ready |= LOOP_READ;
	if (events & UV_WRITABLE)
		ready |= LOOP_WRITE;
	if (status < 0)
		ready = LOOP_READ | LOOP_WRITE; /* whoever reads or writes learns why */
	watch->fn(watch->arg, watch->fd, ready);
}

/* libuv makes what it watches non-blocking; that would reach through a terminal's stdin
 * to its stdout and lose output there, so the descriptor gets its flags back. */
static int
init_poll(struct loop *loop, uv_poll_t *poll, int fd)
{
	int flags = fcntl(fd, F_GETFL);
	int rc = uv_poll_init(&loop->uv, poll, fd);

	if (flags >= 0 && !(flags & O_NONBLOCK))
		fcntl(fd, F_SETFL, flags);
	return rc;
}

struct loop_watch *
loop_watch_new(struct loop *loop, int fd, int ready, loop_watch_fn fn, void *arg)
{
	struct loop_watch *watch = mem_new(loop, struct loop_watch);
	int rc = init_poll(loop, &watch->uv, fd);

	if (rc < 0) {
		mem_free(watch);
		errno = -rc;
		return NULL;
	}
	watch->uv.data = watch;
	watch->fn = fn;
	watch->arg = arg;
	watch->fd = fd;
	loop_watch_set(watch, ready);
	return watch;
}

void
loop_watch_set(struct loop_watch *watch, int ready)
{
	int events = 0;

	if (ready & LOOP_READ)
		events |= UV_READABLE;
	if (ready & LOOP_WRITE)
		events |= UV_WRITABLE;
	if (events)
		uv_poll_start(&watch->uv, events, on_ready);
	else
		uv_poll_stop(&watch->uv);
}

void
loop_watch_stop(struct loop_watch *watch)
{
	if (watch)
		close_handle((uv_handle_t *)&watch->uv);
}

/* ---- time ---- */

static void
on_time(uv_timer_t *uv)
{
	struct loop_timer *timer = uv->data;
	struct loop *loop = uv->loop->data;

	if (loop->timed_at != uv_now(uv->loop)) {
		loop->timed_at = uv_now(uv->loop);
		loop->timing_since = moment_ticks();
	}
	loop->timing = true;
	timer->fn(timer->arg);
	loop->timing = false;
}

struct loop_timer *
loop_timer_new(struct loop *loop, loop_fn fn, void *arg)
{
	struct loop_timer *timer = mem_new(loop, struct loop_timer);

	must(uv_timer_init(&loop->uv, &timer->uv));
	timer->uv.data = timer;
	timer->fn = fn;
	timer->arg = arg;
	return timer;
}

/* A long turn is not taken off the wait. libuv calls all timers that are due before it
 * looks at anything else: its time must not go on meanwhile, nor one be due at once that is
 * set then, or a timer that sets itself would be all that ever happens. */
void
loop_timer_set(struct loop_timer *timer, int64_t wait, int64_t again)
{
	struct loop *loop = timer->uv.loop->data;

	if (!loop->timing)
		uv_update_time(timer->uv.loop);
	else if ((wait += moment_ticks() - loop->timing_since) < 1)
		wait = 1;
	uv_timer_start(&timer->uv, on_time, (uint64_t)(wait > 0 ? wait : 0),
		(uint64_t)(again > 0 ? again : 0));
}

void
loop_timer_clear(struct loop_timer *timer)
{
	uv_timer_stop(&timer->uv);
}

void
loop_timer_stop(struct loop_timer *timer)
{
	if (timer)
		close_handle((uv_handle_t *)&timer->uv);
}

/* ---- other threads, signals ---- */

static void
on_wake(uv_async_t *uv)
{
	struct loop_wake *wake = uv->data;

	wake->fn(wake->arg);
}

struct loop_wake *
loop_wake_new(struct loop *loop, loop_fn fn, void *arg)
{
	struct loop_wake *wake = mem_new(loop, struct loop_wake);

	wake->fn = fn;
	wake->arg = arg;
	must(uv_async_init(&loop->uv, &wake->uv, on_wake));
	wake->uv.data = wake;
	return wake;
}

void
loop_wake_send(struct loop_wake *wake)
{
	uv_async_send(&wake->uv);
}

void
loop_wake_stop(struct loop_wake *wake)
{
	if (wake)
		close_handle((uv_handle_t *)&wake->uv);
}

static void
on_signal(uv_signal_t *uv, int signum)
{
	struct loop_signal *signal = uv->data;

	(void)signum;
	signal->fn(signal->arg);
}

struct loop_signal *
loop_signal_new(struct loop *loop, int signum, loop_fn fn, void *arg)
{
	struct loop_signal *signal = mem_new(loop, struct loop_signal);

	must(uv_signal_init(&loop->uv, &signal->uv));
	signal->uv.data = signal;
	signal->fn = fn;
	signal->arg = arg;
	must(uv_signal_start(&signal->uv, on_signal, signum));
	return signal;
}

void
loop_signal_stop(struct loop_signal *signal)
{
	if (signal)
		close_handle((uv_handle_t *)&signal->uv);
}

/* ---- children ---- */

static void
on_exit_of(uv_process_t *uv, int64_t status, int signum)
{
	struct child *child = uv->data;

	if (child->fn)
		child->fn(child->arg, (int)status, signum);
	close_handle((uv_handle_t *)uv);
}

pid_t
loop_spawn(struct loop *loop, const char *const *argv, const char *const *env,
	const int fds[3], loop_exit_fn fn, void *arg)
{
	struct child *child = mem_new(loop, struct child);
	uv_stdio_container_t stdio[3];
	uv_process_options_t options = {
		.exit_cb = on_exit_of,
		.file = argv[0],
		.args = (char **)argv,
		.env = (char **)env,
		.stdio_count = 3,
		.stdio = stdio,
	};
	int rc;

	for (int i = 0; i < 3; i++) {
		stdio[i].flags = fds[i] < 0 ? UV_IGNORE : UV_INHERIT_FD;
		stdio[i].data.fd = fds[i];
	}
	child->fn = fn;
	child->arg = arg;
	rc = uv_spawn(&loop->uv, &child->uv, &options);
	child->uv.data = child;
	if (rc == 0)
		return child->uv.pid;
	close_handle((uv_handle_t *)&child->uv);
	errno = -rc;
	return -1;
}
