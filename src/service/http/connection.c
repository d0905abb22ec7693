/*
 * A connection, from its handshake to its end.  Whatever happens to it, it goes on by steps
 * until there is nothing to do before more bytes come or go, an answer comes, or a peer's
 * patience with us, or ours with it, is over.
 */
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utlist.h>

#include "http.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"

enum {
	ROOM_IN = HEAD_MAX + LINK_PIECE,
	STEPS = 4, /* that one takes before it is the others' turn */
};

struct connection *
connection_of(struct guest *guest)
{
	return (struct connection *)((char *)guest - offsetof(struct connection, guest));
}

/* ---- its end ---- */

void
connection_end(struct connection *c)
{
	struct server *server = c->server;

	if (c->http)
		request_end(c);
	if (c->is_due)
		DL_DELETE2(server->to_go_on, c, due_prev, due_next);
	DL_DELETE(server->connections, c);
	crowd_leave(server->crowd, &c->guest);
	link_close(&c->link);
	mem_free(c);
}

static void
leave(struct connection *c)
{
	link_shut(&c->link);
	c->stage = HTTP_LEAVING;
	connection_wait(c, GOODBYE);
	guest_wait(&c->guest);
}

/* ---- going on ---- */

void
connection_wait(struct connection *c, int64_t ms)
{
	c->due = moment_ticks() + ms;
}

/* The request under way has been answered. */
static void
finish(struct connection *c)
{
	request_end(c);
	if (c->closes || c->server->closing) {
		leave(c);
		return;
	}
	c->stage = HTTP_HEAD;
	c->began = moment_ticks();
	connection_wait(c, c->link.in.len > 0 ? HEAD_PATIENCE : IDLE_PATIENCE);
	guest_wait(&c->guest);
	if (c->link.in.len == 0)
		link_rest(&c->link);
}

/* True when there may be another step. */
static bool
step(struct connection *c)
{
	switch (c->stage) {
	case HTTP_HEAD:
		return request_take_head(c);
	case HTTP_BODY:
		return request_take_body(c);
	case HTTP_REPLY:
		if (!reply_go_on(c))
			return false;
		finish(c);
		return true;
	case HTTP_STREAM:
		if (!stream_go_on(c))
			return false;
		finish(c);
		return true;
	case HTTP_SHAKING:
	case HTTP_HELD:
	case HTTP_LEAVING:
		break;
	}
	return false;
}

/* The peer has said its last, and there is nothing left to say to it. */
static bool
is_over(const struct connection *c)
{
	if (c->broken)
		return c->stage != HTTP_HELD;
	if (!c->link.ended)
		return false;
	return c->stage == HTTP_HEAD || c->stage == HTTP_BODY ||
	       c->stage == HTTP_STREAM ||
	       (c->stage == HTTP_LEAVING && link_left(&c->link) == 0);
}

static int
find_wanted(const struct connection *c)
{
	const struct link *link = &c->link;
	bool reads = !link->ended && link->in.len + LINK_PIECE <= ROOM_IN;

	if (link->shaking)
		return link->shake_writes ? LOOP_WRITE : LOOP_READ;
	if (c->broken)
		return 0;
	return (reads ? LOOP_READ : 0) | (link_left(link) > 0 ? LOOP_WRITE : 0);
}

/* Whoever sends hundreds of requests at once waits for everybody else between them. */
void
connection_go_on(struct connection *c)
{
	int left = STEPS;

	while (!c->broken && left > 0 && step(c))
		left--;
	if (left == 0 && !c->broken)
		connection_go_on_soon(c);
	else if (is_over(c))
		connection_end(c);
	else
		loop_watch_set(c->link.watch, find_wanted(c));
}

void
connection_go_on_soon(struct connection *c)
{
	struct server *server = c->server;

	if (c->is_due)
		return;
	if (!server->to_go_on)
		loop_timer_set(server->soon, 0, 0);
	c->is_due = true;
	DL_APPEND2(server->to_go_on, c, due_prev, due_next);
}

/* ---- what comes ---- */

/* Who speaks HTTP where TLS is spoken is told so in HTTP. */
static void
refuse_clear(struct connection *c)
{
	c->link.shaking = false;
	tls_free(c->link.tls);
	c->link.tls = NULL;
	request_refuse(c, PROBLEM_INVALID_REQUEST,
		"This port speaks TLS, and the request came without; ask with https://.");
}

static void
shake(struct connection *c)
{
	struct fault why;

	if (!c->looked && link_speaks_clear(&c->link)) {
		refuse_clear(c);
		return;
	}
	c->looked = true;
	c->broken = !link_shake(&c->link, &why);
	if (c->link.shaking)
		return;
	c->stage = HTTP_HEAD;
	c->began = moment_ticks();
	connection_wait(c, IDLE_PATIENCE);
}

static void
fill(struct connection *c)
{
	bool idle = c->stage == HTTP_HEAD && c->link.in.len == 0;

	if (c->stage == HTTP_LEAVING)
		buf_clear(&c->link.in);
	c->broken = !link_fill(&c->link);
	if (idle) {
		c->began = moment_ticks();
		connection_wait(c, HEAD_PATIENCE);
	}
}

static void
on_ready(void *arg, int fd, int ready)
{
	struct connection *c = arg;

	(void)fd;
	if (c->link.shaking)
		shake(c);
	else if (ready & LOOP_READ && find_wanted(c) & LOOP_READ)
		fill(c);
	connection_go_on(c);
}

/* ---- its patience ---- */

/* A request that began is told what was missing; one who was only idle is not. */
void
connection_tick(struct connection *c, int64_t now)
{
	bool began =
		c->stage == HTTP_BODY || (c->stage == HTTP_HEAD && c->link.in.len > 0);

	if (now < c->due)
		return;
	if (!began) {
		connection_end(c);
		return;
	}
	request_refuse(c, PROBLEM_TIMEOUT,
		"The request did not arrive in time; a head has 10 seconds, a body 10 "
		"and "
		"one more for each 8 KiB of it.");
	connection_go_on(c);
}

/* ---- its start ---- */

static bool
is_our_user(int fd)
{
	struct ucred cred;
	socklen_t size = sizeof cred;

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &size) == 0 &&
	       cred.uid == geteuid();
}

static struct connection *
new_connection(struct server *server, const struct sockaddr_storage *from)
{
	struct connection *c = mem_new(server, struct connection);

	c->server = server;
	c->local = server->socket_path != NULL;
	c->is_proxy = !c->local &&
		      networks_have(server->proxies, (const struct sockaddr *)from);
	if (c->local)
		strcpy(c->peer, "local");
	else
		accept_name(from, c->peer);
	return c;
}

void
connection_open(struct server *server, int fd, const struct sockaddr_storage *from)
{
	struct connection *c;

	if (server->socket_path && !is_our_user(fd)) {
		close(fd);
		return;
	}
	c = new_connection(server, from);
	if (!crowd_enter(server->crowd, &c->guest, from, c->local || c->is_proxy)) {
		close(fd);
		mem_free(c);
		return;
	}
	if (!link_open(&c->link, c, fd, server->secure, ROOM_IN, BUF_NO_CAP)) {
		crowd_leave(server->crowd, &c->guest);
		link_close(&c->link);
		mem_free(c);
		return;
	}
	c->stage = server->secure ? HTTP_SHAKING : HTTP_HEAD;
	connection_wait(c, server->secure ? SHAKE_PATIENCE : IDLE_PATIENCE);
	DL_APPEND(server->connections, c);
	if (!link_watch(&c->link, server->loop, on_ready, c))
		connection_end(c);
}
