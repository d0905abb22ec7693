/* The chain of audit records: how they follow from one another, how they are signed, where
 * they begin and end, and whether all of that still holds. */
#include <stdio.h>
#include <string.h>

#include "audit_parts.h"
#include "oneclick/base/buf.h"

/* ---- links ---- */

void
audit_hash(const unsigned char before[DIGEST_SIZE], const struct audit_row *row,
	unsigned char out[DIGEST_SIZE])
{
	struct buf all;

	buf_init(&all, NULL, BUF_NO_CAP);
	buf_add(&all, before, DIGEST_SIZE);
	buf_format(&all, "%lld %s %s\n", (long long)row->at, row->account, row->name);
	buf_text(&all, row->record);
	digest_sha256(all.data, all.len, out);
	buf_release(&all);
}

struct audit_key
audit_key_of(const unsigned char key[DIGEST_SIZE])
{
	static const char what[] = "audit key";
	struct audit_key out = { .known = true };
	unsigned char id[DIGEST_SIZE];

	memcpy(out.key, key, sizeof out.key);
	digest_hmac(key, DIGEST_SIZE, what, strlen(what), id);
	memcpy(out.id, id, sizeof out.id);
	return out;
}

void
audit_sign(const struct audit_key *key, const char *what, int64_t pos,
	const unsigned char hash[DIGEST_SIZE], unsigned char out[AUDIT_SIG_SIZE])
{
	struct buf all;

	buf_init(&all, NULL, BUF_NO_CAP);
	buf_format(&all, "%s %lld\n", what, (long long)pos);
	buf_add(&all, hash, DIGEST_SIZE);
	memcpy(out, key->id, AUDIT_KEY_ID_SIZE);
	digest_hmac(key->key, sizeof key->key, all.data, all.len,
		out + AUDIT_KEY_ID_SIZE);
	buf_release(&all);
}

void
audit_use_key(struct tx *tx, const struct audit_key *key)
{
	tx->key = *key;
}

/* ---- both ends ---- */

/* All that the row says is signed, with its side's name. */
static void
sign_end(const struct audit_key *key, const char *side, const struct audit_end *end,
	unsigned char out[AUDIT_SIG_SIZE])
{
	char what[80];

	snprintf(what, sizeof what, "%s %lld %lld", side, (long long)end->at,
		(long long)end->records);
	audit_sign(key, what, end->pos, end->hash, out);
}

enum err
audit_end_read(
	struct tx *tx, const char *side, struct audit_end *out, struct fault *why)
{
	struct query q = query_on(tx, STMT_AUDIT_END_READ);
	const void *bytes;
	enum err err;

	*out = (struct audit_end){ 0 };
	query_text(&q, side);
	if (!query_next(&q, &err, why))
		return err;
	out->known = true;
	out->pos = row_int(&q, 0);
	out->at = row_int(&q, 1);
	out->records = row_int(&q, 2);
	bytes = row_blob(&q, 3, DIGEST_SIZE);
	out->has_hash = bytes != NULL;
	if (bytes)
		memcpy(out->hash, bytes, DIGEST_SIZE);
	bytes = row_blob(&q, 4, AUDIT_SIG_SIZE);
	out->has_sig = bytes != NULL;
	if (bytes)
		memcpy(out->sig, bytes, AUDIT_SIG_SIZE);
	query_end(&q);
	return ERR_NONE;
}

enum err
audit_end_write(
	struct tx *tx, const char *side, const struct audit_end *end, struct fault *why)
{
	struct query q = query_on(tx, STMT_AUDIT_END_WRITE);
	unsigned char sig[AUDIT_SIG_SIZE];

	sign_end(&tx->key, side, end, sig);
	query_text(&q, side);
	query_int(&q, end->pos);
	query_int(&q, end->at);
	query_int(&q, end->records);
	if (end->has_hash)
		query_blob(&q, end->hash, sizeof end->hash);
	else
		query_text(&q, NULL);
	if (tx->key.known)
		query_blob(&q, sig, sizeof sig);
	else
		query_text(&q, NULL);
	return query_run(&q, why);
}

