/*
 * An ordered text map: attributes, tags, callback overrides, associated devices.  Order is
 * that of first setting; a key stands once.
 */
#ifndef ONECLICK_DATA_PAIRS_H
#define ONECLICK_DATA_PAIRS_H

#include <stdbool.h>
#include <stddef.h>

struct pair {
	const char *key;
	const char *value;
};

struct pairs {
	struct pair *row; /* owned by the pairs object */
	size_t count;
};

struct pairs *pairs_new(const void *ctx);
/* Sets (copying both) or overwrites. */
void pairs_set(struct pairs *pairs, const char *key, const char *value);
/* Sets a key that does not stand yet, without looking: for long maps.  Of one that did,
 * the first is found. */
void pairs_add(struct pairs *pairs, const char *key, const char *value);
const char *pairs_get(const struct pairs *pairs, const char *key); /* NULL if absent */
bool pairs_remove(struct pairs *pairs, const char *key);           /* true if it stood */
struct pairs *pairs_copy(const void *ctx, const struct pairs *pairs);
/* Sets every pair of `over` on `under` (the guide's default attributes under a placement's). */
void pairs_merge(struct pairs *under, const struct pairs *over);

#endif
