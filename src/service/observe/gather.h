/*
 * What a run of the log comes to: first in groups of like events, which Prometheus' series
 * take as they are; from them for CloudWatch a point a minute of each account, metric and
 * dimension.  Made on a reader lane, merged into the store on the writer's, added to the
 * series on the loop.
 */
#ifndef ONECLICK_SERVICE_OBSERVE_GATHER_H
#define ONECLICK_SERVICE_OBSERVE_GATHER_H

#include <stdbool.h>
#include <stdint.h>

#include "oneclick/base/fault.h"
#include "oneclick/store/metrics.h"

enum { GATHER_EVENTS = 2000, GATHER_EDGES = 11 };

/* Of remaining life, in percent; what the histogram has for its edges. */
extern const double gather_edge[GATHER_EDGES];

/* Like events of one minute. */
struct group {
	const char *account, *event, *project, *product; /* project "": not placed */
	bool has_life;
	struct metric_point life; /* count is of the events, with a life or without */
	uint64_t under[GATHER_EDGES];
	struct group *next;
};

struct gather {
	int64_t from, to;     /* positions: past the first, up to the second */
	int read;             /* events of the log between them, counted or not */
	struct group *groups; /* the last seen first */
	struct gather_parts *parts;
};

struct gather *gather_new(const void *ctx);
/* Reads the log past the position of `consumer`. */
enum err gather_read(
	struct gather *gather, struct tx *tx, const char *consumer, struct fault *why);
/* Adds to the store what was read, and moves the consumer's cursor past it. */
enum err gather_store(
	struct gather *gather, struct tx *tx, const char *consumer, struct fault *why);

#endif
