#include "oneclick/store/keys.h"

#include "db.h"
#include "oneclick/base/mem.h"

/* The columns of ACCESS_KEY in sql.c; texts are the row's own. */
static struct key
read_key(const struct query *q)
{
	return (struct key){
		.id = row_text(q, 0),
		.secret = row_text(q, 1),
		.account = row_text(q, 2),
		.user = row_text(q, 3),
		.policy = row_text(q, 4),
		.created_at = row_int(q, 5),
		.revoked_at = row_int(q, 6),
	};
}

enum err
keys_add(struct tx *tx, const struct key *key, struct fault *why)
{
	struct query q = query_on(tx, STMT_KEY_ADD);
	enum err err;

	query_text(&q, key->id);
	query_text(&q, key->secret);
	query_text(&q, key->account);
	query_text(&q, key->user);
	query_text(&q, key->policy);
	query_int(&q, key->created_at);
	query_int(&q, key->revoked_at);
	err = query_run(&q, why);
	if (err == ERR_CONFLICT)
		return fault(why, err, "There is already an access key \"%s\".", key->id);
	return err;
}

enum err
keys_find(struct tx *tx, const void *ctx, const char *id, struct key *out,
	struct fault *why)
{
	struct query q = query_on(tx, STMT_KEY_FIND);
	enum err err;

	query_text(&q, id);
	if (!query_next(&q, &err, why))
		return err ? err
			   : fault(why, ERR_NOT_FOUND,
				     "There is no access key \"%s\" in use.", id);
	*out = read_key(&q);
	out->id = mem_text(ctx, out->id);
	out->secret = mem_text(ctx, out->secret);
	out->account = mem_text(ctx, out->account);
	out->user = mem_text(ctx, out->user);
	out->policy = mem_text(ctx, out->policy);
	out->user_policies = mem_text(ctx, row_text(&q, 7));
	out->user_tags = mem_text(ctx, row_text(&q, 8));
	query_end(&q);
	return ERR_NONE;
}

enum err
keys_revoke(struct tx *tx, const char *id, int64_t now, struct fault *why)
{
	struct query q = query_on(tx, STMT_KEY_REVOKE);
	bool changed;
	enum err err;

	query_text(&q, id);
	query_int(&q, now);
	err = query_change(&q, &changed, why);
	if (!err && !changed)
		return fault(why, ERR_NOT_FOUND, "There is no access key \"%s\".", id);
	return err;
}

enum err
keys_list(struct tx *tx, keys_fn fn, void *arg, struct fault *why)
{
	struct query q = query_on(tx, STMT_KEY_LIST);
	enum err err;

	while (query_next(&q, &err, why)) {
		struct key key = read_key(&q);

		if (fn(arg, &key))
			continue;
		query_end(&q);
		break;
	}
	return err;
}
