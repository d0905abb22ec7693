#include "oneclick/store/audit.h"

#include <string.h>

#include "db.h"
#include "oneclick/base/buf.h"

/* Over the hash before, and all of the record that the table keeps. */
static void
hash_record(const unsigned char before[DIGEST_SIZE], int64_t at, const char *account,
	const char *name, const char *record, unsigned char out[DIGEST_SIZE])
{
	struct buf all;

	buf_init(&all, NULL, BUF_NO_CAP);
	buf_add(&all, before, DIGEST_SIZE);
	buf_format(&all, "%lld %s %s\n", (long long)at, account, name);
	buf_text(&all, record);
	digest_sha256(all.data, all.len, out);
	buf_release(&all);
}

/* All zero when there is none. */
static enum err
find_last_hash(struct tx *tx, unsigned char out[DIGEST_SIZE], struct fault *why)
{
	struct query q = query_on(tx, STMT_AUDIT_HASH);
	const void *hash;
	enum err err;

	memset(out, 0, DIGEST_SIZE);
	if (!query_next(&q, &err, why))
		return err;
	hash = row_blob(&q, 0, DIGEST_SIZE);
	if (hash)
		memcpy(out, hash, DIGEST_SIZE);
	query_end(&q);
	return ERR_NONE;
}

enum err
audit_append(struct tx *tx, int64_t at, const char *account, const char *name,
	const char *record, struct fault *why)
{
	unsigned char hash[DIGEST_SIZE];
	struct query q;
	enum err err = find_last_hash(tx, hash, why);

	if (err)
		return err;
	hash_record(hash, at, account, name, record, hash);
	q = query_on(tx, STMT_AUDIT_APPEND);
	query_int(&q, at);
	query_text(&q, account);
	query_text(&q, name);
	query_text(&q, record);
	query_blob(&q, hash, sizeof hash);
	return query_run(&q, why);
}

/* ---- reading ---- */

static enum err
visit(struct query *q, audit_fn fn, void *arg, struct fault *why)
{
	enum err err;

	while (query_next(q, &err, why)) {
		if (fn(arg, row_int(q, 0), row_int(q, 1), row_text(q, 2)))
			continue;
		query_end(q);
		break;
	}
	return err;
}

enum err
audit_list(struct tx *tx, const char *account, int64_t before, int limit, audit_fn fn,
	void *arg, struct fault *why)
{
	struct query q = query_on(tx, STMT_AUDIT_LIST);

	query_text(&q, account);
	query_int(&q, before ? before : INT64_MAX);
	query_int(&q, limit);
	return visit(&q, fn, arg, why);
}

enum err
audit_follow(struct tx *tx, int64_t after, int limit, audit_fn fn, void *arg,
	struct fault *why)
{
	struct query q = query_on(tx, STMT_AUDIT_FOLLOW);

	query_int(&q, after);
	query_int(&q, limit);
	return visit(&q, fn, arg, why);
}

/* ---- finding a time ---- */

static enum err
find_bounds(struct tx *tx, int64_t *first, int64_t *last, struct fault *why)
{
	struct query q = query_on(tx, STMT_AUDIT_BOUNDS);
	enum err err;

	if (query_next(&q, &err, why)) {
		*first = row_int(&q, 0);
		*last = row_int(&q, 1);
		query_end(&q);
	}
	return err;
}

/* When the record at this position, or the next there is, was made. */
static enum err
find_at(struct tx *tx, int64_t *pos, int64_t *at, struct fault *why)
{
	struct query q = query_on(tx, STMT_AUDIT_AT);
	enum err err;

	query_int(&q, *pos);
	if (query_next(&q, &err, why)) {
		*pos = row_int(&q, 0);
		*at = row_int(&q, 1);
		query_end(&q);
	}
	return err;
}

/* By halving: positions are in the order of time, or nearly. */
enum err
audit_seek(struct tx *tx, int64_t at, int64_t *pos, struct fault *why)
{
	int64_t low = 0, high = 0;
	enum err err = find_bounds(tx, &low, &high, why);

	*pos = 0;
	while (!err && low <= high && high > 0) {
		int64_t middle = low + (high - low) / 2, found = middle, made = 0;

		err = find_at(tx, &found, &made, why);
		if (!err && made >= at) {
			*pos = found;
			high = middle - 1;
		} else {
			low = found + 1;
		}
	}
	return err;
}

/* ---- the chain ---- */

/* Whether the row at hand follows from the chain's last; the chain then ends with it. */
static bool
link_row(struct audit_chain *chain, const struct query *q)
{
	static const unsigned char none[DIGEST_SIZE];
	const void *hash = row_blob(q, 1, DIGEST_SIZE);
	unsigned char own[DIGEST_SIZE];
	bool is_first = row_int(q, 0) == 1;

	chain->pos = row_int(q, 0);
	chain->records++;
	if (!hash)
		return !chain->linked;
	hash_record(chain->linked ? chain->hash : none, row_int(q, 2), row_text(q, 3),
		row_text(q, 4), row_text(q, 5), own);
	if ((chain->linked || is_first) && memcmp(own, hash, sizeof own) != 0)
		return false;
	memcpy(chain->hash, hash, sizeof chain->hash);
	chain->linked = true;
	return true;
}

enum err
audit_verify(struct tx *tx, struct audit_chain *chain, int limit, struct fault *why)
{
	struct query q = query_on(tx, STMT_AUDIT_CHAIN);
	int64_t before = chain->records;
	enum err err;

	query_int(&q, chain->pos);
	query_int(&q, limit);
	while (query_next(&q, &err, why)) {
		if (link_row(chain, &q))
			continue;
		query_end(&q);
		return fault(why, ERR_CONFLICT,
			"The audit record at position %lld does not follow from the one "
			"before it: it was changed, or records before it were removed.",
			(long long)chain->pos);
	}
	chain->ended = !err && chain->records - before < limit;
	return err;
}

/* ---- housekeeping ---- */

enum err
audit_trim(struct tx *tx, int64_t before, int limit, int *removed, struct fault *why)
{
	struct query q = query_on(tx, STMT_AUDIT_TRIM);
	enum err err;

	query_int(&q, before);
	query_int(&q, limit + 1);
	err = query_run(&q, why);
	*removed = err ? 0 : sqlite3_changes(tx->link);
	return err;
}
