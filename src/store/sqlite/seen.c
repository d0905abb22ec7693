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

/* From one moment to another, both included. */
struct window {
	int64_t from, to;
};

/* A key from the future was noted before the clock was set back: it counts as one that is
 * as far in the past. */
static struct window
window_around(int64_t now, int64_t window)
{
	int64_t ms = window > 0 && window < keep ? window : keep;

	return (struct window){ now - ms, now + ms };
}

/* Whether the key was noted in this span, within the window; and when. */
static enum err
find(struct tx *tx, int64_t span, const char *device_id, const char *key,
	struct window window, bool *seen, int64_t *first, struct fault *why)
{
	struct query q = query_on(tx, STMT_SEEN_FIND);
	enum err err;

	query_int(&q, span);
	query_text(&q, key);
	query_text(&q, device_id);
	if (query_next(&q, &err, why)) {
		*seen = row_int(&q, 0) >= window.from && row_int(&q, 0) <= window.to;
		*first = *seen ? row_int(&q, 0) : *first;
		query_end(&q);
	}
	return err;
}

/* One search both finds and notes: a key that is young enough stays as it is. */
static enum err
note(struct tx *tx, int64_t now, const char *device_id, const char *key,
	struct window window, bool *noted, struct fault *why)
{
	struct query q = query_on(tx, STMT_SEEN_NOTE);

	query_int(&q, now / keep);
	query_text(&q, key);
	query_text(&q, device_id);
	query_int(&q, now);
	query_int(&q, window.from);
	query_int(&q, window.to);
	return query_change(&q, noted, why);
}

enum err
events_seen(struct tx *tx, const char *device_id, const char *key, int64_t window,
	int64_t now, bool *seen, int64_t *first, struct fault *why)
{
	int64_t span = now / keep;
	const struct window around = window_around(now, window);
	char room[DIGEST_HEX_SIZE];
	bool noted = false;
	enum err err = ERR_NONE;

	key = shorten(key, room);
	*first = now;
	*seen = false;
	if (around.from / keep < span)
		err = find(tx, span - 1, device_id, key, around, seen, first, why);
	if (err || *seen)
		return err;
	err = note(tx, now, device_id, key, around, &noted, why);
	if (err || noted)
		return err;
	return find(tx, span, device_id, key, around, seen, first, why);
}

enum err
events_forget_keys(struct tx *tx, int64_t now, int limit, int *removed, struct fault *why)
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
