/* One service a state directory.  Commands may open the store beside it; a second service
 * and a restore may not. */
#ifndef ONECLICK_SERVICE_LOCK_H
#define ONECLICK_SERVICE_LOCK_H

#include "oneclick/base/fault.h"

/* *fd holds the lock until it is closed; -1 when there is no such directory, and so nobody
 * to be kept out. ERR_CONFLICT: a service has it; ERR_INVALID: it cannot be made; ERR_BROKEN:
 * not now, for the disk is full or failing. */
enum err lock_state(const char *state, int *fd, struct fault *why);

/* The file that is locked; lives as long as ctx. */
const char *lock_path(const void *ctx, const char *state);

#endif
