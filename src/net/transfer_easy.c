#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/base/text_safe.h"
#include "tls_suites.h"
#include "transfer_curl.h"

static const char HEAD_TOO_LONG[] = "its headers are longer than 64 KiB";

static const char *
say_too_long(struct transfer *transfer)
{
	size_t kib = transfer->body.cap / 1024;

	if (kib % 1024 == 0)
		return mem_format(
			transfer, "its answer is longer than %zu MiB", kib / 1024);
	return mem_format(transfer, "its answer is longer than %zu KiB", kib);
}

static size_t
take_body(char *bytes, size_t one, size_t n, void *arg)
{
	struct transfer *transfer = arg;

	n *= one;
	buf_add(&transfer->body, bytes, n);
	if (!transfer->body.full)
		return n;
	transfer->too_much = say_too_long(transfer);
	return 0;
}

/* A blank line ends a head, and after an interim one another comes. */
static bool
is_last_line(const struct transfer *transfer, const char *line, size_t n)
{
	long status = 0;

	if (n == 0 || n > 2 || (*line != '\r' && *line != '\n'))
		return false;
	curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
	return status >= 200;
}

/* libcurl has a limit for one line only. */
static size_t
take_header(char *bytes, size_t one, size_t n, void *arg)
{
	struct transfer *transfer = arg;

	n *= one;
	transfer->head_size += n;
	if (is_last_line(transfer, bytes, n))
		transfer->lacks_head = false;
	if (transfer->head_size <= TRANSFER_HEAD_MAX)
		return n;
	transfer->too_much = HEAD_TOO_LONG;
	return 0;
}

/* libcurl asks before each connection, with the address it has found. */
static curl_socket_t
open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct transfer *transfer = arg;

	(void)purpose;
	transfer->refused = transfer->ask.reach ? reach_refuses(transfer->ask.reach,
							  transfer->host, &to->addr)
						: NULL;
	if (transfer->refused)
		return CURL_SOCKET_BAD;
	return wire_open(transfer->transfers, to);
}

