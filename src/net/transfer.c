#include "oneclick/net/transfer.h"

#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "transfer_curl.h"

/* Kept for the next request; and at once to one host, where more requests wait. */
enum { CONNECTIONS_MAX = 64, CONNECTIONS_PER_HOST = 32 };

struct transfers {
	struct loop *loop;
	CURLM *multi;
	long per_host; /* connections; 0: any number */
	struct loop_timer *timer; /* libcurl's one timeout */
	struct transfer *first;   /* under way */
	bool *gone; /* of the news being told: set when a callback frees us */
};

/* ---- what libcurl asks of the loop ----------------------------------------------------
 */

static void tell_news(struct transfers *transfers);

static void
act(struct transfers *transfers, curl_socket_t fd, int bits)
{
	int running;

	curl_multi_socket_action(transfers->multi, fd, bits, &running);
	tell_news(transfers);
}

static void
on_socket(void *arg, int fd, int ready)
{
	int bits = 0;

	if (ready & LOOP_READ)
		bits |= CURL_CSELECT_IN;
	if (ready & LOOP_WRITE)
		bits |= CURL_CSELECT_OUT;
	act(arg, fd, bits);
}

static void
on_timeout(void *arg)
{
	act(arg, CURL_SOCKET_TIMEOUT, 0);
}

static int
ready_bits(int what)
{
	if (what == CURL_POLL_IN)
		return LOOP_READ;
	if (what == CURL_POLL_OUT)
		return LOOP_WRITE;
	return LOOP_READ | LOOP_WRITE;
}

static int
watch_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *socket_arg)
{
	struct transfers *transfers = arg;
	struct loop_watch *watch = socket_arg;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (watch)
			loop_watch_stop(watch);
		curl_multi_assign(transfers->multi, fd, NULL);
	} else if (watch) {
		loop_watch_set(watch, ready_bits(what));
	} else {
		watch = loop_watch_new(
			transfers->loop, fd, ready_bits(what), on_socket, transfers);
		curl_multi_assign(transfers->multi, fd, watch);
	}
	return 0;
}

static int
set_timeout(CURLM *multi, long wait, void *arg)
{
	struct transfers *transfers = arg;

	(void)multi;
	if (wait < 0)
		loop_timer_clear(transfers->timer);
	else
		loop_timer_set(transfers->timer, wait, 0);
	return 0;
}

/* Only with the first request: a service that calls nobody keeps libcurl and its TLS out of
 * its memory. */
static void
open_multi(struct transfers *transfers)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT))
		mem_abort("libcurl does not start");
	transfers->multi = curl_multi_init();
	if (!transfers->multi)
		mem_abort("out of memory");
	curl_multi_setopt(transfers->multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
	curl_multi_setopt(transfers->multi, CURLMOPT_SOCKETDATA, transfers);
	curl_multi_setopt(transfers->multi, CURLMOPT_TIMERFUNCTION, set_timeout);
	curl_multi_setopt(transfers->multi, CURLMOPT_TIMERDATA, transfers);
	curl_multi_setopt(transfers->multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_MAX);
	curl_multi_setopt(
		transfers->multi, CURLMOPT_MAX_HOST_CONNECTIONS, transfers->per_host);
}

struct transfers *
transfers_new(const void *ctx, struct loop *loop)
{
	struct transfers *transfers = mem_new(ctx, struct transfers);

	transfers->loop = loop;
	transfers->per_host = CONNECTIONS_PER_HOST;
	transfers->timer = loop_timer_new(loop, on_timeout, transfers);
	return transfers;
}

void
transfers_lift_limit(struct transfers *transfers)
{
	transfers->per_host = 0;
}

void
transfers_free(struct transfers *transfers)
{
	if (!transfers)
		return;
	while (transfers->first)
		transfer_cancel(transfers->first);
	if (transfers->gone)
		*transfers->gone = true;
	if (transfers->multi) {
		curl_multi_cleanup(transfers->multi);
		curl_global_cleanup();
	}
	loop_timer_stop(transfers->timer);
	mem_free(transfers);
}

/* ---- one transfer ---------------------------------------------------------------------
 */

static void
on_silence(void *arg)
{
	struct transfer *transfer = arg;

	curl_multi_remove_handle(transfer->transfers->multi, transfer->easy);
	transfer->silent = true;
	transfer->finished = true;
	transfer->result = CURLE_OPERATION_TIMEDOUT;
	tell_news(transfer->transfers);
}

static void
link_in(struct transfer *transfer)
{
	struct transfers *transfers = transfer->transfers;

	transfer->next = transfers->first;
	if (transfer->next)
		transfer->next->before = transfer;
	transfers->first = transfer;
}

static void
take_out(struct transfer *transfer)
{
	if (transfer->next)
		transfer->next->before = transfer->before;
	if (transfer->before)
		transfer->before->next = transfer->next;
	else
		transfer->transfers->first = transfer->next;
	transfer->next = transfer->before = NULL;
}

static void
let_go(struct transfer *transfer)
{
	if (transfer->silence)
		loop_timer_stop(transfer->silence);
	curl_easy_cleanup(transfer->easy);
	curl_slist_free_all(transfer->headers);
}

