/* Bytes of a connection, in and out, in TLS or in the clear; see link.h. */
#include "link.h"

#include <assert.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	ROOM_IDLE = 1024,   /* bytes kept of each buffer between packets */
	PIECES_A_TURN = 16, /* TLS takes one record at a time */
	TLS_HANDSHAKE = 22, /* RFC 8446, 5.1: the type of a connection's first record */
};

bool
link_open(struct link *link, const void *ctx, int fd, bool secure, size_t room_in,
	size_t room_out)
{
	*link = (struct link){ .fd = fd, .shaking = secure };
	buf_init(&link->in, ctx, room_in);
	buf_init(&link->out, ctx, room_out);
	if (secure)
		link->tls = tls_accept(fd);
	return !secure || link->tls;
}

bool
link_watch(struct link *link, struct loop *loop, loop_watch_fn fn, void *arg)
{
	link->watch = loop_watch_new(loop, link->fd, LOOP_READ, fn, arg);
	return link->watch != NULL;
}

void
link_close(struct link *link)
{
	loop_watch_stop(link->watch);
	tls_free(link->tls);
	close(link->fd);
	*link = (struct link){ .fd = -1 };
}

static bool
is_transient(int reason)
{
	return reason == EAGAIN || reason == EWOULDBLOCK || reason == EINTR;
}

bool
link_shake(struct link *link, struct fault *why)
{
	enum tls_step step = tls_shake(link->tls, why);

	link->shaking = step != TLS_DONE;
	link->shake_writes = step == TLS_WANTS_WRITE;
	return step != TLS_FAILED;
}

bool
link_fill(struct link *link)
{
	char piece[LINK_PIECE];
	ssize_t n = link->tls ? tls_recv(link->tls, piece, sizeof piece)
			      : recv(link->fd, piece, sizeof piece, 0);

	if (n < 0)
		return is_transient(errno);
	link->ended = n == 0;
	buf_add(&link->in, piece, (size_t)n);
	assert(!link->in.full);
	return true;
}

size_t
link_left(const struct link *link)
{
	return link->out.len - link->sent;
}

static ssize_t
send_some(struct link *link)
{
	const char *at = link->out.data + link->sent;

	return link->tls ? tls_send(link->tls, at, link_left(link))
			 : send(link->fd, at, link_left(link), MSG_NOSIGNAL);
}

bool
link_flush(struct link *link)
{
	if (link->out.full)
		return false;
	for (int i = 0; i < PIECES_A_TURN && link_left(link) > 0; i++) {
		ssize_t n = send_some(link);

		if (n < 0)
			return is_transient(errno);
		link->sent += (size_t)n;
	}
	if (link_left(link) == 0) {
		buf_clear(&link->out);
		link->sent = 0;
	}
	return true;
}

void
link_shut(struct link *link)
{
	if (link->shut)
		return;
	link->shut = true;
	if (link->tls && !link->shaking)
		tls_bye(link->tls);
	shutdown(link->fd, SHUT_WR);
}

bool
link_speaks_clear(const struct link *link)
{
	unsigned char first;

	return recv(link->fd, &first, 1, MSG_PEEK) == 1 && first != TLS_HANDSHAKE;
}

static void
rest(struct buf *buf)
{
	const void *ctx = buf->ctx;
	size_t cap = buf->cap;

	if (buf->len > 0 || buf->room <= ROOM_IDLE)
		return;
	buf_release(buf);
	buf_init(buf, ctx, cap);
}

void
link_rest(struct link *link)
{
	rest(&link->in);
	rest(&link->out);
}
