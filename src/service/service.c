#include "oneclick/service/service.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit_event.h"
#include "audit_key.h"
#include "heads.h"
#include "lock.h"
#include "notify.h"
#include "oneclick/base/log.h"
#include "oneclick/base/mem.h"
#include "oneclick/service/counts.h"
#include "oneclick/service/dispatch.h"
#include "oneclick/service/extra.h"
#include "oneclick/service/intake.h"
#include "oneclick/service/metrics.h"
#include "oneclick/service/principal.h"
#include "oneclick/service/server.h"
#include "oneclick/service/trail.h"
#include "status.h"
#include "steady.h"
#include "tidy.h"

enum {
	READERS = 3,
};

/* A service and what keeps it running. */
struct running {
	struct service service;
	struct server *tcp, *local;
	struct networks *proxies; /* trusted; NULL: none */
	size_t parts; /* of the table, open */
	bool ending;
	int signals; /* that asked for the end */
	struct loop_signal *term, *interrupt, *hangup;
	struct loop_watch *parent;
	char *status;         /* a line that says where it serves */
	void *fresh;          /* what the last reload's settings live in */
	struct settings next; /* of a reload that waits for the lanes */
	const char *next_changed; /* what of them is new; NULL: nothing */
	void *next_life;      /* what they live in; NULL: none waits */
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
	const char *name; /* of its event in the audit trail */
	bool read_only;
	void (*take)(struct service *service, struct exchange *exchange);
} doors[] = {
	{ "/healthz", "GetHealth", true, health_take },
	{ "/", "UnknownOperation", false, aws_take },
	{ "/readyz", "GetReadiness", true, ready_take },
	{ "/metrics", "GetMetrics", true, metrics_take },
	{ "/stream", "StreamEvents", true, stream_take },
	{ "/ingest/*", "IngestEvent", false, ingest_http_take },
};

static bool
is_reading(const char *method)
{
	return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
}

/* A row's path that ends with '*' stands for all that begins like it. */
static bool
is_at(const char *path, const char *row)
{
	size_t n = strcspn(row, "*");

	return strncmp(path, row, n) == 0 && (row[n] == '*' || path[n] == '\0');
}

