/*
 * GET /healthz and GET /readyz, asked without a key: whether it lives, which a reader
 * answers, and whether requests sent here now would be carried out, which the writer does:
 * a full disk, or a lock that another program holds, shows there first.  A broker that is
 * away shows in the log and the metrics and not here: to be taken out of service would lose
 * the devices that speak HTTP as well.
 */
#include "oneclick/base/mem.h"
#include "oneclick/data/json.h"
#include "oneclick/service/metrics.h"
#include "oneclick/store/events.h"

struct check {
	struct job job;
	struct exchange *exchange;
};

static enum err
run_check(struct job *job, struct tx *tx)
{
	int64_t first, last;

	return events_bounds(tx, &first, &last, &job->why);
}

static void
end_check(struct job *job)
{
	struct exchange *exchange = ((struct check *)job)->exchange;
	struct json j = json_to(&exchange->reply.body);

	if (job->result) {
		reply_problem(&exchange->reply, PROBLEM_UNAVAILABLE, job->why.sentence);
	} else {
		exchange->reply.status = 200;
		json_open(&j, '{');
		json_member_text(&j, "status", job->lane == LANE_READ ? "ok" : "ready");
		json_member_text(&j, "version", ONECLICK_VERSION);
		json_close(&j, '}');
	}
	exchange_send(exchange);
}

static void
ask(struct service *service, struct exchange *exchange, enum lane lane)
{
	struct check *check = mem_new(exchange->http, struct check);

	check->job = (struct job){ .lane = lane, .run = run_check, .done = end_check };
	check->exchange = exchange;
	lanes_submit(service->lanes, &check->job);
}

void
health_take(struct service *service, struct exchange *exchange)
{
	ask(service, exchange, LANE_READ);
}

void
ready_take(struct service *service, struct exchange *exchange)
{
	if (!service_is_busy(service)) {
		ask(service, exchange, LANE_WRITE);
		return;
	}
	reply_problem(&exchange->reply, PROBLEM_UNAVAILABLE,
		"The service has more to do than it can.");
	exchange_send(exchange);
}
