#include "oneclick/store/audit.h"

#include <string.h>

#include "audit_parts.h"

static enum err
insert(struct tx *tx, const struct audit_row *row, const struct audit_end *end,
	struct fault *why)
{
	struct query q = query_on(tx, STMT_AUDIT_APPEND);
	unsigned char sig[AUDIT_SIG_SIZE];

	query_int(&q, end->pos);
	query_int(&q, row->at);
	query_text(&q, row->account);
	query_text(&q, row->name);
	query_text(&q, row->record);
	query_blob(&q, end->hash, sizeof end->hash);
	audit_sign(&tx->key, "record", end->pos, end->hash, sig);
	if (tx->key.known)
		query_blob(&q, sig, sizeof sig);
	else
		query_text(&q, NULL);
	return query_run(&q, why);
}

/* It follows from where the chain was said to end, whatever rows there are: one that was
 * removed stays missing. */
enum err
audit_append(struct tx *tx, int64_t at, const char *account, const char *name,
	const char *record, struct fault *why)
{
	const struct audit_row row = {
		.at = at, .account = account, .name = name, .record = record
	};
	struct audit_end end;
	enum err err = audit_end_read(tx, AUDIT_LAST, &end, why);

	if (err)
		return err;
	end.pos++;
	end.at = at;
	end.has_hash = true;
	audit_hash(end.hash, &row, end.hash);
	err = insert(tx, &row, &end, why);
	return err ? err : audit_end_write(tx, AUDIT_LAST, &end, why);
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

/* ---- housekeeping ---- */

/* The position of the first record that stays; 0: there is none at all. */
static enum err
find_trim_end(
	struct tx *tx, int64_t before, int limit, int64_t *out, struct fault *why)
{
	struct query q = query_on(tx, STMT_AUDIT_TRIM_END);
	enum err err;

	*out = 0;
	query_int(&q, before);
	query_int(&q, limit + 1);
	if (query_next(&q, &err, why)) {
		*out = row_int(&q, 0);
		query_end(&q);
	}
	return err;
}

static enum err
remove_up_to(struct tx *tx, int64_t end, int *removed, struct fault *why)
{
	struct query q = query_on(tx, STMT_AUDIT_TRIM);
	enum err err;

	query_int(&q, end);
	err = query_run(&q, why);
	*removed = err ? 0 : sqlite3_changes(tx->link);
	return err;
}

enum err
audit_trim(struct tx *tx, int64_t before, int limit, int *removed, struct fault *why)
{
	struct audit_end first;
	struct audit_head gone = { 0 };
	int64_t end;
	enum err err = find_trim_end(tx, before, limit, &end, why);

	*removed = 0;
	gone.pos = end - 1;
	if (!err && end > 1)
		err = audit_link(tx, &gone, why);
	if (err == ERR_NOT_FOUND || end <= 1)
		return ERR_NONE;
	if (!err)
		err = audit_end_read(tx, AUDIT_FIRST, &first, why);
	if (!err)
		err = remove_up_to(tx, end, removed, why);
	if (err)
		return err;
	first.pos = gone.pos;
	first.at = before;
	first.records += *removed;
	first.has_hash = true;
	memcpy(first.hash, gone.hash, sizeof first.hash);
	return audit_end_write(tx, AUDIT_FIRST, &first, why);
}
