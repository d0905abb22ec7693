#include "oneclick/store/users.h"

#include "db.h"
#include "oneclick/base/mem.h"

/* The columns of USER in sql.c; texts are the row's own. */
static struct user
read_user(const struct query *q)
{
	return (struct user){
		.account = row_text(q, 0),
		.name = row_text(q, 1),
		.policies = row_text(q, 2),
		.tags = row_text(q, 3),
		.created_at = row_int(q, 4),
	};
}

enum err
users_add(struct tx *tx, const struct user *user, struct fault *why)
{
	struct query q = query_on(tx, STMT_USER_ADD);
	enum err err;

	query_text(&q, user->account);
	query_text(&q, user->name);
	query_text(&q, user->policies);
	query_text(&q, user->tags);
	query_int(&q, user->created_at);
	err = query_run(&q, why);
	if (err == ERR_CONFLICT)
		return fault(why, err, "Account %s already has a user \"%s\".",
			user->account, user->name);
	return err;
}

static enum err
miss(const char *account, const char *name, struct fault *why)
{
	return fault(
		why, ERR_NOT_FOUND, "Account %s has no user \"%.64s\".", account, name);
}

enum err
users_find(struct tx *tx, const void *ctx, const char *account, const char *name,
	struct user *out, struct fault *why)
{
	struct query q = query_on(tx, STMT_USER_FIND);
	enum err err;

	query_text(&q, account);
	query_text(&q, name);
	if (!query_next(&q, &err, why))
		return err ? err : miss(account, name, why);
	*out = read_user(&q);
	out->account = mem_text(ctx, out->account);
	out->name = mem_text(ctx, out->name);
	out->policies = mem_text(ctx, out->policies);
	out->tags = mem_text(ctx, out->tags);
	query_end(&q);
	return ERR_NONE;
}

enum err
users_save(struct tx *tx, const struct user *user, struct fault *why)
{
	struct query q = query_on(tx, STMT_USER_SAVE);

	query_text(&q, user->account);
	query_text(&q, user->name);
	query_text(&q, user->policies);
	query_text(&q, user->tags);
	return query_run(&q, why);
}

enum err
users_remove(struct tx *tx, const char *account, const char *name, struct fault *why)
{
	struct query q = query_on(tx, STMT_USER_REMOVE);
	bool changed;
	enum err err;

	query_text(&q, account);
	query_text(&q, name);
	err = query_change(&q, &changed, why);
	return err || changed ? err : miss(account, name, why);
}

enum err
users_list(struct tx *tx, users_fn fn, void *arg, struct fault *why)
{
	struct query q = query_on(tx, STMT_USER_LIST);
	enum err err;

	while (query_next(&q, &err, why)) {
		struct user user = read_user(&q);

		if (fn(arg, &user))
			continue;
		query_end(&q);
		break;
	}
	return err;
}
