#include "oneclick/store/replays.h"

#include "db.h"
#include "oneclick/base/mem.h"

enum err
replays_find(struct tx *tx, const void *ctx, const char *signature, int64_t until,
	bool *seen, struct replay *out, struct fault *why)
{
	struct query q = query_on(tx, STMT_REPLAY_FIND);
	enum err err;

	query_int(&q, until);
	query_text(&q, signature);
	*seen = query_next(&q, &err, why);
	if (!*seen)
		return err;
	*out = (struct replay){
		.signature = signature,
		.until = until,
		.at = row_int(&q, 0),
		.status = (int)row_int(&q, 1),
		.problem = mem_text(ctx, row_text(&q, 2)),
		.body = mem_text(ctx, row_text(&q, 3)),
	};
	query_end(&q);
	return ERR_NONE;
}

enum err
replays_note(struct tx *tx, const struct replay *replay, struct fault *why)
{
	struct query q = query_on(tx, STMT_REPLAY_NOTE);

	query_int(&q, replay->until);
	query_text(&q, replay->signature);
	query_int(&q, replay->at);
	query_int(&q, replay->status);
	query_text(&q, replay->problem);
	query_text(&q, replay->body);
	return query_run(&q, why);
}

enum err
replays_trim(struct tx *tx, int64_t before, int limit, int *removed, struct fault *why)
{
	struct query q = query_on(tx, STMT_REPLAY_TRIM);
	enum err err;

	query_int(&q, before);
	query_int(&q, limit);
	err = query_run(&q, why);
	*removed = err ? 0 : sqlite3_changes(tx->link);
	return err;
}