static void
take(void *arg, struct exchange *exchange)
{
	struct running *running = arg;
	enum extra extra;

	for (size_t i = 0; i < sizeof doors / sizeof *doors; i++) {
		if (!is_at(exchange->request.path, doors[i].path))
			continue;
		exchange->taken_by = doors[i].path;
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

/* Of an exchange that nobody took, and of one at a door, whose name is a path. */
static const char *
name_event(const struct exchange *exchange)
{
	const char *name = exchange->taken_by;

	if (!name)
		return exchange->request.at ? "UnknownOperation" : "UnreadableRequest";
	for (size_t i = 0; i < sizeof doors / sizeof *doors; i++)
		if (name == doors[i].path)
			return doors[i].name;
	return name;
}

static void
note_reply(void *arg, const struct exchange *exchange, int status, int64_t micros)
{
	struct service *service = &((struct running *)arg)->service;

	metrics_reply_note(service, exchange, status, micros);
	trail_reply(service, exchange, name_event(exchange));
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
	{ notify_open, notify_close, NULL },
	{ certificate_open, certificate_close, certificate_reload },
	{ steady_open, steady_close, NULL },
	{ ready_open, ready_close, NULL },
	{ tidy_open, tidy_close, tidy_reload },
	{ metrics_open, metrics_close, NULL },
	{ quiet_open, quiet_close, NULL },
	{ dispatch_open, dispatch_close, dispatch_reload },
	{ heads_open, heads_close, heads_reload },
	{ ingest_mqtt_open, ingest_mqtt_close, ingest_reload },
	{ ingest_listener_open, ingest_listener_close, NULL },
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

/* ---- a reload ---- */

static void
log_problem(void *arg, const char *sentence)
{
	(void)arg;
	log_line(LOG_ERROR, "%s", sentence);
}

/* Of the new networks; the old ones go when nobody looks at them any more. */
static void
trust_proxies(struct running *running)
{
	const struct settings *settings = &running->service.settings;
	enum proxy_header header = strcmp(settings->proxy_header, "Forwarded") == 0
					   ? PROXY_FORWARDED
					   : PROXY_X_FORWARDED_FOR;
	struct networks *before = running->proxies;
	struct fault why;

	running->proxies = NULL;
	if (settings->trusted_proxies && networks_read(running, settings->trusted_proxies,
						 &running->proxies, &why))
		log_line(LOG_ERROR, "trusted-proxies: %s", why.sentence);
	if (running->tcp)
		server_trust(running->tcp, running->proxies, header);
	mem_free(before);
}

/* The old settings go when nothing uses them any more: no job, and no part. */
static void
change_settings(void *arg)
{
	struct running *running = arg;

	running->service.settings = running->next;
	for (size_t i = 0; i < running->parts; i++)
		if (parts[i].reload)
			parts[i].reload(&running->service);
	trust_proxies(running);
	mem_free(running->fresh);
	running->fresh = running->next_life;
	running->next_life = NULL;
	if (running->next_changed)
		audit_service_reload(&running->service, running->next_changed, NULL);
	log_line(LOG_INFO, "the settings were read anew");
	notify_ready(running->status);
}

/* One that came before and still waits is overtaken. */
static void
take_settings(struct running *running, const struct settings *fresh, const char *changed,
	void *life)
{
	bool waits = running->next_life != NULL;

	mem_free(running->next_life);
	running->next_life = life;
	running->next = *fresh;
	running->next_changed = changed;
	if (!waits)
		lanes_when_quiet(running->service.lanes, change_settings, running);
}

static void
reload(void *arg)
{
	struct running *running = arg;
	struct config_check check = { .tell = log_problem };
	void *life = mem_life(running);
	struct settings fresh;
	const char *held, *changed;
	struct fault why;

	notify_reloading();
	if (settings_read(life, &running->service.settings, &fresh, &check)) {
		fault(&why, ERR_INVALID,
			"The settings stay as they were, for %d %s wrong.",
			check.problems, check.problems == 1 ? "is" : "are");
		log_line(LOG_ERROR, "%s", why.sentence);
		audit_service_reload(&running->service, NULL, &why);
		mem_free(life);
		notify_ready(running->status);
		return;
	}
	held = settings_hold(life, &running->service.settings, &fresh);
	if (held)
		log_line(LOG_WARN, "changed, and needs a restart: %s", held);
	changed = settings_changed(life, &running->service.settings, &fresh);
	take_settings(running, &fresh, changed, life);
}

/* ---- ends ---- */

/* Whoever started us is told what waits. */
static void
stop(void *arg)
{
	struct running *running = arg;
	int64_t left = dispatch_left(&running->service);

	if (running->service.settings.with_parent && left > 0) {
		printf("oneclickd: left %" PRId64 "\n", left);
		fflush(stdout);
	}
	loop_stop(running->service.loop);
}

/* What our own console started has no later: it ends with what it was told to send. */
static void
end(struct running *running)
{
	const struct settings *settings = &running->service.settings;

	if (running->ending)
		return;
	running->ending = true;
	notify_stopping();
	dispatch_drain(&running->service, settings->with_parent, settings->stop_wait,
		stop, running);
}

/* Whoever asks twice is in a hurry. */
static void
hear_signal(void *arg)
{
	struct running *running = arg;

	if (running->signals++ > 0)
		loop_stop(running->service.loop);
	else
		end(running);
}

static void
end_broken(void *arg, const char *sentence)
{
	struct running *running = arg;

	log_line(LOG_ERROR, "storage failed, nothing more is acknowledged: %s", sentence);
	running->service.exit_status = STATUS_BROKEN;
	notify_stopping();
	loop_stop(running->service.loop);
}

static void
hear_parent(void *arg, int fd, int ready)
{
	struct running *running = arg;
	char piece[256];
	ssize_t n = read(fd, piece, sizeof piece);

	(void)ready;
	if (n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR)))
		return;
	loop_watch_stop(running->parent);
	running->parent = NULL;
	end(running);
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

static enum err
open_store(struct running *running, struct fault *why)
{
	struct service *service = &running->service;
	const char *state = service->settings.state;
	struct audit_key key;
	struct fault lost;
	const struct fault *loss = NULL;
	enum err err = lock_state(state, &running->lock, why);

	if (!err)
		err = store_open(state, &service->store, why);
	if (!err && running->lock < 0)
		err = lock_state(state, &running->lock, why);
	if (!err)
		store_guard(service->store, lock_path(running, state));
	if (!err)
		err = intake_open(running, &service->settings, service->store,
			&service->intake, why);
	if (!err)
		err = steady_read(running, service->store, &service->steady, why);
	if (!err)
		err = audit_key_need(audit_key_path(running, state,
					     service->settings.audit_key_file),
			&key, why);
	if (err)
		return err;
	if (heads_look_back(service, &lost))
		loss = &lost;
	service->loop = loop_new();
	service->lanes =
		lanes_start(service->store, service->loop, READERS, end_broken, running);
	service->hub = hub_new(running);
	service->trail = trail_new(running, service);
	trail_sign(service->trail, &key);
	audit_service_start(service, loss);
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
	trust_proxies(running);
	if (running->tcp)
		server_watch(running->tcp, note_reply);
	if (running->local)
		server_watch(running->local, note_reply);
	if (!err && settings->with_parent)
		err = watch_parent(running, why);
	return err;
}

static void
start_timers(struct running *running)
{
	struct loop *loop = running->service.loop;

	running->term = loop_signal_new(loop, SIGTERM, hear_signal, running);
	running->interrupt = loop_signal_new(loop, SIGINT, hear_signal, running);
	running->hangup = loop_signal_new(loop, SIGHUP, reload, running);
	loop_before_sleep(loop, flush, running);
}

static void
say_ready(struct running *running)
{
	running->status = mem_format(running, "ready on %s%s%s",
		running->tcp ? server_address(running->tcp) : "",
		running->tcp && running->local ? " and " : "",
		running->local ? server_address(running->local) : "");
	printf("oneclickd: %s\n", running->status);
	fflush(stdout);
	notify_ready(running->status);
}

static void
close_servers(struct running *running)
{
	if (running->tcp)
		server_close(running->tcp);
	if (running->local)
		server_close(running->local);
}

static void
stop_servers(struct running *running)
{
	if (running->tcp)
		server_stop(running->tcp);
	if (running->local)
		server_stop(running->local);
}

/* The loop's end gives each signal its default again, and whoever still asks for the end
 * would take the status with it. */
static void
hold_signals(void)
{
	sigset_t asking;

	sigemptyset(&asking);
	sigaddset(&asking, SIGTERM);
	sigaddset(&asking, SIGINT);
	sigaddset(&asking, SIGHUP);
	sigprocmask(SIG_BLOCK, &asking, NULL);
}

/* Nothing new is taken; then the lanes answer all that was asked; then what carries the
 * answers closes. */
static void
close_all(struct running *running)
{
	struct service *service = &running->service;

	stop_servers(running);
	close_parts(running);
	if (service->lanes) {
		trail_close(service->trail);
		lanes_stop(service->lanes);
	}
	close_servers(running);
	heads_end(service);
	if (service->store)
		store_close(service->store);
	hold_signals();
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
