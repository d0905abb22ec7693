#include "oneclick/store/deliveries.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rows.h"

/* The columns of DELIVERY in sql.c; texts are the row's own. */
static struct delivery
read_delivery(const struct query *q)
{
	int at = EVENT_COLUMN_COUNT;

	return (struct delivery){
		.event = row_event(q),
		.callback = row_text(q, at),
		.target = row_text(q, at + 1),
		.state = (enum delivery_state)row_int(q, at + 2),
		.attempts = (int)row_int(q, at + 3),
		.due = row_int(q, at + 4),
		.tried_at = row_int(q, at + 5),
		.error = row_text(q, at + 6),
	};
}

static enum err
visit(struct query *q, deliveries_fn fn, void *arg, struct fault *why)
{
	enum err err;

	while (query_next(q, &err, why)) {
		struct delivery delivery = read_delivery(q);

		if (fn(arg, &delivery))
			continue;
		query_end(q);
		break;
	}
	return err;
}

enum err
deliveries_put(struct tx *tx, const struct delivery *delivery, struct fault *why)
{
	struct query q = query_on(tx, STMT_DELIVERY_PUT);

	query_int(&q, delivery->event.pos);
	query_text(&q, delivery->event.account);
	query_text(&q, delivery->event.device_id);
	query_text(&q, delivery->callback);
	query_text(&q, delivery->target);
	query_int(&q, delivery->state);
	query_int(&q, delivery->attempts);
	query_int(&q, delivery->due);
	query_int(&q, delivery->tried_at);
	query_text(&q, delivery->error);
	return query_run(&q, why);
}

enum err
deliveries_remove(struct tx *tx, int64_t pos, struct fault *why)
{
	struct query q = query_on(tx, STMT_DELIVERY_REMOVE);

	query_int(&q, pos);
	return query_run(&q, why);
}

enum err
deliveries_has(struct tx *tx, int64_t pos, bool *has, struct fault *why)
{
	struct query q = query_on(tx, STMT_DELIVERY_HAS);
	enum err err;

	query_int(&q, pos);
	*has = query_next(&q, &err, why);
	if (*has)
		query_end(&q);
	return err;
}

enum err
deliveries_due(struct tx *tx, const char *target, int64_t now, bool ordered, int limit,
	deliveries_fn fn, void *arg, struct fault *why)
{
	struct query q =
		query_on(tx, ordered ? STMT_DELIVERY_DUE_ORDERED : STMT_DELIVERY_DUE);

	query_text(&q, target);
	query_int(&q, now);
	query_int(&q, limit);
	return visit(&q, fn, arg, why);
}

enum err
deliveries_next(
	struct tx *tx, const char *target, int64_t after, int64_t *due, struct fault *why)
{
	struct query q = query_on(tx, STMT_DELIVERY_NEXT);
	enum err err;

	query_text(&q, target);
	query_int(&q, after);
	*due = DELIVERY_NONE_DUE;
	if (query_next(&q, &err, why)) {
		*due = row_int(&q, 0);
		query_end(&q);
	}
	return err;
}

/* The least text above `target`, on the heap. */
static char *
text_after(const char *target)
{
	char *next = NULL;

	return asprintf(&next, "%s\001", target) < 0 ? NULL : next;
}

/* From one target to the next by the index, so that a million of one cost no more than
 * one. */
enum err
deliveries_targets(struct tx *tx, deliveries_target_fn fn, void *arg, struct fault *why)
{
	char *from = strdup("");
	bool more = true;
	enum err err = ERR_NONE;

	while (more && from) {
		struct query q = query_on(tx, STMT_DELIVERY_TARGET);
		char *next;

		query_text(&q, from);
		if (!query_next(&q, &err, why))
			break;
		more = fn(arg, row_text(&q, 0), row_int(&q, 1));
		next = text_after(row_text(&q, 0));
		query_end(&q);
		free(from);
		from = next;
	}
	free(from);
	return err;
}

enum err
deliveries_hasten(struct tx *tx, const char *target, int64_t now, int64_t until,
	int limit, int *hastened, struct fault *why)
{
	struct query q = query_on(tx, STMT_DELIVERY_HASTEN);
	enum err err;

	query_text(&q, target);
	query_int(&q, now);
	query_int(&q, until);
	query_int(&q, limit);
	err = query_run(&q, why);
	if (!err)
		*hastened = sqlite3_changes(tx->link);
	return err;
}

enum err
deliveries_list(struct tx *tx, const char *account, int states, int64_t before, int limit,
	deliveries_fn fn, void *arg, struct fault *why)
{
	struct query q = query_on(tx, STMT_DELIVERY_LIST);

	query_text(&q, account);
	query_int(&q, states);
	query_int(&q, before);
	query_int(&q, limit);
	return visit(&q, fn, arg, why);
}

enum err
deliveries_replay(struct tx *tx, const struct delivery_choice *choice, int64_t now,
	int limit, int *replayed, struct fault *why)
{
	struct query q = query_on(tx, STMT_DELIVERY_REPLAY);
	enum err err;

	query_text(&q, choice->account);
	query_int(&q, now);
	query_text(&q, choice->callback);
	query_text(&q, choice->event_ids);
	query_int(&q, choice->from);
	query_int(&q, choice->to);
	query_int(&q, limit);
	err = query_run(&q, why);
	if (!err)
		*replayed = sqlite3_changes(tx->link);
	return err;
}

enum err
deliveries_count(struct tx *tx, int64_t *waiting, int64_t *dead, struct fault *why)
{
	struct query q = query_on(tx, STMT_DELIVERY_COUNT);
	enum err err;

	*waiting = *dead = 0;
	query_int(&q, DELIVERY_DEAD);
	while (query_next(&q, &err, why)) {
		*dead = row_int(&q, 0);
		*waiting = row_int(&q, 1) - *dead;
	}
	return err;
}