enum err
audit_head_read(struct tx *tx, struct audit_head *out, struct fault *why)
{
	struct audit_end end;
	enum err err = audit_end_read(tx, AUDIT_LAST, &end, why);

	*out = (struct audit_head){ .pos = end.pos, .at = end.at };
	memcpy(out->hash, end.hash, sizeof out->hash);
	return err;
}

enum err
audit_link(struct tx *tx, struct audit_head *head, struct fault *why)
{
	struct query q = query_on(tx, STMT_AUDIT_LINK);
	const void *hash;
	enum err err;

	query_int(&q, head->pos);
	if (!query_next(&q, &err, why))
		return err ? err
			   : fault(why, ERR_NOT_FOUND, "There is no audit record %lld.",
				     (long long)head->pos);
	head->at = row_int(&q, 0);
	hash = row_blob(&q, 2, DIGEST_SIZE);
	memset(head->hash, 0, sizeof head->hash);
	if (hash)
		memcpy(head->hash, hash, sizeof head->hash);
	query_end(&q);
	return ERR_NONE;
}

static bool
is_of(const unsigned char *sig, const struct audit_key *key)
{
	return memcmp(sig, key->id, AUDIT_KEY_ID_SIZE) == 0;
}

static enum err
sign_anew(struct tx *tx, const char *side, struct fault *why)
{
	struct audit_end end;
	enum err err = audit_end_read(tx, side, &end, why);

	return err || !end.known ? err : audit_end_write(tx, side, &end, why);
}

enum err
audit_begin_key(struct tx *tx, bool *is_new, struct fault *why)
{
	struct audit_end last;
	enum err err = audit_end_read(tx, AUDIT_LAST, &last, why);

	*is_new = !last.has_sig || !is_of(last.sig, &tx->key);
	if (!err && *is_new)
		err = sign_anew(tx, AUDIT_FIRST, why);
	if (!err && *is_new)
		err = sign_anew(tx, AUDIT_LAST, why);
	return err;
}

/* ---- verifying ---- */

static bool
is_signed(const struct audit_key *key, const char *side, const struct audit_end *end)
{
	unsigned char own[AUDIT_SIG_SIZE];

	sign_end(key, side, end, own);
	return end->has_sig && digest_is_equal(own, end->sig, sizeof own);
}

/* Where the chain begins, and where it goes on when more was removed since the last step. */
static enum err
begin_step(struct tx *tx, struct audit_chain *chain, struct fault *why)
{
	struct audit_end first;
	enum err err = audit_end_read(tx, AUDIT_FIRST, &first, why);

	if (err)
		return err;
	if (chain->first == 0 && !first.known)
		chain->linked = true;
	if (!first.known)
		return ERR_NONE;
	if (chain->key.known && !is_signed(&chain->key, AUDIT_FIRST, &first))
		return fault(why, ERR_CONFLICT,
			"The mark of the audit records that were removed for their age, "
			"up to position %lld, is not signed with this key: it was "
			"changed, or another key is in use.",
			(long long)first.pos);
	chain->trimmed = first.records;
	chain->trimmed_until = first.at;
	if (first.pos <= chain->pos && chain->first > 0)
		return ERR_NONE;
	chain->pos = first.pos;
	chain->linked = first.has_hash;
	memcpy(chain->hash, first.hash, sizeof chain->hash);
	return ERR_NONE;
}

static enum err
refuse_gap(const struct audit_chain *chain, int64_t pos, struct fault *why)
{
	long long from = (long long)chain->pos + 1, to = (long long)pos - 1;

	if (chain->first == 0)
		return fault(why, ERR_CONFLICT,
			"The oldest audit records, position %lld to %lld, are missing: "
			"they were removed, and not for their age.",
			from, to);
	return fault(why, ERR_CONFLICT,
		"The audit records from position %lld to %lld are missing: they were "
		"taken out.",
		from, to);
}

