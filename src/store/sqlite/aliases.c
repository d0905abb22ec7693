#include "oneclick/store/aliases.h"

#include "db.h"

enum err
aliases_set(struct tx *tx, const char *profile, const char *name, const char *id,
	struct fault *why)
{
	struct query q = query_on(tx, STMT_ALIAS_SET);

	query_text(&q, profile);
	query_text(&q, name);
	query_text(&q, id);
	return query_run(&q, why);
}

enum err
aliases_list(struct tx *tx, aliases_fn fn, void *arg, struct fault *why)
{
	struct query q = query_on(tx, STMT_ALIAS_LIST);
	enum err err;

	while (query_next(&q, &err, why))
		fn(arg, row_text(&q, 0), row_text(&q, 1), row_text(&q, 2));
	return err;
}
