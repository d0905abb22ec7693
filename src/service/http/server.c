/* The HTTP server: its sockets, its opening and its two steps of closing. */
#include "oneclick/service/server.h"

#include <poll.h>
#include <unistd.h>
#include <utlist.h>

#include "http.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/net/tls.h"
#include "oneclick/service/listen.h"

enum {
	TICK = 1000,      /* ms */
	LAST_WORDS = 500, /* ms for what is still to be sent at the end */
};

/* ---- turning ---- */

static void
let_in(void *arg, int fd, const struct sockaddr_storage *from)
{
	struct server *server = arg;

	if (!server->connections)
		loop_timer_set(server->tick, TICK, TICK);
	connection_open(server, fd, from);
}

/* Those that ask for another turn meanwhile have it in the next. */
static void
go_on(void *arg)
{
	struct server *server = arg;
	struct connection *c;
	int count;

	DL_COUNT2(server->to_go_on, c, count, due_next);
	while (count-- > 0 && server->to_go_on) {
		c = server->to_go_on;
		DL_DELETE2(server->to_go_on, c, due_prev, due_next);
		c->is_due = false;
		connection_go_on(c);
	}
	if (server->to_go_on)
		loop_timer_set(server->soon, 0, 0);
}

static void
on_tick(void *arg)
{
	struct server *server = arg;
	int64_t now = moment_ticks();
	struct connection *at, *next;

	DL_FOREACH_SAFE (server->connections, at, next)
		connection_tick(at, now);
	if (!server->connections)
		loop_timer_clear(server->tick);
}

/* ---- opening ---- */

static void
end_guest(struct guest *guest)
{
	connection_end(connection_of(guest));
}

static void
start(struct server *server, struct loop *loop)
{
	server->loop = loop;
	server->secure = tls_is_open() && !server->socket_path;
	server->crowd = crowd_new(server, CONNECTIONS_MAX, end_guest);
	server->soon = loop_timer_new(loop, go_on, server);
	server->tick = loop_timer_new(loop, on_tick, server);
	server->acceptor =
		acceptor_open(loop, server->fd, REPLY_PATIENCE, let_in, server);
}

enum err
server_open(struct loop *loop, const char *listen, server_fn fn, void *arg,
	struct server **out, struct fault *why)
{
	struct server *server = mem_new(NULL, struct server);
	const struct listen_ask ask = {
		.where = listen,
		.scheme = tls_is_open() ? "https" : "http",
		.option = "--listen",
	};
	enum err err = listen_on(
		server, &ask, &server->fd, &server->address, &server->socket_path, why);

	if (err) {
		mem_free(server);
		return err;
	}
	server->fn = fn;
	server->arg = arg;
	start(server, loop);
	*out = server;
	return ERR_NONE;
}

void
server_trust(
	struct server *server, const struct networks *proxies, enum proxy_header header)
{
	server->proxies = proxies;
	server->proxy_header = header;
}

void
server_watch(struct server *server, server_seen_fn fn)
{
	server->seen = fn;
}

const char *
server_address(const struct server *server)
{
	return server->address;
}

/* ---- closing ---- */

/* What is being answered is, and nothing new begins. */
void
server_stop(struct server *server)
{
	struct connection *at, *next;

	if (server->closing)
		return;
	server->closing = true;
	acceptor_close(server->acceptor);
	server->acceptor = NULL;
	DL_FOREACH_SAFE (server->connections, at, next)
		if (at->stage == HTTP_STREAM)
			connection_go_on(at);
		else if (at->stage != HTTP_HELD && at->stage != HTTP_REPLY)
			connection_end(at);
}

/* Writes what is left as far as its peer takes it in time. */
static void
say_last(struct connection *c, int64_t until)
{
	while (!c->broken && (c->stage == HTTP_REPLY || c->stage == HTTP_STREAM)) {
		struct pollfd writable = { .fd = c->link.fd, .events = POLLOUT };
		int64_t left = until - moment_ticks();

		c->broken = left < 0 || poll(&writable, 1, (int)left) <= 0 ||
			    !link_flush(&c->link);
		if (link_left(&c->link) == 0)
			break;
	}
	link_shut(&c->link);
}

void
server_close(struct server *server)
{
	int64_t until = moment_ticks() + LAST_WORDS;

	server_stop(server);
	while (server->connections) {
		say_last(server->connections, until);
		connection_end(server->connections);
	}
	if (server->socket_path)
		unlink(server->socket_path);
	loop_timer_stop(server->soon);
	loop_timer_stop(server->tick);
	crowd_free(server->crowd);
	mem_free(server);
}
