/* Names to addresses, on a thread of its own: a resolver may take its time, the loop may
 * not. */
#ifndef ONECLICK_SRC_NET_LOOKUP_H
#define ONECLICK_SRC_NET_LOOKUP_H

#include "oneclick/base/loop.h"

struct lookup;
/* `address` is numeric, or NULL and then `problem` says why; both for the call only. */
typedef void (*lookup_fn)(void *arg, const char *address, const char *problem);
/* The callback comes later, on the loop, once; the lookup is gone before it is called. */
struct lookup *lookup_start(struct loop *loop, const char *host, lookup_fn fn, void *arg);
void lookup_cancel(struct lookup *lookup);

#endif
