/*
 * The trail: audit records of requests that changed nothing, written behind their
 * replies, many in one transaction.  (A change's record is in the change's own
 * transaction.)
 */
#ifndef ONECLICK_SERVICE_TRAIL_H
#define ONECLICK_SERVICE_TRAIL_H

#include <stdint.h>

#include "oneclick/store/store.h"

struct trail;

struct trail *trail_new(const void *ctx, struct lanes *lanes);
/* Copies its texts. On the loop. */
void trail_add(struct trail *trail, int64_t at, const char *account, const char *name,
	const char *record);
/* Records taken and not yet on disk. */
int trail_waiting(const struct trail *trail);
/* Gives what waits to the writer now, so that lanes_stop finishes it. */
void trail_flush(struct trail *trail);

#endif
