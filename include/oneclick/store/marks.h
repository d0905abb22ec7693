/*
 * Marks of messages that were taken from a broker, kept for the last batches of them: one
 * that the broker sends again, because it was never told, is known by its mark.
 */
#ifndef ONECLICK_STORE_MARKS_H
#define ONECLICK_STORE_MARKS_H

#include <stddef.h>
#include <stdint.h>

#include "oneclick/base/fault.h"
#include "oneclick/store/store.h"

/* That are kept: more than messages a broker has under way at once, for at its slowest each
 * is a batch of its own. */
enum { MARKS_BATCHES = 1024 };

struct marks {
	int64_t batch; /* its number, from 1 */
	int64_t at;    /* when it was taken, a moment */
	const uint64_t *mark;
	size_t count;
};

/* Takes the place of a batch that is so much older. */
enum err marks_note(struct tx *tx, const struct marks *marks, struct fault *why);
enum err marks_clear(struct tx *tx, struct fault *why);
/* All batches, oldest first; borrowed for the call, in which fn must not ask the store. */
typedef void (*marks_fn)(void *arg, const struct marks *marks);
enum err marks_list(struct tx *tx, marks_fn fn, void *arg, struct fault *why);

#endif
