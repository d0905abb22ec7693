/*
 * The HTTP server: libmicrohttpd on our loop, behind the gate (service/gate.h). Hands over
 * whole requests only; a slow or odd peer costs its own connection and nothing else.
 */
#ifndef ONECLICK_SERVICE_SERVER_H
#define ONECLICK_SERVICE_SERVER_H

#include "oneclick/base/fault.h"
#include "oneclick/base/loop.h"
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
/* "http://127.0.0.1:8080" or "unix:PATH", with the port it really has. */
const char *server_address(const struct server *server);
void server_close(struct server *server);

#endif
