#include "oneclick/store/cursors.h"

#include "db.h"

enum err
cursors_read(struct tx *tx, const char *consumer, int64_t *pos, struct fault *why)
{
	struct query q = query_on(tx, STMT_CURSOR_READ);
	enum err err;

	query_text(&q, consumer);
	*pos = 0;
	if (query_next(&q, &err, why)) {
		*pos = row_int(&q, 0);
		query_end(&q);
	}
	return err;
}

enum err
cursors_write(struct tx *tx, const char *consumer, int64_t pos, struct fault *why)
{
	struct query q = query_on(tx, STMT_CURSOR_WRITE);

	query_text(&q, consumer);
	query_int(&q, pos);
	return query_run(&q, why);
}
