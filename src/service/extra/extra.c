#include "oneclick/service/extra.h"

#include <stdlib.h>
#include <string.h>

#include "../auth/replay.h"
#include "oneclick/api/page.h"
#include "oneclick/base/log.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/uri.h"
#include "oneclick/base/utf8.h"
#include "oneclick/data/json.h"
#include "oneclick/data/record.h"
#include "oneclick/service/audit.h"
#include "oneclick/service/trail.h"
#include "oneclick/store/audit.h"

enum { QUERY_MEMBERS_MAX = 64 };

#define CONTRACT_SOURCE "iot1click.amazonaws.com"

static const struct extra_row rows[EXTRA_COUNT] = {
#define READ false
#define WRITE true
#define EXTRA(id, op_name, op_method, path, access, op_action) \
	[EXTRA_##id] = { \
		.name = #op_name, \
		.action = (op_action), \
		.resource = "*", \
		.source = CONTRACT_SOURCE, \
		.is_write = (access), \
		.handle = handle_##op_name, \
	},
#include "oneclick/api/extras.def"
#undef EXTRA
#undef WRITE
#undef READ
};

/* One call on its way through a lane; lives on its exchange. */
struct run {
	struct job job;
	struct service *service;
	struct exchange *exchange;
	const struct extra_row *row;
	const struct pairs *query;
	const struct value *body;
	struct principal principal;
	bool known;       /* principal is filled */
	enum err refused; /* what it ended with on the lane; `problem` words it */
	enum problem problem;
	struct extra_call call;
	bool again; /* `recorded` is the answer */
	struct replay recorded;
	struct buf record; /* none of strangers, of what was asked too often, or again */
};

/* ---- what it was given ---- */

static bool
add_member(struct pairs *out, const char *text, size_t n)
{
	size_t name_len = 0;
	char *name, *value;

	while (name_len < n && text[name_len] != '=')
		name_len++;
	name = uri_decoded(out, text, name_len, NULL);
	value = name_len < n
			? uri_decoded(out, text + name_len + 1, n - name_len - 1, NULL)
			: mem_text(out, "");
	if (!name || !value || !utf8_is_valid(name, strlen(name)) ||
		!utf8_is_valid(value, strlen(value)) || out->count >= QUERY_MEMBERS_MAX)
		return false;
	pairs_set(out, name, value);
	return true;
}

static const struct pairs *
read_query(const void *ctx, const char *query, struct fault *why)
{
	struct pairs *out = pairs_new(ctx);

	while (query && *query) {
		size_t n = strcspn(query, "&");

		if (n > 0 && !add_member(out, query, n)) {
			fault(why, ERR_INVALID,
				"The query takes up to %d members, percent-encoded "
				"UTF-8.",
				QUERY_MEMBERS_MAX);
			return NULL;
		}
		query += n + (query[n] == '&');
	}
	return out;
}

static enum err
read_body(struct run *run, struct fault *why)
{
	const struct buf *body = &run->exchange->request.body;
	enum err err;

	if (body->len == 0)
		return ERR_NONE;
	err = json_parse(run, body->data, body->len, &run->body, why);
	if (!err && run->body->kind != VALUE_MAP)
		err = fault(why, ERR_INVALID, "The body must be a JSON object, not %s.",
			value_kind_name(run->body->kind));
	return err;
}

/* Of whoever may ask it; a stranger's is not looked into. */
static enum err
read_given(struct run *run, struct fault *why)
{
	enum err err = ERR_NONE;

	if (run->query) /* read by the door, which found the row in it */
		return ERR_NONE;
	run->query = read_query(run, run->exchange->request.query, why);
	err = run->query ? read_body(run, why) : ERR_INVALID;
	if (err)
		run->problem = PROBLEM_INVALID_REQUEST;
	return err;
}

enum err
extra_limit(const struct extra_call *call, int *out, struct fault *why)
{
	static const struct field row = {
		.name = "maxResults", .kind = FIELD_INT, .min = 1, .max = PAGE_MAX
	};
	const char *text = pairs_get(call->query, "maxResults");
	int64_t given = PAGE_DEFAULT;
	enum err err =
		text ? field_read_text(call->ctx, &row, text, &given, why) : ERR_NONE;

	*out = (int)given;
	return err;
}

enum err
extra_before(const struct extra_call *call, const char *query, int64_t first,
	int64_t *out, struct fault *why)
{
	const char *token = pairs_get(call->query, "nextToken"), *before;
	enum err err;

	*out = first;
	if (!token)
		return ERR_NONE;
	err = page_token_read(
		call->ctx, call->secret, query, token, ERR_INVALID, &before, why);
	if (!err)
		*out = strtoll(before, NULL, 10);
	return err;
}

void
extra_go_on(
	const struct extra_call *call, struct json *j, const char *query, int64_t last)
{
	json_member_text(j, "nextToken",
		page_token_make(call->ctx, call->secret, query,
			mem_format(call->ctx, "%lld", (long long)last)));
}

/* ---- on the lane ---- */

static void
write_record(struct run *run, enum err result)
{
	const struct settings *settings = &run->service->settings;
	const struct audit_note note = {
		.op = OP_NONE,
		.name = run->row->name,
		.source = run->row->source,
		.is_write = run->row->is_write,
		.query = run->query,
		.body = run->body,
		.request = &run->exchange->request,
		.principal = &run->principal,
		.region = settings->region,
		.error = result ? problem_name(run->problem) : NULL,
		.sentence = result ? run->job.why.sentence : NULL,
	};

	buf_init(&run->record, run, BUF_NO_CAP);
	audit_record(&run->record, &note);
}

