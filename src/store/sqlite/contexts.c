#include "oneclick/store/contexts.h"

#include "db.h"
#include "oneclick/base/mem.h"

enum {
	WORTH_IT = 1024,             /* contexts at least */
	SPAN_MAX = 64 * 1024 * 1024, /* numbers from first to last; a bit each */
};

struct sweep {
	bool begun, idle;      /* idle: not worth it */
	int64_t first, last;   /* of the contexts there were when it began */
	unsigned char *used;   /* a bit for each of them */
	int64_t device, event; /* the last that was looked at */
	bool devices_done;
	int64_t context; /* the last that was looked at to be removed */
};

struct sweep *
sweep_new(const void *ctx)
{
	return mem_new(ctx, struct sweep);
}

static enum err
begin(struct tx *tx, struct sweep *sweep, struct fault *why)
{
	struct query q = query_on(tx, STMT_CONTEXT_RANGE);
	int64_t count = 0, span;
	enum err err;

	if (query_next(&q, &err, why)) {
		count = row_int(&q, 0);
		sweep->first = row_int(&q, 1);
		sweep->last = row_int(&q, 2);
		query_end(&q);
	}
	span = sweep->last - sweep->first + 1;
	sweep->idle = err || count < WORTH_IT || span > SPAN_MAX;
	sweep->begun = !err;
	sweep->context = sweep->first - 1;
	if (!sweep->idle)
		sweep->used = mem_array(sweep, unsigned char, (size_t)span / 8 + 1);
	return err;
}

static void
mark(struct sweep *sweep, int64_t context)
{
	int64_t at = context - sweep->first;

	if (context >= sweep->first && context <= sweep->last)
		sweep->used[at / 8] |= (unsigned char)(1 << at % 8);
}

static bool
is_used(const struct sweep *sweep, int64_t context)
{
	int64_t at = context - sweep->first;

	return sweep->used[at / 8] >> at % 8 & 1;
}

/* Marks what the rows after *last refer to; *more when there may be further ones. */
static enum err
mark_rows(struct tx *tx, struct sweep *sweep, enum stmt which, int64_t *last, int limit,
	bool *more, struct fault *why)
{
	struct query q = query_on(tx, which);
	int seen = 0;
	enum err err;

	query_int(&q, *last);
	query_int(&q, limit);
	for (; query_next(&q, &err, why); seen++) {
		*last = row_int(&q, 0);
		mark(sweep, row_int(&q, 1));
	}
	*more = !err && seen == limit;
	return err;
}

/*
 * Devices first: one that is given a context after it was looked at is so by an event, which
 * is then still to be looked at.
 */
enum err
sweep_mark(struct tx *tx, struct sweep *sweep, int limit, bool *more, struct fault *why)
{
	enum err err = sweep->begun ? ERR_NONE : begin(tx, sweep, why);

	*more = false;
	if (err || sweep->idle)
		return err;
	if (sweep->devices_done)
		return mark_rows(tx, sweep, STMT_CONTEXT_OF_EVENTS, &sweep->event, limit,
			more, why);
	err = mark_rows(
		tx, sweep, STMT_CONTEXT_OF_DEVICES, &sweep->device, limit, more, why);
	sweep->devices_done = !err && !*more;
	*more = true;
	return err;
}

static enum err
find_unused(struct tx *tx, struct sweep *sweep, int limit, int64_t *unused, int *count,
	bool *more, struct fault *why)
{
	struct query q = query_on(tx, STMT_CONTEXT_LIST);
	int seen = 0;
	enum err err;

	query_int(&q, sweep->context);
	query_int(&q, sweep->last);
	query_int(&q, limit);
	for (*count = 0; query_next(&q, &err, why); seen++) {
		sweep->context = row_int(&q, 0);
		if (!is_used(sweep, sweep->context))
			unused[(*count)++] = sweep->context;
	}
	*more = !err && seen == limit;
	return err;
}

static enum err
remove_all(struct tx *tx, const int64_t *unused, int count, struct fault *why)
{
	enum err err = ERR_NONE;

	for (int i = 0; !err && i < count; i++) {
		struct query q = query_on(tx, STMT_CONTEXT_REMOVE);

		query_int(&q, unused[i]);
		err = query_run(&q, why);
	}
	return err;
}

enum err
sweep_remove(struct tx *tx, struct sweep *sweep, int limit, bool *more, int *removed,
	struct fault *why)
{
	int64_t *unused;
	enum err err = ERR_NONE;

	*removed = 0;
	*more = false;
	if (!sweep->devices_done)
		return err;
	err = mark_rows(
		tx, sweep, STMT_CONTEXT_OF_EVENTS, &sweep->event, limit, more, why);
	if (err || *more)
		return err;
	unused = mem_array(sweep, int64_t, (size_t)limit);
	err = find_unused(tx, sweep, limit, unused, removed, more, why);
	if (!err)
		err = remove_all(tx, unused, *removed, why);
	mem_free(unused);
	return err;
}
