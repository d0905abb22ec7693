/* The answer's way out: a reply's head and body, or a stream in chunks. */
#include <assert.h>
#include <string.h>
#include <time.h>

#include "http.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"

enum {
	STREAM_PIECE_MAX = 1024 * 1024, /* what `more` may give at once */
	DATE_SIZE = 30,
	OK = 200,
	NO_CONTENT = 204,
	TOO_MANY_REQUESTS = 429,
};

void
reply_problem(struct reply *reply, enum problem problem, const char *sentence)
{
	buf_clear(&reply->body);
	problem_write(&reply->body, problem, sentence);
	reply->status = problem_status(problem);
	reply->problem = problem_name(problem);
	reply->type = NULL;
	reply_note(reply, reply->problem, sentence);
}

void
reply_note(struct reply *reply, const char *error, const char *sentence)
{
	reply->error = error;
	reply->sentence = mem_text(reply->body.ctx, sentence);
}

/* ---- the head ---- */

static const struct {
	int status;
	const char *phrase;
} phrases[] = {
	{ 200, "OK" },
	{ 202, "Accepted" },
	{ 204, "No Content" },
	{ 400, "Bad Request" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 408, "Request Timeout" },
	{ 409, "Conflict" },
	{ 412, "Precondition Failed" },
	{ 413, "Content Too Large" },
	{ 414, "URI Too Long" },
	{ 416, "Range Not Satisfiable" },
	{ 429, "Too Many Requests" },
	{ 431, "Request Header Fields Too Large" },
	{ 500, "Internal Server Error" },
	{ 501, "Not Implemented" },
	{ 503, "Service Unavailable" },
};

/* A phrase may be empty (RFC 9112, 4); its blank may not. */
static const char *
find_phrase(int status)
{
	for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++)
		if (phrases[i].status == status)
			return phrases[i].phrase;
	return "";
}

/* "Sun, 06 Nov 1994 08:49:37 GMT", whatever the locale. */
static void
format_date(time_t at, char out[DATE_SIZE])
{
	static const char days[] = "SunMonTueWedThuFriSat",
			  months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct tm tm;

	gmtime_r(&at, &tm);
	strftime(out, DATE_SIZE, "---, %d --- %Y %H:%M:%S GMT", &tm);
	memcpy(out, days + 3 * tm.tm_wday, 3);
	memcpy(out + strlen("---, dd "), months + 3 * tm.tm_mon, 3);
}

static void
write_status(struct buf *out, int status)
{
	char date[DATE_SIZE];

	format_date((time_t)(moment_now() / 1000), date);
	buf_format(
		out, "HTTP/1.1 %d %s\r\nDate: %s\r\n", status, find_phrase(status), date);
}

static void
write_header(struct buf *out, const char *name, const char *value)
{
	assert(!strpbrk(value, "\r\n"));
	buf_text(out, name);
	buf_text(out, ": ");
	buf_text(out, value);
	buf_text(out, "\r\n");
}

/* What a client of HTTP/1.0 expects must be said; the others take it for granted. */
static void
write_connection(struct buf *out, const struct http *http)
{
	if (http->connection->closes)
		write_header(out, "Connection", "close");
	else if (http->is_old)
		write_header(out, "Connection", "keep-alive");
}

static void
write_reply_head(struct buf *out, const struct http *http)
{
	const struct reply *reply = &http->exchange.reply;

	write_status(out, reply->status);
	if (reply->status != NO_CONTENT) {
		buf_format(out, "Content-Length: %zu\r\n", reply->body.len);
		write_header(out, "Content-Type",
			reply->type ? reply->type : "application/json");
	}
	if (reply->problem)
		write_header(out, "x-amzn-ErrorType", reply->problem);
	/* A bucket is never refilled slower than a call a second. */
	if (reply->status == TOO_MANY_REQUESTS)
		write_header(out, "Retry-After", "1");
	write_header(out, "x-amzn-RequestId", http->exchange.request.id);
	write_connection(out, http);
	buf_text(out, "\r\n");
}

/* ---- replies ---- */

static bool
has_body(const struct exchange *exchange)
{
	return exchange->reply.status != NO_CONTENT &&
	       strcmp(exchange->request.method, "HEAD") != 0;
}

static void
tell_seen(const struct http *http, int status)
{
	const struct server *server = http->connection->server;

	if (server->seen)
		server->seen(server->arg, &http->exchange, status,
			http->whole_at ? moment_micros() - http->whole_at : 0);
}

