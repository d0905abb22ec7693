/*
 * TLS in front of libmicrohttpd, which is handed one end of a socket pair for each
 * connection whose handshake is done.  Its own TLS, over epoll, turns without end while a
 * handshake waits for its peer, and serves nobody else meanwhile (seen with 0.9.75).
 */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utlist.h>

#include "http.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/net/tls.h"
#include "oneclick/service/accept.h"

enum {
	PIECE = 16 * 1024, /* all of a TLS record */
	PATIENCE = REQUEST_SECONDS_MAX * 1000,
	SHAKING_MAX = 10 * 1000, /* ms */
	GOODBYE = 2 * 1000,      /* ms for a peer to read the end, and go */
	TICK = 1000,             /* ms */
	LAST_PIECES = 64,        /* of a connection, sent on when the server closes */
};

enum tunnel_state {
	TUNNEL_SHAKING, /* hands with the peer */
	TUNNEL_OPEN,
	TUNNEL_LEAVING, /* all is sent; the peer is waited for */
};

struct tunnel {
	struct tunnels *owner;
	enum tunnel_state state;
	struct tls *tls;
	int outer, inner; /* the peer's and libmicrohttpd's; -1: not yet */
	struct loop_watch *outer_watch, *inner_watch;
	bool shake_writes;
	bool peer_ended, inner_ended; /* they will send no more */
	struct buf in, out;           /* on its way to libmicrohttpd, and from it */
	int64_t due;                  /* ticks */
	struct sockaddr_storage from;
	struct tunnel *prev, *next;
};

struct tunnels {
	struct server *server;
	struct acceptor *acceptor;
	struct loop_timer *tick; /* runs while there are some */
	struct tunnel *list;
	unsigned count, max_per_address;
};

static void
close_tunnel(struct tunnel *t)
{
	struct tunnels *owner = t->owner;

	DL_DELETE(owner->list, t);
	owner->count--;
	loop_watch_stop(t->outer_watch);
	loop_watch_stop(t->inner_watch);
	tls_free(t->tls);
	close(t->outer);
	if (t->inner >= 0)
		close(t->inner);
	mem_free(t);
}

/* ---- carrying ---- */

static bool
is_transient(int reason)
{
	return reason == EAGAIN || reason == EWOULDBLOCK || reason == EINTR;
}

/* From the peer to libmicrohttpd; false when the connection is broken. */
static bool
carry_in(struct tunnel *t)
{
	char piece[PIECE];
	ssize_t n;

	if (t->in.len == 0) {
		n = tls_recv(t->tls, piece, sizeof piece);
		if (n < 0)
			return is_transient(errno);
		if (n == 0) {
			t->peer_ended = true;
			shutdown(t->inner, SHUT_WR);
			return true;
		}
		buf_add(&t->in, piece, (size_t)n);
	}
	n = send(t->inner, t->in.data, t->in.len, MSG_NOSIGNAL);
	if (n > 0)
		buf_drop(&t->in, (size_t)n);
	else if (n < 0 && !is_transient(errno))
		buf_clear(&t->in); /* it has closed, and its last words are to be read */
	return true;
}

/* From libmicrohttpd to the peer. */
static bool
carry_out(struct tunnel *t)
{
	char piece[PIECE];
	ssize_t n;

	if (t->out.len == 0) {
		n = recv(t->inner, piece, sizeof piece, 0);
		if (n < 0 && is_transient(errno))
			return true;
		t->inner_ended = n <= 0;
		buf_add(&t->out, piece, n > 0 ? (size_t)n : 0);
	}
	if (t->out.len == 0)
		return true;
	n = tls_send(t->tls, t->out.data, t->out.len);
	if (n > 0)
		buf_drop(&t->out, (size_t)n);
	return n > 0 || is_transient(errno);
}

/* Closed at once, what the peer has not read yet would be lost with what it still sends. */
static void
leave(struct tunnel *t)
{
	t->state = TUNNEL_LEAVING;
	t->due = moment_ticks() + GOODBYE;
	tls_bye(t->tls);
	shutdown(t->outer, SHUT_WR);
}

static bool
discard(struct tunnel *t)
{
	char piece[PIECE];
	ssize_t n = recv(t->outer, piece, sizeof piece, 0);

	return n > 0 || (n < 0 && is_transient(errno));
}

static void
set_watches(struct tunnel *t)
{
	bool open = t->state == TUNNEL_OPEN, leaving = t->state == TUNNEL_LEAVING;
	bool takes = open && t->in.len == 0 && !t->peer_ended;

	loop_watch_set(t->outer_watch, (takes || leaving ? LOOP_READ : 0) |
					       (open && t->out.len > 0 ? LOOP_WRITE : 0));
	loop_watch_set(t->inner_watch,
		(open && t->out.len == 0 && !t->inner_ended ? LOOP_READ : 0) |
			(open && t->in.len > 0 ? LOOP_WRITE : 0));
}

/* libmicrohttpd sees only what leaves for here: who takes too long for a piece is for us
 * to see. */
static void
set_due(struct tunnel *t)
{
	if (t->out.len == 0)
		t->due = INT64_MAX;
	else if (t->due == INT64_MAX)
		t->due = moment_ticks() + PATIENCE;
}

/* After any carrying: goes on with what is left, or ends. */
static void
look(struct tunnel *t, bool sound)
{
	if (t->state == TUNNEL_OPEN)
		set_due(t);
	if (sound && t->state == TUNNEL_OPEN && t->inner_ended && t->out.len == 0) {
		leave(t);
		sound = !t->peer_ended;
	}
	if (sound)
		set_watches(t);
	else
		close_tunnel(t);
}

