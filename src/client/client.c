#include "oneclick/client/client.h"

#include <string.h>

#include "inside.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/data/json.h"
#include "proxy.h"

enum { TRIES_MAX = 3, RETRY_FIRST_MS = 200, RETRY_CAP_MS = 10 * 1000 };
/* What has taken this long takes long again: three tries would be three times as long. */
enum { RETRY_WITHIN_MS = 8 * 1000 };
/* What an answer may be: a list's page, and any other. A value takes some 200 bytes. */
enum {
	PAGE_VALUES_MAX = 100 * 1000,
	ANSWER_VALUES_MAX = 10 * 1000,
	ANSWER_BYTES_MAX = 1024 * 1024,
};

struct call {
	struct client *client;
	struct call *next, *before;
	client_fn fn;
	void *arg;
	const char *method, *target, *body;
	const char *bearer; /* of a press: stands for a signature; NULL: none */
	bool is_press;
	bool is_page;    /* its answer may be a long one */
	bool repeatable; /* sending it twice is as good as once */
	int64_t began;   /* ticks */
	int tries;
	struct backoff backoff;
	struct transfer *transfer; /* NULL while it waits */
	struct keyring_wait keys;  /* for which it waits */
	struct loop_timer *timer;
	int64_t took;
	struct fault refusal; /* code not 0: it will not be sent */
};

/* ---- the client -----------------------------------------------------------------------
 */

enum err
client_new(const void *ctx, struct loop *loop, const struct client_options *options,
	struct client **out, struct fault *why)
{
	struct client *client = mem_new(ctx, struct client);
	enum err err = client_read_origin(client, options->endpoint, options->plain,
		options->ca_file, &client->origin, why);

	if (!err && options->ca_file)
		err = client_check_ca(options->ca_file, why);
	if (!err)
		err = proxy_choose(client, options->plain, &client->origin, why);
	if (err) {
		mem_free(client);
		return err;
	}
	client->loop = loop;
	client->region = mem_text(client, options->region);
	client->keys = keyring_new(client, loop, options->creds);
	client->read_only = options->read_only;
	client->purse = PURSE_FULL;
	client->transfers = transfers_new(client, loop);
	*out = client;
	return ERR_NONE;
}

void
client_free(struct client *client)
{
	if (!client)
		return;
	while (client->first)
		client_cancel(client->first);
	transfers_free(client->transfers);
	keyring_free(client->keys);
	mem_free(client);
}

/* ---- one call -------------------------------------------------------------------------
 */

static void
take_out(struct call *call)
{
	if (call->next)
		call->next->before = call->before;
	if (call->before)
		call->before->next = call->next;
	else
		call->client->first = call->next;
}

/* The callback may do anything, freeing the client too: nothing is touched after it but
 * the call's own memory. */
static void
finish(struct call *call, const struct answer *answer)
{
	take_out(call);
	loop_timer_stop(call->timer);
	call->fn(call->arg, answer);
	mem_free(call);
}

static void
refuse(struct call *call)
{
	struct answer answer = { .code = call->refusal.code, .why = call->refusal };

	finish(call, &answer);
}

static void
read_answer(struct call *call, const struct transfer_reply *reply, struct answer *answer)
{
	struct fault why;

	*answer = (struct answer){
		.status = reply->status,
		.request_id = reply->request_id
				      ? text_safe_z(call, reply->request_id).text
				      : NULL,
		.took = call->took,
	};
	if (reply->code) {
		answer->code = reply->code;
		answer->why = reply->why;
	} else if (reply->status / 100 != 2) {
		answer->code =
			client_read_refusal(call, reply, &answer->problem, &answer->why);
	} else if (reply->len > 0 &&
		   json_parse_capped(call, reply->body, reply->len,
			   call->is_page ? PAGE_VALUES_MAX : ANSWER_VALUES_MAX,
			   &answer->body, &why)) {
		answer->code = fault(&answer->why, ERR_INTERNAL,
			"What answers at %s is no 1-Click service: its answer is no "
			"JSON. %s",
			call->client->origin.endpoint, why.sentence);
		answer->body = NULL;
	}
}

static bool
is_worth_repeating(const struct transfer_reply *reply)
{
	return reply->code == ERR_LINK || reply->status == 429 || reply->status >= 500;
}

/* What was asked too often was not done. */
static bool
may_repeat(const struct call *call, const struct transfer_reply *reply)
{
	return (call->repeatable || reply->status == 429) && call->tries < TRIES_MAX &&
	       moment_ticks() - call->began < RETRY_WITHIN_MS &&
	       is_worth_repeating(reply) && call->client->purse >= PURSE_RETRY;
}

static void
wait_and_repeat(struct call *call, const struct transfer_reply *reply)
{
	int64_t wait = backoff_next(&call->backoff);

	if (reply->retry_after > wait)
		wait = reply->retry_after < RETRY_CAP_MS ? reply->retry_after
							 : RETRY_CAP_MS;
	/* A service that says when is not helped by our giving up. */
	if (reply->status != 429 || reply->retry_after < 0)
		call->client->purse -= PURSE_RETRY;
	loop_timer_set(call->timer, wait, 0);
}

static void
on_reply(void *arg, const struct transfer_reply *reply)
{
	struct call *call = arg;
	struct answer answer;

	call->transfer = NULL;
	call->took += reply->took;
	if (may_repeat(call, reply)) {
		wait_and_repeat(call, reply);
		return;
	}
	if (!is_worth_repeating(reply) && call->client->purse < PURSE_FULL)
		call->client->purse += PURSE_SUCCESS;
	read_answer(call, reply, &answer);
	finish(call, &answer);
}

