/*
 * Handlers: one function an operation, handle_<Operation>, named by ops.def, so that the
 * linker names a forgotten one.  Synchronous, inside a transaction; they see neither HTTP
 * nor threads nor the loop.
 */
#ifndef ONECLICK_SERVICE_HANDLER_H
#define ONECLICK_SERVICE_HANDLER_H

#include <stdint.h>

#include "oneclick/api/ask.h"
#include "oneclick/base/buf.h"
#include "oneclick/base/fault.h"
#include "oneclick/service/settings.h"
#include "oneclick/store/store.h"

struct handling {
	const void *ctx; /* lives as long as the request */
	struct tx *tx;
	enum op op;
	const struct ask *ask;
	const char *account;
	const struct settings *settings;
	const unsigned char *secret; /* signs page tokens */
	int64_t now;
	struct buf *out; /* the reply's JSON; stays empty for a 204 */
};

enum err handle(struct handling *handling, struct fault *why);

#endif
