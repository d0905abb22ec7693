/* The two halves of transfers: transfer.c runs them on the loop, transfer_easy.c says
 * what one request is to libcurl. */
#ifndef ONECLICK_SRC_NET_TRANSFER_CURL_H
#define ONECLICK_SRC_NET_TRANSFER_CURL_H

#include <curl/curl.h>

#include "oneclick/base/buf.h"
#include "oneclick/net/transfer.h"

struct transfer {
	struct transfers *transfers;
	struct transfer *next, *before;
	struct transfer_request ask; /* its texts are not kept */
	struct loop_timer *silence;  /* of a stream; NULL: none */
	CURL *easy;
	struct curl_slist *headers;
	struct buf body;      /* the reply; of a stream, what is not delivered yet */
	struct buf upload;    /* what is left of a mail; else not used */
	size_t head_size;     /* bytes of headers so far */
	int64_t began;        /* ticks */
	const char *too_much; /* which cap was passed; NULL: none */
	const char *refused;  /* why its address is out of reach; NULL: it is not */
	const char *host;     /* the name asked for, without port and brackets */
	bool has_head;        /* all headers are there */
	bool opened;          /* a stream, and its opening was told */
	bool finished, silent;
	CURLcode result; /* once finished */
	char error[CURL_ERROR_SIZE];
	struct transfer_origin origin;
};

/* A transfer under way, except that its easy handle knows nothing yet but where errors
 * go; transfer_go lets libcurl have it, or fails it when a setting was refused. */
struct transfer *transfer_new(
	struct transfers *transfers, const struct transfer_request *request);
void transfer_go(struct transfer *transfer, bool is_set_up);

/* False when libcurl refuses one of the settings. */
bool transfer_set_up(struct transfer *transfer);
/* What holds for any protocol: who is believed, how long is waited, where it may go. */
bool transfer_set_guards(struct transfer *transfer, const char *protocols);
void transfer_fill_reply(struct transfer *transfer, struct transfer_reply *reply);

#endif
