/*
 * Transfers: HTTP requests on the loop, over TCP or a Unix socket, and the only door to
 * libcurl. Built for a hostile other side: TLS 1.2 on and always verified, https unless
 * the origin is our own machine, no redirects, cookies or compression, no proxy but one
 * that is asked for, and a cap on every size and every wait.
 *
 * Callbacks come from the loop, never from inside libcurl, so that they may start, cancel
 * and free whatever they like.
 */
#ifndef ONECLICK_NET_TRANSFER_H
#define ONECLICK_NET_TRANSFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "oneclick/base/fault.h"
#include "oneclick/base/loop.h"
#include "oneclick/net/reach.h"

enum {
	TRANSFER_BODY_MAX =
		8 * 1024 * 1024,       /* bytes of a reply, or of a stream's one turn */
	TRANSFER_HEAD_MAX = 64 * 1024, /* bytes of all reply headers */
	TRANSFER_CONNECT_MS = 5 * 1000,
	TRANSFER_STALL_S = 10,         /* of less than TRANSFER_LEAST bytes a second */
	TRANSFER_LEAST = 64,
	TRANSFER_TOTAL_MS = 30 * 1000, /* of anything but a stream */
};

struct transfer_origin_options {
	const char *ca_file; /* the only authorities believed; NULL: the system's */
	bool plain;          /* http:// beyond loopback is meant */
};

struct transfer_origin {
	const char *endpoint; /* as it was given */
	const char *base;     /* "https://host:8443" */
	const char *host;     /* what the Host header says */
	const char *path;     /* "/click" before each target, or "" */
	const char *socket;   /* path of a Unix socket; NULL: TCP */
	const char *ca_file;  /* NULL: the system's */
	const char *proxy;    /* URL of an HTTP proxy, set by whoever wants one; NULL: none */
};

/* Reads "https://HOST[:PORT][/PATH]", "http://…" or "unix:/PATH"; ERR_INVALID says what is
 * wrong with it, ERR_FORBIDDEN that http:// beyond loopback needs to be asked for. */
enum err transfer_origin_read(const void *ctx, const char *endpoint,
	const struct transfer_origin_options *options, struct transfer_origin *out,
	struct fault *why);

/* Whether the URL's host is this machine, as its spelling says. */
bool transfer_is_loopback(const void *ctx, const char *url);

struct transfers; /* the connections to all origins, kept for the next request */
struct transfer;  /* one request under way */

struct transfers *transfers_new(const void *ctx, struct loop *loop);
/* Before the first request: no limit of connections to one host, beyond which requests wait
 * for one another; whoever asks limits what is under way. */
void transfers_lift_limit(struct transfers *transfers);
void transfers_free(struct transfers *transfers); /* drops what is under way, unheard */

struct transfer_reply {
	enum err code; /* ERR_NONE when an answer came, whatever its status; ERR_LINK when
			* none came or not all of it; ERR_FORBIDDEN: out of reach */
	int status;    /* HTTP's; 0: the answer did not get that far */
	struct fault why; /* the sentence of a code */
	bool too_long;    /* ERR_LINK for no other reason than body_max */
	const char *body; /* NUL-terminated; "" of a stream that answered 200 */
	size_t len;
	const char *request_id, *error_type, *content_type; /* headers; NULL: none */
	const char *location;       /* where a redirect, never followed, leads */
	const char *function_error; /* X-Amz-Function-Error of Lambda's Invoke */
	int64_t retry_after;        /* ms; -1 when not said */
	int64_t took;               /* ms from start to end */
};

/* All borrowed until the callback returns. */
typedef void (*transfer_done_fn)(void *arg, const struct transfer_reply *reply);
/* First, with n 0, when a stream has opened: its status is 200. */
typedef void (*transfer_data_fn)(void *arg, const char *bytes, size_t n);

struct transfer_request {
	const struct transfer_origin *origin;
	const char *method;
	const char *target;         /* raw path and query, sent as it is */
	const char *const *headers; /* "Name: value" */
	size_t header_count;
	const char *body; /* NULL: none, and no Content-Type */
	transfer_done_fn done;
	transfer_data_fn data;     /* not NULL: a stream; it has no end in time, whoever
				* asks watches it, and its bytes come here once its
				* status is 200 */
	int64_t total;             /* ms for all of it, silent or not; 0:
				* TRANSFER_TOTAL_MS, and TRANSFER_STALL_S */
	size_t body_max;           /* bytes of the reply; 0: TRANSFER_BODY_MAX */
	const struct reach *reach; /* where it may go; NULL: anywhere. Outlives it */
	void *arg;
};

/* `done` is called exactly once, later, unless it is cancelled. */
struct transfer *transfer_start(
	struct transfers *transfers, const struct transfer_request *request);
void transfer_cancel(struct transfer *transfer);

#endif
