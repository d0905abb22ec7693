/*
 * What a store backend gives the lanes and the facade: connections, and the one
 * transaction that can be open on each.  The questions themselves are in the public
 * headers of this floor; a backend is a folder that answers them all.
 */
#ifndef ONECLICK_STORE_BACKEND_H
#define ONECLICK_STORE_BACKEND_H

#include <stdbool.h>

#include "oneclick/base/digest.h"
#include "oneclick/base/fault.h"
#include "oneclick/store/store.h"

/* A connection for this kind of work, used by one thread at a time; its first use makes
 * the directory and the file. `dir` NULL: in memory, alone. */
enum err backend_open(
	const char *dir, enum lane lane, struct tx **out, struct fault *why);
bool backend_is_there(const char *dir);
void backend_close(struct tx *tx);
/* ERR_NOT_FOUND when `dir` holds no store; *writable: it can be written to. */
enum err backend_find(const char *dir, bool *writable, struct fault *why);
/* A connection to one that cannot be; nothing is written, beside it neither. */
enum err backend_open_to_read(const char *dir, struct tx **out,
	unsigned char secret[DIGEST_SIZE], struct fault *why);
/* What of `dir` would keep it from that, leaving nothing there. */
enum err backend_try(const char *dir, struct fault *why);
int64_t backend_memory(void); /* bytes of pages that are kept, of all connections */
/* Brings the schema up to date and reads the secret, making it the first time. */
enum err backend_prepare(
	struct tx *tx, unsigned char secret[DIGEST_SIZE], struct fault *why);

/* LANE_WRITE takes the write lock now, waiting for other programs. */
enum err tx_begin(struct tx *tx, enum lane lane, struct fault *why);
/* On disk when it returns ERR_NONE, and where it will be looked for: otherwise undone, or
 * written to a store that is not there any more. A transaction that was lost meanwhile
 * fails with the reason it was lost for. */
enum err tx_commit(struct tx *tx, struct fault *why);
void tx_rollback(struct tx *tx);
/* Storage failed under the transaction: nothing in it can be kept. */
bool tx_is_lost(const struct tx *tx);

/* From any thread: what waits for other programs gives up soon, and at once from then on;
 * false: it is patient again. */
void tx_hurry(struct tx *tx, bool hurry);
/* Another file that has to stay where it is for a commit to count. */
void tx_guard(struct tx *tx, const char *path);

/* One job's part of a transaction: marked, then kept or undone. */
void tx_mark(struct tx *tx);
void tx_keep(struct tx *tx);
void tx_undo(struct tx *tx);

/* Housekeeping between transactions: the backend's log has grown enough to be put in
 * order. tx_sweep may run on another connection meanwhile and takes most of the time;
 * tx_tidy, where the writing is done, then has little left to do. */
bool tx_is_untidy(const struct tx *tx);
/* Bytes of the backend's log that are in use. */
int64_t tx_log_size(const struct tx *tx);
enum err tx_sweep(struct tx *tx, struct fault *why);
enum err tx_tidy(struct tx *tx, struct fault *why);

#endif
