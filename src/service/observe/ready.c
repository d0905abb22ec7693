/*
 * GET /readyz: whether requests sent here now would be carried out.  It asks the writer,
 * where /healthz asks a reader: a full disk, or a lock that another program holds, shows
 * here first.  A broker that is away shows in the log and the metrics and not here: to be
 * taken out of service would lose the devices that speak HTTP as well.
 */
#include "oneclick/base/mem.h"
#include "oneclick/data/json.h"
#include "oneclick/service/metrics.h"
#include "oneclick/store/events.h"

enum { WAITING_MAX = 4096 }; /* jobs; above it requests are refused */

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
done_check(struct job *job)
{
	struct exchange *exchange = ((struct check *)job)->exchange;
	struct json j = json_to(&exchange->reply.body);

	if (job->result) {
		reply_problem(&exchange->reply, PROBLEM_UNAVAILABLE, job->why.sentence);
	} else {
		exchange->reply.status = 200;
		json_open(&j, '{');
		json_member_text(&j, "status", "ready");
		json_member_text(&j, "version", ONECLICK_VERSION);
		json_close(&j, '}');
	}
	exchange_send(exchange);
}

void
ready_take(struct service *service, struct exchange *exchange)
{
	struct check *check = mem_new(exchange->http, struct check);

	if (lanes_waiting(service->lanes) >= WAITING_MAX) {
		reply_problem(&exchange->reply, PROBLEM_UNAVAILABLE,
			"The service has more to do than it can.");
		exchange_send(exchange);
		return;
	}
	check->job =
		(struct job){ .lane = LANE_WRITE, .run = run_check, .done = done_check };
	check->exchange = exchange;
	lanes_submit(service->lanes, &check->job);
}
