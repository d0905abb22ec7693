/*
 * Secrets that are shown once.  One that nobody got must never count, so it is handed out
 * before it does: the work is tried and undone, what it makes is written and on its way, and
 * only then is the work done.  Nothing of the store is held while the reader takes it.
 */
#ifndef ONECLICK_SRC_SERVICE_HAND_OUT_H
#define ONECLICK_SRC_SERVICE_HAND_OUT_H

#include "oneclick/base/buf.h"
#include "oneclick/store/store.h"

/* Runs fn twice, which must do the same both times; between the two, `words` go to standard
 * output. Fails with nothing made; if it is the second time that fails, `why` says that what
 * was printed does not count. */
enum err hand_out(struct store *store, store_fn fn, void *arg, const struct buf *words,
	struct fault *why);

#endif
