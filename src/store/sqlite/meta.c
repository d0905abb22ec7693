#include "oneclick/store/meta.h"

#include "db.h"
#include "oneclick/base/mem.h"

enum err
meta_read(struct tx *tx, const void *ctx, const char *name, const char **text,
	struct fault *why)
{
	struct query q = query_on(tx, STMT_META_READ);
	enum err err;

	*text = NULL;
	query_text(&q, name);
	if (query_next(&q, &err, why)) {
		*text = mem_text(ctx, row_text(&q, 0));
		query_end(&q);
	}
	return err;
}

enum err
meta_write(struct tx *tx, const char *name, const char *text, struct fault *why)
{
	struct query q = query_on(tx, STMT_META_WRITE);

	query_text(&q, name);
	query_text(&q, text);
	return query_run(&q, why);
}
