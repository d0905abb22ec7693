#include "sql.h"

/*
 * The columns stand in the order in which read_device, read_event and their like take
 * them. Conditions that repeat a partial index's (state = 2, ... IS NOT NULL) must stay
 * literal: that is how SQLite knows that it may use it.
 */
#define DEVICE \
	"id, account, claim_code, token_hash, type, tags, project, placement, " \
	"template, " \
	"on_click, on_health, state, enabled, life, clicks, first_click_at, seen_at, " \
	"claim_at, claim_heard_at, enabled_at, context, calls, profile, rated, " \
	"presence, life_below, life_told, quiet_after, quiet_at, num, seq"
#define DEVICE_PRESSED \
	"num, seq, id, account, token_hash, state, enabled, life, clicks, " \
	"first_click_at, seen_at, claim_at, claim_heard_at, enabled_at, context, " \
	"calls, rated, presence, life_below, life_told, quiet_after, quiet_at, " \
	"context = 0 AND (placement IS NOT NULL OR on_click IS NOT NULL), " \
	"profile IS NULL"
#define DEVICE_LISTED \
	"id, account, type, tags, project, placement, template, state, enabled, life"
#define EVENT_COLUMNS \
	"e.pos, e.at, e.reported_at, e.account, d.id, e.event_id, e.kind, e.life, " \
	"e.seq, " \
	"e.context, c.json, e.due"
#define EVENT_JOINS \
	"CROSS JOIN device d ON d.num = e.device " \
	"LEFT JOIN context c ON c.num = e.context "
#define EVENT EVENT_COLUMNS " FROM event e " EVENT_JOINS
#define DELIVERY \
	EVENT_COLUMNS ", x.callback, x.target, x.state, x.attempts, x.due, x.tried_at, " \
		      "x.error FROM delivery x CROSS JOIN event e ON e.pos = x.pos " \
	EVENT_JOINS
#define PROJECT "account, name, description, template, tags, created_at, updated_at"
#define PLACEMENT "account, project, name, attributes, created_at, updated_at"
#define METRIC "account, name, dimensions, minute, count, sum, least, most"
#define METRIC_ADDED \
	"ON CONFLICT DO UPDATE SET count = count + excluded.count, " \
	"sum = sum + excluded.sum, least = min(least, excluded.least), " \
	"most = max(most, excluded.most)"
#define METRIC_FINE \
	"FROM metric WHERE minute < ? AND minute % 60 <> 0 " \
	"ORDER BY minute, account, name, dimensions LIMIT ?"
#define ACCESS_KEY "id, secret, account, user, policy, created_at, revoked_at"
#define USER "account, name, policies, tags, created_at"

