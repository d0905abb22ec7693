#include "tidy.h"

#include "oneclick/base/log.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/store/audit.h"
#include "oneclick/store/events.h"
#include "oneclick/store/metrics.h"
#include "oneclick/store/replays.h"

enum {
	FIRST = 60 * 1000,      /* ms after the start */
	EVERY = 10 * 60 * 1000, /* ms from one round to the next */
	AGAIN = 50,             /* ms to the next step of a round */
	AT_ONCE = 200,          /* rows of a step: a transaction shared with clicks */
};
static const int64_t minutes_kept = INT64_C(15) * 24 * 60 * 60 * 1000; /* then hours */

/* One step of a chore, and the chores one after another. */
struct tidy {
	struct job job;
	struct service *service;
	struct loop_timer *timer;
	size_t chore;
	int64_t now;
	int64_t keep_events, keep_audit, keep_metrics, clock_skew;
	int removed;
	bool waiting, closed; /* the job is on its way; nobody wants its end */
};

/* ---- the chores ---- */

static enum err
trim_events(struct tx *tx, struct tidy *t, struct fault *why)
{
	return events_trim(tx, t->now - t->keep_events, AT_ONCE, &t->removed, why);
}

static enum err
forget_keys(struct tx *tx, struct tidy *t, struct fault *why)
{
	return events_forget_keys(tx, t->now, AT_ONCE, &t->removed, why);
}

static enum err
trim_audit(struct tx *tx, struct tidy *t, struct fault *why)
{
	return audit_trim(tx, t->now - t->keep_audit, AT_ONCE, &t->removed, why);
}

/* Until then a signature would still be accepted. */
static enum err
trim_replays(struct tx *tx, struct tidy *t, struct fault *why)
{
	return replays_trim(tx, t->now - t->clock_skew, AT_ONCE, &t->removed, why);
}

static enum err
fold_metrics(struct tx *tx, struct tidy *t, struct fault *why)
{
	return metrics_fold(tx, t->now - minutes_kept, AT_ONCE, &t->removed, why);
}

static enum err
trim_metrics(struct tx *tx, struct tidy *t, struct fault *why)
{
	return metrics_trim(tx, t->now - t->keep_metrics, AT_ONCE, &t->removed, why);
}

/* Each removes at most AT_ONCE rows a step, and is done when it finds fewer. */
static const struct chore {
	const char *what;
	enum err (*step)(struct tx *tx, struct tidy *t, struct fault *why);
} chores[] = {
	{ "events", trim_events },
	{ "keys of events", forget_keys },
	{ "records of requests", trim_audit },
	{ "signatures", trim_replays },
	{ "minutes of metrics", fold_metrics },
	{ "metrics", trim_metrics },
};

enum { CHORES = sizeof chores / sizeof *chores };

/* ---- their round ---- */

static enum err
run_step(struct job *job, struct tx *tx)
{
	struct tidy *t = (struct tidy *)job;

	t->removed = 0;
	return chores[t->chore].step(tx, t, &job->why);
}

static void
end_step(struct job *job)
{
	struct tidy *t = (struct tidy *)job;

	t->waiting = false;
	if (t->closed) {
		mem_free(t);
		return;
	}
	if (job->result)
		log_line(LOG_WARN, "old %s were not removed: %s", chores[t->chore].what,
			job->why.sentence);
	if (job->result || t->removed < AT_ONCE)
		t->chore++;
	loop_timer_set(t->timer, t->chore < CHORES ? AGAIN : EVERY, 0);
	t->chore %= CHORES;
}

static void
start_step(void *arg)
{
	struct tidy *t = arg;
	const struct settings *settings = &t->service->settings;

	t->job = (struct job){ .lane = LANE_WRITE, .run = run_step, .done = end_step };
	t->now = moment_now();
	t->keep_events = settings->keep_events;
	t->keep_audit = settings->keep_audit;
	t->keep_metrics = settings->keep_metrics;
	t->clock_skew = settings->clock_skew;
	t->waiting = true;
	lanes_submit(t->service->lanes, &t->job);
}

enum err
tidy_open(struct service *service, struct fault *why)
{
	struct tidy *t = mem_new(NULL, struct tidy);

	(void)why;
	t->service = service;
	t->timer = loop_timer_new(service->loop, start_step, t);
	loop_timer_set(t->timer, FIRST, 0);
	service->tidy = t;
	return ERR_NONE;
}

void
tidy_reload(struct service *service)
{
	service->tidy->chore = 0;
	loop_timer_set(service->tidy->timer, AGAIN, 0);
}

void
tidy_close(struct service *service)
{
	struct tidy *t = service->tidy;

	loop_timer_stop(t->timer);
	t->closed = true;
	if (!t->waiting)
		mem_free(t);
	service->tidy = NULL;
}
