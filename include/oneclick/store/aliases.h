/*
 * Friendly names of gateways' devices, and the IDs behind them.  Kept, because after a
 * restart the presses a broker held come before the gateway tells its names again.
 */
#ifndef ONECLICK_STORE_ALIASES_H
#define ONECLICK_STORE_ALIASES_H

#include "oneclick/base/fault.h"
#include "oneclick/store/store.h"

/* Sets or overwrites the ID behind a name of this profile's. */
enum err aliases_set(struct tx *tx, const char *profile, const char *name, const char *id,
	struct fault *why);
/* All of them; the texts are borrowed for the call, in which fn must not ask the store. */
typedef void (*aliases_fn)(
	void *arg, const char *profile, const char *name, const char *id);
enum err aliases_list(struct tx *tx, aliases_fn fn, void *arg, struct fault *why);

#endif
