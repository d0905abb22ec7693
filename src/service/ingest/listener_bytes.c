/* Bytes of a session, in and out, in TLS or in the clear. */
#include <errno.h>
#include <sys/socket.h>

#include "listener.h"
#include "oneclick/base/moment.h"

static bool
is_transient(int reason)
{
	return reason == EAGAIN || reason == EWOULDBLOCK || reason == EINTR;
}

enum { TLS_HANDSHAKE = 22 }; /* the type of a connection's first record */

/* Only of the first byte: what is encrypted may begin otherwise. */
static bool
is_plain(struct session *session)
{
	unsigned char first;

	if (session->hailed || recv(session->fd, &first, 1, MSG_PEEK | MSG_DONTWAIT) != 1)
		return false;
	session->hailed = true;
	return first != TLS_HANDSHAKE;
}

/* A failed handshake is told: it is how a wrong certificate shows. */
bool
session_shake(struct session *session)
{
	struct fault why;
	enum tls_step step;

	if (is_plain(session)) {
		listener_tell(session, LISTENER_NO_TLS,
			"It spoke without TLS; have it connect by mqtts://.");
		return false;
	}
	step = tls_shake(session->tls, &why);
	if (step == TLS_FAILED)
		listener_tell(session, LISTENER_NO_TLS, why.sentence);
	if (step == TLS_DONE)
		session->state = SESSION_NEW;
	session->shake_writes = step == TLS_WANTS_WRITE;
	return step != TLS_FAILED;
}

bool
session_fill(struct session *session)
{
	char piece[SESSION_PIECE];
	ssize_t n = session->tls ? tls_recv(session->tls, piece, sizeof piece)
				 : recv(session->fd, piece, sizeof piece, 0);

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
	n = session->tls ? tls_send(session->tls, out->data, out->len)
			 : send(session->fd, out->data, out->len, MSG_NOSIGNAL);
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

void
session_shut(struct session *session)
{
	if (session->shut)
		return;
	session->shut = true;
	if (session->tls)
		tls_bye(session->tls);
	shutdown(session->fd, SHUT_WR);
}
