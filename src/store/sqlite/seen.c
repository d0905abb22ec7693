#include <string.h>

#include "db.h"
#include "oneclick/base/digest.h"
#include "oneclick/store/events.h"

enum { KEY_MAX = 64 };

static const int64_t keep =
	INT64_C(7) * 24 * 60 * 60 * 1000; /* ms; also a span's length */

/* Keys are the senders' own texts; a long one is known by its digest. */
static const char *
shorten(const char *key, char room[DIGEST_HEX_SIZE])
{
	size_t n = strlen(key);

	if (n <= KEY_MAX)
		return key;
	digest_sha256_hex(key, n, room);
	return room;
}

static enum err
find(struct tx *tx, int64_t span, const char *device_id, const char *key, int64_t since,
	bool *seen, struct fault *why)
{
	struct query q = query_on(tx, STMT_SEEN_FIND);
	enum err err;

	query_int(&q, span);
	query_text(&q, key);
	query_text(&q, device_id);
	if (query_next(&q, &err, why)) {
		*seen = row_int(&q, 0) >= since;
		query_end(&q);
	}
	return err;
}

enum err
events_seen(struct tx *tx, const char *device_id, const char *key, int64_t now,
	bool *seen, struct fault *why)
{
	char room[DIGEST_HEX_SIZE];
	int64_t span = now / keep;
	bool noted;
	struct query q;
	enum err err;

	key = shorten(key, room);
	*seen = false;
	err = find(tx, span - 1, device_id, key, now - keep, seen, why);
	if (err || *seen)
		return err;
	/* One search both finds and notes: a key that is young enough stays as it is. */
	q = query_on(tx, STMT_SEEN_NOTE);
	query_int(&q, span);
	query_text(&q, key);
	query_text(&q, device_id);
	query_int(&q, now);
	query_int(&q, now - keep);
	err = query_change(&q, &noted, why);
	*seen = !err && !noted;
	return err;
}

enum err
events_forget_keys(
	struct tx *tx, int64_t now, int limit, int *removed, struct fault *why)
{
	struct query q = query_on(tx, STMT_SEEN_FORGET);
	enum err err;

	/* The span before this one still holds keys younger than `keep`. */
	query_int(&q, now / keep - 1);
	query_int(&q, limit);
	err = query_run(&q, why);
	*removed = err ? 0 : sqlite3_changes(tx->link);
	return err;
}