static enum err
carry_out(struct run *run, struct tx *tx, struct fault *why)
{
	enum err err;

	run->call = (struct extra_call){
		.ctx = run,
		.tx = tx,
		.settings = &run->service->settings,
		.secret = store_secret(run->service->store),
		.principal = &run->principal,
		.query = run->query,
		.body = run->body,
		.now = run->exchange->request.at,
		.request_id = run->exchange->request.id,
		.out = &run->exchange->reply.body,
	};
	err = run->row->handle(&run->call, why);
	run->problem = problem_of(err);
	return err;
}

static struct replay_case
case_of(const struct run *run, struct tx *tx)
{
	return (struct replay_case){
		.tx = tx,
		.ctx = run,
		.settings = &run->service->settings,
		.principal = &run->principal,
		.resource = run->row->name,
		.now = run->exchange->request.at,
	};
}

/* Of a change; see replay.h. */
static enum err
check_replay(struct run *run, struct tx *tx, struct fault *why)
{
	const struct replay_case c = case_of(run, tx);

	if (!run->row->is_write)
		return ERR_NONE;
	return replay_check(&c, &run->again, &run->recorded, &run->problem, why);
}

static enum err
carry_out_once(struct run *run, struct tx *tx, struct fault *why)
{
	enum err err = check_replay(run, tx, why);

	if (err)
		return err;
	if (run->again && !run->recorded.problem) {
		buf_text(&run->exchange->reply.body, run->recorded.body);
		return ERR_NONE;
	}
	err = carry_out(run, tx, why);
	return err || !run->again ? err : replay_refuse_changed(&run->problem, why);
}

static void
note_replay(struct run *run, struct tx *tx)
{
	const struct replay_case c = case_of(run, tx);

	if (run->refused)
		replay_note_refusal(&c, run->problem, run->job.why.sentence);
	else
		replay_note(&c, 200, run->exchange->reply.body.data);
}

static enum err
run_on_lane(struct job *job, struct tx *tx)
{
	struct run *run = (struct run *)job;
	enum err err = api_admit(run->service, tx, run, &run->exchange->request,
		run->row->action, run->row->resource, &run->principal, &run->problem,
		&job->why);

	run->known = run->principal.arn != NULL;
	if (!err)
		err = read_given(run, &job->why);
	if (!err)
		err = carry_out_once(run, tx, &job->why);
	run->refused = err;
	if (run->known && !run->again && !(err && run->problem == PROBLEM_THROTTLED))
		write_record(run, err);
	return err;
}

static void
settle(struct job *job, struct tx *tx)
{
	struct run *run = (struct run *)job;
	struct fault why;

	if (!run->record.data)
		return;
	if (audit_append(tx, run->exchange->request.at, run->principal.account,
		    run->row->name, run->record.data, &why))
		log_retry(LOG_ERROR, "an audit record was not written: %s", why.sentence);
	note_replay(run, tx);
}

/* ---- on the loop ---- */

static void
refuse(const struct extra_row *row, struct exchange *exchange, enum problem problem,
	const char *sentence)
{
	(row->refuse ? row->refuse : reply_problem)(&exchange->reply, problem, sentence);
	exchange_send(exchange);
}

static void
answer(struct run *run)
{
	struct exchange *exchange = run->exchange;

	if (run->job.result != run->refused)
		run->problem = problem_of(run->job.result);
	if (run->job.result) {
		refuse(run->row, exchange, run->problem, run->job.why.sentence);
		return;
	}
	exchange->reply.status = 200;
	exchange->reply.type = mem_text(exchange->http, run->call.type);
	exchange_send(exchange);
}

static void
end_read(void *arg, const struct fault *why)
{
	struct run *run = arg;

	if (why) {
		run->exchange->recorded = false;
		run->job.result = trail_refuse(why, &run->job.why);
	}
	answer(run);
}

static void
done(struct job *job)
{
	struct run *run = (struct run *)job;
	struct exchange *exchange = run->exchange;

	exchange->recorded = run->record.data && job->result == run->refused;
	exchange->who = run->known ? &run->principal : NULL;
	exchange->repeated = run->again;
	exchange->proved = run->known;
	if (run->row->is_write && !job->result)
		hub_tell(run->service->hub);
	if (!run->row->is_write && exchange->recorded)
		trail_add_read(run->service->trail, exchange->request.at,
			run->principal.account, run->row->name, run->record.data,
			end_read, run);
	else
		answer(run);
}

void
extra_run(struct service *service, struct exchange *exchange, const struct extra_row *row,
	const struct pairs *query, const struct value *body)
{
	struct run *run = mem_new(exchange->http, struct run);

	run->service = service;
	run->exchange = exchange;
	run->row = row;
	exchange->request.signing = row->signing;
	exchange->taken_by = row->name;
	exchange->is_write = row->is_write;
	run->query = query;
	run->body = body;
	if (service_is_busy(service)) {
		refuse(row, exchange, PROBLEM_UNAVAILABLE,
			"The service has more to do than it can; try again in a second.");
		return;
	}
	run->job = (struct job){
		.lane = row->is_write ? LANE_WRITE : LANE_READ,
		.run = run_on_lane,
		.settle = row->is_write ? settle : NULL,
		.done = done,
	};
	lanes_submit(service->lanes, &run->job);
}

void
extra_take(struct service *service, struct exchange *exchange, enum extra extra)
{
	const struct extra_info *info = extra_info(extra);
	const char *method = exchange->request.method;

	if (strcmp(method, info->method) == 0 ||
		(!info->is_write && strcmp(method, "HEAD") == 0))
		extra_run(service, exchange, &rows[extra], NULL, NULL);
	else
		refuse(&rows[extra], exchange, PROBLEM_WRONG_METHOD,
			mem_format(exchange->http, "%s is asked with %s.", info->path,
				info->method));
}
