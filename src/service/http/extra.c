#include "oneclick/base/mem.h"
#include "oneclick/data/json.h"
#include "oneclick/service/service.h"
#include "oneclick/store/events.h"

/* Health is asked of a lane, so that a service that answers but cannot read says so. */
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
		json_member_text(&j, "status", "ok");
		json_member_text(&j, "version", ONECLICK_VERSION);
		json_close(&j, '}');
	}
	exchange_send(exchange);
}

void
health_take(struct service *service, struct exchange *exchange)
{
	struct check *check = mem_new(exchange->http, struct check);

	check->job =
		(struct job){ .lane = LANE_READ, .run = run_check, .done = end_check };
	check->exchange = exchange;
	lanes_submit(service->lanes, &check->job);
}
