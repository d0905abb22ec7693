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
 * audit      one record a request; `hash` is of it and the one before, `sig` the key's ID
 *            and HMAC of position and hash.
 * audit_end  where the records begin and end: `first`, the last one that was removed for
 *            its age, with how many were in all and the moment they were older than;
 *            `last`, the newest, with how many there were of the first release, which
 *            have no hash.  Signed, so that what is removed by another hand shows.
 * cursor     how far a consumer of the log has come (deliveries, metrics).
 * delivery   only what failed at least once, or had to stand aside: the log itself is the
 *            outbox. It goes when it succeeds, or with its event. `target` is the rule of
 *            the configuration that it waits for.
 * metric     what CloudWatch is asked for, a row a minute; written by a consumer of the log
 *            together with its cursor, so that nothing counts twice.  Old minutes are folded
 *            into the first of their hour, which the two indexes tell apart.
 * replay     signatures of changes, so that one sent again is not carried out again.
 *            `until` first, as with dedupe: what is forgotten together lies together.
 * mark       the last batches of a broker's messages that had no key of their own, so that
 *            those it sends again are known.
 * alias      friendly names of a gateway's devices, kept because presses may come before
 *            the gateway tells the names again.
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

	"ALTER TABLE device ADD COLUMN profile TEXT;"
	"ALTER TABLE device ADD COLUMN rated INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE device ADD COLUMN presence INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE device ADD COLUMN calls INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE device ADD COLUMN life_below REAL NOT NULL DEFAULT 0;"
	"ALTER TABLE device ADD COLUMN life_told INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE device ADD COLUMN quiet_after INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE device ADD COLUMN quiet_at INTEGER NOT NULL DEFAULT 0;"
	"CREATE INDEX device_ready ON device (seen_at, id)"
	" WHERE state <> 2 AND profile IS NOT NULL;"
	"CREATE INDEX device_quiet ON device (quiet_at) WHERE quiet_at > 0;"
	"ALTER TABLE event ADD COLUMN due INTEGER NOT NULL DEFAULT 0;"
	"CREATE TABLE cursor (consumer TEXT PRIMARY KEY, pos INTEGER NOT NULL)"
	" WITHOUT ROWID;"
	"CREATE TABLE delivery ("
	" pos INTEGER PRIMARY KEY, account TEXT NOT NULL, device_id TEXT NOT NULL,"
	" callback TEXT NOT NULL, target TEXT NOT NULL, state INTEGER NOT NULL,"
	" attempts INTEGER NOT NULL, due INTEGER NOT NULL, tried_at INTEGER NOT NULL,"
	" error TEXT);"
	"CREATE INDEX delivery_due ON delivery (target, due) WHERE state = 0;"
	"CREATE INDEX delivery_device ON delivery (device_id) WHERE state = 0;"
	"CREATE INDEX delivery_account ON delivery (account, state, pos);"
	"CREATE TABLE metric ("
	" account TEXT NOT NULL, name TEXT NOT NULL, dimensions TEXT NOT NULL,"
	" minute INTEGER NOT NULL, count INTEGER NOT NULL, sum REAL NOT NULL,"
	" least REAL NOT NULL, most REAL NOT NULL,"
	" PRIMARY KEY (account, name, dimensions, minute)) WITHOUT ROWID;"
	"CREATE INDEX metric_fine ON metric (minute) WHERE minute % 60 <> 0;"
	"CREATE INDEX metric_coarse ON metric (minute) WHERE minute % 60 = 0;"
	"ALTER TABLE audit ADD COLUMN hash BLOB;"
	"CREATE TABLE account (id TEXT PRIMARY KEY, name TEXT NOT NULL,"
	" created_at INTEGER NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE user ("
	" account TEXT NOT NULL, name TEXT NOT NULL, policies TEXT NOT NULL,"
	" tags TEXT NOT NULL, created_at INTEGER NOT NULL,"
	" PRIMARY KEY (account, name)) WITHOUT ROWID;"
	"INSERT INTO account SELECT account, '', min(created_at) FROM access_key"
	" GROUP BY account;"
	"INSERT INTO user SELECT account, user, '{}', '{}', min(created_at)"
	" FROM access_key GROUP BY account, user;"
	"CREATE TABLE replay ("
	" until INTEGER NOT NULL, signature TEXT NOT NULL, at INTEGER NOT NULL,"
	" status INTEGER NOT NULL, problem TEXT, body TEXT NOT NULL,"
	" PRIMARY KEY (until, signature)) WITHOUT ROWID;"
	"CREATE TABLE mark (slot INTEGER PRIMARY KEY, batch INTEGER NOT NULL,"
	" at INTEGER NOT NULL, count INTEGER NOT NULL, marks BLOB NOT NULL);"
	"CREATE TABLE alias ("
	" profile TEXT NOT NULL, name TEXT NOT NULL, id TEXT NOT NULL,"
	" PRIMARY KEY (profile, name)) WITHOUT ROWID;",

	"ALTER TABLE audit ADD COLUMN sig BLOB;"
	"CREATE TABLE audit_end ("
	" side TEXT PRIMARY KEY, pos INTEGER NOT NULL, at INTEGER NOT NULL,"
	" records INTEGER NOT NULL, hash BLOB, sig BLOB) WITHOUT ROWID;"
	"INSERT INTO audit_end (side, pos, at, records)"
	" SELECT 'first', pos - 1, at, pos - 1 FROM audit"
	" WHERE pos = (SELECT min(pos) FROM audit) AND pos > 1;"
	"INSERT INTO audit_end (side, pos, at, records, hash)"
	" SELECT 'last', pos, at, (SELECT count(*) FROM audit WHERE hash IS NULL),"
	" hash FROM audit"
	" WHERE pos = (SELECT max(pos) FROM audit);",
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

static enum err
refuse_newer(int version, struct fault *why)
{
	return fault(why, ERR_INVALID,
		"A newer oneclickd made this store: it has schema %d, and "
		"oneclickd " ONECLICK_VERSION " knows up to %d; run the newer one, or "
		"restore a backup from before it.",
		version, (int)VERSION);
}

enum err
schema_check(struct tx *tx, struct fault *why)
{
	int version = 0;
	enum err err = read_version(tx, &version, why);

	if (!err && version == 0)
		return fault(why, ERR_INVALID, "It holds no store.");
	return !err && version > VERSION ? refuse_newer(version, why) : err;
}

enum err
schema_check_current(struct tx *tx, struct fault *why)
{
	int version = 0;
	enum err err = schema_check(tx, why);

	if (!err)
		err = read_version(tx, &version, why);
	if (!err && version < VERSION)
		return fault(why, ERR_INVALID,
			"An older oneclickd made this store, and it cannot be brought up "
			"to "
			"date where nothing can be written; copy its directory to a disk "
			"that can be.");
	return err;
}

enum err
schema_migrate(struct tx *tx, struct fault *why)
{
	int version = 0;
	enum err err = read_version(tx, &version, why);

	if (!err && version > VERSION)
		return refuse_newer(version, why);
	for (; !err && version < VERSION; version++)
		err = take_step(tx, version, why);
	return err;
}
