#include "db.h"

#include <assert.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"

enum {
	BUSY_WAIT = 5 * 1000, /* ms that SQLite itself waits for a lock */
	PATIENCE = 30 * 1000, /* ms that we wait for the write lock in all */
	TIDY_STEP = 16000,    /* pages of WAL, 32 MiB, between checkpoints */
};

/*
 * WAL with FULL: a commit is on disk when it returns.  Caches are small, because a
 * million devices must not cost more memory than a thousand; the system caches the file
 * anyway. Pages are small, because a click changes a few bytes in each of four places,
 * and whole pages are logged.
 */
static const char writer_settings[] = "PRAGMA page_size = 2048;"
				      "PRAGMA synchronous = FULL;"
				      "PRAGMA foreign_keys = OFF;"
				      "PRAGMA temp_store = MEMORY;"
				      "PRAGMA mmap_size = 0;"
				      "PRAGMA journal_size_limit = 67108864;"
				      "PRAGMA cache_size = -4096";
static const char reader_settings[] = "PRAGMA query_only = ON;"
				      "PRAGMA cache_size = -2048";

/* ---- what SQLite says -------------------------------------------------------------- */

static enum err
lose(struct tx *tx, struct fault *why, enum err code, const char *sentence)
{
	if (!tx->lost.code)
		fault(&tx->lost, code, "%s", sentence);
	return fault(why, code, "%s", sentence);
}

/* A constraint undoes its statement only; the transaction stays sound. */
static enum err
word_constraint(struct tx *tx, int rc, struct fault *why)
{
	if (rc == SQLITE_CONSTRAINT_UNIQUE || rc == SQLITE_CONSTRAINT_PRIMARYKEY)
		return fault(why, ERR_CONFLICT, "It exists already.");
	return fault(why, ERR_INTERNAL, "%s", sqlite3_errmsg(tx->link));
}

enum err
db_fault(struct tx *tx, int rc, struct fault *why)
{
	switch (rc & 0xff) {
	case SQLITE_NOMEM:
		mem_abort("out of memory in the store");
	case SQLITE_CONSTRAINT:
		return word_constraint(tx, rc, why);
	case SQLITE_FULL:
		return lose(tx, why, ERR_INTERNAL,
			"The disk of the store is full; nothing was changed.");
	case SQLITE_READONLY:
		return lose(tx, why, ERR_INTERNAL,
			"The store cannot be written to; nothing was changed.");
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return lose(tx, why, ERR_INTERNAL,
			"Another program holds the store; nothing was changed, try "
			"again.");
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
		return lose(tx, why, ERR_BROKEN, "The store cannot be read or written.");
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return lose(tx, why, ERR_BROKEN, "The store's file is damaged.");
	default:
		return lose(tx, why, ERR_INTERNAL, sqlite3_errmsg(tx->link));
	}
}

enum err
db_exec(struct tx *tx, const char *sql, struct fault *why)
{
	int rc = sqlite3_exec(tx->link, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? ERR_NONE : db_fault(tx, rc, why);
}

/* ---- opening ------------------------------------------------------------------------
 */

static void
configure_once(void)
{
	/* Counting memory takes a lock that all threads would share. */
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static int
note_frames(void *arg, sqlite3 *link, const char *name, int frames)
{
	struct tx *tx = arg;

	(void)link;
	(void)name;
	tx->frames = frames;
	return SQLITE_OK;
}

static enum err
turn_wal_on(struct tx *tx, struct fault *why)
{
	sqlite3_stmt *stmt = NULL;
	bool on = false;
	int rc;

	rc = sqlite3_prepare_v2(tx->link, "PRAGMA journal_mode = WAL", -1, &stmt, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW)
		on = strcmp((const char *)sqlite3_column_text(stmt, 0), "wal") == 0;
	sqlite3_finalize(stmt);
	if (rc != SQLITE_ROW)
		return db_fault(tx, rc, why);
	return on ? ERR_NONE
		  : fault(why, ERR_INVALID,
			    "The file system of the store cannot share memory between "
			    "programs; put the store on a local disk.");
}

/* SQLite refuses at once, without waiting, when two programs make a new file's WAL. */
static enum err
turn_wal_on_in_turn(struct tx *tx, struct fault *why)
{
	int64_t until = moment_ticks() + BUSY_WAIT;
	enum err err;

	for (;;) {
		tx->lost.code = ERR_NONE;
		err = turn_wal_on(tx, why);
		if (tx->lost.code != ERR_INTERNAL || moment_ticks() >= until)
			return err;
		sqlite3_sleep(10);
	}
}

static enum err
open_link(struct tx *tx, const char *path, struct fault *why)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	int rc = sqlite3_open_v2(path, &tx->link, flags, NULL);

	if (rc != SQLITE_OK)
		return fault(why, ERR_INVALID, "The store %s cannot be opened: %s.", path,
			sqlite3_errstr(rc));
	sqlite3_busy_timeout(tx->link, BUSY_WAIT);
	sqlite3_wal_hook(tx->link, note_frames, tx);
	tx->tidy_at = TIDY_STEP;
	return ERR_NONE;
}

static enum err
set_up(struct tx *tx, enum lane lane, struct fault *why)
{
	enum err err = db_exec(tx, writer_settings, why);

	if (!err && tx->on_disk)
		err = turn_wal_on_in_turn(tx, why);
	if (!err && lane == LANE_READ)
		err = db_exec(tx, reader_settings, why);
	return err;
}

enum err
backend_open(const char *dir, enum lane lane, struct tx **out, struct fault *why)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct tx *tx = mem_new(NULL, struct tx);
	const char *path = ":memory:";
	enum err err = ERR_NONE;

	pthread_once(&once, configure_once);
	tx->on_disk = dir != NULL;
	if (dir)
		err = file_make(tx, dir, &path, why);
	if (!err)
		err = open_link(tx, path, why);
	if (!err)
		err = set_up(tx, lane, why);
	if (err) {
		backend_close(tx);
		return err;
	}
	*out = tx;
	return ERR_NONE;
}

