/*
 * What the files of the HTTP server share.  A connection has one request under way at a
 * time; what a client sends meanwhile waits in its buffer and then in its socket.  All of it
 * runs on the loop.
 */
#ifndef ONECLICK_SERVICE_HTTP_HTTP_H
#define ONECLICK_SERVICE_HTTP_HTTP_H

#include <stdbool.h>
#include <stdint.h>

#include "../crowd.h"
#include "../link.h"
#include "chunk.h"
#include "head.h"
#include "oneclick/base/loop.h"
#include "oneclick/net/networks.h"
#include "oneclick/service/accept.h"
#include "oneclick/service/server.h"

enum {
	CONNECTIONS_MAX = 1000,

	/* ms for a peer: */
	SHAKE_PATIENCE = 10 * 1000, /* to shake hands */
	IDLE_PATIENCE = 30 * 1000,  /* between requests */
	HEAD_PATIENCE = 10 * 1000,  /* from a head's first byte to its last */
	BODY_PATIENCE =
		10 * 1000, /* for a body, and a second for each 8 KiB of it, up to */
	WHOLE_PATIENCE = REQUEST_SECONDS_MAX * 1000, /* for the whole request */
	REPLY_PATIENCE = 30 * 1000, /* to take a reply, and a second for each 4 KiB */
	GOODBYE = 2 * 1000,         /* to read why, and go */
};

enum http_stage {
	HTTP_SHAKING, /* hands, for TLS */
	HTTP_HEAD,    /* first line and headers are awaited, or coming */
	HTTP_BODY,    /* it passed the gate; its body is coming */
	HTTP_HELD,    /* handed over; whoever has it has not answered */
	HTTP_REPLY,   /* answered; the reply is on its way */
	HTTP_STREAM,  /* answered with a stream */
	HTTP_LEAVING, /* all is said; the peer is waited for */
};

struct http_stream {
	stream_more_fn more;
	stream_gone_fn gone;
	void *arg;
	struct buf piece; /* what `more` gave last */
	bool ended;       /* `more` will not be asked again */
};

/* A request and its reply. */
struct http {
	struct exchange exchange;
	struct connection *connection;
	int64_t whole_at; /* microseconds; 0: the request is not all here */
	bool is_old;      /* HTTP/1.0 */
	bool chunked;     /* its body comes in chunks */
	size_t length;    /* its body's, otherwise */
	struct http_stream stream;
};

struct connection {
	struct server *server;
	struct link link;
	struct guest guest;
	char peer[ACCEPT_NAME_SIZE]; /* "127.0.0.1" or "local" */
	bool local;                  /* see struct request */
	bool is_proxy;               /* a trusted one: it says who asks */
	enum http_stage stage;
	bool broken;   /* nothing can be read or written any more */
	bool closes;   /* it ends with the reply under way */
	bool looked;   /* at the first byte of its handshake */
	bool handing;  /* the server's callback is being called */
	bool is_due;   /* is in the server's list of those to go on */
	bool skipped;  /* the empty line that may stand before a head */
	int64_t began; /* ticks: when this request's first byte came, or the last ended */
	int64_t due;   /* ticks: when its patience ends; INT64_MAX: never */
	size_t seen;   /* bytes of a head that were looked at */
	struct chunks chunks;
	struct http *http;                      /* the request under way, or NULL */
	struct connection *prev, *next;         /* all of the server's */
	struct connection *due_prev, *due_next; /* those to go on */
};

struct server {
	struct loop *loop;
	bool secure; /* TLS */
	int fd;
	struct acceptor *acceptor; /* NULL: it takes no more */
	struct crowd *crowd;
	struct connection *connections, *to_go_on;
	struct loop_timer *soon;        /* for those to go on */
	struct loop_timer *tick;        /* runs while there are connections */
	const struct networks *proxies; /* trusted; NULL: none */
	enum proxy_header proxy_header; /* that they set */
	server_fn fn;
	server_seen_fn seen; /* NULL: nobody watches */
	void *arg;
	char *address;
	char *socket_path; /* NULL over TCP */
	bool closing;      /* nothing new is taken; streams end */
};

/* connection.c */
void connection_open(struct server *server, int fd, const struct sockaddr_storage *from);
void connection_end(struct connection *c); /* at once, without a word */
/* Does all that can be done now; the connection may be gone after it. */
void connection_go_on(struct connection *c);
void connection_go_on_soon(struct connection *c);
void connection_tick(struct connection *c, int64_t now);
void connection_wait(struct connection *c, int64_t ms); /* from now, for its peer */
struct connection *connection_of(struct guest *guest);

/* request.c: each does a step and is true when there may be another. */
bool request_take_head(struct connection *c);
bool request_take_body(struct connection *c);
/* Answers the request under way, or what came of one, and then closes. */
void request_refuse(struct connection *c, enum problem problem, const char *sentence);
void request_end(struct connection *c);

/* reply.c */
void reply_begin(struct http *http);
bool reply_go_on(struct connection *c);
bool stream_go_on(struct connection *c);

/* forwarded.c: who asks, as a trusted proxy says. */
void forwarded_read(struct http *http);

#endif
