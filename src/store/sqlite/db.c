#include "db.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "oneclick/base/log.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "place.h"

enum {
	BUSY_WAIT = 5 * 1000,  /* ms that opening waits for a lock */
	PATIENCE = 90 * 1000,  /* ms that a transaction does */
	HURRY = 2 * 1000,      /* ms that it still does when we end */
	TELL_AFTER = 2 * 1000, /* ms of waiting that are worth a word */
	LOOK_EVERY = 20,       /* ms between two tries */
	READ_MAX = 10 * 1000, /* ms that a reader may take, for the log grows meanwhile */
	OPERATIONS = 100000,  /* of SQLite's, between two looks at the time */
	TIDY_STEP = 16000,    /* pages of WAL, 32 MiB, between checkpoints */
	PAGE = 2048,
};

/*
 * WAL with FULL: a commit is on disk when it returns.  Caches are small, because a
 * million devices must not cost more memory than a thousand; the system caches the file
 * anyway. Pages are small, because a click changes a few bytes in each of four places,
 * and whole pages are logged.
 */
static const char writer_settings[] = "PRAGMA page_size = 2048;" /* PAGE */
				      "PRAGMA synchronous = FULL;"
				      "PRAGMA foreign_keys = OFF;"
				      "PRAGMA temp_store = MEMORY;"
				      "PRAGMA mmap_size = 0;"
				      "PRAGMA journal_size_limit = 67108864;"
				      "PRAGMA cache_size = -4096";
static const char reader_settings[] = "PRAGMA query_only = ON;"
				      "PRAGMA cache_size = -2048";

/* Bytes of pages that all connections keep. */
static _Atomic(int64_t) cached;

/* Each tells of its own, for nobody else may look at it. */
static void
tell_cached(struct tx *tx, int64_t now)
{
	atomic_fetch_add(&cached, now - tx->cached);
	tx->cached = now;
}

static void
weigh_cache(struct tx *tx)
{
	int now, most;

	if (sqlite3_db_status(tx->link, SQLITE_DBSTATUS_CACHE_USED, &now, &most, 0) ==
		SQLITE_OK)
		tell_cached(tx, now);
}

enum err
db_exec(struct tx *tx, const char *sql, struct fault *why)
{
	int rc = sqlite3_exec(tx->link, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? ERR_NONE : db_fault(tx, rc, why);
}

/* ---- waiting -------------------------------------------------------------------------
 */

static bool
is_patient(const struct tx *tx)
{
	int64_t now = moment_ticks(), hurry = atomic_load(&tx->hurry);

	return now < tx->until && (hurry == 0 || now < hurry);
}

static void
tell_waiting(struct tx *tx)
{
	if (tx->told || moment_ticks() - tx->began < TELL_AFTER)
		return;
	tx->told = true;
	log_line(LOG_WARN,
		"another program holds the store's lock; what is to be written "
		"waits for it");
}

static void
tell_waited(struct tx *tx)
{
	if (tx->told)
		log_line(LOG_INFO, "the store's lock is free again");
	tx->told = false;
}

/* SQLite's own way of waiting cannot be ended early. */
static int
wait_busy(void *arg, int count)
{
	struct tx *tx = arg;

	if (!is_patient(tx))
		return 0;
	tell_waiting(tx);
	sqlite3_sleep(count < LOOK_EVERY ? 1 : LOOK_EVERY);
	return 1;
}

static void
wait_for(struct tx *tx, int64_t wait)
{
	tx->began = moment_ticks();
	tx->until = tx->began + wait;
}

void
tx_hurry(struct tx *tx, bool hurry)
{
	atomic_store(&tx->hurry, hurry ? moment_ticks() + HURRY : 0);
}

/* While a reader's view lasts, no checkpoint can bring the log's room back. */
static int
look_at_time(void *arg)
{
	const struct tx *tx = arg;

	return moment_ticks() >= tx->until;
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
	wait_for(tx, BUSY_WAIT);
	sqlite3_busy_handler(tx->link, wait_busy, tx);
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
	if (!err && lane == LANE_READ)
		sqlite3_progress_handler(tx->link, OPERATIONS, look_at_time, tx);
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
	if (!err && dir && lane == LANE_WRITE)
		tx->place = place_open(tx, dir, tx->link);
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

int64_t
backend_memory(void)
{
	return atomic_load(&cached);
}

enum err
backend_try(const char *dir, struct fault *why)
{
	void *life = mem_life(NULL);
	enum err err = file_try(life, dir, why);

	mem_free(life);
	return err;
}

void
backend_close(struct tx *tx)
{
	for (int i = 0; i < STMTS; i++)
		sqlite3_finalize(tx->stmt[i]);
	tell_cached(tx, 0);
	sqlite3_close(tx->link);
	place_close(tx->place);
	mem_free(tx);
}

void
tx_guard(struct tx *tx, const char *path)
{
	if (tx->place)
		place_guard(tx->place, path);
}

/* ---- transactions --------------------------------------------------------------------
 */

static enum err
run_stmt(struct tx *tx, enum stmt which, struct fault *why)
{
	struct query q = query_on(tx, which);

	return query_run(&q, why);
}

static enum err
check_begun(struct tx *tx, struct fault *why)
{
	struct fault cut;

	if (!tx->place || !tx->writes || !place_check_log(tx->place, tx->link, &cut))
		return ERR_NONE;
	tx_rollback(tx);
	return db_lose(tx, why, cut.code, cut.sentence);
}

enum err
tx_begin(struct tx *tx, enum lane lane, struct fault *why)
{
	enum stmt which = lane == LANE_WRITE ? STMT_BEGIN_WRITE : STMT_BEGIN_READ;
	struct query q;
	int rc;

	weigh_cache(tx);
	tx->lost.code = ERR_NONE;
	tx->writes = lane == LANE_WRITE;
	tx->changes = sqlite3_total_changes64(tx->link);
	wait_for(tx, tx->writes ? PATIENCE : READ_MAX);
	do {
		q = query_on(tx, which);
		rc = q.rc == SQLITE_OK ? sqlite3_step(q.stmt) : q.rc;
		query_end(&q);
	} while ((rc & 0xff) == SQLITE_BUSY && wait_busy(tx, LOOK_EVERY));
	if (rc != SQLITE_DONE)
		return db_fault(tx, rc, why);
	tell_waited(tx);
	return check_begun(tx, why);
}

static bool
has_changed(const struct tx *tx)
{
	return sqlite3_total_changes64(tx->link) != tx->changes;
}

/* It is on the disk: is that disk still the store? */
static enum err
check_committed(struct tx *tx, struct tail tail, struct fault *why)
{
	struct fault moved;
	bool changed = has_changed(tx);

	if (!tx->place || !tx->writes)
		return ERR_NONE;
	if (place_check(tx->place, &moved))
		return db_lose(tx, why, moved.code, moved.sentence);
	if (changed) {
		place_note_tail(tx->place, tail);
		place_note_log(tx->place, tx->link, tx->frames);
	}
	return ERR_NONE;
}

enum err
tx_commit(struct tx *tx, struct fault *why)
{
	struct tail tail = { 0 };
	enum err err;

	if (!tx->lost.code && tx->place && has_changed(tx))
		tail = db_tail(tx);
	if (!tx->lost.code) {
		err = run_stmt(tx, STMT_COMMIT, why);
		if (!err)
			return check_committed(tx, tail, why);
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

int64_t
tx_log_size(const struct tx *tx)
{
	return (int64_t)tx->frames * PAGE;
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

	if (tx->place)
		place_sync(tx->place);
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
