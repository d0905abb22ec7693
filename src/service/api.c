#include <string.h>

#include "auth/judge.h"
#include "auth/replay.h"
#include "auth/throttle.h"
#include "oneclick/api/ask.h"
#include "oneclick/api/grant.h"
#include "oneclick/api/route.h"
#include "oneclick/base/log.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/service/audit.h"
#include "oneclick/service/changes.h"
#include "oneclick/service/handler.h"
#include "oneclick/service/principal.h"
#include "oneclick/service/service.h"
#include "oneclick/service/trail.h"
#include "oneclick/store/audit.h"

enum { WAITING_MAX = 4096, TRAIL_MAX = 65536 };

/* One call of an operation on its way through a lane; lives on its exchange. */
struct api_call {
	struct job job;
	struct service *service;
	struct exchange *exchange;
	struct route route;
	struct principal principal;
	struct ask ask;
	const char *resource; /* what it acts on; NULL: not yet known */
	bool known;           /* principal is filled */
	bool asked;           /* ask is filled */
	enum err refused;     /* what run_call found; `problem` words it */
	enum problem problem;
	bool again; /* `recorded` is the answer */
	struct replay recorded;
	struct buf record; /* none of strangers, of what was asked too often, or again */
};

static bool
is_read(const struct api_call *call)
{
	return !op_is_write(call->route.op);
}

/* ---- on the lane ---- */

/* Who asks, and whether they ask too often. */
static enum err
admit(struct service *service, struct tx *tx, const void *ctx,
	const struct request *request, const char *action, struct principal *out,
	enum problem *problem, struct fault *why)
{
	const struct settings *settings = &service->settings;
	enum err err = authn(tx, ctx, request, settings, out, problem, why);

	if (err || request->local ||
		throttle_takes(out->account, action, settings->throttle, moment_ticks()))
		return err;
	*problem = PROBLEM_THROTTLED;
	return fault(why, ERR_THROTTLED,
		"Account %s calls %s more than %lld times a second; try again in a "
		"second.",
		out->account, action, (long long)settings->throttle);
}

enum err
api_admit(struct service *service, struct tx *tx, const void *ctx,
	const struct request *request, const char *action, const char *resource,
	struct principal *out, enum problem *problem, struct fault *why)
{
	struct facts facts = {
		.ctx = ctx,
		.tx = tx,
		.settings = &service->settings,
		.now = request->at,
		.request = request,
		.principal = out,
		.resource = resource,
	};
	enum err err = admit(service, tx, ctx, request, action, out, problem, why);

	if (err)
		return err;
	facts.account = out->account;
	return authorize(action, &facts, problem, why);
}

enum err
api_admit_again(struct service *service, struct tx *tx, const void *ctx,
	const struct request *request, const char *access_key, const char *action,
	const char *resource, struct fault *why)
{
	struct principal who;
	struct facts facts = {
		.ctx = ctx,
		.tx = tx,
		.settings = &service->settings,
		.now = moment_now(),
		.request = request,
		.principal = &who,
		.resource = resource,
	};
	enum problem problem;
	enum err err = ERR_NONE;

	if (!*access_key)
		return ERR_NONE;
	err = authn_again(tx, ctx, access_key, &who, why);
	if (err)
		return err;
	facts.account = who.account;
	return authorize(action, &facts, &problem, why);
}

static enum err
read_ask(struct api_call *call, struct fault *why)
{
	const struct request *request = &call->exchange->request;
	const struct ask_source from = {
		.labels = call->route.labels,
		.query = request->query,
		.body = request->body.data,
		.body_len = request->body.len,
	};
	enum err err = ask_read(call, call->route.op, &from, &call->ask, why);

	call->asked = err == ERR_NONE;
	if (err)
		call->problem = problem_of(err);
	return err;
}

