#include "tidy.h"

#include "oneclick/base/log.h"
#include "oneclick/base/mem.h"
#include "oneclick/store/audit.h"
#include "oneclick/store/contexts.h"
#include "oneclick/store/events.h"
#include "oneclick/store/metrics.h"
#include "oneclick/store/replays.h"
#include "steady.h"

enum {
	FIRST = 60 * 1000,      /* ms after the start */
	EVERY = 10 * 60 * 1000, /* ms from one round to the next */
	AGAIN = 50,             /* ms to the next step of a round */
	AT_ONCE = 200,          /* rows of a step: a transaction shared with clicks */
	MARKED_AT_ONCE = 5000,  /* rows looked at by a step beside them */
};
static const int64_t minutes_kept = INT64_C(15) * 24 * 60 * 60 * 1000; /* then hours */
static const int64_t sweep_every = INT64_C(24) * 60 * 60 * 1000;

/* One step of a chore, and the chores one after another. */
struct tidy {
	struct job job;
	struct service *service;
	struct loop_timer *timer;
	size_t chore;
	int64_t now;     /* that can be believed, see steady.h */
	int64_t removed; /* by this chore in this round */
	int64_t keep_events, keep_audit, keep_metrics, clock_skew;
	struct sweep *sweep; /* of contexts, once a day; NULL: none now */
	int64_t swept_at;
	int did;              /* by the last step */
	bool more;            /* it has to go on */
	bool waiting, closed; /* the job is on its way; nobody wants its end */
};

/* ---- the chores ---- */

static enum err
trim_events(struct tx *tx, struct tidy *t, int *did, struct fault *why)
{
	return events_trim(tx, t->now - t->keep_events, AT_ONCE, did, why);
}

static enum err
forget_keys(struct tx *tx, struct tidy *t, int *did, struct fault *why)
{
	return events_forget_keys(tx, t->now, AT_ONCE, did, why);
}

static enum err
trim_audit(struct tx *tx, struct tidy *t, int *did, struct fault *why)
{
	return audit_trim(tx, t->now - t->keep_audit, AT_ONCE, did, why);
}

/* Until then a signature would still be accepted. */
static enum err
trim_replays(struct tx *tx, struct tidy *t, int *did, struct fault *why)
{
	return replays_trim(tx, t->now - t->clock_skew, AT_ONCE, did, why);
}

static enum err
fold_metrics(struct tx *tx, struct tidy *t, int *did, struct fault *why)
{
	return metrics_fold(tx, t->now - minutes_kept, AT_ONCE, did, why);
}

static enum err
trim_metrics(struct tx *tx, struct tidy *t, int *did, struct fault *why)
{
	return metrics_trim(tx, t->now - t->keep_metrics, AT_ONCE, did, why);
}

/* Beside the writer: it looks at every event. */
static enum err
mark_contexts(struct tx *tx, struct tidy *t, int *did, struct fault *why)
{
	bool more = false;
	enum err err;

	if (t->now - t->swept_at < sweep_every)
		return ERR_NONE;
	if (!t->sweep)
		t->sweep = sweep_new(t);
	err = sweep_mark(tx, t->sweep, MARKED_AT_ONCE, &more, why);
	*did = 0;
	t->more = more;
	return err;
}

static enum err
sweep_contexts(struct tx *tx, struct tidy *t, int *did, struct fault *why)
{
	bool more = false;
	enum err err;

	if (!t->sweep)
		return ERR_NONE;
	err = sweep_remove(tx, t->sweep, AT_ONCE, &more, did, why);
	t->more = more;
	if (more)
		return err;
	mem_free(t->sweep);
	t->sweep = NULL;
	t->swept_at = t->now;
	return err;
}

/* Each does at most AT_ONCE in a step, and has more to do when it did as many, or says so. */
static const struct chore {
	const char *what, *done;
	enum err (*step)(struct tx *tx, struct tidy *t, int *did, struct fault *why);
	enum lane lane;
} chores[] = {
	{ "events", "removed", trim_events, LANE_WRITE },
	{ "keys of events", "forgotten", forget_keys, LANE_WRITE },
	{ "records of requests", "removed", trim_audit, LANE_WRITE },
	{ "signatures", "forgotten", trim_replays, LANE_WRITE },
	{ "minutes of metrics", "added to their hours", fold_metrics, LANE_WRITE },
	{ "metrics", "removed", trim_metrics, LANE_WRITE },
	{ "marks of contexts", NULL, mark_contexts, LANE_READ },
	{ "contexts", "removed", sweep_contexts, LANE_WRITE },
};

enum { CHORES = sizeof chores / sizeof *chores };

/* ---- their round ---- */

static enum err
run_step(struct job *job, struct tx *tx)
{
	struct tidy *t = (struct tidy *)job;

	enum err err;

	t->did = 0;
	t->more = false;
	err = chores[t->chore].step(tx, t, &t->did, &job->why);
	t->more |= t->did == AT_ONCE;
	return err;
}

static void
end_chore(struct tidy *t)
{
	if (t->removed)
		log_line(LOG_INFO, "%lld old %s were %s", (long long)t->removed,
			chores[t->chore].what, chores[t->chore].done);
	t->removed = 0;
	t->chore++;
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
		log_retry(LOG_WARN, "old %s were not removed: %s", chores[t->chore].what,
			job->why.sentence);
	else
		t->removed += t->did;
	if (job->result || !t->more)
		end_chore(t);
	loop_timer_set(t->timer, t->chore < CHORES ? AGAIN : EVERY, 0);
	t->chore %= CHORES;
}

static void
start_step(void *arg)
{
	struct tidy *t = arg;
	const struct settings *settings = &t->service->settings;

	t->job = (struct job){
		.lane = chores[t->chore].lane, .run = run_step, .done = end_step
	};
	t->now = steady_now(t->service);
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
