#include <string.h>
#include <utlist.h>

#include "http.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"

enum {
	STREAM_BLOCK = 16 * 1024,
	STREAM_PENDING_MAX = 1024 * 1024, /* what `more` may give at once */
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

void
http_suspend(struct http *http)
{
	MHD_suspend_connection(http->connection);
	http->suspended = true;
	DL_APPEND(http->exchange.server->suspended, http);
}

void
http_resume(struct http *http)
{
	if (!http->suspended)
		return;
	http->suspended = false;
	DL_DELETE(http->exchange.server->suspended, http);
	MHD_resume_connection(http->connection);
	server_run_soon(http->exchange.server);
}

void
exchange_send(struct exchange *exchange)
{
	exchange->http->stage = HTTP_READY;
	http_resume(exchange->http);
}

void
exchange_stream(
	struct exchange *exchange, stream_more_fn more, stream_gone_fn gone, void *arg)
{
	struct http *http = exchange->http;

	http->stream.more = more;
	http->stream.gone = gone;
	http->stream.arg = arg;
	buf_init(&http->stream.pending, http, STREAM_PENDING_MAX);
	http->stage = HTTP_STREAM;
	http_resume(http);
}

void
exchange_stream_wake(struct exchange *exchange)
{
	http_resume(exchange->http);
}

/* Asks for more when all is sent; false when there is nothing, now or ever. */
static bool
has_pending(struct http *http)
{
	struct http_stream *stream = &http->stream;

	if (stream->taken < stream->pending.len)
		return true;
	buf_clear(&stream->pending);
	stream->taken = 0;
	if (!stream->ended)
		stream->ended = http->exchange.server->closing ||
				!stream->more(stream->arg, &stream->pending) ||
				stream->pending.full;
	return stream->pending.len > 0;
}

static ssize_t
read_stream(void *arg, uint64_t at, char *out, size_t room)
{
	struct http *http = arg;
	struct http_stream *stream = &http->stream;
	size_t count;

	(void)at;
	if (!has_pending(http)) {
		if (stream->ended)
			return MHD_CONTENT_READER_END_OF_STREAM;
		http_suspend(http);
		return 0;
	}
	count = stream->pending.len - stream->taken;
	if (count > room)
		count = room;
	memcpy(out, stream->pending.data + stream->taken, count);
	stream->taken += count;
	return (ssize_t)count;
}

static struct MHD_Response *
make_stream(struct http *http)
{
	struct MHD_Response *response = MHD_create_response_from_callback(
		MHD_SIZE_UNKNOWN, STREAM_BLOCK, read_stream, http, NULL);

	if (response) {
		MHD_add_response_header(response, "Content-Type", "text/event-stream");
		MHD_add_response_header(response, "Cache-Control", "no-store");
	}
	return response;
}

/* The body is the exchange's and outlives the response. */
static struct MHD_Response *
make_reply(struct http *http)
{
	struct reply *reply = &http->exchange.reply;
	struct MHD_Response *response = MHD_create_response_from_buffer(
		reply->body.len, reply->body.data, MHD_RESPMEM_PERSISTENT);

	if (!response)
		return NULL;
	if (reply->status != MHD_HTTP_NO_CONTENT)
		MHD_add_response_header(response, "Content-Type",
			reply->type ? reply->type : "application/json");
	if (reply->problem)
		MHD_add_response_header(response, "x-amzn-ErrorType", reply->problem);
	/* A bucket is never refilled slower than a call a second. */
	if (reply->status == MHD_HTTP_TOO_MANY_REQUESTS)
		MHD_add_response_header(response, "Retry-After", "1");
	if (http->close)
		MHD_add_response_header(response, "Connection", "close");
	return response;
}

static void
tell_seen(const struct http *http, unsigned status)
{
	const struct server *server = http->exchange.server;

	if (server->seen)
		server->seen(server->arg, &http->exchange, (int)status,
			http->whole_at ? moment_micros() - http->whole_at : 0);
}

enum MHD_Result
reply_queue(struct http *http)
{
	bool streams = http->stage == HTTP_STREAM;
	struct MHD_Response *response = streams ? make_stream(http) : make_reply(http);
	unsigned status = streams ? MHD_HTTP_OK : (unsigned)http->exchange.reply.status;
	enum MHD_Result result;

	if (!response)
		return MHD_NO;
	MHD_add_response_header(response, "x-amzn-RequestId", http->exchange.request.id);
	http->stage = HTTP_SENT;
	tell_seen(http, status);
	if (!streams)
		peer_wait(http->peer);
	result = MHD_queue_response(http->connection, status, response);
	MHD_destroy_response(response);
	return result;
}
