#include "oneclick/store/events.h"

#include <string.h>

#include "oneclick/base/digest.h"
#include "rows.h"

struct event
row_event(const struct query *q)
{
	return (struct event){
		.pos = row_int(q, 0),
		.at = row_int(q, 1),
		.reported_at = row_int(q, 2),
		.account = row_text(q, 3),
		.device_id = row_text(q, 4),
		.event_id = row_text(q, 5),
		.kind = (enum event_kind)row_int(q, 6),
		.life = row_real(q, 7),
		.seq = row_int(q, 8),
		.context = row_int(q, 9),
		.context_json = row_text(q, 10),
		.due = row_int(q, 11) != 0,
	};
}

/* Takes the device's next sequence number. */
static enum err
count_event(struct tx *tx, struct event *event, int64_t *num, struct fault *why)
{
	struct query q = query_on(tx, STMT_EVENT_DEVICE);
	enum err err;

	query_text(&q, event->device_id);
	if (!query_next(&q, &err, why))
		return err ? err
			   : fault(why, ERR_NOT_FOUND, "There is no device \"%s\".",
				     event->device_id);
	*num = row_int(&q, 0);
	event->seq = row_int(&q, 1) + 1;
	query_end(&q);
	q = query_on(tx, STMT_EVENT_COUNT);
	query_int(&q, event->seq);
	query_int(&q, *num);
	return query_run(&q, why);
}

static enum err
append(struct tx *tx, int64_t num, struct event *event, struct fault *why)
{
	struct query q = query_on(tx, STMT_EVENT_APPEND);
	enum err err;

	query_int(&q, num);
	query_int(&q, event->at);
	query_int(&q, event->reported_at);
	query_int(&q, event->kind);
	query_real(&q, event->life);
	query_int(&q, event->seq);
	query_int(&q, event->context);
	query_text(&q, event->account);
	query_text(&q, event->event_id);
	query_int(&q, event->due);
	err = query_run(&q, why);
	if (!err)
		event->pos = sqlite3_last_insert_rowid(tx->link);
	return err;
}

enum err
events_append(struct tx *tx, struct event *event, struct fault *why)
{
	int64_t num = 0;
	enum err err = count_event(tx, event, &num, why);

	return err ? err : append(tx, num, event, why);
}

enum err
events_append_of(
	struct tx *tx, struct device *device, struct event *event, struct fault *why)
{
	event->seq = ++device->seq;
	return append(tx, device->num, event, why);
}

enum err
events_context(struct tx *tx, const char *json, int64_t *out, struct fault *why)
{
	unsigned char hash[DIGEST_SIZE];
	struct query q = query_on(tx, STMT_CONTEXT_FIND);
	enum err err;

	digest_sha256(json, strlen(json), hash);
	query_blob(&q, hash, sizeof(hash));
	if (query_next(&q, &err, why)) {
		*out = row_int(&q, 0);
		query_end(&q);
		return ERR_NONE;
	}
	if (err)
		return err;
	q = query_on(tx, STMT_CONTEXT_ADD);
	query_blob(&q, hash, sizeof(hash));
	query_text(&q, json);
	err = query_run(&q, why);
	if (!err)
		*out = sqlite3_last_insert_rowid(tx->link);
	return err;
}

static enum err
visit(struct query *q, events_fn fn, void *arg, struct fault *why)
{
	enum err err;

	while (query_next(q, &err, why)) {
		struct event event = row_event(q);

		if (fn(arg, &event))
			continue;
		query_end(q);
		break;
	}
	return err;
}

enum err
events_list_device(struct tx *tx, const char *account, const char *device_id,
	int64_t from, int64_t to, int64_t after, int limit, events_fn fn, void *arg,
	struct fault *why)
{
	struct query q = query_on(tx, STMT_EVENT_LIST_DEVICE);

	query_text(&q, device_id);
	query_int(&q, from);
	query_int(&q, to);
	query_int(&q, after);
	query_text(&q, account);
	query_int(&q, limit);
	return visit(&q, fn, arg, why);
}

enum err
events_after(struct tx *tx, const char *account, int64_t after, int limit, events_fn fn,
	void *arg, struct fault *why)
{
	struct query q = query_on(tx, STMT_EVENT_AFTER);

	query_int(&q, after);
	query_text(&q, account);
	query_int(&q, limit);
	return visit(&q, fn, arg, why);
}

enum err
events_follow(struct tx *tx, int64_t after, int limit, events_fn fn, void *arg,
	struct fault *why)
{
	struct query q = query_on(tx, STMT_EVENT_FOLLOW);

	query_int(&q, after);
	query_int(&q, limit);
	return visit(&q, fn, arg, why);
}

enum err
events_bounds(struct tx *tx, int64_t *first, int64_t *last, struct fault *why)
{
	struct query q = query_on(tx, STMT_EVENT_BOUNDS);
	enum err err;

	if (query_next(&q, &err, why)) {
		*first = row_int(&q, 0);
		*last = row_int(&q, 1);
		query_end(&q);
	}
	return err;
}

/*
 * Removes from the front only, up to the first event that is young enough, and never the
 * last one: the next position is reckoned from it, and none may be given out twice.
 */
static enum err
find_trim_end(struct tx *tx, int64_t before, int limit, int64_t *end, struct fault *why)
{
	int64_t first = 0, last = 0;
	struct query q;
	enum err err = events_bounds(tx, &first, &last, why);

	if (err)
		return err;
	*end = last - first < limit ? last : first + limit;
	q = query_on(tx, STMT_EVENT_TRIM_END);
	query_int(&q, *end);
	query_int(&q, before);
	if (query_next(&q, &err, why)) {
		*end = row_int(&q, 0);
		query_end(&q);
	}
	return err;
}

enum err
events_trim(struct tx *tx, int64_t before, int limit, int *removed, struct fault *why)
{
	int64_t end = 0;
	struct query q;
	enum err err = find_trim_end(tx, before, limit, &end, why);

	if (err)
		return err;
	q = query_on(tx, STMT_EVENT_TRIM);
	query_int(&q, end);
	err = query_run(&q, why);
	if (err)
		return err;
	*removed = sqlite3_changes(tx->link);
	q = query_on(tx, STMT_DELIVERY_TRIM);
	query_int(&q, end);
	return query_run(&q, why);
}
