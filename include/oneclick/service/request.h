/*
 * A request that has passed the gate, and the reply to it.  An exchange is the pair, alive
 * from the request's first byte until the reply's last; everything in it is allocated on it.
 */
#ifndef ONECLICK_SERVICE_REQUEST_H
#define ONECLICK_SERVICE_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "oneclick/api/problem.h"
#include "oneclick/api/sign.h"
#include "oneclick/base/buf.h"
#include "oneclick/base/digest.h"
#include "oneclick/base/fault.h"

enum {
	REQUEST_TARGET_MAX = 8 * 1024, /* bytes of path and query */
	REQUEST_HEADERS_MAX = 64,      /* lines */
	REQUEST_HEAD_MAX = 16 * 1024,  /* bytes of all header lines */
	REQUEST_BODY_MAX = 256 * 1024, /* bytes */
	REQUEST_SECONDS_MAX = 30,      /* for a whole request to arrive */
};

struct request {
	const char *method;
	const char *target;         /* raw, as it came */
	const char *path;           /* raw, before the '?' */
	const char *prefix;         /* "/click" before it, at a trusted proxy; NULL: none */
	const char *query;          /* raw, after it; NULL when there is none */
	struct sign_header *header; /* in the order they came */
	size_t header_count;
	struct buf body;
	/* "127.0.0.1", or "local" over the Unix socket; whom a trusted proxy names */
	const char *peer;
	bool local;          /* Unix socket, peer runs as our own user */
	bool secure;         /* it came over TLS, to us or to the trusted proxy */
	int64_t at;          /* the moment it was complete; the one clock reading */
	char id[UUID_SIZE];  /* x-amzn-RequestId */
	const char *signing; /* the service its signature must be for; NULL: iot1click */
};

/* The one value of a header (name in any case), or NULL. */
const char *request_header(const struct request *request, const char *name);

struct principal;

struct reply {
	int status;
	struct buf body;     /* JSON unless `type` says otherwise */
	const char *type;    /* Content-Type; NULL: application/json */
	const char *problem; /* x-amzn-ErrorType; NULL on success */
	/* What the audit record says of a refusal; NULL on success. */
	const char *error, *sentence;
};

void reply_problem(struct reply *reply, enum problem problem, const char *sentence);
/* Of a refusal that is worded in another way: the name it was given. Keeps a copy of the
 * sentence. */
void reply_note(struct reply *reply, const char *error, const char *sentence);

struct exchange {
	struct request request;
	struct reply reply;
	bool proved; /* its sender has shown a signature or token that is right */
	const char *taken_by; /* operation or path, for the metrics; NULL: by none */
	/* For the audit trail, see trail.h. */
	const struct principal *who; /* lives as long as http; NULL: nobody known */
	bool is_write;               /* it asks for a change */
	bool recorded;               /* it has, or will have, a record of its own */
	bool repeated;               /* answered as the same bytes were before */
	struct server *server;
	struct http *http; /* the server's own part */
};

/* Sends exchange->reply and ends the exchange, which must not be touched afterwards. On
 * the loop only; within the server's callback or any time later. */
void exchange_send(struct exchange *exchange);

/* Turns the exchange into a stream of text/event-stream: whenever the peer can take more,
 * `more` is asked to append to out; when it appends nothing the stream sleeps until
 * exchange_stream_wake. `more` returning false ends it; `gone` is called once, at the end,
 * however it came. */
typedef bool (*stream_more_fn)(void *arg, struct buf *out);
typedef void (*stream_gone_fn)(void *arg);
void exchange_stream(
	struct exchange *exchange, stream_more_fn more, stream_gone_fn gone, void *arg);
void exchange_stream_wake(struct exchange *exchange);

#endif
