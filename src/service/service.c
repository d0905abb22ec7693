#include "oneclick/service/service.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "oneclick/base/log.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/service/counts.h"
#include "oneclick/service/extra.h"
#include "oneclick/service/principal.h"
#include "oneclick/service/server.h"
#include "oneclick/service/trail.h"
#include "oneclick/store/events.h"
#include "status.h"

enum {
	READERS = 3,
	TIDY_EVERY = 10 * 60 * 1000,
	TIDY_FIRST = 60 * 1000,
	TIDY_AT_ONCE = 1000, /* rows, in one small transaction */
	TIDY_AGAIN = 1000,   /* ms, while there is more */
};

/* A service and what keeps it running. */
struct running {
	struct service service;
	struct server *tcp, *local;
	size_t parts; /* of the table, open */
	struct loop_signal *term, *interrupt;
	struct loop_watch *parent;
	struct loop_timer *tidy_timer;
	int lock;
};

/* ---- doors ---- */

static void
refuse_method(struct exchange *exchange)
{
	reply_problem(
		&exchange->reply, PROBLEM_WRONG_METHOD, "This path is read: send GET.");
	exchange_send(exchange);
}

/* Beside the 29 operations; what has no row here is theirs. */
static const struct door {
	const char *path;
	bool read_only;
	void (*take)(struct service *service, struct exchange *exchange);
} doors[] = {
	{ "/healthz", true, health_take },
	{ "/stream", true, stream_take },
	{ "/ingest/oneclick", false, ingest_http_take },
};

static bool
is_reading(const char *method)
{
	return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
}

static void
take(void *arg, struct exchange *exchange)
{
	struct running *running = arg;
	enum extra extra;

	for (size_t i = 0; i < sizeof doors / sizeof *doors; i++) {
		if (strcmp(exchange->request.path, doors[i].path) != 0)
			continue;
		if (doors[i].read_only && !is_reading(exchange->request.method))
			refuse_method(exchange);
		else
			doors[i].take(&running->service, exchange);
		return;
	}
	extra = extra_find(exchange->request.path);
	if (extra != EXTRA_NONE)
		extra_take(&running->service, exchange, extra);
	else
		api_take(&running->service, exchange);
}

/* ---- parts ---- */

/* What lives as long as the service, one row each: opened in this order before the first
 * request is taken, closed in the reverse one while the lanes still run.  A job of a part's
 * that is under way then ends after it, and must not touch what close gave up.
 *
 * reload (NULL: nothing to do) is called when settings have changed, which were checked, and
 * no job is under way: it reads anew what it keeps of them, for the old file's tree and the
 * texts of LIVE rows are gone after it.  What fails then is logged, and stays as it was. */
static const struct part {
	enum err (*open)(struct service *service, struct fault *why);
	void (*close)(struct service *service);
	void (*reload)(struct service *service);
} parts[] = {
	{ ingest_mqtt_open, ingest_mqtt_close, NULL },
};

static enum err
open_parts(struct running *running, struct fault *why)
{
	enum err err = ERR_NONE;

	while (!err && running->parts < sizeof parts / sizeof *parts) {
		err = parts[running->parts].open(&running->service, why);
		running->parts += !err;
	}
	return err;
}

static void
close_parts(struct running *running)
{
	while (running->parts > 0)
		parts[--running->parts].close(&running->service);
}

/* ---- housekeeping ---- */

struct tidy {
	struct job job;
	struct running *running;
	int removed;
};

static enum err
run_tidy(struct job *job, struct tx *tx)
{
	struct tidy *tidy = (struct tidy *)job;
	int64_t now = moment_now();
	int64_t before = now - tidy->running->service.settings.keep_events;
	enum err err = events_trim(tx, before, TIDY_AT_ONCE, &tidy->removed, &job->why);

	return err ? err : events_forget_keys(tx, now, TIDY_AT_ONCE, &job->why);
}

static void
end_tidy(struct job *job)
{
	struct tidy *tidy = (struct tidy *)job;
	struct running *running = tidy->running;
	bool more = !job->result && tidy->removed == TIDY_AT_ONCE;

	if (job->result)
		log_line(LOG_WARN, "old events were not removed: %s", job->why.sentence);
	loop_timer_set(running->tidy_timer, more ? TIDY_AGAIN : TIDY_EVERY, 0);
	mem_free(tidy);
}

static void
start_tidy(void *arg)
{
	struct running *running = arg;
	struct tidy *tidy = mem_new(running, struct tidy);

	tidy->job = (struct job){ .lane = LANE_WRITE, .run = run_tidy, .done = end_tidy };
	tidy->running = running;
	lanes_submit(running->service.lanes, &tidy->job);
}

/* ---- ends ---- */

