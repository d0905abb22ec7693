/* POST /ingest/oneclick: one event, with the device's own token as a bearer; on our own
 * socket our own user may press any button without. */
#include <string.h>
#include <strings.h>

#include "oneclick/base/mem.h"
#include "oneclick/data/json.h"
#include "oneclick/service/ingest.h"
#include "oneclick/service/service.h"

/* Jobs waiting beyond which events are turned away; more than calls of the API are let
 * wait, because a press cannot be repeated by whoever made it. */
enum { WAITING_MAX = 8192 };

struct delivery {
	struct job job;
	struct service *service;
	struct exchange *exchange;
	struct report report;
	const char *token;
	struct event event;
	bool again;
};

static void
refuse(struct exchange *exchange, enum problem problem, const char *sentence)
{
	reply_problem(&exchange->reply, problem, sentence);
	exchange_send(exchange);
}

static enum err
run(struct job *job, struct tx *tx)
{
	struct delivery *d = (struct delivery *)job;

	return ingest_take(tx, d, &d->report, d->token, d->service->settings.claim_window,
		d->exchange->request.at, &d->event, &d->again, &job->why);
}

/* After the commit, so that 200 is a promise. */
static void
done(struct job *job)
{
	struct delivery *d = (struct delivery *)job;
	struct reply *reply = &d->exchange->reply;
	struct json j;

	if (job->result != ERR_NONE) {
		refuse(d->exchange, problem_of(job->result), job->why.sentence);
		return;
	}
	reply->status = 200;
	j = json_to(&reply->body);
	json_open(&j, '{');
	json_member_text(&j, "eventId", d->event.event_id);
	json_member_bool(&j, "duplicate", d->again);
	json_close(&j, '}');
	if (!d->again)
		hub_tell(d->service->hub);
	exchange_send(d->exchange);
}

/* The token of "Bearer TOKEN", or NULL. */
static const char *
find_token(const struct request *request)
{
	static const char scheme[] = "Bearer ";
	const char *value = request_header(request, "Authorization");

	if (!value || strncasecmp(value, scheme, strlen(scheme)) != 0)
		return NULL;
	value += strlen(scheme);
	return *value ? value : NULL;
}

void
ingest_http_take(struct service *service, struct exchange *exchange)
{
	const struct request *request = &exchange->request;
	struct delivery *d = mem_new(exchange, struct delivery);
	struct fault why;

	d->service = service;
	d->exchange = exchange;
	d->token = find_token(request);
	d->job = (struct job){ .lane = LANE_WRITE, .run = run, .done = done };
	if (strcmp(request->method, "POST") != 0)
		refuse(exchange, PROBLEM_WRONG_METHOD, "Events come by POST.");
	else if (!d->token && !request->local)
		refuse(exchange, PROBLEM_NO_SIGNATURE,
			"Send the device's token as \"Authorization: Bearer TOKEN\".");
	else if (lanes_waiting(service->lanes) >= WAITING_MAX)
		refuse(exchange, PROBLEM_UNAVAILABLE,
			"The service has more to do than it can; send it again in a "
			"second.");
	else if (report_read(d, NULL, request->body.data, request->body.len, &d->report,
			 &why) != ERR_NONE)
		refuse(exchange, problem_of(why.code), why.sentence);
	else
		lanes_submit(service->lanes, &d->job);
}