bool
backend_is_there(const char *dir)
{
	void *life = mem_life(NULL);
	bool is_there = access(file_path(life, dir), F_OK) == 0;

	mem_free(life);
	return is_there;
}

void
backend_close(struct tx *tx)
{
	for (int i = 0; i < STMTS; i++)
		sqlite3_finalize(tx->stmt[i]);
	sqlite3_close(tx->link);
	mem_free(tx);
}

static enum err
read_secret(struct tx *tx, unsigned char secret[DIGEST_SIZE], struct fault *why)
{
	struct query q = query_on(tx, STMT_SECRET_FIND);
	enum err err;

	if (!query_next(&q, &err, why))
		return err ? err
			   : fault(why, ERR_BROKEN, "The store has lost its secret.");
	if (sqlite3_column_bytes(q.stmt, 0) == DIGEST_SIZE)
		memcpy(secret, sqlite3_column_blob(q.stmt, 0), DIGEST_SIZE);
	else
		err = fault(why, ERR_BROKEN, "The store's secret is damaged.");
	query_end(&q);
	return err;
}

static enum err
migrate(struct tx *tx, struct fault *why)
{
	unsigned char fresh[DIGEST_SIZE];
	struct query q;
	enum err err = schema_migrate(tx, why);

	if (err)
		return err;
	digest_random(fresh, sizeof(fresh));
	q = query_on(tx, STMT_SECRET_ADD);
	query_blob(&q, fresh, sizeof(fresh));
	err = query_run(&q, why);
	digest_wipe(fresh, sizeof(fresh));
	return err;
}

enum err
backend_prepare(struct tx *tx, unsigned char secret[DIGEST_SIZE], struct fault *why)
{
	enum err err = tx_begin(tx, LANE_WRITE, why);

	if (err)
		return err;
	err = migrate(tx, why);
	if (!err)
		err = read_secret(tx, secret, why);
	if (!err)
		return tx_commit(tx, why);
	tx_rollback(tx);
	return err;
}

/* ---- transactions --------------------------------------------------------------------
 */

static enum err
run_stmt(struct tx *tx, enum stmt which, struct fault *why)
{
	struct query q = query_on(tx, which);

	return query_run(&q, why);
}

enum err
tx_begin(struct tx *tx, enum lane lane, struct fault *why)
{
	enum stmt which = lane == LANE_WRITE ? STMT_BEGIN_WRITE : STMT_BEGIN_READ;
	int64_t until = moment_ticks() + PATIENCE;
	struct query q;
	int rc;

	tx->lost.code = ERR_NONE;
	do {
		q = query_on(tx, which);
		rc = q.rc == SQLITE_OK ? sqlite3_step(q.stmt) : q.rc;
		query_end(&q);
	} while ((rc & 0xff) == SQLITE_BUSY && moment_ticks() < until);
	return rc == SQLITE_DONE ? ERR_NONE : db_fault(tx, rc, why);
}

enum err
tx_commit(struct tx *tx, struct fault *why)
{
	enum err err;

	if (!tx->lost.code) {
		err = run_stmt(tx, STMT_COMMIT, why);
		if (!err)
			return ERR_NONE;
	}
	tx_rollback(tx);
	return fault(why, tx->lost.code, "%s", tx->lost.sentence);
}

void
tx_rollback(struct tx *tx)
{
	/* SQLite may have rolled back already, on its own. */
	if (!sqlite3_get_autocommit(tx->link))
		sqlite3_exec(tx->link, "ROLLBACK", NULL, NULL, NULL);
}

bool
tx_is_lost(const struct tx *tx)
{
	return tx->lost.code != ERR_NONE;
}

void
tx_mark(struct tx *tx)
{
	run_stmt(tx, STMT_MARK, NULL);
}

void
tx_keep(struct tx *tx)
{
	run_stmt(tx, STMT_KEEP, NULL);
}

void
tx_undo(struct tx *tx)
{
	run_stmt(tx, STMT_UNDO, NULL);
	run_stmt(tx, STMT_KEEP, NULL);
}

/* Instead of SQLite's own checkpoints, which would delay the commit that trips them. */
static enum err
checkpoint(struct tx *tx, int *left, int *done, struct fault *why)
{
	int rc = sqlite3_wal_checkpoint_v2(
		tx->link, NULL, SQLITE_CHECKPOINT_PASSIVE, left, done);

	return rc == SQLITE_OK || (rc & 0xff) == SQLITE_BUSY ? ERR_NONE
							     : db_fault(tx, rc, why);
}

bool
tx_is_untidy(const struct tx *tx)
{
	return tx->frames >= tx->tidy_at;
}

enum err
tx_sweep(struct tx *tx, struct fault *why)
{
	int left = 0, done = 0;
	enum err err = checkpoint(tx, &left, &done, why);

	/* Again, for what was written during the first, which took longer. */
	return err ? err : checkpoint(tx, &left, &done, why);
}

enum err
tx_tidy(struct tx *tx, struct fault *why)
{
	int left = 1, done = 0;
	enum err err;

	if (!tx_is_untidy(tx))
		return ERR_NONE;
	err = checkpoint(tx, &left, &done, why);
	/* While a reader holds some of it back, more is worth trying only later. */
	tx->tidy_at = done < left ? tx->frames + TIDY_STEP : TIDY_STEP;
	tx->frames = done < left ? tx->frames : 0;
	return err;
}
