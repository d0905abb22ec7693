/*
 * The HTTP server: HTTP/1.1 and 1.0, in TLS or in the clear, on the loop, behind the gate
 * (service/gate.h).  Hands over whole requests only; a slow or odd peer costs its own
 * connection and nothing else, and no number of connections shuts out a client from
 * another address.
 */
#ifndef ONECLICK_SERVICE_SERVER_H
#define ONECLICK_SERVICE_SERVER_H

#include "oneclick/base/fault.h"
#include "oneclick/base/loop.h"
#include "oneclick/net/networks.h"
#include "oneclick/service/request.h"

struct server;
typedef void (*server_fn)(void *arg, struct exchange *exchange);

/* `listen` is "ADDRESS:PORT" (port 0: any free one) or "unix:PATH" (mode 0600; only peers
 * of our own user are let in). */
enum err server_open(struct loop *loop, const char *listen, server_fn fn, void *arg,
	struct server **out, struct fault *why);
/* Has each reply told of as it leaves, whoever made it, with how long ago its request was
 * whole; to server_open's arg. */
typedef void (*server_seen_fn)(
	void *arg, const struct exchange *exchange, int status, int64_t micros);
void server_watch(struct server *server, server_seen_fn fn);
/* The header in which trusted proxies say for whom they ask. */
enum proxy_header {
	PROXY_X_FORWARDED_FOR,
	PROXY_FORWARDED, /* RFC 7239 */
};

/* Who asks through one of these proxies is the one it names in that header, and no other
 * header is believed. `proxies` (NULL: none) is borrowed until it is set anew. */
void server_trust(
	struct server *server, const struct networks *proxies, enum proxy_header header);
/* "http://127.0.0.1:8080" or "unix:PATH", with the port it really has. */
const char *server_address(const struct server *server);
/* The first step of the end: takes nothing new, ends streams and who waits; what was handed
 * over may still be answered. */
void server_stop(struct server *server);
/* The second, and both if need be: sends what is still to be sent, for half a second at
 * most, and closes. */
void server_close(struct server *server);

#endif
