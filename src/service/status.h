/* What the program ends with: sysexits where they fit, so that a supervisor and a script
 * can tell them apart. */
#ifndef ONECLICK_SERVICE_STATUS_H
#define ONECLICK_SERVICE_STATUS_H

#include "oneclick/base/fault.h"

enum status {
	STATUS_FAILED = 1,
	STATUS_USAGE = 2,
	STATUS_UNAVAILABLE = 69, /* what it needs is taken: the store, an address */
	STATUS_BROKEN = 74,      /* storage failed: let the supervisor start us again */
	STATUS_CONFIG = 78,      /* what only a person can put right */
};

/* Of a store that could not be opened, or a service that could not start. */
int status_of_start(enum err err);
/* Of a sub-command's work on an open store. */
int status_of_work(enum err err);

#endif
