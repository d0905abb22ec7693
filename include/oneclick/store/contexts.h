/*
 * Contexts that nobody refers to any more: their placement has changed since, and the events
 * that were frozen with them are gone.  Nothing counts who refers to a context, which would
 * cost every click; now and then one walk marks those that are in use, a part at a time, and
 * then the others are removed.
 */
#ifndef ONECLICK_STORE_CONTEXTS_H
#define ONECLICK_STORE_CONTEXTS_H

#include <stdbool.h>

#include "oneclick/base/fault.h"
#include "oneclick/store/store.h"

struct sweep;
/* A walk that has not begun; lives as long as ctx. */
struct sweep *sweep_new(const void *ctx);

/* Marks for another `limit` devices or events; *more until all are. It only reads. A store
 * with few contexts is not worth the walk: nothing is then removed either. */
enum err sweep_mark(
	struct tx *tx, struct sweep *sweep, int limit, bool *more, struct fault *why);
/* Looks at another `limit` contexts and removes those that nobody refers to, not by an event
 * of the meantime either; *more until all were looked at. Nothing, when not all is marked. */
enum err sweep_remove(struct tx *tx, struct sweep *sweep, int limit, bool *more,
	int *removed, struct fault *why);

#endif
