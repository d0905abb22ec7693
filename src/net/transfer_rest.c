/*
 * Transfers at rest.  Callbacks are short and many, and most of what one is to libcurl is
 * the same each time; so a transfer that went well keeps its settings, and carries the next
 * request to the same origin on the same terms.
 */
#include <string.h>

#include <utlist.h>

#include "oneclick/base/mem.h"
#include "transfer_curl.h"

enum {
	RESTING_MAX = 64,
	BODY_MAX = 64 * 1024, /* bytes; who may be told more asks seldom */
	BODY_KEPT = 4 * 1024,
};

static bool
is_same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* Whatever transfer_set_up looks at and transfer_set_request does not. */
static bool
is_alike(const struct transfer *transfer, const struct transfer_request *ask)
{
	const struct transfer_origin *origin = &transfer->origin;

	return is_same(origin->endpoint, ask->origin->endpoint) &&
	       is_same(origin->base, ask->origin->base) &&
	       is_same(origin->host, ask->origin->host) &&
	       is_same(origin->socket, ask->origin->socket) &&
	       is_same(origin->ca_file, ask->origin->ca_file) &&
	       is_same(origin->proxy, ask->origin->proxy) &&
	       transfer->ask.total == ask->total &&
	       transfer->ask.body_max == ask->body_max &&
	       !transfer->ask.reach == !ask->reach && !ask->data;
}

bool
transfer_may_rest(const struct transfer *transfer)
{
	return transfer->is_set_up && transfer->result == CURLE_OK &&
	       !transfer->ask.data && transfer->ask.body_max > 0 &&
	       transfer->ask.body_max <= BODY_MAX;
}

static void
end_rest(struct transfer *transfer)
{
	struct transfers *transfers = transfer->transfers;

	DL_DELETE(transfers->resting, transfer);
	transfers->resting_count--;
	transfer_release(transfer);
	mem_free(transfer);
}

void
transfer_rest(struct transfer *transfer)
{
	struct transfers *transfers = transfer->transfers;

	if (transfers->resting_count == RESTING_MAX)
		end_rest(transfers->resting);
	DL_APPEND(transfers->resting, transfer);
	transfers->resting_count++;
}

/* As new, but for its settings and the room of its body. */
static void
freshen(struct transfer *transfer, const struct transfer_request *request)
{
	curl_slist_free_all(transfer->headers);
	transfer->headers = NULL;
	if (transfer->body.room > BODY_KEPT) {
		buf_release(&transfer->body);
		buf_init(&transfer->body, transfer, request->body_max);
	}
	buf_clear(&transfer->body);
	transfer->ask = *request;
	transfer->head_size = 0;
	transfer->finished = false;
	transfer->error[0] = '\0';
}

struct transfer *
transfer_rouse(struct transfers *transfers, const struct transfer_request *request)
{
	struct transfer *transfer;

	DL_FOREACH (transfers->resting, transfer)
		if (is_alike(transfer, request))
			break;
	if (!transfer)
		return NULL;
	DL_DELETE(transfers->resting, transfer);
	transfers->resting_count--;
	freshen(transfer, request);
	return transfer;
}

void
transfers_end_rest(struct transfers *transfers)
{
	while (transfers->resting)
		end_rest(transfers->resting);
}
