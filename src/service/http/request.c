/* A request in the making: its head, the gate, its body, and handing it over. */
#include "oneclick/service/request.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "http.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/service/gate.h"

/* What most exchanges need: one block of memory for the whole of it. */
enum { EXCHANGE_ROOM = 8 * 1024, EXCHANGE_PIECES = 32 };

const char *
request_header(const struct request *request, const char *name)
{
	for (size_t h = 0; h < request->header_count; h++)
		if (strcasecmp(request->header[h].name, name) == 0)
			return request->header[h].value;
	return NULL;
}

static struct http *
begin(struct connection *c)
{
	struct http *http =
		talloc_pooled_object(NULL, struct http, EXCHANGE_PIECES, EXCHANGE_ROOM);
	struct request *request = &http->exchange.request;

	if (!http)
		mem_abort("out of memory");
	assert(!c->http);
	*http = (struct http){ .connection = c };
	http->exchange.server = c->server;
	http->exchange.http = http;
	request->method = request->target = request->path = "";
	request->peer = c->peer;
	request->local = c->local;
	request->secure = c->server->secure;
	digest_uuid(request->id);
	buf_init(&http->exchange.reply.body, http, BUF_NO_CAP);
	c->http = http;
	c->chunks = (struct chunks){ 0 };
	c->skipped = false;
	return http;
}

void
request_end(struct connection *c)
{
	struct http *http = c->http;

	c->http = NULL;
	if (http->stream.gone)
		http->stream.gone(http->stream.arg);
	mem_free(http);
}

void
request_refuse(struct connection *c, enum problem problem, const char *sentence)
{
	struct http *http = c->http ? c->http : begin(c);

	reply_problem(&http->exchange.reply, problem, sentence);
	c->closes = true;
	reply_begin(http);
}

/* ---- the head ---- */

static void
set_host(struct request *request, const char *value)
{
	for (size_t h = 0; h < request->header_count; h++)
		if (strcasecmp(request->header[h].name, "Host") == 0)
			request->header[h].value = value;
}

/* RFC 9112, 3.2.2: in "http://host/path" the host is the target's, not the header's. */
static void
take_absolute_form(const void *ctx, struct request *request)
{
	static const char *const schemes[] = { "http://", "https://" };

	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
		size_t n = strlen(schemes[i]), host;
		const char *authority = request->target + n;

		if (strncasecmp(request->target, schemes[i], n) != 0)
			continue;
		host = strcspn(authority, "/?");
		set_host(request, mem_textn(ctx, authority, host));
		request->target = authority[host] == '/'
					  ? authority + host
					  : mem_format(ctx, "/%s", authority + host);
	}
}

static void
split_target(const void *ctx, struct request *request)
{
	size_t n = strcspn(request->target, "?");

	request->path = mem_textn(ctx, request->target, n);
	request->query = request->target[n] ? request->target + n + 1 : NULL;
}

/* Whether a header that is a list, like Connection, has this word in it. */
static bool
has_word(const struct request *request, const char *name, const char *word)
{
	const char *at = request_header(request, name);
	size_t n = strlen(word);

	while (at && *at) {
		at += strspn(at, ", \t");
		if (strncasecmp(at, word, n) == 0 && strchr(", \t", at[n]))
			return true;
		at += strcspn(at, ",");
	}
	return false;
}

/* What the head says of the connection and of the body, which the gate has looked at. */
static void
take_framing(struct http *http, const char *version)
{
	const struct request *request = &http->exchange.request;
	const char *length = request_header(request, "Content-Length");

	http->is_old = strcmp(version, "HTTP/1.0") == 0;
	http->connection->closes =
		http->is_old ? !has_word(request, "Connection", "keep-alive")
			     : has_word(request, "Connection", "close");
	http->chunked = request_header(request, "Transfer-Encoding") != NULL;
	http->length = length ? (size_t)atol(length) : 0;
	assert(http->length <= REQUEST_BODY_MAX);
	buf_init(&http->exchange.request.body, http, REQUEST_BODY_MAX);
}

/* A body that waits is asked for, unless some of it is here already. */
static void
ask_for_body(struct connection *c)
{
	const struct http *http = c->http;

	if (http->is_old || c->link.in.len > 0 || (!http->chunked && http->length == 0) ||
		!request_header(&http->exchange.request, "Expect"))
		return;
	buf_text(&c->link.out, "HTTP/1.1 100 Continue\r\n\r\n");
	c->broken = !link_flush(&c->link);
}

static enum err
read_head(
	struct http *http, char *head, size_t n, enum problem *problem, struct fault *why)
{
	struct request *request = &http->exchange.request;
	const char *version;
	enum err err = head_read(http, head, n, request, &version, why);

	*problem = PROBLEM_INVALID_REQUEST;
	if (err)
		return err;
	take_absolute_form(http, request);
	split_target(http, request);
	err = gate_check(request, version, problem, why);
	if (!err)
		take_framing(http, version);
	return err;
}

