/*
 * The audit table: one CloudTrail record a request, refused ones too, in the transaction
 * of the change it tells of.
 *
 * The records are a chain: each has a SHA-256 over the one before it and all of itself, so
 * that none can be changed, put in, moved or taken out of the middle unseen; and, once there
 * is a key, an HMAC over its position and that, so that who can write to the store but does
 * not have the key cannot compute the chain anew.  One that is signed vouches for all before
 * it.  Where the chain begins and ends is signed as well.  A store put back to an older copy
 * of itself shows against a head that was kept elsewhere.
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

/* ---- keys and heads ---- */

enum { AUDIT_KEY_ID_SIZE = 8, AUDIT_SIG_SIZE = AUDIT_KEY_ID_SIZE + DIGEST_SIZE };

struct audit_key {
	bool known;
	unsigned char key[DIGEST_SIZE];
	unsigned char id[AUDIT_KEY_ID_SIZE]; /* tells it from others, and nothing of it */
};

struct audit_key audit_key_of(const unsigned char key[DIGEST_SIZE]);
/* What this connection appends from now on is signed with the key, which is copied. */
void audit_use_key(struct tx *tx, const struct audit_key *key);
/* The key's ID and an HMAC over `what` (a word for the kind of thing), the position and the
 * hash. */
void audit_sign(const struct audit_key *key, const char *what, int64_t pos,
	const unsigned char hash[DIGEST_SIZE], unsigned char out[AUDIT_SIG_SIZE]);

/* Where the chain ends: the newest record; pos 0: there is none. */
struct audit_head {
	int64_t pos, at;
	unsigned char hash[DIGEST_SIZE];
};
enum err audit_head_read(struct tx *tx, struct audit_head *out, struct fault *why);
/* The hash of the record at head->pos, and its moment, as they are in the store;
 * ERR_NOT_FOUND: it is not there. */
enum err audit_link(struct tx *tx, struct audit_head *head, struct fault *why);

/* Whether the connection's key is new to the store; it then signs where the chain begins and
 * ends, and the caller appends a record that says so. */
enum err audit_begin_key(struct tx *tx, bool *is_new, struct fault *why);

/* ---- the chain ---- */

/* A walk along the chain; begin with all zero but the key, which need not be known. */
struct audit_chain {
	struct audit_key key;
	int64_t pos; /* of the last record looked at */
	unsigned char hash[DIGEST_SIZE];
	int64_t records;
	int64_t unhashed;      /* of them, by the first release */
	int64_t first;         /* position of the first of them */
	int64_t signed_from;   /* position; 0: none is signed with the key */
	int64_t trimmed;       /* records removed for their age, and */
	int64_t trimmed_until; /* the moment they were older than */
	bool linked;           /* hash is filled: the next record must follow from it */
	bool ended;            /* there are no more records */
};
/* Looks at the next `limit` records; ERR_CONFLICT names the one that does not follow from
 * the one before it, is missing, or is not signed as it should be. */
enum err audit_verify(
	struct tx *tx, struct audit_chain *chain, int limit, struct fault *why);

/* ---- housekeeping ---- */

/* Removes at most `limit` records made before `before`, from the front, and never the last
 * one; a signed mark says up to which, how many in all, and older than what. */
enum err audit_trim(
	struct tx *tx, int64_t before, int limit, int *removed, struct fault *why);

#endif
