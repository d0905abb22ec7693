#include "oneclick/store/metrics.h"

#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "oneclick/base/buf.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/uri.h"

/* ---- dimensions ---- */

static int
compare(const void *a, const void *b)
{
	return strcmp(((const struct pair *)a)->key, ((const struct pair *)b)->key);
}

char *
metrics_dimensions(const void *ctx, const struct pairs *pairs)
{
	struct pairs *sorted = pairs_copy(NULL, pairs);
	struct buf out;

	if (sorted->count > 1)
		qsort(sorted->row, sorted->count, sizeof *sorted->row, compare);
	buf_init(&out, ctx, BUF_NO_CAP);
	for (size_t i = 0; i < sorted->count; i++) {
		if (i > 0)
			buf_char(&out, '&');
		uri_encode(&out, sorted->row[i].key, strlen(sorted->row[i].key));
		buf_char(&out, '=');
		uri_encode(&out, sorted->row[i].value, strlen(sorted->row[i].value));
	}
	mem_free(sorted);
	return buf_take(&out, ctx);
}

struct pairs *
metrics_dimensions_read(const void *ctx, const char *dimensions)
{
	struct pairs *out = pairs_new(ctx);

	while (*dimensions) {
		size_t n = strcspn(dimensions, "&"), name = strcspn(dimensions, "=");
		char *key = uri_decoded(out, dimensions, name, NULL);
		char *value = uri_decoded(out, dimensions + name + 1, n - name - 1, NULL);

		pairs_set(out, key, value);
		dimensions += n + (dimensions[n] == '&');
	}
	return out;
}

/* ---- writing ---- */

enum err
metrics_merge(struct tx *tx, const char *account, const char *name,
	const char *dimensions, const struct metric_point *point, struct fault *why)
{
	struct query q = query_on(tx, STMT_METRIC_MERGE);

	query_text(&q, account);
	query_text(&q, name);
	query_text(&q, dimensions);
	query_int(&q, point->at / METRIC_MINUTE);
	query_int(&q, point->count);
	query_real(&q, point->sum);
	query_real(&q, point->least);
	query_real(&q, point->most);
	return query_run(&q, why);
}

enum err
metrics_add(struct tx *tx, const char *account, const char *name, const char *dimensions,
	int64_t at, double value, struct fault *why)
{
	const struct metric_point point = {
		.at = at, .count = 1, .sum = value, .least = value, .most = value
	};

	return metrics_merge(tx, account, name, dimensions, &point, why);
}

/* ---- reading ---- */

enum err
metrics_read(struct tx *tx, const char *account, const char *name, const char *dimensions,
	int64_t from, int64_t to, metrics_read_fn fn, void *arg, struct fault *why)
{
	struct query q = query_on(tx, STMT_METRIC_READ);
	enum err err;

	query_text(&q, account);
	query_text(&q, name);
	query_text(&q, dimensions);
	query_int(&q, (from + METRIC_MINUTE - 1) / METRIC_MINUTE);
	query_int(&q, (to + METRIC_MINUTE - 1) / METRIC_MINUTE);
	while (query_next(&q, &err, why)) {
		const struct metric_point point = {
			.at = row_int(&q, 0) * METRIC_MINUTE,
			.count = row_int(&q, 1),
			.sum = row_real(&q, 2),
			.least = row_real(&q, 3),
			.most = row_real(&q, 4),
		};

		if (fn(arg, &point))
			continue;
		query_end(&q);
		break;
	}
	return err;
}

/* A metric on the walk over an account's, which goes by seeking: its minutes, however
 * many, are passed over. */
struct stop {
	void *life;
	const char *name, *dimensions;
	int64_t last;
	bool found;
};

static enum err
find_next(struct tx *tx, const char *account, struct stop *stop, struct fault *why)
{
	struct query q = query_on(tx, STMT_METRIC_NEXT);
	enum err err;

	query_text(&q, account);
	query_text(&q, stop->name);
	query_text(&q, stop->dimensions);
	stop->found = query_next(&q, &err, why);
	if (!stop->found)
		return err;
	stop->name = mem_text(stop->life, row_text(&q, 0));
	stop->dimensions = mem_text(stop->life, row_text(&q, 1));
	query_end(&q);
	return ERR_NONE;
}

static enum err
find_last(struct tx *tx, const char *account, struct stop *stop, struct fault *why)
{
	struct query q = query_on(tx, STMT_METRIC_LAST);
	enum err err;

	query_text(&q, account);
	query_text(&q, stop->name);
	query_text(&q, stop->dimensions);
	if (query_next(&q, &err, why)) {
		stop->last = row_int(&q, 0) * METRIC_MINUTE;
		query_end(&q);
	}
	return err;
}

enum err
metrics_list(struct tx *tx, const char *account, const char *after_name,
	const char *after_dimensions, int limit, metrics_list_fn fn, void *arg,
	struct fault *why)
{
	struct stop stop = {
		.life = mem_life(NULL),
		.name = after_name,
		.dimensions = after_dimensions,
		.found = true,
	};
	enum err err = ERR_NONE;

	while (!err && stop.found && limit-- > 0) {
		err = find_next(tx, account, &stop, why);
		if (!err && stop.found)
			err = find_last(tx, account, &stop, why);
		if (!err && stop.found && !fn(arg, stop.name, stop.dimensions, stop.last))
			break;
	}
	mem_free(stop.life);
	return err;
}

/* ---- housekeeping ---- */

static enum err
run_upto(struct tx *tx, enum stmt which, int64_t before, int limit, int *changed,
	struct fault *why)
{
	struct query q = query_on(tx, which);
	enum err err;

	query_int(&q, before / METRIC_MINUTE);
	query_int(&q, limit);
	err = query_run(&q, why);
	if (!err)
		*changed = sqlite3_changes(tx->link);
	return err;
}

enum err
metrics_fold(struct tx *tx, int64_t before, int limit, int *folded, struct fault *why)
{
	enum err err = run_upto(tx, STMT_METRIC_FOLD, before, limit, folded, why);

	return err ? err : run_upto(tx, STMT_METRIC_FOLDED, before, limit, folded, why);
}

enum err
metrics_trim(struct tx *tx, int64_t before, int limit, int *removed, struct fault *why)
{
	return run_upto(tx, STMT_METRIC_TRIM, before, limit, removed, why);
}
