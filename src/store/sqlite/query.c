#include <assert.h>

#include "db.h"

static int
prepare(struct tx *tx, enum stmt which)
{
	return sqlite3_prepare_v3(tx->link, sql_text[which], -1,
		SQLITE_PREPARE_PERSISTENT, &tx->stmt[which], NULL);
}

struct query
query_on(struct tx *tx, enum stmt which)
{
	struct query q = { .tx = tx, .rc = SQLITE_OK };

	if (!tx->stmt[which])
		q.rc = prepare(tx, which);
	q.stmt = tx->stmt[which];
	assert(!sqlite3_stmt_busy(q.stmt));
	return q;
}

static void
note(struct query *q, int rc)
{
	if (q->rc == SQLITE_OK)
		q->rc = rc;
}

void
query_text(struct query *q, const char *text)
{
	note(q, sqlite3_bind_text(q->stmt, ++q->bound, text, -1, SQLITE_STATIC));
}

void
query_blob(struct query *q, const void *bytes, size_t n)
{
	note(q, sqlite3_bind_blob64(q->stmt, ++q->bound, bytes, n, SQLITE_STATIC));
}

void
query_int(struct query *q, int64_t whole)
{
	note(q, sqlite3_bind_int64(q->stmt, ++q->bound, whole));
}

void
query_real(struct query *q, double number)
{
	note(q, sqlite3_bind_double(q->stmt, ++q->bound, number));
}

bool
query_next(struct query *q, enum err *err, struct fault *why)
{
	int rc = q->rc == SQLITE_OK ? sqlite3_step(q->stmt) : q->rc;

	*err = ERR_NONE;
	if (rc == SQLITE_ROW)
		return true;
	if (rc != SQLITE_DONE)
		*err = db_fault(q->tx, rc, why);
	query_end(q);
	return false;
}

enum err
query_run(struct query *q, struct fault *why)
{
	enum err err;

	if (query_next(q, &err, why)) {
		assert(!"a statement that gives no rows");
		query_end(q);
	}
	return err;
}

enum err
query_change(struct query *q, bool *changed, struct fault *why)
{
	enum err err = query_run(q, why);

	*changed = !err && sqlite3_changes(q->tx->link) > 0;
	return err;
}

void
query_end(struct query *q)
{
	sqlite3_reset(q->stmt);
}

const char *
row_text(const struct query *q, int column)
{
	return (const char *)sqlite3_column_text(q->stmt, column);
}

const void *
row_blob(const struct query *q, int column, size_t n)
{
	const void *bytes = sqlite3_column_blob(q->stmt, column);

	return bytes && (size_t)sqlite3_column_bytes(q->stmt, column) == n ? bytes : NULL;
}

int64_t
row_int(const struct query *q, int column)
{
	return sqlite3_column_int64(q->stmt, column);
}

double
row_real(const struct query *q, int column)
{
	return sqlite3_column_double(q->stmt, column);
}
