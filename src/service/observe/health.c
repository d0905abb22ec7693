/*
 * GET /healthz and GET /readyz, asked without a key: whether it lives, which the loop itself
 * answers, and whether requests sent here now would be carried out, which only a write can
 * tell: a full disk, a lock that another program holds, a store that is gone.  Probes share
 * one write a second, and none waits for it longer than two.  A broker that is away shows in
 * the log and the metrics and not here: to be taken out of service would lose the devices
 * that speak HTTP as well.
 */
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/data/json.h"
#include "oneclick/service/metrics.h"
#include "oneclick/store/meta.h"

enum {
	FRESH = 1000,   /* ms that an answer is good for */
	PATIENCE = 2000 /* ms that a probe waits for one */
};

#define STUCK \
	"The store has not taken a write for 2 seconds: its disk is slow, or another " \
	"program holds it."

struct waiter {
	struct exchange *exchange;
	struct waiter *next;
};

/* The part: one write at a time, for all probes that wait. */
struct ready {
	struct job job;
	struct service *service;
	struct loop_timer *timer;
	struct waiter *waiters;
	int64_t began, ended; /* ticks, of the last write; ended 0: there was none */
	enum err result;      /* its */
	struct fault why;
	bool writing, closed; /* the job is on its way; nobody wants its end */
};

static void
say_well(struct exchange *exchange, const char *status)
{
	struct json j = json_to(&exchange->reply.body);

	exchange->reply.status = 200;
	json_open(&j, '{');
	json_member_text(&j, "status", status);
	json_member_text(&j, "version", ONECLICK_VERSION);
	json_close(&j, '}');
	exchange_send(exchange);
}

static void
say_unready(struct exchange *exchange, const char *sentence)
{
	reply_problem(&exchange->reply, PROBLEM_UNAVAILABLE, sentence);
	exchange_send(exchange);
}

static void
answer(const struct ready *ready, struct exchange *exchange)
{
	if (ready->result)
		say_unready(exchange, ready->why.sentence);
	else
		say_well(exchange, "ready");
}

/* `sentence` NULL: what the write came to. */
static void
answer_all(struct ready *ready, const char *sentence)
{
	struct waiter *waiter = ready->waiters, *next;

	ready->waiters = NULL;
	for (; waiter; waiter = next) {
		next = waiter->next;
		if (sentence)
			say_unready(waiter->exchange, sentence);
		else
			answer(ready, waiter->exchange);
		mem_free(waiter);
	}
}

/* ---- the write ---- */

static enum err
run_write(struct job *job, struct tx *tx)
{
	char now[MOMENT_ISO_SIZE];

	moment_to_iso(moment_now(), now);
	return meta_write(tx, "ready", now, &job->why);
}

static void
end_write(struct job *job)
{
	struct ready *ready = (struct ready *)job;

	ready->writing = false;
	if (ready->closed) {
		mem_free(ready);
		return;
	}
	ready->ended = moment_ticks();
	ready->result = job->result;
	ready->why = job->why;
	loop_timer_clear(ready->timer);
	answer_all(ready, NULL);
}

static void
start_write(struct ready *ready)
{
	ready->job =
		(struct job){ .lane = LANE_WRITE, .run = run_write, .done = end_write };
	ready->writing = true;
	ready->began = moment_ticks();
	loop_timer_set(ready->timer, PATIENCE, 0);
	lanes_submit(ready->service->lanes, &ready->job);
}

static void
give_up(void *arg)
{
	answer_all(arg, STUCK);
}

static void
wait_for_write(struct ready *ready, struct exchange *exchange)
{
	struct waiter *waiter = mem_new(ready, struct waiter);

	waiter->exchange = exchange;
	waiter->next = ready->waiters;
	ready->waiters = waiter;
	if (!ready->writing)
		start_write(ready);
}

/* ---- the doors ---- */

void
health_take(struct service *service, struct exchange *exchange)
{
	(void)service;
	say_well(exchange, "ok");
}

void
ready_take(struct service *service, struct exchange *exchange)
{
	struct ready *ready = service->ready;
	int64_t now = moment_ticks();

	if (service_is_busy(service))
		say_unready(exchange, "The service has more to do than it can.");
	else if (ready->writing && now - ready->began >= PATIENCE)
		say_unready(exchange, STUCK);
	else if (!ready->writing && ready->ended && now - ready->ended < FRESH)
		answer(ready, exchange);
	else
		wait_for_write(ready, exchange);
}

enum err
ready_open(struct service *service, struct fault *why)
{
	struct ready *ready = mem_new(NULL, struct ready);

	(void)why;
	ready->service = service;
	ready->timer = loop_timer_new(service->loop, give_up, ready);
	service->ready = ready;
	return ERR_NONE;
}

void
ready_close(struct service *service)
{
	struct ready *ready = service->ready;

	answer_all(ready, "The service is ending.");
	loop_timer_stop(ready->timer);
	ready->closed = true;
	if (!ready->writing)
		mem_free(ready);
	service->ready = NULL;
}
