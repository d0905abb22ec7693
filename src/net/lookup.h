/* Names to addresses, on a thread of its own: a resolver may take its time, the loop may
 * not. */
#ifndef ONECLICK_SRC_NET_LOOKUP_H
#define ONECLICK_SRC_NET_LOOKUP_H

#include <stddef.h>

#include <netinet/in.h>

#include "oneclick/base/loop.h"

enum { ADDRESSES_MAX = 8, ADDRESS_ROOM = INET6_ADDRSTRLEN + 32 /* a link's name */ };

/* What a name leads to, numeric, in the order they are to be tried (RFC 6724). */
struct addresses {
	char text[ADDRESSES_MAX][ADDRESS_ROOM];
	size_t count;
	size_t next; /* for whoever tries them: the first not tried yet */
};

struct lookup;
/* One address or more, or NULL and then `problem` says why; both for the call only. */
typedef void (*lookup_fn)(
	void *arg, const struct addresses *addresses, const char *problem);
/* The callback comes later, on the loop, once; the lookup is gone before it is called. */
struct lookup *lookup_start(struct loop *loop, const char *host, lookup_fn fn, void *arg);
void lookup_cancel(struct lookup *lookup);

/* The next to try; NULL when all were. */
const char *addresses_next(struct addresses *addresses);
bool addresses_are_left(const struct addresses *addresses);

#endif