static enum err
authorize_call(struct api_call *call, struct tx *tx, struct fault *why)
{
	enum op op = call->route.op;
	const struct settings *settings = &call->service->settings;
	struct facts facts = {
		.ctx = call,
		.tx = tx,
		.settings = settings,
		.now = call->exchange->request.at,
		.request = &call->exchange->request,
		.principal = &call->principal,
		.account = call->principal.account,
		.request_tags = call->ask.tags,
		.tag_keys = &call->ask.tag_keys,
	};

	call->resource = grant_resource(
		call, op, &call->ask, settings->region, call->principal.account);
	facts.resource = call->resource;
	return authorize(grant_action(op), &facts, &call->problem, why);
}

/* ---- once only ---- */

static struct replay_case
case_of(const struct api_call *call, struct tx *tx)
{
	return (struct replay_case){
		.tx = tx,
		.ctx = call,
		.settings = &call->service->settings,
		.principal = &call->principal,
		.resource = call->resource,
		.now = call->exchange->request.at,
	};
}

static enum err
check_replay(struct api_call *call, struct tx *tx, struct fault *why)
{
	const struct replay_case c = case_of(call, tx);

	if (is_read(call))
		return ERR_NONE;
	return replay_check(&c, &call->again, &call->recorded, &call->problem, why);
}

static void
note_replay(struct api_call *call, struct tx *tx)
{
	const struct replay_case c = case_of(call, tx);

	if (call->refused)
		replay_note_refusal(&c, call->problem, call->job.why.sentence);
	else
		replay_note(&c, op_info(call->route.op)->status,
			call->exchange->reply.body.data);
}

static enum err
handle_call(struct api_call *call, struct tx *tx, struct fault *why)
{
	struct handling handling = {
		.ctx = call,
		.tx = tx,
		.op = call->route.op,
		.ask = &call->ask,
		.account = call->principal.account,
		.settings = &call->service->settings,
		.secret = store_secret(call->service->store),
		.now = call->exchange->request.at,
		.out = &call->exchange->reply.body,
	};
	enum err err = handle(&handling, why);

	if (err)
		call->problem = problem_of(err);
	return err;
}

static void
write_record(struct api_call *call, enum err result)
{
	const struct settings *settings = &call->service->settings;
	const struct audit_note note = {
		.op = call->route.op,
		.request = &call->exchange->request,
		.principal = &call->principal,
		.ask = call->asked ? &call->ask : NULL,
		.region = settings->region,
		.error = result ? problem_name(call->problem) : NULL,
		.sentence = result ? call->job.why.sentence : NULL,
	};

	buf_init(&call->record, call, BUF_NO_CAP);
	audit_record(&call->record, &note);
}

/* What it asks for, whether it may, whether it was not asked already, and then the thing
 * itself. */
static enum err
carry_out(struct api_call *call, struct tx *tx, struct fault *why)
{
	enum err err = read_ask(call, why);

	if (!err)
		err = authorize_call(call, tx, why);
	if (!err)
		err = check_replay(call, tx, why);
	if (err)
		return err;
	if (call->again && !call->recorded.problem) {
		buf_text(&call->exchange->reply.body, call->recorded.body);
		return ERR_NONE;
	}
	err = handle_call(call, tx, why);
	return err || !call->again ? err : replay_refuse_changed(&call->problem, why);
}

static enum err
run_call(struct job *job, struct tx *tx)
{
	struct api_call *call = (struct api_call *)job;
	enum err err = admit(call->service, tx, call, &call->exchange->request,
		grant_action(call->route.op), &call->principal, &call->problem,
		&job->why);

	call->known = call->principal.arn != NULL;
	if (!err)
		err = carry_out(call, tx, &job->why);
	call->refused = err;
	if (call->known && !call->again && !(err && call->problem == PROBLEM_THROTTLED))
		write_record(call, err);
	return err;
}

