/*
 * Metrics as text: Prometheus' format 0.0.4, and OpenMetrics 1.0, which names counters
 * without "_total" in their header and ends with "# EOF".  One row of the table (table.c) is
 * one family.
 */
#ifndef ONECLICK_SERVICE_OBSERVE_EXPOSE_H
#define ONECLICK_SERVICE_OBSERVE_EXPOSE_H

#include <stdbool.h>
#include <stddef.h>

#include "oneclick/base/buf.h"
#include "scrape.h"
#include "series.h"

enum family_kind { FAMILY_COUNTER, FAMILY_GAUGE, FAMILY_HISTOGRAM };

struct exposition;
struct family {
	const char *name; /* without "_total" */
	enum family_kind kind;
	const char *help; /* one sentence */
	const char *label[SERIES_LABELS];
	void (*write)(struct exposition *x, const struct scrape *scrape);
};
extern const struct family family_table[];
extern const size_t family_count;

struct exposition {
	struct buf *out;
	bool open_metrics;
	const struct family *family; /* being written */
};

/* All of the table. */
void expose(struct buf *out, bool open_metrics, const struct scrape *scrape);

/* What a row's `write` calls; labels in the order of the row's, NULL when it has none. */
void expose_value(struct exposition *x, const char *const *labels, double value);
void expose_series(struct exposition *x, const struct series *series);
struct expose_bins {
	const double *edge;
	const uint64_t *under; /* up to the edge, and above the one before */
	size_t edges;
	uint64_t count;
	double sum;
};
void expose_bins(
	struct exposition *x, const char *const *labels, const struct expose_bins *bins);

#endif
