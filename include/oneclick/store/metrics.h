/*
 * Metrics as CloudWatch is asked for them: for each account, metric and set of dimensions
 * one row a minute, with the count, sum, least and most of what was seen in it.  Who counts
 * events adds them in the transaction that moves its cursor, so that nothing counts twice.
 */
#ifndef ONECLICK_STORE_METRICS_H
#define ONECLICK_STORE_METRICS_H

#include <stdbool.h>
#include <stdint.h>

#include "oneclick/base/fault.h"
#include "oneclick/data/pairs.h"
#include "oneclick/store/store.h"

enum { METRIC_MINUTE = 60 * 1000 }; /* ms */

/* What was seen in one minute. */
struct metric_point {
	int64_t at; /* when the minute began, a moment */
	int64_t count;
	double sum, least, most;
};

/* The dimensions as one text, equal for equal sets: sorted by name, name and value
 * percent-encoded, "DeviceType=button&Project=Rating%20buttons". */
char *metrics_dimensions(const void *ctx, const struct pairs *pairs);
/* And back; empty when the text is. */
struct pairs *metrics_dimensions_read(const void *ctx, const char *dimensions);

/* Adds one value seen at a moment. */
enum err metrics_add(struct tx *tx, const char *account, const char *name,
	const char *dimensions, int64_t at, double value, struct fault *why);
/* Adds what was gathered of a minute; any moment in it will do as point->at. */
enum err metrics_merge(struct tx *tx, const char *account, const char *name,
	const char *dimensions, const struct metric_point *point, struct fault *why);

/* The minutes that began in [from, to), oldest first; fn returning false stops, and must
 * not ask the store. */
typedef bool (*metrics_read_fn)(void *arg, const struct metric_point *point);
enum err metrics_read(struct tx *tx, const char *account, const char *name,
	const char *dimensions, int64_t from, int64_t to, metrics_read_fn fn, void *arg,
	struct fault *why);

/* The metrics of an account in the order of name and dimensions, after those two ("" and
 * "": from the first), at most `limit`, each with its last minute; fn returning false
 * stops.  Texts are borrowed for the call, in which fn must not ask the store. */
typedef bool (*metrics_list_fn)(
	void *arg, const char *name, const char *dimensions, int64_t last);
enum err metrics_list(struct tx *tx, const char *account, const char *after_name,
	const char *after_dimensions, int limit, metrics_list_fn fn, void *arg,
	struct fault *why);

/* Adds at most `limit` minutes that began before `before` to the first minute of their
 * hour: what is older than that is kept by the hour. */
enum err metrics_fold(
	struct tx *tx, int64_t before, int limit, int *folded, struct fault *why);
/* Removes at most `limit` hours that began before `before`. */
enum err metrics_trim(
	struct tx *tx, int64_t before, int limit, int *removed, struct fault *why);

#endif