static void
note_proof(struct http *http)
{
	struct connection *c = http->connection;

	if (http->exchange.proved && !c->is_proxy)
		guest_prove(c->server->crowd, &c->guest);
}

/* A slow reader has longer for more. */
static void
wait_for_reader(struct connection *c)
{
	int64_t left = (int64_t)link_left(&c->link);

	connection_wait(c, REPLY_PATIENCE + left * 1000 / (4 * 1024));
}

void
reply_begin(struct http *http)
{
	struct connection *c = http->connection;
	const struct buf *body = &http->exchange.reply.body;

	c->closes = c->closes || c->server->closing;
	write_reply_head(&c->link.out, http);
	if (has_body(&http->exchange))
		buf_add(&c->link.out, body->data, body->len);
	c->stage = HTTP_REPLY;
	wait_for_reader(c);
	note_proof(http);
	tell_seen(http, http->exchange.reply.status);
}

bool
reply_go_on(struct connection *c)
{
	c->broken = !link_flush(&c->link);
	if (c->broken || link_left(&c->link) == 0)
		return !c->broken;
	if (!c->guest.waits)
		guest_wait(&c->guest);
	return false;
}

void
exchange_send(struct exchange *exchange)
{
	struct connection *c = exchange->http->connection;

	assert(c->stage == HTTP_HELD);
	reply_begin(exchange->http);
	if (!c->handing)
		connection_go_on_soon(c);
}

/* ---- streams ---- */

static void
write_stream_head(struct buf *out, const struct http *http)
{
	write_status(out, OK);
	write_header(out, "Content-Type", "text/event-stream");
	write_header(out, "Cache-Control", "no-store");
	/* nginx and others like it would keep the events until a buffer is full. */
	write_header(out, "X-Accel-Buffering", "no");
	write_header(out, "x-amzn-RequestId", http->exchange.request.id);
	if (!http->is_old)
		write_header(out, "Transfer-Encoding", "chunked");
	write_connection(out, http);
	buf_text(out, "\r\n");
}

void
exchange_stream(
	struct exchange *exchange, stream_more_fn more, stream_gone_fn gone, void *arg)
{
	struct http *http = exchange->http;
	struct connection *c = http->connection;

	assert(c->stage == HTTP_HELD);
	http->stream.more = more;
	http->stream.gone = gone;
	http->stream.arg = arg;
	buf_init(&http->stream.piece, http, STREAM_PIECE_MAX);
	/* Without chunks, the stream's end is the connection's. */
	c->closes = c->closes || http->is_old;
	write_stream_head(&c->link.out, http);
	c->stage = HTTP_STREAM;
	c->due = INT64_MAX;
	note_proof(http);
	tell_seen(http, OK);
	if (!c->handing)
		connection_go_on_soon(c);
}

void
exchange_stream_wake(struct exchange *exchange)
{
	connection_go_on_soon(exchange->http->connection);
}

/* A piece in its chunk; one without bytes is the stream's end. */
static void
write_piece(struct connection *c, const struct buf *piece)
{
	struct buf *out = &c->link.out;

	if (!c->http->is_old)
		buf_format(out, "%zx\r\n", piece->len);
	buf_add(out, piece->data, piece->len);
	if (!c->http->is_old)
		buf_text(out, "\r\n");
}

/* Asks for more when all is sent; false when there is nothing now. */
static bool
fetch_piece(struct connection *c)
{
	struct http_stream *stream = &c->http->stream;
	bool goes_on = !c->server->closing;

	buf_clear(&stream->piece);
	if (goes_on)
		goes_on =
			stream->more(stream->arg, &stream->piece) && !stream->piece.full;
	if (stream->piece.len > 0)
		write_piece(c, &stream->piece);
	stream->ended = !goes_on;
	if (!goes_on) {
		buf_clear(&stream->piece);
		write_piece(c, &stream->piece);
	}
	return link_left(&c->link) > 0;
}

/* True when the stream has ended and all of it is sent. */
bool
stream_go_on(struct connection *c)
{
	struct http_stream *stream = &c->http->stream;

	do {
		c->broken = !link_flush(&c->link);
		if (c->broken)
			return false;
		if (link_left(&c->link) > 0) {
			if (c->due == INT64_MAX)
				wait_for_reader(c);
			return false;
		}
		c->due = INT64_MAX;
		if (stream->ended)
			return true;
	} while (fetch_piece(c));
	/* A stream that ended without a byte, over HTTP/1.0, has nothing to be sent. */
	return stream->ended;
}
