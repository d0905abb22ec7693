/*
 * A connection that was accepted: its descriptor, its TLS if there is any, and the bytes on
 * their way in and out.  Never blocks, and knows no protocol.
 */
#ifndef ONECLICK_SERVICE_LINK_H
#define ONECLICK_SERVICE_LINK_H

#include <stdbool.h>

#include "oneclick/base/buf.h"
#include "oneclick/base/loop.h"
#include "oneclick/net/tls.h"

enum { LINK_PIECE = 16 * 1024 }; /* bytes read at once: all of a TLS record */

struct link {
	int fd;
	struct tls *tls; /* NULL: none */
	struct loop_watch *watch;
	bool shaking;      /* hands, for TLS; no other bytes yet */
	bool shake_writes; /* and is to be written next */
	bool ended;        /* the peer sends no more */
	bool shut;         /* we send no more */
	struct buf in, out;
	size_t sent; /* of `out`, gone already */
};

/* Takes fd, which link_close closes even when this fails (false). `in` and `out` are ctx's,
 * with room for so many bytes; at least LINK_PIECE must be free in `in` before each
 * link_fill. */
bool link_open(struct link *link, const void *ctx, int fd, bool secure, size_t room_in,
	size_t room_out);
/* Watches it, for reading; false if it cannot be. */
bool link_watch(struct link *link, struct loop *loop, loop_watch_fn fn, void *arg);
void link_close(struct link *link);

/* Goes on with the handshake; false, with why, when it failed. One that is done is no
 * longer `shaking`. */
bool link_shake(struct link *link, struct fault *why);
/* Reads what is there now, up to a piece; false when the connection is broken. */
bool link_fill(struct link *link);
/* Writes what the peer takes now; false when it is broken, or `out` had no room. */
bool link_flush(struct link *link);
size_t link_left(const struct link *link); /* bytes of `out` still to be written */
/* Says that nothing more will be sent. Closed at once, a connection with bytes unread would
 * lose what was last written to it: so it is read from until the peer goes. */
void link_shut(struct link *link);
/* Whether the peer's first byte, which is there, begins no TLS; it is not read. */
bool link_speaks_clear(const struct link *link);
/* Gives back the memory of what is empty: most are silent most of the time. */
void link_rest(struct link *link);

#endif
