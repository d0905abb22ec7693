#include "db.h"
#include "oneclick/store/users.h"

enum err
accounts_add(struct tx *tx, const struct account *account, struct fault *why)
{
	struct query q = query_on(tx, STMT_ACCOUNT_ADD);
	enum err err;

	query_text(&q, account->id);
	query_text(&q, account->name);
	query_int(&q, account->created_at);
	err = query_run(&q, why);
	if (err == ERR_CONFLICT)
		return fault(why, err, "There is already an account %s.", account->id);
	return err;
}

enum err
accounts_list(struct tx *tx, accounts_fn fn, void *arg, struct fault *why)
{
	struct query q = query_on(tx, STMT_ACCOUNT_LIST);
	enum err err;

	while (query_next(&q, &err, why)) {
		const struct account account = {
			.id = row_text(&q, 0),
			.name = row_text(&q, 1),
			.created_at = row_int(&q, 2),
		};

		if (fn(arg, &account))
			continue;
		query_end(&q);
		break;
	}
	return err;
}
