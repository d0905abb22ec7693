/* A store's start: its schema, its secret, and whether the end of its log is still there. */
#include <string.h>

#include "db.h"
#include "file.h"
#include "oneclick/base/log.h"
#include "place.h"

enum err
db_read_secret(struct tx *tx, unsigned char secret[DIGEST_SIZE], struct fault *why)
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

static int64_t
read_last(struct tx *tx, enum stmt which)
{
	struct query q = query_on(tx, which);
	enum err err;
	int64_t last = 0;

	if (query_next(&q, &err, NULL)) {
		last = row_int(&q, 1);
		query_end(&q);
	}
	return last;
}

struct tail
db_tail(struct tx *tx)
{
	return (struct tail){
		.event = read_last(tx, STMT_EVENT_BOUNDS),
		.audit = read_last(tx, STMT_AUDIT_BOUNDS),
	};
}

static void
tell_lost(const char *what, int64_t had, int64_t has)
{
	if (had > has)
		log_line(LOG_ERROR,
			"the store has lost what was acknowledged: its %s end at "
			"position "
			"%lld, and %lld had been committed, so %lld are missing. Its "
			"files "
			"were cut or replaced, or the disk did not keep what it said it "
			"had; look at the disk, and restore a backup if there is a newer "
			"one",
			what, (long long)has, (long long)had, (long long)(had - has));
}

static void
look_for_loss(struct tx *tx)
{
	struct tail had, has;

	if (!tx->place)
		return;
	file_warn_of_parents(tx, place_dir(tx->place));
	had = place_tail(tx->place);
	has = db_tail(tx);
	tell_lost("events", had.event, has.event);
	tell_lost("audit records", had.audit, has.audit);
	place_note_tail(tx->place, has);
}

enum err
backend_prepare(struct tx *tx, unsigned char secret[DIGEST_SIZE], struct fault *why)
{
	enum err err = tx_begin(tx, LANE_WRITE, why);

	if (err)
		return err;
	err = migrate(tx, why);
	if (!err)
		err = db_read_secret(tx, secret, why);
	if (!err)
		look_for_loss(tx);
	if (!err)
		return tx_commit(tx, why);
	tx_rollback(tx);
	return err;
}
