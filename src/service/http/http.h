/*
 * What the files of the HTTP server share: connections (peers), requests in the making, and
 * the replies that leave.  All of it runs on the loop.
 */
#ifndef ONECLICK_SERVICE_HTTP_HTTP_H
#define ONECLICK_SERVICE_HTTP_HTTP_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "oneclick/base/loop.h"
#include "oneclick/service/server.h"

enum { PEER_NAME_SIZE = 46 }; /* an IPv6 address and a NUL */

/* One connection.  It is `waited_for` while we wait for it to send or to take, and is cut
 * off when that passes its due time. */
struct peer {
	struct server *server;
	int fd;
	bool local; /* see struct request */
	bool waited_for;
	int64_t due;               /* ticks */
	char name[PEER_NAME_SIZE]; /* "127.0.0.1" or "local" */
	struct peer *prev, *next;  /* of those waited for, the first due first */
};

enum http_stage {
	HTTP_HEAD,   /* first line and headers are coming */
	HTTP_BODY,   /* it passed the gate; its body is coming */
	HTTP_HELD,   /* handed over; whoever has it has not answered */
	HTTP_READY,  /* answered; the reply is to be queued */
	HTTP_STREAM, /* answered with a stream, to be queued or flowing */
	HTTP_SENT,   /* the reply is with libmicrohttpd */
};

struct http_stream {
	stream_more_fn more;
	stream_gone_fn gone;
	void *arg;
	struct buf pending; /* what `more` gave */
	size_t taken;       /* of it, already sent */
	bool ended;         /* more will not be asked again */
};

struct http {
	struct exchange exchange;
	struct MHD_Connection *connection;
	struct peer *peer;
	enum http_stage stage;
	int64_t whole_at; /* microseconds; 0: its request is not all here */
	bool suspended;
	bool close; /* the connection ends with this reply */
	struct http_stream stream;
	struct http *prev, *next; /* of the suspended ones */
};

enum {
	CONNECTIONS_MAX = 1000,
	CONNECTIONS_PER_ADDRESS = 250, /* when strangers can connect */
};

struct server {
	struct loop *loop;
	struct tunnels *tunnels; /* NULL: no TLS */
	struct MHD_Daemon *daemon;
	struct loop_watch *watch;
	struct loop_timer *run_timer;  /* when libmicrohttpd wants to run again */
	int64_t run_due;               /* ticks; INT64_MAX: not set */
	struct loop_timer *peer_timer; /* when the first peer is due */
	struct peer *peers;
	struct http *suspended;
	server_fn fn;
	server_seen_fn seen; /* NULL: nobody watches */
	void *arg;
	char *address;
	char *socket_path; /* NULL over TCP */
	bool closing;      /* streams end */
};

/* peer.c: libmicrohttpd's notice of connections, and their deadlines. */
void peer_notice(void *server, struct MHD_Connection *connection, void **context,
	enum MHD_ConnectionNotificationCode code);
struct peer *peer_of(struct MHD_Connection *connection);
void peer_wait(struct peer *peer);  /* REQUEST_SECONDS_MAX from now */
void peer_relax(struct peer *peer); /* it is we who are busy */
void peer_check_due(void *server);

/* request.c: libmicrohttpd's callbacks in the life of one request, in their order. */
void *request_begin(void *server, const char *target, struct MHD_Connection *connection);
enum MHD_Result request_part(void *server, struct MHD_Connection *connection,
	const char *url, const char *method, const char *version, const char *bytes,
	size_t *count, void **http);
void request_end(void *server, struct MHD_Connection *connection, void **http,
	enum MHD_RequestTerminationCode code);

/* tunnel.c: takes connections off the listening socket, which becomes its own, and hands
 * the server's libmicrohttpd what is in them; max_per_address 0: any number. */
struct tunnels *tunnels_open(struct server *server, int fd, unsigned max_per_address);
void tunnels_close(struct tunnels *tunnels);

/* server.c: libmicrohttpd does not wake the loop for a connection that was resumed. */
void server_run_soon(struct server *server);

/* reply.c: queues http's reply or stream; MHD_NO if it cannot. */
enum MHD_Result reply_queue(struct http *http);
void http_suspend(struct http *http);
void http_resume(struct http *http);

#endif
