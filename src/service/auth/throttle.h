/* How often one operation may be called by one account: a bucket for each pair, of two
 * seconds' worth, in a table that never grows.  Any thread may ask. */
#ifndef ONECLICK_SERVICE_AUTH_THROTTLE_H
#define ONECLICK_SERVICE_AUTH_THROTTLE_H

#include <stdbool.h>
#include <stdint.h>

/* Takes a call out of the bucket; false when it is empty.  `rate` is calls a second, 0 any
 * number; `ticks` are those of moment_ticks. */
bool throttle_takes(
	const char *account, const char *operation, int64_t rate, int64_t ticks);
/* All buckets are full again: tests begin so. */
void throttle_forget(void);

#endif
