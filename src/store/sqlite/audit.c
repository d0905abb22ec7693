#include "oneclick/store/audit.h"

#include "db.h"

enum err
audit_append(struct tx *tx, int64_t at, const char *account, const char *name,
	const char *record, struct fault *why)
{
	struct query q = query_on(tx, STMT_AUDIT_APPEND);

	query_int(&q, at);
	query_text(&q, account);
	query_text(&q, name);
	query_text(&q, record);
	return query_run(&q, why);
}

enum err
audit_list(struct tx *tx, const char *account, int64_t before, int limit, audit_fn fn,
	void *arg, struct fault *why)
{
	struct query q = query_on(tx, STMT_AUDIT_LIST);
	enum err err;

	query_text(&q, account);
	query_int(&q, before ? before : INT64_MAX);
	query_int(&q, limit);
	while (query_next(&q, &err, why)) {
		if (fn(arg, row_int(&q, 0), row_int(&q, 1), row_text(&q, 2)))
			continue;
		query_end(&q);
		break;
	}
	return err;
}

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
