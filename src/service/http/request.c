#include "oneclick/service/request.h"

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
new_http(struct server *server)
{
	struct http *http =
		talloc_pooled_object(NULL, struct http, EXCHANGE_PIECES, EXCHANGE_ROOM);

	if (!http)
		mem_abort("out of memory");
	*http = (struct http){ .stage = HTTP_HEAD };
	http->exchange.server = server;
	http->exchange.http = http;
	buf_init(&http->exchange.reply.body, http, BUF_NO_CAP);
	return http;
}

/* libmicrohttpd will cut and decode the target in place: this is the one sight of it as
 * it was signed. */
void *
request_begin(void *server, const char *target, struct MHD_Connection *connection)
{
	struct http *http = new_http(server);
	struct request *request = &http->exchange.request;
	size_t path_length = strcspn(target, "?");

	http->connection = connection;
	http->peer = peer_of(connection);
	request->target = mem_text(http, target);
	request->path = mem_textn(http, target, path_length);
	if (target[path_length] == '?')
		request->query = request->target + path_length + 1;
	request->peer = http->peer->name;
	request->local = http->peer->local;
	request->secure = http->exchange.server->tunnels != NULL;
	digest_uuid(request->id);
	peer_wait(http->peer);
	return http;
}

/* Names and values are libmicrohttpd's until the request ends.  One with a NUL in it
 * would be read in two ways; without a name the gate refuses it. */
static enum MHD_Result
add_header(void *arg, enum MHD_ValueKind kind, const char *name, size_t name_size,
	const char *value, size_t value_size)
{
	struct request *request = arg;
	bool whole = strlen(name) == name_size && (!value || strlen(value) == value_size);

	(void)kind;
	request->header[request->header_count++] = (struct sign_header){
		.name = whole ? name : "",
		.value = value ? value : "",
	};
	return request->header_count > REQUEST_HEADERS_MAX ? MHD_NO : MHD_YES;
}

static enum MHD_Result
refuse(struct http *http, enum problem problem, const char *sentence)
{
	reply_problem(&http->exchange.reply, problem, sentence);
	http->stage = HTTP_READY;
	http->close = true;
	return reply_queue(http);
}

static enum MHD_Result
take_head(struct http *http, const char *method, const char *version)
{
	struct request *request = &http->exchange.request;
	enum problem problem;
	struct fault why;
	size_t lines;

	lines = (size_t)MHD_get_connection_values(
		http->connection, MHD_HEADER_KIND, NULL, NULL);
	if (lines > REQUEST_HEADERS_MAX)
		lines = REQUEST_HEADERS_MAX + 1;
	request->method = method;
	request->header = mem_array(http, struct sign_header, lines + 1);
	MHD_get_connection_values_n(
		http->connection, MHD_HEADER_KIND, add_header, request);
	if (gate_check(request, version, &problem, &why))
		return refuse(http, problem, why.sentence);
	buf_init(&request->body, http, REQUEST_BODY_MAX);
	http->stage = HTTP_BODY;
	return MHD_YES;
}

/* The whole request is here: whoever takes it answers now or later. */
static enum MHD_Result
hand_over(struct http *http)
{
	struct server *server = http->exchange.server;

	if (http->exchange.request.body.full)
		return refuse(http, PROBLEM_TOO_LARGE,
			mem_format(http, "The request's body is longer than %d bytes.",
				REQUEST_BODY_MAX));
	peer_relax(http->peer);
	http->exchange.request.at = moment_now();
	http->whole_at = moment_micros();
	http->stage = HTTP_HELD;
	server->fn(server->arg, &http->exchange);
	if (http->stage != HTTP_HELD)
		return reply_queue(http);
	http_suspend(http);
	return MHD_YES;
}

enum MHD_Result
request_part(void *server, struct MHD_Connection *connection, const char *url,
	const char *method, const char *version, const char *bytes, size_t *count,
	void **context)
{
	struct http *http = *context;

	(void)server, (void)connection, (void)url;
	switch (http->stage) {
	case HTTP_HEAD:
		return take_head(http, method, version);
	case HTTP_BODY:
		if (*count == 0)
			return hand_over(http);
		buf_add(&http->exchange.request.body, bytes, *count);
		*count = 0;
		return MHD_YES;
	case HTTP_READY:
	case HTTP_STREAM:
		return reply_queue(http);
	case HTTP_HELD:
	case HTTP_SENT:
		break;
	}
	return MHD_NO; /* the server closes */
}

void
request_end(void *server, struct MHD_Connection *connection, void **context,
	enum MHD_RequestTerminationCode code)
{
	struct http *http = *context;

	(void)server, (void)connection, (void)code;
	if (!http)
		return;
	if (http->stream.gone)
		http->stream.gone(http->stream.arg);
	peer_wait(http->peer);
	mem_free(http);
	*context = NULL;
}
