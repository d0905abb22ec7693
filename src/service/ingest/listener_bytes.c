/* Bytes of a session, in and out. */
#include <errno.h>
#include <sys/socket.h>

#include "listener.h"
#include "oneclick/base/moment.h"

enum { PIECE = 16 * 1024 };

static bool
is_transient(int reason)
{
	return reason == EAGAIN || reason == EWOULDBLOCK || reason == EINTR;
}

bool
session_fill(struct session *session, size_t room)
{
	char piece[PIECE];
	ssize_t n = recv(session->fd, piece, room < PIECE ? room : PIECE, 0);

	if (n <= 0)
		return n < 0 && is_transient(errno);
	buf_add(&session->in, piece, (size_t)n);
	return !session->in.full;
}

/* The patience is with a peer that takes nothing at all; one that takes little is not read
 * from meanwhile. */
bool
session_flush(struct session *session)
{
	struct buf *out = &session->out;
	ssize_t n;

	if (out->len == 0)
		return true;
	n = send(session->fd, out->data, out->len, MSG_NOSIGNAL);
	if (n < 0 && !is_transient(errno))
		return false;
	if (n > 0)
		buf_drop(out, (size_t)n);
	if (out->len == 0)
		session->write_due = INT64_MAX;
	else if (n > 0 || session->write_due == INT64_MAX)
		session->write_due = moment_ticks() + LISTENER_PATIENCE;
	return true;
}