/* A change and its record are one; if the record fails, the store is failing. */
static void
settle_call(struct job *job, struct tx *tx)
{
	struct api_call *call = (struct api_call *)job;
	struct fault why;

	if (!call->record.data)
		return;
	if (audit_append(tx, call->exchange->request.at, call->principal.account,
		    op_info(call->route.op)->name, call->record.data, &why))
		log_retry(LOG_ERROR, "an audit record was not written: %s", why.sentence);
	note_replay(call, tx);
}

/* ---- on the loop ---- */

/* A lane may fail what run_call did well. */
static void
send_reply(struct api_call *call)
{
	struct exchange *exchange = call->exchange;

	if (call->job.result != call->refused)
		call->problem = problem_of(call->job.result);
	if (call->job.result)
		reply_problem(&exchange->reply, call->problem, call->job.why.sentence);
	else
		exchange->reply.status = op_info(call->route.op)->status;
	exchange_send(exchange);
}

static void
end_read(void *arg, const struct fault *why)
{
	struct api_call *call = arg;

	if (why) {
		call->exchange->recorded = false;
		call->job.result = trail_refuse(why, &call->job.why);
	}
	send_reply(call);
}

static void
end_call(struct job *job)
{
	struct api_call *call = (struct api_call *)job;
	struct exchange *exchange = call->exchange;

	/* A lane may fail what run_call did well: the record, too, is not so then. */
	exchange->recorded = call->record.data && job->result == call->refused;
	exchange->who = call->known ? &call->principal : NULL;
	exchange->repeated = call->again;
	exchange->proved = call->known;
	if (!is_read(call) && !job->result)
		hub_tell(call->service->hub);
	if (!is_read(call) && !job->result && !call->again)
		changes_tell(call->service->hub, call->route.op, &call->ask,
			call->principal.account);
	if (is_read(call) && exchange->recorded)
		trail_add_read(call->service->trail, exchange->request.at,
			call->principal.account, op_info(call->route.op)->name,
			call->record.data, end_read, call);
	else
		send_reply(call);
}

static void
refuse(struct exchange *exchange, enum problem problem, const char *sentence)
{
	reply_problem(&exchange->reply, problem, sentence);
	exchange_send(exchange);
}

/* False when it was answered already, for want of an operation. */
static bool
find_route(struct api_call *call)
{
	struct exchange *exchange = call->exchange;
	const struct request *request = &exchange->request;
	struct fault why;

	if (route_find(call, request->method, request->path, &call->route, &why))
		refuse(exchange, PROBLEM_INVALID_REQUEST, why.sentence);
	else if (call->route.op == OP_NONE && call->route.path_known)
		refuse(exchange, PROBLEM_WRONG_METHOD,
			mem_format(call,
				"No operation here has the method %s and the path %s.",
				request->method, request->path));
	else if (call->route.op == OP_NONE)
		refuse(exchange, PROBLEM_UNKNOWN_OPERATION,
			mem_format(call, "No operation here has the path %s.",
				request->path));
	else
		exchange->taken_by = op_info(call->route.op)->name;
	exchange->is_write = exchange->taken_by && op_is_write(call->route.op);
	return exchange->taken_by != NULL;
}

bool
service_is_busy(const struct service *service)
{
	return lanes_waiting(service->lanes) >= WAITING_MAX ||
	       trail_waiting(service->trail) >= TRAIL_MAX;
}

void
api_take(struct service *service, struct exchange *exchange)
{
	struct api_call *call = mem_new(exchange->http, struct api_call);

	call->service = service;
	call->exchange = exchange;
	if (!find_route(call))
		return;
	if (service_is_busy(service)) {
		refuse(exchange, PROBLEM_UNAVAILABLE,
			"The service has more to do than it can; try again in a second.");
		return;
	}
	call->job = (struct job){
		.lane = is_read(call) ? LANE_READ : LANE_WRITE,
		.run = run_call,
		.settle = is_read(call) ? NULL : settle_call,
		.done = end_call,
	};
	lanes_submit(service->lanes, &call->job);
}
