/* The part that follows the log: reads a piece of it on a reader lane, stores what it comes
 * to with the cursor in one transaction, adds it to the series, and reads on. */
#include "../secret.h"
#include "gather.h"
#include "observe.h"
#include "oneclick/base/log.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/service/metrics.h"

enum {
	COUNT_EVERY = 1000, /* ms, at most that often */
	PROJECTS_MAX = 200,
	CALLBACKS_MAX = 200,
	PRODUCTS_MAX = 50,
};

/* Seconds a request takes, and may. */
static const double latency_edges[] = { 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
	0.1, 0.25, 1, 5 };

/* One piece of the log: a job that reads, then one that writes. */
struct piece {
	struct job job;
	struct observe *observe;
	struct gather *gather;
};

/* ---- counting ---- */

static void start_count(void *arg);

/* What is read at once may not be all: then the next piece follows at once. */
static void
end_count(struct observe *observe, bool failed, bool more)
{
	observe->counting = false;
	if (observe->closed)
		return;
	if (more && !failed)
		start_count(observe);
	else if (failed || observe->behind)
		loop_timer_set(observe->timer, COUNT_EVERY, 0);
}

static void
add_to_series(struct observe *observe, const struct group *group)
{
	const char *project = roster_keep(observe->projects, group->project);
	const char *product = roster_keep(observe->products, group->product);
	const char *const event[] = { group->event, project, "button", product };

	series_merge(observe->events, event, (uint64_t)group->life.count, 0, NULL);
	if (group->has_life)
		series_merge(observe->lives, &project, (uint64_t)group->life.count,
			group->life.sum, group->under);
}

static enum err
run_store(struct job *job, struct tx *tx)
{
	struct piece *piece = (struct piece *)job;

	return gather_store(piece->gather, tx, METRICS_CONSUMER, &job->why);
}

static void
done_store(struct job *job)
{
	struct piece *piece = (struct piece *)job;
	struct observe *observe = piece->observe;
	bool more = piece->gather->read == GATHER_EVENTS;

	if (job->result)
		log_retry(LOG_WARN, "metrics were not written, and will be: %s",
			job->why.sentence);
	for (struct group *group = piece->gather->groups; !job->result && group;
		group = group->next)
		add_to_series(observe, group);
	end_count(observe, job->result != ERR_NONE, more);
	mem_free(piece);
}

static enum err
run_read(struct job *job, struct tx *tx)
{
	struct piece *piece = (struct piece *)job;

	return gather_read(piece->gather, tx, METRICS_CONSUMER, &job->why);
}

static void
done_read(struct job *job)
{
	struct piece *piece = (struct piece *)job;
	struct observe *observe = piece->observe;

	if (!job->result && piece->gather->read > 0) {
		piece->job = (struct job){
			.lane = LANE_WRITE, .run = run_store, .done = done_store
		};
		lanes_submit(observe->service->lanes, &piece->job);
		return;
	}
	if (job->result)
		log_retry(LOG_WARN, "the log could not be read for metrics: %s",
			job->why.sentence);
	end_count(observe, job->result != ERR_NONE, false);
	mem_free(piece);
}

static void
start_count(void *arg)
{
	struct observe *observe = arg;
	struct piece *piece = mem_new(observe, struct piece);

	observe->counting = true;
	observe->behind = false;
	piece->observe = observe;
	piece->gather = gather_new(piece);
	piece->job =
		(struct job){ .lane = LANE_READ, .run = run_read, .done = done_read };
	lanes_submit(observe->service->lanes, &piece->job);
}

static void
hear(void *arg)
{
	struct observe *observe = arg;

	if (!observe->counting && !observe->behind)
		loop_timer_set(observe->timer, COUNT_EVERY, 0);
	observe->behind = true;
}

/* ---- the part ---- */

static void
make_series(struct observe *observe)
{
	observe->projects = roster_new(observe, PROJECTS_MAX);
	observe->callbacks = roster_new(observe, CALLBACKS_MAX);
	observe->products = roster_new(observe, PRODUCTS_MAX);
	observe->events = series_new(observe, 4, NULL, 0);
	observe->lives = series_new(observe, 1, gather_edge, GATHER_EDGES);
	observe->errors = series_new(observe, 2, NULL, 0);
	observe->requests = series_new(observe, 2, NULL, 0);
	observe->latencies = series_new(
		observe, 1, latency_edges, sizeof latency_edges / sizeof *latency_edges);
}

/* It is read when it is needed; what is wrong with it should show before. */
static enum err
check_token_file(const struct settings *settings, struct fault *why)
{
	const char *token;
	void *life = mem_life(NULL);
	enum err err = ERR_NONE;

	if (settings->metrics_token_file)
		err = secret_read(life, settings->metrics_token_file, &token, why);
	if (err)
		fault_at(why, err, "--metrics-token-file");
	mem_free(life);
	return err;
}

enum err
metrics_open(struct service *service, struct fault *why)
{
	struct observe *observe = mem_new(service, struct observe);
	enum err err = check_token_file(&service->settings, why);

	if (err)
		return err;
	observe->service = service;
	observe->started = moment_now();
	make_series(observe);
	observe->follower = hub_follow(service->hub, hear, observe);
	observe->timer = loop_timer_new(service->loop, start_count, observe);
	loop_timer_set(observe->timer, COUNT_EVERY, 0);
	observe->behind = true;
	service->observe = observe;
	return ERR_NONE;
}

/* The series stay: jobs under way still add to them. */
void
metrics_close(struct service *service)
{
	struct observe *observe = service->observe;

	observe->closed = true;
	hub_unfollow(observe->follower);
	loop_timer_stop(observe->timer);
}

/* ---- what others tell ---- */

void
metrics_callback_note(struct service *service, const char *callback, const char *project)
{
	struct observe *observe = service->observe;
	const char *const labels[] = { roster_keep(observe->callbacks, callback),
		roster_keep(observe->projects, project ? project : "") };

	series_add(observe->errors, labels, 1);
}

void
metrics_reply_note(struct service *service, const struct exchange *exchange, int status,
	int64_t micros)
{
	static const char *const classes[] = { "1xx", "2xx", "3xx", "4xx", "5xx" };
	struct observe *observe = service->observe;
	const char *operation = exchange->taken_by ? exchange->taken_by : "none";
	const char *const labels[] = { operation, classes[(status / 100 - 1) % 5] };

	series_add(observe->requests, labels, 1);
	series_add(observe->latencies, &operation, (double)micros / 1e6);
}