static void
take_whole_head(struct connection *c)
{
	struct http *http = begin(c);
	size_t n = c->seen;
	char *head = mem_textn(http, c->link.in.data, n);
	enum problem problem;
	struct fault why;

	buf_drop(&c->link.in, n);
	c->seen = 0;
	if (read_head(http, head, n, &problem, &why)) {
		request_refuse(c, problem, why.sentence);
		return;
	}
	if (c->is_proxy)
		forwarded_read(http);
	c->stage = HTTP_BODY;
	connection_wait(c, BODY_PATIENCE);
	ask_for_body(c);
}

static bool
refuse_long_head(struct connection *c)
{
	bool is_target = !memchr(c->link.in.data, '\n', c->link.in.len);
	struct http *http = begin(c);

	if (is_target)
		request_refuse(c, PROBLEM_TARGET_TOO_LONG,
			mem_format(http, "The request's target is longer than %d bytes.",
				REQUEST_TARGET_MAX));
	else
		request_refuse(c, PROBLEM_HEAD_TOO_LARGE,
			mem_format(http,
				"The request's header lines are longer than %d bytes "
				"together.",
				REQUEST_HEAD_MAX));
	return true;
}

/* RFC 9112, 2.2: an empty line that a client left behind the request before. One, for a
 * second would be skipped or not as the pieces come, and no end of them holds a place. */
static void
skip_empty_line(struct connection *c)
{
	struct buf *in = &c->link.in;

	if (c->skipped || c->seen > 0 || in->len < 2 || memcmp(in->data, "\r\n", 2) != 0)
		return;
	buf_drop(in, 2);
	c->skipped = true;
}

bool
request_take_head(struct connection *c)
{
	const struct buf *in = &c->link.in;
	enum head_found found;

	skip_empty_line(c);
	found = head_find(in->data, in->len, &c->seen);
	if (c->seen > HEAD_MAX || (found == HEAD_PART && in->len >= HEAD_MAX))
		return refuse_long_head(c);
	switch (found) {
	case HEAD_PART:
		return false;
	case HEAD_WHOLE:
		take_whole_head(c);
		return true;
	case HEAD_BAD:
		break;
	}
	request_refuse(c, PROBLEM_INVALID_REQUEST,
		"The request's head has a NUL, a line that does not end with CR LF, or no "
		"first line.");
	return true;
}

/* ---- the body ---- */

/* The whole request is here: whoever takes it answers now or later. */
static void
hand_over(struct connection *c)
{
	struct server *server = c->server;
	struct http *http = c->http;

	guest_work(&c->guest);
	c->due = INT64_MAX;
	c->stage = HTTP_HELD;
	http->exchange.request.at = moment_now();
	http->whole_at = moment_micros();
	c->handing = true;
	server->fn(server->arg, &http->exchange);
	c->handing = false;
}

/* Slow bodies are told by their progress, and no body has longer than a request may. */
static void
extend_patience(struct connection *c)
{
	int64_t got = (int64_t)c->http->exchange.request.body.len;
	int64_t due = c->began + BODY_PATIENCE + got * 1000 / (8 * 1024);

	c->due = due < c->began + WHOLE_PATIENCE ? due : c->began + WHOLE_PATIENCE;
}

static void
refuse_large(struct connection *c)
{
	request_refuse(c, PROBLEM_TOO_LARGE,
		mem_format(c->http, "The request's body is longer than %d bytes.",
			REQUEST_BODY_MAX));
}

static bool
take_chunks(struct connection *c)
{
	struct buf *in = &c->link.in, *body = &c->http->exchange.request.body;

	buf_drop(in, chunks_take(&c->chunks, in->data, in->len, body));
	if (body->full || c->chunks.left > REQUEST_BODY_MAX)
		refuse_large(c);
	else if (c->chunks.state == CHUNK_BAD)
		request_refuse(c, PROBLEM_INVALID_REQUEST,
			"The body is not chunked as its Transfer-Encoding says: each "
			"chunk is its size in hexadecimal digits, CR LF, its bytes, CR "
			"LF.");
	else if (c->chunks.state == CHUNK_DONE)
		hand_over(c);
	return c->stage != HTTP_BODY;
}

static bool
take_plain(struct connection *c)
{
	struct buf *in = &c->link.in, *body = &c->http->exchange.request.body;
	size_t n = c->http->length - body->len;

	if (n > in->len)
		n = in->len;
	buf_add(body, in->data, n);
	buf_drop(in, n);
	if (body->len == c->http->length)
		hand_over(c);
	return c->stage != HTTP_BODY;
}

bool
request_take_body(struct connection *c)
{
	bool done = c->http->chunked ? take_chunks(c) : take_plain(c);

	if (!done)
		extend_patience(c);
	return done;
}
