/* Which dead letters are sent again: words of a person as the body of ReplayDeliveries. */
#ifndef ONECLICK_SRC_CONSOLE_REPLAY_H
#define ONECLICK_SRC_CONSOLE_REPLAY_H

#include <stddef.h>

#include "oneclick/base/fault.h"

/* Event IDs; "all"; one time (to now) or two. *named: how many IDs. ERR_INVALID's sentence,
 * and NULL, when there are no words. The body lives as long as ctx. */
char *replay_body(const void *ctx, const char *const *word, size_t count, size_t *named,
	struct fault *why);

#endif