static size_t
body_max(const struct transfer_request *request)
{
	return request->body_max ? request->body_max : TRANSFER_BODY_MAX;
}

/* "[::1]:443" without the brackets and the port. */
static char *
bare_host(const void *ctx, const char *host)
{
	bool brackets = *host == '[';

	host += brackets;
	return mem_textn(ctx, host, strcspn(host, brackets ? "]" : ":"));
}

static void
keep_origin(struct transfer *transfer, const struct transfer_origin *origin)
{
	transfer->host = bare_host(transfer, origin->host);
	transfer->origin = (struct transfer_origin){
		.endpoint = mem_text(transfer, origin->endpoint),
		.base = mem_text(transfer, origin->base),
		.host = mem_text(transfer, origin->host),
		.socket = mem_text(transfer, origin->socket),
		.ca_file = mem_text(transfer, origin->ca_file),
	};
}

struct transfer *
transfer_new(struct transfers *transfers, const struct transfer_request *request)
{
	/* A root of its own: a callback may free all transfers while one is told. */
	struct transfer *transfer = mem_new(NULL, struct transfer);

	if (!transfers->multi)
		open_multi(transfers);
	transfer->transfers = transfers;
	transfer->ask = *request;
	transfer->began = moment_ticks();
	keep_origin(transfer, request->origin);
	buf_init(&transfer->body, transfer, body_max(request));
	transfer->easy = curl_easy_init();
	if (!transfer->easy)
		mem_abort("out of memory");
	link_in(transfer);
	return transfer;
}

void
transfer_go(struct transfer *transfer, bool is_set_up)
{
	struct transfers *transfers = transfer->transfers;

	if (is_set_up) {
		curl_multi_add_handle(transfers->multi, transfer->easy);
		return;
	}
	transfer->finished = true;
	transfer->result = CURLE_BAD_FUNCTION_ARGUMENT;
	loop_timer_set(transfers->timer, 0, 0);
}

struct transfer *
transfer_start(struct transfers *transfers, const struct transfer_request *request)
{
	struct transfer *transfer = transfer_new(transfers, request);

	if (request->data && request->idle > 0) {
		transfer->silence = loop_timer_new(transfers->loop, on_silence, transfer);
		loop_timer_set(transfer->silence, request->idle, 0);
	}
	transfer_go(transfer, transfer_set_up(transfer));
	return transfer;
}

void
transfer_cancel(struct transfer *transfer)
{
	take_out(transfer);
	if (!transfer->finished)
		curl_multi_remove_handle(transfer->transfers->multi, transfer->easy);
	let_go(transfer);
	mem_free(transfer);
}

/* ---- telling: only here are callbacks called, and libcurl is not on the stack ---- */

static void
mark_finished(struct transfers *transfers)
{
	struct CURLMsg *msg;
	int left;

	while ((msg = curl_multi_info_read(transfers->multi, &left))) {
		struct transfer *transfer = NULL;
		CURLcode result = msg->data.result;

		curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, (char **)&transfer);
		curl_multi_remove_handle(transfers->multi, msg->easy_handle);
		transfer->finished = true;
		transfer->result = result;
	}
}

/* A stream is one only behind a 200; anything else is an error's body, kept whole until
 * the end. */
static bool
has_opened(struct transfer *transfer)
{
	long status = 0;

	if (!transfer->ask.data || !transfer->has_head)
		return false;
	curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
	return status == 200;
}

static bool
has_data(struct transfer *transfer)
{
	return has_opened(transfer) && (!transfer->opened || transfer->body.len > 0);
}

static struct transfer *
find_news(struct transfers *transfers)
{
	struct transfer *transfer = transfers->first;

	while (transfer && !transfer->finished && !has_data(transfer))
		transfer = transfer->next;
	return transfer;
}

static void
tell_opening(struct transfer *transfer)
{
	transfer->opened = true;
	transfer->ask.data(transfer->ask.arg, "", 0);
}

static void
tell_data(struct transfer *transfer)
{
	transfer_data_fn data = transfer->ask.data;
	void *arg = transfer->ask.arg;
	size_t len = transfer->body.len;
	char *bytes = buf_take(&transfer->body, NULL); /* outlives us if we are freed */

	buf_init(&transfer->body, transfer, body_max(&transfer->ask));
	if (transfer->silence)
		loop_timer_set(transfer->silence, transfer->ask.idle, 0);
	data(arg, bytes, len);
	mem_free(bytes);
}

static void
tell_end(struct transfer *transfer)
{
	struct transfer_reply reply;

	take_out(transfer);
	transfer_fill_reply(transfer, &reply);
	let_go(transfer);
	transfer->ask.done(transfer->ask.arg, &reply);
	mem_free(transfer);
}

static void
tell_news(struct transfers *transfers)
{
	struct transfer *transfer;
	bool gone = false;

	if (transfers->gone)
		return;
	transfers->gone = &gone;
	mark_finished(transfers);
	while (!gone && (transfer = find_news(transfers))) {
		if (!has_data(transfer))
			tell_end(transfer);
		else if (!transfer->opened)
			tell_opening(transfer);
		else
			tell_data(transfer);
	}
	if (!gone)
		transfers->gone = NULL;
}
