/*
 * The audit table: one CloudTrail record a request, refused ones too, in the transaction
 * of the change it tells of.
 *
 * The records are a chain: each has a SHA-256 over the one before it and all of itself, so
 * that none can be changed, or taken out of the middle, unseen.  Whether some are missing
 * at the end shows against a position and hash that were noted elsewhere.
 */
#ifndef ONECLICK_STORE_AUDIT_H
#define ONECLICK_STORE_AUDIT_H

#include <stdbool.h>
#include <stdint.h>

#include "oneclick/base/digest.h"
#include "oneclick/base/fault.h"
#include "oneclick/store/store.h"

/* `record` is the JSON of the guide's "Understanding Log File Entries". */
enum err audit_append(struct tx *tx, int64_t at, const char *account, const char *name,
	const char *record, struct fault *why);
/* Newest first, before position `before` (0: from the newest). */
typedef bool (*audit_fn)(void *arg, int64_t pos, int64_t at, const char *record);
enum err audit_list(struct tx *tx, const char *account, int64_t before, int limit,
	audit_fn fn, void *arg, struct fault *why);
/* The first position whose record was made at `at` or later, give or take what records of
 * reads come late; 0: there is none. */
enum err audit_seek(struct tx *tx, int64_t at, int64_t *pos, struct fault *why);
/* Of all accounts, oldest first, after a position. */
enum err audit_follow(struct tx *tx, int64_t after, int limit, audit_fn fn, void *arg,
	struct fault *why);

/* A walk along the chain; begin with all zero. */
struct audit_chain {
	int64_t pos; /* of the last record looked at */
	unsigned char hash[DIGEST_SIZE];
	int64_t records;
	bool linked; /* hash is filled: the next record must follow from it */
	bool ended;  /* there are no more records */
};
/* Looks at the next `limit` records; ERR_CONFLICT names the one that does not follow from
 * the one before it.  The oldest one kept is taken as it is. */
enum err audit_verify(
	struct tx *tx, struct audit_chain *chain, int limit, struct fault *why);

/* Removes at most `limit` records made before `before`, from the front; never the last
 * one, so that no position is given out twice. */
enum err audit_trim(
	struct tx *tx, int64_t before, int limit, int *removed, struct fault *why);

#endif
