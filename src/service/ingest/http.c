/* POST /ingest/oneclick: one event, with the device's own token as a bearer; and the paths
 * of profiles, whose senders prove themselves as the profile says. On our own socket our
 * own user may press any button without. */
#include <string.h>
#include <strings.h>

#include "oneclick/base/mem.h"
#include "oneclick/data/json.h"
#include "oneclick/service/intake.h"
#include "oneclick/service/service.h"
#include "oneclick/service/trail.h"

#define OWN_PATH "/ingest/oneclick"

/* One event in our own format. */
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

static void
refuse_counted(struct service *service, struct exchange *exchange, const char *profile,
	const struct fault *why)
{
	counts_add(service->counts, profile, INGEST_UNREADABLE);
	refuse(exchange, problem_of(why->code), why->sentence);
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
		counts_add(d->service->counts, COUNTS_OWN,
			job->result == ERR_NOT_FOUND ? INGEST_UNKNOWN
						     : INGEST_UNREADABLE);
		refuse(d->exchange, problem_of(job->result), job->why.sentence);
		return;
	}
	d->exchange->proved = true;
	reply->status = 200;
	j = json_to(&reply->body);
	json_open(&j, '{');
	json_member_text(&j, "eventId", d->event.event_id);
	json_member_bool(&j, "duplicate", d->again);
	if (d->report.left_out)
		json_member_text(&j, "warning", d->report.left_out);
	json_close(&j, '}');
	if (d->report.left_out)
		counts_add(d->service->counts, COUNTS_OWN, INGEST_UNREADABLE);
	counts_add(d->service->counts, COUNTS_OWN,
		d->again ? INGEST_DUPLICATE : INGEST_TAKEN);
	if (!d->again)
		hub_tell(d->service->hub);
	d->exchange->recorded = true; /* it is the event */
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

static void
take_own(struct service *service, struct exchange *exchange)
{
	const struct request *request = &exchange->request;
	struct delivery *d = mem_new(exchange, struct delivery);
	struct fault why;

	d->service = service;
	d->exchange = exchange;
	d->token = find_token(request);
	d->job = (struct job){ .lane = LANE_WRITE, .run = run, .done = done };
	if (!d->token && !request->local)
		refuse(exchange, PROBLEM_NO_SIGNATURE,
			"Send the device's token as \"Authorization: Bearer TOKEN\".");
	else if (report_read(d, NULL, request->body.data, request->body.len, &d->report,
			 &why) != ERR_NONE)
		refuse_counted(service, exchange, COUNTS_OWN, &why);
	else
		lanes_submit(service->lanes, &d->job);
}

/* ---- messages of profiles ---- */

struct message {
	struct job job;
	struct service *service;
	struct exchange *exchange;
	const char *token;
	struct haul *haul;
};

static enum err
run_message(struct job *job, struct tx *tx)
{
	struct message *m = (struct message *)job;

	return haul_store(m->haul, tx, m->token, m->service->settings.claim_window,
		m->exchange->request.at, &job->why);
}

/* Who sends several things at once and has one of them refused hears of what was taken. */
static void
answer(struct message *m)
{
	const struct haul *haul = m->haul;
	struct json j;

	if (haul->refused > 0 && haul->taken + haul->again == 0) {
		refuse(m->exchange, problem_of(haul->last.code), haul->last.sentence);
		return;
	}
	m->exchange->proved = true;
	m->exchange->reply.status = 200;
	j = json_to(&m->exchange->reply.body);
	json_open(&j, '{');
	json_member_int(&j, "taken", (int64_t)haul->taken);
	json_member_int(&j, "duplicates", (int64_t)haul->again);
	json_member_int(&j, "refused", (int64_t)haul->refused);
	json_close(&j, '}');
	if (haul->refused > 0)
		trail_refused(m->service, m->exchange->request.peer, "IngestEvent",
			problem_name(problem_of(haul->last.code)), haul->last.sentence);
	m->exchange->recorded = true; /* what was taken is its events */
	exchange_send(m->exchange);
}

static void
end_message(struct job *job)
{
	struct message *m = (struct message *)job;

	haul_settle(m->haul, m->service, job->result == ERR_NONE);
	if (job->result != ERR_NONE)
		refuse(m->exchange, problem_of(job->result), job->why.sentence);
	else
		answer(m);
}

/* As a profile reads them: names in lower case. */
static struct pairs *
lower_headers(const void *ctx, const struct request *request)
{
	struct pairs *headers = pairs_new(ctx);

	for (size_t i = 0; i < request->header_count; i++) {
		char *name = mem_text(headers, request->header[i].name);

		for (char *c = name; *c; c++)
			*c = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
		pairs_set(headers, name, request->header[i].value);
	}
	return headers;
}

static void
read_message(struct message *m)
{
	const struct request *request = &m->exchange->request;
	const struct profile_message message = {
		.via = VIA_HTTP,
		.topic = request->path,
		.payload = request->body.data,
		.size = request->body.len,
		.headers = lower_headers(m, request),
	};

	m->haul = haul_new(m, m->service->intake);
	haul_add_message(m->haul, &message);
}

static void
take_message(struct service *service, struct exchange *exchange,
	const struct profile *profile, enum profile_verify verify)
{
	const struct request *request = &exchange->request;
	struct message *m = mem_new(exchange, struct message);
	struct fault why;
	enum err err = ERR_NONE;

	m->service = service;
	m->exchange = exchange;
	m->job = (struct job){
		.lane = LANE_WRITE, .run = run_message, .done = end_message
	};
	if (!request->local)
		err = intake_verify(service->intake, profile, verify, request,
			service->settings.clock_skew, &m->token, &why);
	if (err != ERR_NONE) {
		refuse_counted(service, exchange, profile_name(profile), &why);
		return;
	}
	read_message(m);
	lanes_submit(service->lanes, &m->job);
}

void
ingest_http_take(struct service *service, struct exchange *exchange)
{
	const char *path = exchange->request.path;
	const struct profile *profile = NULL;
	enum profile_verify verify = VERIFY_TOKEN;
	bool own = strcmp(path, OWN_PATH) == 0;

	if (!own)
		profile =
			profiles_at_path(intake_profiles(service->intake), path, &verify);
	if (!own && !profile)
		refuse(exchange, PROBLEM_NOT_FOUND,
			"No profile takes events here; oneclick profile list names "
			"them.");
	else if (strcmp(exchange->request.method, "POST") != 0)
		refuse(exchange, PROBLEM_WRONG_METHOD, "Events come by POST.");
	else if (lanes_waiting(service->lanes) >= INGEST_WAITING_MAX)
		refuse(exchange, PROBLEM_UNAVAILABLE,
			"The service has more to do than it can; send it again in a "
			"second.");
	else if (own)
		take_own(service, exchange);
	else
		take_message(service, exchange, profile, verify);
}
