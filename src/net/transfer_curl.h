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

/* Fills transfer->easy; false when libcurl refuses one of the settings. */
bool transfer_set_up(struct transfer *transfer);
void transfer_fill_reply(struct transfer *transfer, struct transfer_reply *reply);

#endif
