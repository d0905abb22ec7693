/*
 * Replays: the signatures of changes, each with the reply it got, kept for as long as it
 * would be accepted.  `until` comes from what was signed, so that the same request always
 * asks for the same row, and rows lie in the order in which they are forgotten.
 */
#ifndef ONECLICK_STORE_REPLAYS_H
#define ONECLICK_STORE_REPLAYS_H

#include <stdbool.h>
#include <stdint.h>

#include "oneclick/base/fault.h"
#include "oneclick/store/store.h"

struct replay {
	const char *signature; /* hex */
	int64_t until;         /* moment its date and life say, without any skew */
	int64_t at;            /* when it came */
	int status;            /* of its reply */
	const char *problem;   /* x-amzn-ErrorType; NULL on success */
	const char *body;
};

/* The one of this `signature` and `until`, in *out and living as long as ctx; *seen is
 * false when it never came. */
enum err replays_find(struct tx *tx, const void *ctx, const char *signature,
	int64_t until, bool *seen, struct replay *out, struct fault *why);
/* Keeps the first of its kind. */
enum err replays_note(struct tx *tx, const struct replay *replay, struct fault *why);
/* Forgets at most `limit` whose `until` is before `before`. */
enum err replays_trim(
	struct tx *tx, int64_t before, int limit, int *removed, struct fault *why);

#endif
