/* One service a state directory.  Commands may open the store beside it; a second service
 * and a restore may not. */
#ifndef ONECLICK_SERVICE_LOCK_H
#define ONECLICK_SERVICE_LOCK_H

#include "oneclick/base/fault.h"

/* *fd holds the lock until it is closed; -1 when there is no such directory, and so nobody
 * to be kept out. ERR_CONFLICT: a service has it; ERR_BROKEN: it
 * cannot be made. */
enum err lock_state(const char *state, int *fd, struct fault *why);

#endif
