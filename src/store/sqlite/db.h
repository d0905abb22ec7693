/*
 * A connection to SQLite and questions on it.  Statements are prepared once a connection;
 * texts are bound and read in place, so a row costs no copy.
 */
#ifndef ONECLICK_STORE_SQLITE_DB_H
#define ONECLICK_STORE_SQLITE_DB_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "../backend.h"
#include "oneclick/store/audit.h"
#include "place.h"
#include "sql.h"

struct tx {
	sqlite3 *link;
	sqlite3_stmt *stmt[STMTS]; /* NULL until first asked */
	struct fault lost;         /* code ERR_NONE: the transaction is sound */
	int frames;                /* pages in the WAL after the last commit */
	int tidy_at;               /* frames at which to checkpoint next */
	bool on_disk;
	struct audit_key key; /* signs audit records, if it is `known` */
	bool writes;            /* the open transaction may */
	int64_t changes;        /* rows, before the open transaction */
	struct place *place;    /* NULL: in memory */
	int64_t began;          /* ticks, of the wait or the transaction */
	int64_t until;          /* ticks: how long it waits, or may read */
	_Atomic(int64_t) hurry; /* ticks after which it waits no more; 0: not at all */
	bool told;              /* that it waits */
	int64_t cached;         /* bytes of pages, as it was last told */
};

/* Words what SQLite answered, and marks the transaction lost when it is. A broken rule of
 * uniqueness is ERR_CONFLICT, for the caller to word. */
enum err db_fault(struct tx *tx, int rc, struct fault *why);
/* Marks the transaction lost for this reason, if it is not yet. */
enum err db_lose(struct tx *tx, struct fault *why, enum err code, const char *sentence);
enum err db_read_secret(
	struct tx *tx, unsigned char secret[DIGEST_SIZE], struct fault *why);
/* The last positions, as the transaction has them. */
struct tail db_tail(struct tx *tx);
/* Runs SQL that gives no rows and takes no values. */
enum err db_exec(struct tx *tx, const char *sql, struct fault *why);

/* One asking of a statement: bind in order, then query_run, or query_next until no row is
 * left; query_end if it is left early. Texts bound are borrowed until then. */
struct query {
	struct tx *tx;
	sqlite3_stmt *stmt;
	int bound;
	int rc;
};

struct query query_on(struct tx *tx, enum stmt which);
void query_text(struct query *q, const char *text); /* NULL binds NULL */
void query_blob(struct query *q, const void *bytes, size_t n);
void query_int(struct query *q, int64_t whole);
void query_real(struct query *q, double number);

/* Expects no row. */
enum err query_run(struct query *q, struct fault *why);
/* As query_run; when it changed no row, fills *changed with false. */
enum err query_change(struct query *q, bool *changed, struct fault *why);
/* False at the end and on failure, which is in *err; the query has then ended. */
bool query_next(struct query *q, enum err *err, struct fault *why);
void query_end(struct query *q);

/* Columns of the row at hand; texts are borrowed until the next step. */
const char *row_text(const struct query *q, int column); /* NULL for NULL */
/* NULL unless it is a blob of n bytes; borrowed likewise. */
const void *row_blob(const struct query *q, int column, size_t n);
int64_t row_int(const struct query *q, int column);
double row_real(const struct query *q, int column);

/* Opens the store of `dir` on a medium that cannot be written to. */
enum err db_open_readonly(const char *dir, sqlite3 **out, struct fault *why);

/* Brings the schema up to what this program knows, each step in one transaction. */
enum err schema_migrate(struct tx *tx, struct fault *why);
/* ERR_INVALID unless it is a store, and none of a newer program. */
enum err schema_check(struct tx *tx, struct fault *why);
/* And of an older one neither, which would have to be written. */
enum err schema_check_current(struct tx *tx, struct fault *why);

#endif
