/* Errands: the calls that one command line comes down to, one a device where it names
 * several. */
#ifndef ONECLICK_SRC_CONSOLE_ERRAND_H
#define ONECLICK_SRC_CONSOLE_ERRAND_H

#include "oneclick/api/ask.h"
#include "oneclick/console/action.h"

struct errand {
	enum op op;
	struct ask ask;
	const char *subject; /* what it is about, for sentences */
};

/* The words after the command, by the action's usage; ERR_INVALID says which is wrong. */
enum err errands_read(const void *ctx, const struct action *action,
	const char *const *word, size_t count, struct errand **out, size_t *errands,
	struct fault *why);

#endif