static void
on_inner(void *arg, int fd, int ready)
{
	struct tunnel *t = arg;
	bool sound = true;

	(void)fd;
	if (ready & LOOP_WRITE && t->in.len > 0)
		sound = carry_in(t);
	if (sound && ready & LOOP_READ && t->out.len == 0)
		sound = carry_out(t);
	look(t, sound);
}

/* ---- shaking hands ---- */

static socklen_t
find_size(const struct sockaddr_storage *from)
{
	return from->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6)
					   : sizeof(struct sockaddr_in);
}

/* libmicrohttpd closes its end itself, even when it does not want it. */
static bool
open_inside(struct tunnel *t)
{
	struct server *server = t->owner->server;
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair) != 0)
		return false;
	t->inner = pair[0];
	t->inner_watch = loop_watch_new(server->loop, t->inner, LOOP_READ, on_inner, t);
	t->state = TUNNEL_OPEN;
	t->due = INT64_MAX;
	MHD_add_connection(server->daemon, pair[1], (const struct sockaddr *)&t->from,
		find_size(&t->from));
	server_run_soon(server);
	return t->inner_watch != NULL;
}

static void
shake(struct tunnel *t)
{
	enum tls_step step = tls_shake(t->tls, NULL);

	t->shake_writes = step == TLS_WANTS_WRITE;
	if (step == TLS_FAILED || (step == TLS_DONE && !open_inside(t)))
		close_tunnel(t);
	else if (step == TLS_DONE)
		set_watches(t);
	else
		loop_watch_set(t->outer_watch, t->shake_writes ? LOOP_WRITE : LOOP_READ);
}

static void
on_outer(void *arg, int fd, int ready)
{
	struct tunnel *t = arg;
	bool sound = true;

	(void)fd;
	if (t->state == TUNNEL_SHAKING) {
		shake(t);
		return;
	}
	if (t->state == TUNNEL_LEAVING) {
		look(t, discard(t));
		return;
	}
	if (ready & LOOP_WRITE && t->out.len > 0)
		sound = carry_out(t);
	if (sound && ready & LOOP_READ && t->in.len == 0 && !t->peer_ended)
		sound = carry_in(t);
	look(t, sound);
}

/* ---- all of them ---- */

static bool
is_same_address(const struct sockaddr_storage *a, const struct sockaddr_storage *b)
{
	if (a->ss_family != b->ss_family)
		return false;
	if (a->ss_family == AF_INET6)
		return memcmp(&((const struct sockaddr_in6 *)a)->sin6_addr,
			       &((const struct sockaddr_in6 *)b)->sin6_addr,
			       sizeof(struct in6_addr)) == 0;
	return ((const struct sockaddr_in *)a)->sin_addr.s_addr ==
	       ((const struct sockaddr_in *)b)->sin_addr.s_addr;
}

/* libmicrohttpd has the same limits, but knows nothing of those who shake hands. */
static bool
is_crowded(const struct tunnels *owner, const struct sockaddr_storage *from)
{
	const struct tunnel *at;
	unsigned same = 0;

	if (owner->count >= CONNECTIONS_MAX)
		return true;
	if (owner->max_per_address == 0)
		return false;
	DL_FOREACH (owner->list, at)
		same += is_same_address(&at->from, from);
	return same >= owner->max_per_address;
}

static void
let_in(void *arg, int fd, const struct sockaddr_storage *from)
{
	struct tunnels *owner = arg;
	struct tunnel *t;

	if (is_crowded(owner, from)) {
		close(fd);
		return;
	}
	t = mem_new(owner, struct tunnel);
	t->owner = owner;
	t->outer = fd;
	t->inner = -1;
	t->from = *from;
	t->due = moment_ticks() + SHAKING_MAX;
	buf_init(&t->in, t, PIECE);
	buf_init(&t->out, t, PIECE);
	t->tls = tls_accept(fd);
	t->outer_watch = loop_watch_new(owner->server->loop, fd, LOOP_READ, on_outer, t);
	if (owner->count++ == 0)
		loop_timer_set(owner->tick, TICK, TICK);
	DL_APPEND(owner->list, t);
	if (!t->tls || !t->outer_watch)
		close_tunnel(t);
}

static void
on_tick(void *arg)
{
	struct tunnels *owner = arg;
	int64_t now = moment_ticks();
	struct tunnel *at, *next;

	DL_FOREACH_SAFE (owner->list, at, next)
		if (at->due <= now)
			close_tunnel(at);
	if (owner->count == 0)
		loop_timer_clear(owner->tick);
}

struct tunnels *
tunnels_open(struct server *server, int fd, unsigned max_per_address)
{
	struct tunnels *owner = mem_new(NULL, struct tunnels);

	owner->server = server;
	owner->max_per_address = max_per_address;
	owner->tick = loop_timer_new(server->loop, on_tick, owner);
	owner->acceptor = acceptor_open(server->loop, fd, PATIENCE, let_in, owner);
	return owner;
}

static void
send_last(struct tunnel *t)
{
	bool sound = t->state == TUNNEL_OPEN;

	for (int i = 0; i < LAST_PIECES && sound && !t->inner_ended; i++)
		sound = carry_out(t);
	if (sound)
		leave(t);
	close_tunnel(t);
}

void
tunnels_close(struct tunnels *owner)
{
	acceptor_close(owner->acceptor);
	while (owner->list)
		send_last(owner->list);
	loop_timer_stop(owner->tick);
	mem_free(owner);
}
