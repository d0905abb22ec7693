/* The parts of transfers: transfer.c runs them on the loop, transfer_wire.c watches their
 * sockets there, transfer_easy.c says what one request is to libcurl, and transfer_rest.c
 * keeps what was said for the next. */
#ifndef ONECLICK_SRC_NET_TRANSFER_CURL_H
#define ONECLICK_SRC_NET_TRANSFER_CURL_H

#include <curl/curl.h>

#include "oneclick/base/buf.h"
#include "oneclick/net/transfer.h"

struct wire; /* a socket; see transfer_wire.c */

struct transfers {
	struct loop *loop;
	CURLM *multi;
	long per_host;            /* connections; 0: any number */
	struct loop_timer *timer; /* libcurl's one timeout */
	struct wire *wires;       /* by descriptor */
	struct transfer *first;   /* under way */
	struct transfer *resting; /* longest first */
	int resting_count;
	struct transfer *telling; /* whose end is, and that rests next; NULL: none */
	bool *gone; /* of the news being told: set when a callback frees us */
};

struct transfer {
	struct transfers *transfers;
	struct transfer *prev, *next;
	struct transfer_request ask; /* its texts are not kept */
	CURL *easy;
	struct curl_slist *headers;
	struct buf body;      /* the reply; of a stream, what is not delivered yet */
	struct buf upload;    /* what is left of a mail; else not used */
	size_t head_size;     /* bytes of headers so far */
	int64_t began;        /* ticks */
	const char *too_much; /* which cap was passed; NULL: none */
	const char *refused;  /* why its address is out of reach; NULL: it is not */
	const char *host;     /* the name asked for, without port and brackets */
	bool lacks_head;      /* of HTTP, which has one: its end has not come */
	bool opened;          /* a stream, and its opening was told */
	bool is_set_up, finished;
	CURLcode result; /* once finished */
	char error[CURL_ERROR_SIZE];
	struct transfer_origin origin;
};

/* A transfer under way, except that its easy handle knows nothing yet but where errors
 * go; transfer_go lets libcurl have it, or fails it when a setting was refused. */
struct transfer *transfer_new(
	struct transfers *transfers, const struct transfer_request *request);
void transfer_go(struct transfer *transfer, bool is_set_up);

/* Lets go of what libcurl has of it. */
void transfer_release(struct transfer *transfer);

/* One setting of `transfer`; `ok` remembers a refusal, so that a list is checked once. */
#define SET(option, value) \
	(ok &= curl_easy_setopt(transfer->easy, CURLOPT_##option, (value)) == CURLE_OK)

/* False when libcurl refuses one of the settings: all of them, or those of one request. */
bool transfer_set_up(struct transfer *transfer);
bool transfer_set_request(struct transfer *transfer);
/* What holds for any protocol: who is believed, how long is waited, where it may go. */
bool transfer_set_guards(struct transfer *transfer, const char *protocols);
/* The texts live as long as ctx and the transfer. */
void transfer_fill_reply(
	const void *ctx, struct transfer *transfer, struct transfer_reply *reply);

/* ---- rest (transfer_rest.c) ---- */

/* Whether the transfer, which has ended, may carry another request. */
bool transfer_may_rest(const struct transfer *transfer);
void transfer_rest(struct transfer *transfer);
/* One that is set up for requests like this one; NULL when none rests. */
struct transfer *transfer_rouse(
	struct transfers *transfers, const struct transfer_request *request);
void transfers_end_rest(struct transfers *transfers);

/* ---- sockets (transfer_wire.c) ---- */

/* libcurl's callbacks. */
curl_socket_t wire_open(struct transfers *transfers, const struct curl_sockaddr *to);
int wire_close(void *transfers, curl_socket_t fd);
int wire_watch(CURL *easy, curl_socket_t fd, int what, void *transfers, void *unused);
/* What the loop calls: has libcurl look at the socket, and tells what came of it. */
void transfers_act(struct transfers *transfers, curl_socket_t fd, int bits);

#endif