const char *const sql_text[STMTS] = {
	[STMT_BEGIN_READ] = "BEGIN",
	[STMT_BEGIN_WRITE] = "BEGIN IMMEDIATE",
	[STMT_COMMIT] = "COMMIT",
	[STMT_MARK] = "SAVEPOINT job",
	[STMT_KEEP] = "RELEASE job",
	[STMT_UNDO] = "ROLLBACK TO job",

	[STMT_SECRET_ADD] =
		"INSERT OR IGNORE INTO meta (name, value) VALUES ('secret', ?)",
	[STMT_SECRET_FIND] = "SELECT value FROM meta WHERE name = 'secret'",
	[STMT_META_READ] = "SELECT value FROM meta WHERE name = ?",
	[STMT_META_WRITE] = "INSERT INTO meta (name, value) VALUES (?, ?) "
			    "ON CONFLICT DO UPDATE SET value = excluded.value",

	[STMT_DEVICE_FIND] = "SELECT " DEVICE " FROM device WHERE id = ?",
	[STMT_DEVICE_FIND_OWN] =
		"SELECT " DEVICE
		" FROM device WHERE id = ?1 AND account = ?2 AND state <> 0",
	[STMT_DEVICE_FIND_PRESSED] =
		"SELECT " DEVICE_PRESSED " FROM device WHERE id = ?",
	[STMT_DEVICE_ADD] =
		"INSERT INTO device (id, claim_code, token_hash, type, life, profile, "
		"rated) VALUES (?, ?, ?, ?, ?, ?, ?)",
	[STMT_DEVICE_SAVE] =
		"UPDATE device SET account = ?2, claim_code = ?3, token_hash = ?4, type "
		"= ?5, "
		"tags = ?6, project = ?7, placement = ?8, template = ?9, on_click = ?10, "
		"on_health = ?11, state = ?12, enabled = ?13, life = ?14, clicks = ?15, "
		"first_click_at = ?16, seen_at = ?17, claim_at = ?18, claim_heard_at = "
		"?19, "
		"enabled_at = ?20, context = ?21, calls = ?22, profile = ?23, "
		"rated = ?24, presence = ?25, life_below = ?26, life_told = ?27, "
		"quiet_after = ?28, quiet_at = ?29 WHERE id = ?1",
	[STMT_DEVICE_SAVE_CLICK] =
		"UPDATE device SET seq = ?2, life = ?3, clicks = ?4, "
		"first_click_at = ?5, seen_at = ?6, claim_heard_at = ?7, context = ?8, "
		"calls = ?9, rated = ?10, presence = ?11, life_told = ?12, "
		"quiet_at = ?13 WHERE num = ?1",
	[STMT_DEVICE_LIST] = "SELECT " DEVICE_LISTED
			     " FROM device WHERE account = ? AND state = 2 AND id > ? "
			     "ORDER BY id LIMIT ?",
	[STMT_DEVICE_LIST_CODE] =
		"SELECT " DEVICE " FROM device WHERE claim_code = ? AND state <> 2 "
		"ORDER BY id",
	[STMT_DEVICE_LIST_READY] =
		"SELECT " DEVICE
		" FROM device WHERE (seen_at, id) < (?1, ?2) AND state <> 2 "
		"AND profile IS NOT NULL AND (state = 0 OR claim_at < ?3) "
		"ORDER BY seen_at DESC, id DESC LIMIT ?4",
	[STMT_DEVICE_READY_AT] =
		"SELECT 1 FROM device WHERE state <> 2 AND profile IS NOT NULL "
		"LIMIT 1 OFFSET ?",
	[STMT_DEVICE_LIST_QUIET] =
		"SELECT id FROM device WHERE quiet_at > 0 AND quiet_at <= ? "
		"ORDER BY quiet_at LIMIT ?",
	[STMT_DEVICE_LIST_FAMILY] =
		"SELECT id FROM device WHERE id = ?1 "
		"OR (id >= ?1 || '.' AND id < ?1 || '/') ORDER BY id",
	[STMT_DEVICE_IN_PLACEMENT] =
		"SELECT template, id FROM device WHERE account = ? AND project = ? "
		"AND placement = ? AND placement IS NOT NULL ORDER BY template",
	[STMT_DEVICE_FORGET_PROJECT] =
		"UPDATE device SET context = 0 WHERE account = ? AND project = ? "
		"AND placement IS NOT NULL",
	[STMT_DEVICE_FORGET_PLACEMENT] =
		"UPDATE device SET context = 0 WHERE account = ? AND project = ? "
		"AND placement = ? AND placement IS NOT NULL",

	[STMT_PROJECT_FIND] =
		"SELECT " PROJECT " FROM project WHERE account = ? AND name = ?",
	[STMT_PROJECT_ADD] =
		"INSERT INTO project (" PROJECT ") VALUES (?, ?, ?, ?, ?, ?, ?)",
	[STMT_PROJECT_SAVE] =
		"UPDATE project SET description = ?3, template = ?4, tags = ?5, "
		"created_at = ?6, updated_at = ?7 WHERE account = ?1 AND name = ?2",
	[STMT_PROJECT_REMOVE] = "DELETE FROM project WHERE account = ? AND name = ?",
	[STMT_PROJECT_COUNT] = "SELECT count(*) FROM project WHERE account = ?",
	[STMT_PROJECT_LIST] =
		"SELECT " PROJECT " FROM project WHERE account = ? AND name > ? "
		"ORDER BY name LIMIT ?",

	[STMT_PLACEMENT_FIND] =
		"SELECT " PLACEMENT
		" FROM placement WHERE account = ? AND project = ? AND name = ?",
	[STMT_PLACEMENT_ADD] =
		"INSERT INTO placement (" PLACEMENT ") VALUES (?, ?, ?, ?, ?, ?)",
	[STMT_PLACEMENT_SAVE] =
		"UPDATE placement SET attributes = ?4, created_at = ?5, updated_at = ?6 "
		"WHERE account = ?1 AND project = ?2 AND name = ?3",
	[STMT_PLACEMENT_REMOVE] =
		"DELETE FROM placement WHERE account = ? AND project = ? AND name = ?",
	[STMT_PLACEMENT_FIRST] =
		"SELECT name FROM placement WHERE account = ? AND project = ? "
		"ORDER BY name LIMIT 1",
	[STMT_PLACEMENT_LIST] =
		"SELECT " PLACEMENT " FROM placement WHERE account = ? AND project = ? "
		"AND name > ? ORDER BY name LIMIT ?",

	[STMT_EVENT_COUNT] = "UPDATE device SET seq = ? WHERE num = ?",
	[STMT_EVENT_DEVICE] = "SELECT num, seq FROM device WHERE id = ?",
	[STMT_EVENT_APPEND] = "INSERT INTO event (device, at, reported_at, kind, life, "
			      "seq, context, account, "
			      "event_id, due) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[STMT_EVENT_LIST_DEVICE] =
		"SELECT " EVENT
		"WHERE e.device = (SELECT num FROM device WHERE id = ?1) AND e.kind <= 2 "
		"AND (e.reported_at, e.pos) > (max(?2, "
		"coalesce((SELECT reported_at FROM event WHERE pos = ?4), ?2)), ?4) "
		"AND e.reported_at <= ?3 AND e.account = ?5 "
		"ORDER BY e.reported_at, e.pos LIMIT ?6",
	[STMT_EVENT_AFTER] = "SELECT " EVENT
			     "WHERE e.pos > ? AND e.account = ? ORDER BY e.pos LIMIT ?",
	[STMT_EVENT_FOLLOW] = "SELECT " EVENT "WHERE e.pos > ? ORDER BY e.pos LIMIT ?",
	[STMT_EVENT_BOUNDS] =
		"SELECT (SELECT min(pos) FROM event), (SELECT max(pos) FROM event)",
	[STMT_EVENT_TRIM_END] =
		"SELECT pos FROM event WHERE pos < ? AND at >= ? ORDER BY pos LIMIT 1",
	[STMT_EVENT_TRIM] = "DELETE FROM event WHERE pos < ?",
	[STMT_SEEN_FIND] =
		"SELECT at FROM dedupe WHERE span = ? AND key = ? AND device_id = ?",
	[STMT_SEEN_NOTE] = "INSERT INTO dedupe (span, key, device_id, at) "
			   "VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE "
			   "SET at = excluded.at WHERE at NOT BETWEEN ? AND ?",
	[STMT_SEEN_FORGET] =
		"DELETE FROM dedupe WHERE (span, key, device_id) IN "
		"(SELECT span, key, device_id FROM dedupe WHERE span < ? LIMIT ?)",
	[STMT_CONTEXT_FIND] = "SELECT num FROM context WHERE hash = ?",
	[STMT_CONTEXT_ADD] = "INSERT INTO context (hash, json) VALUES (?, ?)",
	[STMT_CONTEXT_RANGE] = "SELECT count(*), min(num), max(num) FROM context",
	[STMT_CONTEXT_OF_DEVICES] =
		"SELECT num, context FROM device WHERE num > ? ORDER BY num LIMIT ?",
	[STMT_CONTEXT_OF_EVENTS] =
		"SELECT pos, context FROM event WHERE pos > ? ORDER BY pos LIMIT ?",
	[STMT_CONTEXT_LIST] = "SELECT num FROM context WHERE num > ? AND num <= ? "
			      "ORDER BY num LIMIT ?",
	[STMT_CONTEXT_REMOVE] = "DELETE FROM context WHERE num = ?",

	[STMT_MARKS_NOTE] = "INSERT OR REPLACE INTO mark (slot, batch, at, count, "
			    "marks) VALUES (?, ?, ?, ?, ?)",
	[STMT_MARKS_CLEAR] = "DELETE FROM mark",
	[STMT_MARKS_LIST] = "SELECT batch, at, count, marks FROM mark ORDER BY batch",
	[STMT_ALIAS_SET] = "INSERT INTO alias (profile, name, id) VALUES (?, ?, ?) "
			   "ON CONFLICT DO UPDATE SET id = excluded.id",
	[STMT_ALIAS_LIST] = "SELECT profile, name, id FROM alias",

	[STMT_CURSOR_READ] = "SELECT pos FROM cursor WHERE consumer = ?",
	[STMT_CURSOR_WRITE] = "INSERT INTO cursor (consumer, pos) VALUES (?, ?) "
			      "ON CONFLICT DO UPDATE SET pos = excluded.pos",

	[STMT_DELIVERY_PUT] =
		"INSERT INTO delivery (pos, account, device_id, callback, target, state, "
		"attempts, due, tried_at, error) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
		"ON CONFLICT DO UPDATE SET target = excluded.target, "
		"state = excluded.state, attempts = excluded.attempts, "
		"due = excluded.due, tried_at = excluded.tried_at, "
		"error = excluded.error",
	[STMT_DELIVERY_REMOVE] = "DELETE FROM delivery WHERE pos = ?",
	[STMT_DELIVERY_HAS] = "SELECT 1 FROM delivery WHERE pos = ?",
	[STMT_DELIVERY_TRIM] = "DELETE FROM delivery WHERE pos < ?",
	[STMT_DELIVERY_DUE] = "SELECT " DELIVERY
			      "WHERE x.state = 0 AND x.target = ? AND x.due <= ? "
			      "ORDER BY x.due, x.pos LIMIT ?",
	[STMT_DELIVERY_DUE_ORDERED] =
		"SELECT " DELIVERY "WHERE x.state = 0 AND x.target = ? AND x.due <= ? "
		"AND NOT EXISTS (SELECT 1 FROM delivery b WHERE b.state = 0 "
		"AND b.device_id = x.device_id AND b.target = x.target "
		"AND b.pos < x.pos) ORDER BY x.due, x.pos LIMIT ?",
	[STMT_DELIVERY_NEXT] =
		"SELECT due FROM delivery WHERE state = 0 AND target = ? AND due > ? "
		"ORDER BY due LIMIT 1",
	[STMT_DELIVERY_TARGET] =
		"SELECT target, due FROM delivery WHERE state = 0 AND target >= ? "
		"ORDER BY target, due LIMIT 1",
	[STMT_DELIVERY_HASTEN] =
		"UPDATE delivery SET due = ?2 WHERE pos IN (SELECT pos FROM delivery "
		"WHERE state = 0 AND target = ?1 AND due > ?3 LIMIT ?4)",
	[STMT_DELIVERY_LIST] =
		"SELECT " DELIVERY
		"WHERE x.pos IN (SELECT pos FROM (SELECT pos FROM delivery "
		"WHERE account = ?1 AND state = 0 AND ?2 & 1 AND pos < ?3 "
		"ORDER BY pos DESC LIMIT ?4) UNION ALL SELECT pos FROM (SELECT pos "
		"FROM delivery WHERE account = ?1 AND state = 1 AND ?2 & 2 AND pos < ?3 "
		"ORDER BY pos DESC LIMIT ?4)) ORDER BY x.pos DESC LIMIT ?4",
	[STMT_DELIVERY_REPLAY] =
		"UPDATE delivery SET state = 0, target = '', attempts = 0, due = ?2 "
		"WHERE pos IN (SELECT x.pos FROM delivery x CROSS JOIN event e "
		"ON e.pos = x.pos WHERE x.account = ?1 AND x.state = 1 "
		"AND (?3 IS NULL OR x.callback = ?3) "
		"AND (?4 IS NULL OR instr(?4, char(10) || e.event_id || char(10))) "
		"AND e.reported_at BETWEEN ?5 AND ?6 ORDER BY x.pos LIMIT ?7)",
	/* In one pass and without sorting, however many there are. */
	[STMT_DELIVERY_COUNT] =
		"SELECT coalesce(sum(state = ?), 0), count(*) FROM delivery",

	[STMT_METRIC_MERGE] = "INSERT INTO metric (" METRIC
			      ") VALUES (?, ?, ?, ?, ?, ?, ?, ?) " METRIC_ADDED,
	[STMT_METRIC_READ] =
		"SELECT minute, count, sum, least, most FROM metric WHERE account = ? "
		"AND name = ? AND dimensions = ? AND minute >= ? AND minute < ? "
		"ORDER BY minute",
	[STMT_METRIC_NEXT] =
		"SELECT name, dimensions FROM metric WHERE account = ? "
		"AND (name, dimensions) > (?, ?) ORDER BY name, dimensions LIMIT 1",
	[STMT_METRIC_LAST] = "SELECT max(minute) FROM metric WHERE account = ? "
			     "AND name = ? AND dimensions = ?",
	[STMT_METRIC_FOLD] = "INSERT INTO metric (" METRIC
			     ") SELECT account, name, dimensions, minute / 60 * 60, "
			     "count, sum, least, most " METRIC_FINE " " METRIC_ADDED,
	[STMT_METRIC_FOLDED] = "DELETE FROM metric WHERE (account, name, dimensions, "
			       "minute) IN (SELECT account, name, dimensions, "
			       "minute " METRIC_FINE ")",
	[STMT_METRIC_TRIM] =
		"DELETE FROM metric WHERE (account, name, dimensions, minute) IN "
		"(SELECT account, name, dimensions, minute FROM metric "
		"WHERE minute < ? AND minute % 60 = 0 ORDER BY minute LIMIT ?)",

	[STMT_KEY_ADD] =
		"INSERT INTO access_key (" ACCESS_KEY ") VALUES (?, ?, ?, ?, ?, ?, ?)",
	[STMT_KEY_FIND] =
		"SELECT k.id, secret, k.account, k.user, policy, k.created_at, revoked_at, "
		"coalesce(policies, '{}'), coalesce(tags, '{}') FROM access_key k "
		"LEFT JOIN user u ON u.account = k.account AND u.name = k.user "
		"WHERE k.id = ? AND revoked_at = 0",
	[STMT_KEY_REVOKE] =
		"UPDATE access_key SET revoked_at = "
		"CASE revoked_at WHEN 0 THEN ?2 ELSE revoked_at END WHERE id = ?1",
	[STMT_KEY_LIST] = "SELECT " ACCESS_KEY " FROM access_key ORDER BY created_at, id",

	[STMT_USER_ADD] = "INSERT INTO user (" USER ") VALUES (?, ?, ?, ?, ?)",
	[STMT_USER_FIND] = "SELECT " USER " FROM user WHERE account = ? AND name = ?",
	[STMT_USER_SAVE] =
		"UPDATE user SET policies = ?3, tags = ?4 WHERE account = ?1 AND name = ?2",
	[STMT_USER_REMOVE] = "DELETE FROM user WHERE account = ? AND name = ?",
	[STMT_USER_LIST] = "SELECT " USER " FROM user ORDER BY account, name",
	[STMT_ACCOUNT_ADD] =
		"INSERT INTO account (id, name, created_at) VALUES (?, ?, ?)",
	[STMT_ACCOUNT_LIST] = "SELECT id, name, created_at FROM account ORDER BY id",

	[STMT_REPLAY_FIND] = "SELECT at, status, problem, body FROM replay "
			     "WHERE until = ? AND signature = ?",
	[STMT_REPLAY_NOTE] =
		"INSERT INTO replay (until, signature, at, status, problem, body) "
		"VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
	[STMT_REPLAY_TRIM] = "DELETE FROM replay WHERE (until, signature) IN "
			     "(SELECT until, signature FROM replay WHERE until < ? "
			     "ORDER BY until LIMIT ?)",

	[STMT_AUDIT_APPEND] =
		"INSERT INTO audit (pos, at, account, name, record, hash, sig) "
		"VALUES (?, ?, ?, ?, ?, ?, ?)",
	[STMT_AUDIT_END_READ] =
		"SELECT pos, at, records, hash, sig FROM audit_end WHERE side = ?",
	[STMT_AUDIT_END_WRITE] =
		"INSERT INTO audit_end (side, pos, at, records, hash, sig) "
		"VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (side) DO UPDATE SET "
		"pos = excluded.pos, at = excluded.at, records = excluded.records, "
		"hash = excluded.hash, sig = excluded.sig",
	[STMT_AUDIT_LINK] = "SELECT at, name, hash FROM audit WHERE pos = ?",
	[STMT_AUDIT_BOUNDS] =
		"SELECT (SELECT min(pos) FROM audit), (SELECT max(pos) FROM audit)",
	[STMT_AUDIT_AT] =
		"SELECT pos, at FROM audit WHERE pos >= ? ORDER BY pos LIMIT 1",
	[STMT_AUDIT_FOLLOW] =
		"SELECT pos, at, record FROM audit WHERE pos > ? ORDER BY pos LIMIT ?",
	[STMT_AUDIT_CHAIN] = "SELECT pos, hash, sig, at, account, name, record FROM audit "
			     "WHERE pos > ? ORDER BY pos LIMIT ?",
	[STMT_AUDIT_LIST] =
		"SELECT pos, at, record FROM audit WHERE account = ? AND pos < ? "
		"ORDER BY pos DESC LIMIT ?",
	/* Up to the first that is young enough, among the oldest few. */
	[STMT_AUDIT_TRIM_END] =
		"WITH front AS (SELECT pos, at FROM audit ORDER BY pos LIMIT ?2) "
		"SELECT coalesce((SELECT pos FROM front WHERE at >= ?1 "
		"ORDER BY pos LIMIT 1), (SELECT max(pos) FROM front))",
	[STMT_AUDIT_TRIM] = "DELETE FROM audit WHERE pos < ?",
};
