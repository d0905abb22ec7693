#include "oneclick/net/transfer.h"

#include <string.h>

#include <utlist.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "transfer_curl.h"

/* Kept for the next request; and at once to one host, where more requests wait. */
enum { CONNECTIONS_MAX = 64, CONNECTIONS_PER_HOST = 32 };

/* ---- what libcurl asks of the loop ----------------------------------------------------
 */

static void tell_news(struct transfers *transfers);

void
transfers_act(struct transfers *transfers, curl_socket_t fd, int bits)
{
	int running;

	curl_multi_socket_action(transfers->multi, fd, bits, &running);
	tell_news(transfers);
}

static void
on_timeout(void *arg)
{
	transfers_act(arg, CURL_SOCKET_TIMEOUT, 0);
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
		mem_abort("libcurl does not start: out of memory, or it is broken");
	transfers->multi = curl_multi_init();
	if (!transfers->multi)
		mem_abort("out of memory");
	curl_multi_setopt(transfers->multi, CURLMOPT_SOCKETFUNCTION, wire_watch);
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
	transfers_end_rest(transfers);
	if (transfers->telling)
		transfer_release(transfers->telling);
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

void
transfer_release(struct transfer *transfer)
{
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
		.proxy = mem_text(transfer, origin->proxy),
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
	keep_origin(transfer, request->origin);
	buf_init(&transfer->body, transfer, body_max(request));
	transfer->easy = curl_easy_init();
	if (!transfer->easy)
		mem_abort("out of memory");
	return transfer;
}

void
transfer_go(struct transfer *transfer, bool is_set_up)
{
	struct transfers *transfers = transfer->transfers;

	DL_PREPEND(transfers->first, transfer);
	transfer->began = moment_ticks();
	transfer->is_set_up = is_set_up;
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
	struct transfer *transfer = transfer_rouse(transfers, request);

	if (transfer) {
		transfer_go(transfer, transfer_set_request(transfer));
		return transfer;
	}
	transfer = transfer_new(transfers, request);
	transfer_go(transfer, transfer_set_up(transfer));
	return transfer;
}

void
transfer_cancel(struct transfer *transfer)
{
	DL_DELETE(transfer->transfers->first, transfer);
	if (!transfer->finished)
		curl_multi_remove_handle(transfer->transfers->multi, transfer->easy);
	transfer_release(transfer);
	mem_free(transfer);
}

/* ---- telling: only here are callbacks called, and libcurl is not on the stack ---- */

/* libcurl takes a head that breaks off for the whole reply, with an empty body. */
static void
refuse_broken_head(struct transfer *transfer)
{
	transfer->result = CURLE_WEIRD_SERVER_REPLY;
	strcpy(transfer->error, "it hung up before the end of its headers");
}

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
		if (result == CURLE_OK && transfer->lacks_head)
			refuse_broken_head(transfer);
		DL_DELETE(transfers->first, transfer);
		DL_PREPEND(transfers->first, transfer); /* to be found soon */
	}
}

/* A stream is one only behind a 200; anything else is an error's body, kept whole until
 * the end. */
static bool
has_opened(struct transfer *transfer)
{
	long status = 0;

	if (!transfer->ask.data || transfer->lacks_head)
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
	data(arg, bytes, len);
	mem_free(bytes);
}

/* Until its end is told no other request may have the transfer: the reply is in it. */
static void
tell_end(struct transfer *transfer, const bool *gone)
{
	struct transfers *transfers = transfer->transfers;
	void *life = mem_life(NULL);
	bool rests = transfer_may_rest(transfer);
	struct transfer_reply reply;

	DL_DELETE(transfers->first, transfer);
	transfer_fill_reply(life, transfer, &reply);
	if (rests)
		transfers->telling = transfer;
	else
		transfer_release(transfer);
	transfer->ask.done(transfer->ask.arg, &reply);
	mem_free(life);
	if (!*gone)
		transfers->telling = NULL;
	if (rests && !*gone)
		transfer_rest(transfer);
	else
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
			tell_end(transfer, &gone);
		else if (!transfer->opened)
			tell_opening(transfer);
		else
			tell_data(transfer);
	}
	if (!gone)
		transfers->gone = NULL;
}
