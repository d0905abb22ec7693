/* Waiting longer after each failure, with full jitter, up to a cap. */
#ifndef ONECLICK_BASE_BACKOFF_H
#define ONECLICK_BASE_BACKOFF_H

#include <stdint.h>

struct backoff {
	int64_t first; /* milliseconds before the second try */
	int64_t cap;   /* never wait longer than this, milliseconds */
	unsigned failures;
};

/* Milliseconds to wait now: between half and all of first * 2^failures, capped. */
int64_t backoff_next(struct backoff *b);
void backoff_reset(struct backoff *b);

#endif
