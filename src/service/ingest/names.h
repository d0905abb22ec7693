/* Friendly names in memory: profile and name to ID.  Inside ingest. */
#ifndef ONECLICK_SRC_SERVICE_INGEST_NAMES_H
#define ONECLICK_SRC_SERVICE_INGEST_NAMES_H

#include <stdbool.h>

#include "oneclick/base/fault.h"

struct names;

struct names *names_new(const void *ctx);
const char *names_get(const struct names *names, const char *profile, const char *name);
/* *is_new is false when it was so before; ERR_INVALID when one is too long, or there are
 * too many. */
enum err names_set(struct names *names, const char *profile, const char *name,
	const char *id, bool *is_new, struct fault *why);
void names_forget(struct names *names, const char *profile, const char *name);

#endif
