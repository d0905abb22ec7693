/*
 * Cursors: how far each consumer of the log has come.  A consumer reads events_follow past
 * its cursor and moves it in the transaction that keeps what it made of them.
 */
#ifndef ONECLICK_STORE_CURSORS_H
#define ONECLICK_STORE_CURSORS_H

#include <stdint.h>

#include "oneclick/base/fault.h"
#include "oneclick/store/store.h"

/* *pos is 0 for a consumer that never wrote one. */
enum err cursors_read(
	struct tx *tx, const char *consumer, int64_t *pos, struct fault *why);
enum err cursors_write(
	struct tx *tx, const char *consumer, int64_t pos, struct fault *why);

#endif