static enum err
check_signature(struct audit_chain *chain, const struct query *q, struct fault *why)
{
	const unsigned char *sig = row_blob(q, 2, AUDIT_SIG_SIZE);
	unsigned char own[AUDIT_SIG_SIZE];
	bool is_ours = sig && is_of(sig, &chain->key);

	if (!chain->key.known || (!is_ours && chain->signed_from == 0))
		return ERR_NONE;
	audit_sign(&chain->key, "record", chain->pos, chain->hash, own);
	if (!is_ours || !digest_is_equal(own, sig, sizeof own))
		return fault(why, ERR_CONFLICT,
			"The audit record at position %lld is not signed with this key: "
			"it was written by another hand, or since then with another key.",
			(long long)chain->pos);
	if (chain->signed_from == 0)
		chain->signed_from = chain->pos;
	return ERR_NONE;
}

/* The chain then ends with the row at hand. */
static enum err
link_row(struct audit_chain *chain, const struct query *q, struct fault *why)
{
	const struct audit_row row = {
		.at = row_int(q, 3),
		.account = row_text(q, 4),
		.name = row_text(q, 5),
		.record = row_text(q, 6),
	};
	const void *hash = row_blob(q, 1, DIGEST_SIZE);
	unsigned char own[DIGEST_SIZE];
	int64_t pos = row_int(q, 0);

	if (pos != chain->pos + 1)
		return refuse_gap(chain, pos, why);
	chain->pos = pos;
	chain->first = chain->first ? chain->first : pos;
	chain->records++;
	audit_hash(chain->hash, &row, own);
	if (chain->linked && hash && memcmp(own, hash, sizeof own) != 0)
		return fault(why, ERR_CONFLICT,
			"The audit record at position %lld does not follow from the one "
			"before it: it was changed, or others were put in its place.",
			(long long)pos);
	chain->linked = hash != NULL;
	chain->unhashed += !hash;
	if (hash)
		memcpy(chain->hash, hash, sizeof chain->hash);
	return hash ? check_signature(chain, q, why) : ERR_NONE;
}

static enum err
check_last(struct tx *tx, const struct audit_chain *chain, struct fault *why)
{
	struct audit_end last;
	enum err err = audit_end_read(tx, AUDIT_LAST, &last, why);

	if (err)
		return err;
	if (last.known && last.pos > chain->pos)
		return fault(why, ERR_CONFLICT,
			"The newest audit records, position %lld to %lld, are missing: "
			"the end was cut off.",
			(long long)chain->pos + 1, (long long)last.pos);
	if (chain->unhashed > last.records)
		return fault(why, ERR_CONFLICT,
			"%lld audit records have lost their hashes.",
			(long long)(chain->unhashed - last.records));
	if (chain->records > 0 &&
		(!last.known || last.pos < chain->pos ||
			memcmp(last.hash, chain->hash, sizeof last.hash) != 0))
		return fault(why, ERR_CONFLICT,
			"The audit records do not end where they were said to end, with "
			"position %lld.",
			(long long)last.pos);
	if (chain->key.known && last.known && !is_signed(&chain->key, AUDIT_LAST, &last))
		return fault(why, ERR_CONFLICT,
			"The end of the audit records, position %lld, is not signed with "
			"this key: they were written by another hand, or with another "
			"key.",
			(long long)last.pos);
	return ERR_NONE;
}

enum err
audit_verify(struct tx *tx, struct audit_chain *chain, int limit, struct fault *why)
{
	int64_t before = chain->records;
	enum err err = begin_step(tx, chain, why);
	struct query q;

	if (err)
		return err;
	q = query_on(tx, STMT_AUDIT_CHAIN);
	query_int(&q, chain->first ? chain->pos : 0);
	query_int(&q, limit);
	while (query_next(&q, &err, why)) {
		err = link_row(chain, &q, why);
		if (!err)
			continue;
		query_end(&q);
		return err;
	}
	chain->ended = !err && chain->records - before < limit;
	return err || !chain->ended ? err : check_last(tx, chain, why);
}