static void
send_now(struct call *call)
{
	struct client *client = call->client;
	void *life = mem_life(call);
	struct outgoing out = {
		.method = call->method,
		.target = call->target,
		.body = call->body,
		.creds = call->is_press ? NULL : keyring_creds(client->keys),
		.extra = call->bearer,
	};
	struct transfer_request request = {
		.origin = &client->origin,
		.method = call->method,
		.body = call->body,
		.headers = out.header,
		.body_max = call->is_page ? 0 : ANSWER_BYTES_MAX,
		.done = on_reply,
		.arg = call,
	};

	client_sign(client, life, &out);
	request.target = out.target;
	request.header_count = out.count;
	call->tries++;
	call->transfer = transfer_start(client->transfers, &request);
	mem_free(life);
}

static void
on_keys(void *arg, const struct fault *why)
{
	struct call *call = arg;

	if (!why) {
		send_now(call);
		return;
	}
	call->refusal = *why;
	refuse(call);
}

static void
send_with_keys(struct call *call)
{
	struct keyring *keys = call->client->keys;

	if (call->is_press || keyring_is_ready(keys))
		send_now(call);
	else
		keyring_await(keys, &call->keys);
}

static void
on_timer(void *arg)
{
	struct call *call = arg;

	if (call->refusal.code)
		refuse(call);
	else
		send_with_keys(call);
}

static struct call *
call_new(struct client *client, client_fn fn, void *arg)
{
	struct call *call = mem_new(NULL, struct call);

	call->client = client;
	call->fn = fn;
	call->arg = arg;
	call->keys = (struct keyring_wait){ .fn = on_keys, .arg = call };
	call->began = moment_ticks();
	call->backoff = (struct backoff){ .first = RETRY_FIRST_MS, .cap = RETRY_CAP_MS };
	call->timer = loop_timer_new(client->loop, on_timer, call);
	call->next = client->first;
	if (call->next)
		call->next->before = call;
	client->first = call;
	return call;
}

static struct call *
start(struct call *call)
{
	if (call->refusal.code)
		loop_timer_set(call->timer, 0, 0);
	else
		send_with_keys(call);
	return call;
}

static void
refuse_write(struct call *call, const char *what)
{
	fault(&call->refusal, ERR_FORBIDDEN,
		"%s changes something, and this session is read-only: nothing was sent.",
		what);
}

struct call *
client_call(
	struct client *client, enum op op, const struct ask *ask, client_fn fn, void *arg)
{
	struct call *call = call_new(client, fn, arg);
	const struct op_info *info = op_info(op);
	struct ask_wire wire = { 0 };

	if (client->read_only && op_is_write(op)) {
		refuse_write(call, info->name);
	} else if (!ask_write(call, op, ask, &wire, &call->refusal)) {
		call->method = wire.method;
		call->target = wire.target;
		call->body = wire.body;
		call->repeatable = info->repeat == OP_AGAIN;
		call->is_page = strstr(info->query, "maxResults") != NULL;
	}
	return start(call);
}

struct call *
client_extra(struct client *client, enum extra extra, const char *query, const char *body,
	client_fn fn, void *arg)
{
	struct call *call = call_new(client, fn, arg);
	const struct extra_info *info = extra_info(extra);

	if (client->read_only && info->is_write)
		refuse_write(call, info->name);
	call->method = info->method;
	call->target = query ? mem_format(call, "%s?%s", info->path, query) : info->path;
	call->body = mem_text(call, body);
	call->repeatable = !info->is_write;
	call->is_page = !info->is_write;
	return start(call);
}

void
client_cancel(struct call *call)
{
	if (call->transfer)
		transfer_cancel(call->transfer);
	keyring_forget(call->client->keys, &call->keys);
	take_out(call);
	loop_timer_stop(call->timer);
	mem_free(call);
}

char *
client_preview(const void *ctx, enum op op, const struct ask *ask)
{
	void *life = mem_life(NULL);
	struct ask_wire wire = { 0 };
	struct fault why;
	char *text;

	if (ask_write(life, op, ask, &wire, &why))
		text = mem_format(ctx, "nothing can be sent: %s", why.sentence);
	else
		text = mem_format(ctx, "%s %s%s%s", wire.method, wire.target,
			wire.body ? " " : "", wire.body ? wire.body : "");
	mem_free(life);
	return text;
}

/* ---- pressing -------------------------------------------------------------------------
 */

static const char *
press_body(const void *ctx, const char *device_id, const char *click, double life)
{
	struct buf out;
	struct json j;

	buf_init(&out, ctx, 0);
	j = json_to(&out);
	json_open(&j, '{');
	json_member_text(&j, "deviceId", device_id);
	json_member_text(&j, "clickType", click);
	if (life >= 0) {
		json_key(&j, "remainingLife");
		json_number(&j, life);
	}
	json_close(&j, '}');
	return buf_take(&out, ctx);
}

struct call *
client_press(struct client *client, const char *device_id, const char *click, double life,
	const char *token, client_fn fn, void *arg)
{
	struct call *call = call_new(client, fn, arg);

	call->is_press = true;
	if (token)
		call->bearer = mem_format(call, "Authorization: Bearer %s", token);
	if (client->read_only)
		refuse_write(call, "A press");
	call->method = "POST";
	call->target = "/ingest/oneclick";
	call->body = press_body(call, device_id, click, life);
	return start(call);
}
