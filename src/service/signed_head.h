/*
 * The head of the audit records as a line that can be sent, kept and compared: which record
 * was the newest, when, its hash, of which store, and a signature.  A store that still has
 * that record with that hash has lost nothing since that was there then.
 */
#ifndef ONECLICK_SERVICE_SIGNED_HEAD_H
#define ONECLICK_SERVICE_SIGNED_HEAD_H

#include "oneclick/base/buf.h"
#include "oneclick/store/audit.h"
#include "oneclick/store/store.h"

enum { HEAD_STORE_SIZE = 17, HEAD_LINE_MAX = 512 };

struct signed_head {
	struct audit_head at;
	char store[HEAD_STORE_SIZE]; /* tells it from others, hexadecimal; "": not said */
	bool is_signed;              /* else key_id and sig are not filled */
	unsigned char sig[AUDIT_SIG_SIZE];
};

/* The store's name for it, from its secret. */
void signed_head_name_store(const unsigned char *secret, char out[HEAD_STORE_SIZE]);
/* The head as it is now, signed if the key is known; at.pos 0: there are no records. */
enum err signed_head_read(struct tx *tx, const struct audit_key *key,
	const unsigned char *secret, struct signed_head *out, struct fault *why);
bool signed_head_is_signed_by(const struct signed_head *head, const struct audit_key *key);

/* "audit-head position=17 time=... hash=... store=... key=... signature=..." */
void signed_head_write(struct buf *out, const struct signed_head *head);
/* Finds such words in a line, wherever they begin, or takes POSITION:HASH; false: neither. */
bool signed_head_find(const char *line, struct signed_head *out);

/* The head that is kept beside the store, in STATE/audit.head: written whole, on disk. */
char *signed_head_kept_path(const void *ctx, const char *state);
enum err signed_head_keep(const char *path, const struct signed_head *head, struct fault *why);
/* False: none is kept, or none that can be read. */
bool signed_head_kept(const char *path, struct signed_head *out);

/* What a store says to a head, in words; `held` says whether it has it. The store's chain is
 * sound up to its last record. */
enum err signed_head_compare(struct tx *tx, const struct signed_head *head, const char *store,
	bool *held, struct fault *why);

#endif
