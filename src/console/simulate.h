/* `policy simulate`: would this be allowed?  The words of the command line as the body that
 * the service takes, and its answer as an exit status. */
#ifndef ONECLICK_SRC_CONSOLE_SIMULATE_H
#define ONECLICK_SRC_CONSOLE_SIMULATE_H

#include <stddef.h>

#include "oneclick/base/fault.h"
#include "oneclick/data/value.h"

/* [FILE...] ACTION RESOURCE [CONDITION=VALUE...], and --user; ERR_INVALID says what is
 * missing.  The body lives as long as ctx. */
enum err simulate_read(const void *ctx, const char *user, const char *const *word,
	size_t count, const char **body, struct fault *why);

/* The one result of an answer; NULL if it has none. */
const struct value *simulate_result(const struct value *body);
/* EXIT_DONE when it is allowed, EXIT_NOT_AUTHORISED when it is not. */
int simulate_status(const struct value *result);

#endif