static void
end(void *arg)
{
	loop_stop(((struct running *)arg)->service.loop);
}

static void
end_broken(void *arg, const char *sentence)
{
	struct running *running = arg;

	log_line(LOG_ERROR, "storage failed, nothing more is acknowledged: %s", sentence);
	running->service.exit_status = STATUS_BROKEN;
	loop_stop(running->service.loop);
}

static void
hear_parent(void *arg, int fd, int ready)
{
	char piece[256];
	ssize_t n = read(fd, piece, sizeof piece);

	(void)ready;
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		end(arg);
}

static enum err
watch_parent(struct running *running, struct fault *why)
{
	struct stat in;

	if (fstat(STDIN_FILENO, &in) != 0 ||
		!(S_ISFIFO(in.st_mode) || S_ISSOCK(in.st_mode) || isatty(STDIN_FILENO)))
		return fault(why, ERR_INVALID,
			"--with-parent needs a pipe as standard input, to hear of its "
			"end.");
	running->parent = loop_watch_new(
		running->service.loop, STDIN_FILENO, LOOP_READ, hear_parent, running);
	return ERR_NONE;
}

static void
flush(void *arg)
{
	hub_flush(((struct running *)arg)->service.hub);
}

/* ---- opening and closing ---- */

/* Commands may open the store beside us; a second service may not. */
static enum err
lock_state(struct running *running, struct fault *why)
{
	const char *state = running->service.settings.state;
	char *path = mem_format(running, "%s/oneclickd.lock", state);

	running->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (running->lock < 0)
		return fault(why, ERR_INVALID, "Cannot write to %s: %s.", path,
			strerror(errno));
	if (flock(running->lock, LOCK_EX | LOCK_NB) != 0)
		return fault(why, ERR_CONFLICT,
			"Another oneclickd serves %s; stop it or choose another --state.",
			state);
	return ERR_NONE;
}

static enum err
open_store(struct running *running, struct fault *why)
{
	struct service *service = &running->service;
	enum err err = store_open(service->settings.state, &service->store, why);

	if (!err)
		err = lock_state(running, why);
	if (err)
		return err;
	service->loop = loop_new();
	service->lanes =
		lanes_start(service->store, service->loop, READERS, end_broken, running);
	service->hub = hub_new(running);
	service->trail = trail_new(running, service->lanes);
	service->counts = counts_new(running);
	return ERR_NONE;
}

static enum err
open_doors(struct running *running, struct fault *why)
{
	struct service *service = &running->service;
	const struct settings *settings = &service->settings;
	enum err err = open_parts(running, why);

	if (!err && settings->listen)
		err = server_open(service->loop, settings->listen, take, running,
			&running->tcp, why);
	if (!err && settings->socket)
		err = server_open(service->loop,
			mem_format(running, "unix:%s", settings->socket), take, running,
			&running->local, why);
	if (!err && settings->with_parent)
		err = watch_parent(running, why);
	return err;
}

static void
start_timers(struct running *running)
{
	struct loop *loop = running->service.loop;

	running->term = loop_signal_new(loop, SIGTERM, end, running);
	running->interrupt = loop_signal_new(loop, SIGINT, end, running);
	running->tidy_timer = loop_timer_new(loop, start_tidy, running);
	loop_timer_set(running->tidy_timer, TIDY_FIRST, 0);
	loop_before_sleep(loop, flush, running);
}

static void
say_ready(const struct running *running)
{
	printf("oneclickd: ready on %s%s%s\n",
		running->tcp ? server_address(running->tcp) : "",
		running->tcp && running->local ? " and " : "",
		running->local ? server_address(running->local) : "");
	fflush(stdout);
}

static void
close_servers(struct running *running)
{
	if (running->tcp)
		server_close(running->tcp);
	if (running->local)
		server_close(running->local);
}

/* First the lanes, which answer all that was asked; then what carries the answers. */
static void
close_all(struct running *running)
{
	struct service *service = &running->service;

	close_parts(running);
	if (service->lanes) {
		trail_flush(service->trail);
		lanes_stop(service->lanes);
	}
	close_servers(running);
	if (service->store)
		store_close(service->store);
	loop_free(service->loop);
	if (running->lock >= 0)
		close(running->lock);
	authn_forget();
}

enum err
service_run(const struct settings *settings, int *status, struct fault *why)
{
	struct running *running = mem_new(NULL, struct running);
	enum err err;

	running->lock = -1;
	running->service.settings = *settings;
	err = open_store(running, why);
	if (!err)
		err = open_doors(running, why);
	if (!err) {
		start_timers(running);
		say_ready(running);
		loop_run(running->service.loop);
	}
	close_all(running);
	*status = running->service.exit_status;
	mem_free(running);
	return err;
}
