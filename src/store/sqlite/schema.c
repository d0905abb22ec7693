#include "db.h"

/*
 * The schema, step by step: row n brings version n to n + 1.  Rows are only ever added.
 *
 * device     one row a known device.  `num` stands for it in the log, which keeps log and
 *            index small; `seq` counts its events.
 * event      the log.  One position for all of it, not one a shard: a single writer
 *            orders everything anyway, and followers keep one number.  Its only index
 *            serves ListDeviceEvents; each further one would cost a page a click.
 * dedupe     keys of the events taken.  `span` is the week of `at`, first in the key, so
 *            that old keys lie together and are forgotten without an index of their own.
 *            Then the sender's key, before the device: it mostly is a time or a counter,
 *            and what is taken together then falls on the same few pages.
 * context    snapshots of a placement at the time of a click, told apart by their
 *            SHA-256.
 * audit      one record a request.
 */
static const char *const steps[] = {
	"CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;"

	"CREATE TABLE device ("
	" num INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, account TEXT, claim_code "
	"TEXT,"
	" token_hash TEXT, type TEXT NOT NULL, tags TEXT NOT NULL DEFAULT '{}',"
	" project TEXT, placement TEXT, template TEXT, on_click TEXT, on_health TEXT,"
	" state INTEGER NOT NULL DEFAULT 0, enabled INTEGER NOT NULL DEFAULT 0,"
	" life REAL NOT NULL, clicks INTEGER NOT NULL DEFAULT 0,"
	" first_click_at INTEGER NOT NULL DEFAULT 0, seen_at INTEGER NOT NULL DEFAULT 0,"
	" claim_at INTEGER NOT NULL DEFAULT 0, claim_heard_at INTEGER NOT NULL DEFAULT 0,"
	" enabled_at INTEGER NOT NULL DEFAULT 0, context INTEGER NOT NULL DEFAULT 0,"
	" seq INTEGER NOT NULL DEFAULT 0);"
	"CREATE UNIQUE INDEX device_own ON device (account, id) WHERE state = 2;"
	"CREATE INDEX device_code ON device (claim_code, id) WHERE claim_code IS NOT "
	"NULL;"
	"CREATE UNIQUE INDEX device_placed ON device (account, project, placement, "
	"template)"
	" WHERE placement IS NOT NULL;"

	"CREATE TABLE project ("
	" account TEXT NOT NULL, name TEXT NOT NULL, description TEXT, template TEXT,"
	" tags TEXT NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,"
	" PRIMARY KEY (account, name)) WITHOUT ROWID;"
	"CREATE TABLE placement ("
	" account TEXT NOT NULL, project TEXT NOT NULL, name TEXT NOT NULL,"
	" attributes TEXT NOT NULL, created_at INTEGER NOT NULL,"
	" updated_at INTEGER NOT NULL, PRIMARY KEY (account, project, name)) WITHOUT "
	"ROWID;"

	"CREATE TABLE event ("
	" pos INTEGER PRIMARY KEY, device INTEGER NOT NULL, at INTEGER NOT NULL,"
	" reported_at INTEGER NOT NULL, kind INTEGER NOT NULL, life REAL NOT NULL,"
	" seq INTEGER NOT NULL, context INTEGER NOT NULL, account TEXT NOT NULL,"
	" event_id TEXT NOT NULL);"
	"CREATE INDEX event_device ON event (device, reported_at) WHERE kind <= 2;"
	"CREATE TABLE dedupe ("
	" span INTEGER NOT NULL, key TEXT NOT NULL, device_id TEXT NOT NULL,"
	" at INTEGER NOT NULL, PRIMARY KEY (span, key, device_id)) WITHOUT ROWID;"
	"CREATE TABLE context (num INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE,"
	" json TEXT NOT NULL);"

	"CREATE TABLE access_key ("
	" id TEXT PRIMARY KEY, secret TEXT NOT NULL, account TEXT NOT NULL,"
	" user TEXT NOT NULL, policy TEXT NOT NULL, created_at INTEGER NOT NULL,"
	" revoked_at INTEGER NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE audit ("
	" pos INTEGER PRIMARY KEY, at INTEGER NOT NULL, account TEXT NOT NULL,"
	" name TEXT NOT NULL, record TEXT NOT NULL);"
	"CREATE INDEX audit_account ON audit (account);",
};

enum { VERSION = sizeof(steps) / sizeof(*steps) };

static enum err
read_version(struct tx *tx, int *out, struct fault *why)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(tx->link, "PRAGMA user_version", -1, &stmt, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW)
		*out = sqlite3_column_int(stmt, 0);
	sqlite3_finalize(stmt);
	return rc == SQLITE_ROW ? ERR_NONE : db_fault(tx, rc, why);
}

static enum err
take_step(struct tx *tx, int version, struct fault *why)
{
	char mark[48];
	enum err err = db_exec(tx, steps[version], why);

	if (err)
		return err;
	sqlite3_snprintf(sizeof(mark), mark, "PRAGMA user_version = %d", version + 1);
	return db_exec(tx, mark, why);
}

enum err
schema_migrate(struct tx *tx, struct fault *why)
{
	int version = 0;
	enum err err = read_version(tx, &version, why);

	if (!err && version > VERSION)
		return fault(why, ERR_INVALID,
			"The store has schema %d, and this program knows up to %d; run a "
			"newer "
			"oneclickd on it.",
			version, (int)VERSION);
	for (; !err && version < VERSION; version++)
		err = take_step(tx, version, why);
	return err;
}
