/* Words as a shell splits them, and Python's shlex, which the AWS tools use: blanks between
 * them, quotes and backslashes, and nothing else of a shell. */
#ifndef ONECLICK_DATA_SHELL_H
#define ONECLICK_DATA_SHELL_H

#include <stddef.h>

#include "oneclick/base/fault.h"

/* Fills `words`, which live as long as ctx and end with a NULL; ERR_INVALID when a quote or a
 * backslash has no end. */
enum err shell_split(const void *ctx, const char *text, const char ***words, size_t *count,
	struct fault *why);

#endif
