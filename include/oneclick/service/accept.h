/* Taking connections off a listening socket of TCP, on the loop. */
#ifndef ONECLICK_SERVICE_ACCEPT_H
#define ONECLICK_SERVICE_ACCEPT_H

#include <sys/socket.h>

#include "oneclick/base/loop.h"

struct acceptor;
/* The connection is the callee's, non-blocking and tuned: what is written leaves at once,
 * and a peer that takes nothing for `patience` ms, or is silent and gone, is noticed. */
typedef void (*acceptor_fn)(void *arg, int fd, const struct sockaddr_storage *from);

/* Out of descriptors, it rests for a second instead of waking for ever. */
struct acceptor *acceptor_open(
	struct loop *loop, int fd, unsigned patience, acceptor_fn fn, void *arg);
void acceptor_close(struct acceptor *acceptor); /* and the socket */

enum { ACCEPT_NAME_SIZE = 46 }; /* of an IPv6 address, and a NUL */
void accept_name(const struct sockaddr_storage *from, char out[ACCEPT_NAME_SIZE]);

#endif
