/*
 * Series: numbers in memory, one row a set of labels, since the service started.  Rows are
 * never removed, so who adds keeps the number of names small (struct roster).  Plain data of
 * the loop's thread.
 */
#ifndef ONECLICK_SERVICE_OBSERVE_SERIES_H
#define ONECLICK_SERVICE_OBSERVE_SERIES_H

#include <stddef.h>
#include <stdint.h>

enum { SERIES_LABELS = 4, SERIES_EDGES = 12 };

struct series_row {
	const char *label[SERIES_LABELS];
	uint64_t count;
	double sum;
	uint64_t
		under[SERIES_EDGES]; /* values up to the edge, and above the one before */
	struct series_row *next;
	char *key; /* the labels in one text; the hash's */
};

struct series;

/* `edges` of a histogram, ascending; 0 of them: only count and sum are kept. */
struct series *series_new(
	const void *ctx, size_t labels, const double *edges, size_t edge_count);
/* Labels in the order their names have in the table; copied when new. */
void series_add(struct series *series, const char *const *labels, double value);
/* Several values at once; `under` as of a row, NULL when there are no edges. */
void series_merge(struct series *series, const char *const *labels, uint64_t count,
	double sum, const uint64_t *under);
/* The oldest row, the others by `next`; NULL: none. */
const struct series_row *series_rows(const struct series *series);
const double *series_edges(const struct series *series, size_t *count);

/* Names that strangers can make more of: the first `max` stand for themselves, the others
 * are "other". */
struct roster;
struct roster *roster_new(const void *ctx, size_t max);
const char *roster_keep(struct roster *names, const char *name);

#endif
