/* Housekeeping, a part: what is older than the settings keep is removed a little at a time
 * (src/service/tidy.c has a row for each kind), so that no click waits for it. */
#ifndef ONECLICK_SERVICE_TIDY_H
#define ONECLICK_SERVICE_TIDY_H

#include "oneclick/service/service.h"

enum err tidy_open(struct service *service, struct fault *why);
void tidy_close(struct service *service);
void tidy_reload(struct service *service); /* begins a round */

#endif
