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
/* Brings the schema up to date and reads the secret, making it the first time. */
enum err backend_prepare(
	struct tx *tx, unsigned char secret[DIGEST_SIZE], struct fault *why);

/* LANE_WRITE takes the write lock now, waiting for other programs. */
enum err tx_begin(struct tx *tx, enum lane lane, struct fault *why);
/* On disk when it returns ERR_NONE; otherwise undone. A transaction that was lost
 * meanwhile fails with the reason it was lost for. */
enum err tx_commit(struct tx *tx, struct fault *why);
void tx_rollback(struct tx *tx);
/* Storage failed under the transaction: nothing in it can be kept. */
bool tx_is_lost(const struct tx *tx);

/* One job's part of a transaction: marked, then kept or undone. */
void tx_mark(struct tx *tx);
void tx_keep(struct tx *tx);
void tx_undo(struct tx *tx);

/* Housekeeping between transactions: the backend's log has grown enough to be put in
 * order. tx_sweep may run on another connection meanwhile and takes most of the time;
 * tx_tidy, where the writing is done, then has little left to do. */
bool tx_is_untidy(const struct tx *tx);
enum err tx_sweep(struct tx *tx, struct fault *why);
enum err tx_tidy(struct tx *tx, struct fault *why);

#endif
