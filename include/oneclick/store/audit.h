/* The audit table: one CloudTrail record a request, refused ones too, in the transaction
 * of the change it tells of. */
#ifndef ONECLICK_STORE_AUDIT_H
#define ONECLICK_STORE_AUDIT_H

#include <stdbool.h>
#include <stdint.h>

#include "oneclick/base/fault.h"
#include "oneclick/store/store.h"

/* `record` is the JSON of the guide's "Understanding Log File Entries". */
enum err audit_append(struct tx *tx, int64_t at, const char *account, const char *name,
	const char *record, struct fault *why);
/* Newest first, before position `before` (0: from the newest). */
typedef bool (*audit_fn)(void *arg, int64_t pos, int64_t at, const char *record);
enum err audit_list(struct tx *tx, const char *account, int64_t before, int limit,
	audit_fn fn, void *arg, struct fault *why);
/* Removes at most `limit` records made before `before`, from the front; never the last
 * one, so that no position is given out twice. */
enum err audit_trim(
	struct tx *tx, int64_t before, int limit, int *removed, struct fault *why);

#endif