/* A connection kept from before was made when other rules may have held. */
static int
check_peer(void *arg, char *address, char *own, int port, int own_port)
{
	struct transfer *transfer = arg;

	(void)own;
	(void)own_port;
	transfer->refused =
		reach_refuses_text(transfer->ask.reach, transfer->host, address, port);
	return transfer->refused ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

static bool
set_patience(struct transfer *transfer)
{
	int64_t total = transfer->ask.total;
	bool ok = true;

	SET(CONNECTTIMEOUT_MS, (long)TRANSFER_CONNECT_MS);
	/* Else a transfer that ends waits for its thread, and that for silent name servers. */
	SET(QUICK_EXIT, 1L);
	if (transfer->ask.data)
		return ok;
	SET(TIMEOUT_MS, (long)(total > 0 ? total : TRANSFER_TOTAL_MS));
	if (total > 0)
		return ok;
	SET(LOW_SPEED_LIMIT, (long)TRANSFER_LEAST);
	SET(LOW_SPEED_TIME, (long)TRANSFER_STALL_S);
	return ok;
}

static bool
set_reach(struct transfer *transfer)
{
	bool ok = true;

	SET(OPENSOCKETFUNCTION, open_socket);
	SET(OPENSOCKETDATA, transfer);
	SET(CLOSESOCKETFUNCTION, wire_close);
	SET(CLOSESOCKETDATA, transfer->transfers);
	if (!transfer->ask.reach)
		return ok;
	SET(PREREQFUNCTION, check_peer);
	SET(PREREQDATA, transfer);
	return ok;
}

bool
transfer_set_guards(struct transfer *transfer, const char *protocols)
{
	bool ok = true;

	SET(PRIVATE, transfer);
	SET(ERRORBUFFER, transfer->error);
	SET(PROTOCOLS_STR, protocols);
	SET(SSL_VERIFYPEER, 1L);
	SET(SSL_VERIFYHOST, 2L);
	SET(SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(SSL_CIPHER_LIST, TLS_SUITES);
	if (transfer->origin.ca_file) {
		SET(CAINFO, transfer->origin.ca_file);
		SET(CAPATH, NULL); /* else the system's would be believed as well */
	}
	SET(FOLLOWLOCATION, 0L);
	SET(MAXREDIRS, 0L);
	SET(PROXY, transfer->origin.proxy ? transfer->origin.proxy : "");
	SET(NOPROXY, ""); /* else the environment's word would count */
	SET(SUPPRESS_CONNECT_HEADERS, 1L);
	SET(NETRC, (long)CURL_NETRC_IGNORED);
	SET(NOSIGNAL, 1L);
	SET(MAXLIFETIME_CONN, 600L);
	return ok && set_patience(transfer) && set_reach(transfer);
}

static void
add_header(struct transfer *transfer, const char *header)
{
	struct curl_slist *more = curl_slist_append(transfer->headers, header);

	if (!more)
		mem_abort("out of memory");
	transfer->headers = more;
}

static void
set_headers(struct transfer *transfer)
{
	const struct transfer_request *ask = &transfer->ask;

	for (size_t i = 0; i < ask->header_count; i++)
		add_header(transfer, ask->headers[i]);
	add_header(transfer, "Expect:");
	if (!ask->body)
		add_header(transfer, "Content-Type:");
}

static bool
set_method(struct transfer *transfer)
{
	const struct transfer_request *ask = &transfer->ask;
	bool ok = true, bodiless = !strcmp(ask->method, "GET") ||
				   (!ask->body && !strcmp(ask->method, "DELETE"));

	if (bodiless) {
		SET(HTTPGET, 1L);
	} else {
		SET(POSTFIELDSIZE, ask->body ? (long)strlen(ask->body) : 0L);
		SET(COPYPOSTFIELDS, ask->body ? ask->body : "");
	}
	SET(CUSTOMREQUEST, ask->method);
	return ok;
}

/* A proxy is told the whole URL of what goes through it in the clear. */
static const char *
target_of(const struct transfer *transfer)
{
	const struct transfer_origin *origin = &transfer->origin;

	if (!origin->proxy || strncmp(origin->base, "http:", 5) != 0)
		return transfer->ask.target;
	return mem_format(transfer, "%s%s", origin->base, transfer->ask.target);
}

bool
transfer_set_request(struct transfer *transfer)
{
	bool ok = true;

	transfer->lacks_head = true;
	SET(REQUEST_TARGET, target_of(transfer));
	set_headers(transfer);
	SET(HTTPHEADER, transfer->headers);
	return set_method(transfer) && ok;
}

static bool
set_origin(struct transfer *transfer)
{
	bool ok = true;

	SET(URL, transfer->origin.base);
	SET(HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	if (transfer->origin.socket)
		SET(UNIX_SOCKET_PATH, transfer->origin.socket);
	SET(USERAGENT, "oneclick/" ONECLICK_VERSION);
	return ok;
}

bool
transfer_set_up(struct transfer *transfer)
{
	bool is_https = !strncmp(transfer->origin.base, "https:", 6), ok = true;

	SET(WRITEFUNCTION, take_body);
	SET(WRITEDATA, transfer);
	SET(HEADERFUNCTION, take_header);
	SET(HEADERDATA, transfer);
	return ok && transfer_set_guards(transfer, is_https ? "https" : "http") &&
	       set_origin(transfer) && transfer_set_request(transfer);
}

static char *
header_of(const void *ctx, struct transfer *transfer, const char *name)
{
	struct curl_header *header;

	if (curl_easy_header(transfer->easy, name, 0, CURLH_HEADER, -1, &header))
		return NULL;
	return mem_text(ctx, header->value);
}

/* Seconds only: the date form needs the other side's clock. */
static int64_t
retry_after(const void *ctx, struct transfer *transfer)
{
	const char *value = header_of(ctx, transfer, "Retry-After");
	char *end;
	long seconds;

	if (!value)
		return -1;
	seconds = strtol(value, &end, 10);
	if (end == value || *end || seconds < 0 || seconds > 3600)
		return -1;
	return seconds * 1000;
}

/* Another address of the same name may have been within reach. */
static bool
is_refused(const struct transfer *transfer)
{
	return transfer->refused &&
	       (transfer->result == CURLE_COULDNT_CONNECT ||
		       transfer->result == CURLE_ABORTED_BY_CALLBACK);
}

/* "Out of memory" is libcurl's word for a line of a head, or behind a chunked body, that is
 * longer than its own limit. */
static bool
has_long_line(const struct transfer *transfer)
{
	return transfer->result == CURLE_OUT_OF_MEMORY ||
	       (transfer->result == CURLE_RECV_ERROR &&
		       strstr(transfer->error, "Out of memory"));
}

static const char *
reason(struct transfer *transfer)
{
	if (transfer->too_much)
		return transfer->too_much;
	if (is_refused(transfer))
		return transfer->refused;
	if (has_long_line(transfer))
		return HEAD_TOO_LONG;
	if (transfer->origin.socket && transfer->result == CURLE_COULDNT_CONNECT)
		return "nothing listens on this socket";
	if (transfer->error[0])
		return transfer->error;
	return curl_easy_strerror(transfer->result);
}

/* Whoever accepted the connection did not speak the protocol. */
static bool
is_misunderstood(CURLcode result)
{
	return result == CURLE_GOT_NOTHING || result == CURLE_RECV_ERROR ||
	       result == CURLE_SEND_ERROR || result == CURLE_WEIRD_SERVER_REPLY ||
	       result == CURLE_UNSUPPORTED_PROTOCOL || result == CURLE_SSL_CONNECT_ERROR;
}

static const char *
advise_on_protocol(const struct transfer *transfer)
{
	const char *base = transfer->origin.base;

	if (transfer->origin.socket || transfer->head_size > 0)
		return "";
	if (!strncmp(base, "http:", 5))
		return "; if TLS is spoken there, write https://";
	if (!strncmp(base, "https:", 6) && transfer->result == CURLE_SSL_CONNECT_ERROR)
		return "; check that TLS is spoken there, and not plain http://";
	return "";
}

/* curl names no certificate authority: say where ours is written down. */
static const char *
advice(const struct transfer *transfer)
{
	CURLcode result = transfer->result;

	if (is_refused(transfer))
		return "; the configuration says what may be reached";
	if (result == CURLE_PEER_FAILED_VERIFICATION)
		return "; if its certificate is your own authority's, name that in "
		       "ca_file";
	if (result == CURLE_COULDNT_CONNECT || result == CURLE_COULDNT_RESOLVE_HOST)
		return "; check the endpoint, and that the service runs";
	return is_misunderstood(result) ? advise_on_protocol(transfer) : "";
}

static enum err
fill_why(struct transfer *transfer, struct fault *why)
{
	struct safe_text problem = text_safe_z(transfer, reason(transfer));

	return fault(why, is_refused(transfer) ? ERR_FORBIDDEN : ERR_LINK,
		"No answer from %s: %s%s.", transfer->origin.endpoint, problem.text,
		advice(transfer));
}

void
transfer_fill_reply(
	const void *ctx, struct transfer *transfer, struct transfer_reply *reply)
{
	long status = 0;

	curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
	*reply = (struct transfer_reply){
		.status = (int)status,
		.too_long = transfer->body.full,
		.body = transfer->body.data,
		.len = transfer->body.len,
		.retry_after = -1,
		.took = moment_ticks() - transfer->began,
	};
	if (transfer->result != CURLE_OK) {
		reply->code = fill_why(transfer, &reply->why);
		return;
	}
	reply->request_id = header_of(ctx, transfer, "x-amzn-RequestId");
	reply->error_type = header_of(ctx, transfer, "x-amzn-ErrorType");
	reply->content_type = header_of(ctx, transfer, "Content-Type");
	reply->location = header_of(ctx, transfer, "Location");
	reply->function_error = header_of(ctx, transfer, "X-Amz-Function-Error");
	reply->retry_after = retry_after(ctx, transfer);
}
