/* What the service remembers about itself, a text by name. */
#ifndef ONECLICK_STORE_META_H
#define ONECLICK_STORE_META_H

#include "oneclick/base/fault.h"
#include "oneclick/store/store.h"

/* *text lives as long as ctx; NULL when it was never written. */
enum err meta_read(struct tx *tx, const void *ctx, const char *name, const char **text,
	struct fault *why);
enum err meta_write(struct tx *tx, const char *name, const char *text, struct fault *why);

#endif
