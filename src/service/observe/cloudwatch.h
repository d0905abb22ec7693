/*
 * CloudWatch's side of the metrics, as the aws command asks for them in the query protocol
 * of 2010-08-01 or, a newer one, in JSON 1.0: ListMetrics, GetMetricStatistics and
 * GetMetricData, the first with filters, the others for metrics themselves, without
 * expressions over them.
 *
 * How a handler's fault is worded (aws_door.c): ERR_INVALID is InvalidParameterValue,
 * ERR_PRECONDITION MissingParameter, ERR_CONFLICT InvalidParameterCombination and ERR_RANGE
 * InvalidNextToken.
 */
#ifndef ONECLICK_SERVICE_OBSERVE_CLOUDWATCH_H
#define ONECLICK_SERVICE_OBSERVE_CLOUDWATCH_H

#include "oneclick/service/extra.h"
#include "oneclick/store/metrics.h"
#include "tell.h"

enum cloudwatch_statistic {
	STATISTIC_SAMPLE_COUNT,
	STATISTIC_AVERAGE,
	STATISTIC_SUM,
	STATISTIC_MINIMUM,
	STATISTIC_MAXIMUM,
	STATISTICS
};

/* One metric asked for, over a time. */
struct cloudwatch_ask {
	const char *name;
	const char *dimensions; /* as store/metrics.h has them */
	int64_t from, to;       /* moments; from is a whole minute */
	int64_t period;         /* ms */
	bool nothing;           /* another namespace, or another unit than the metric's */
	const char *unit;       /* asked for; NULL: any */
};

const char *cloudwatch_statistic_name(enum cloudwatch_statistic statistic);
bool cloudwatch_statistic_find(const char *name, enum cloudwatch_statistic *out);
double cloudwatch_statistic(
	const struct metric_point *point, enum cloudwatch_statistic statistic);
const char *cloudwatch_unit(const char *metric); /* "Count", "Percent" */

/* Reads namespace, name, dimensions, period and unit that stand under `prefix` ("" or
 * "MetricDataQueries.member.1.MetricStat."); `metric` is where, below that, the metric
 * itself stands ("" or "Metric."). */
enum err cloudwatch_ask_read(const struct extra_call *call, const char *prefix,
	const char *metric, struct cloudwatch_ask *out, struct fault *why);
/* StartTime and EndTime. */
enum err cloudwatch_time_read(
	const struct extra_call *call, struct cloudwatch_ask *out, struct fault *why);
/* How many periods lie between. */
int64_t cloudwatch_periods(const struct cloudwatch_ask *ask);
/* The points by period, oldest first, those without a value left out. */
enum err cloudwatch_points(const struct extra_call *call,
	const struct cloudwatch_ask *ask, struct metric_point **points, size_t *count,
	struct fault *why);

/* Around every answer, in the protocol of the call. */
struct tell cloudwatch_open(struct extra_call *call, const char *operation);
void cloudwatch_close(
	const struct extra_call *call, struct tell *tell, const char *operation);

enum err handle_ListMetrics(struct extra_call *call, struct fault *why);
enum err handle_GetMetricStatistics(struct extra_call *call, struct fault *why);
enum err handle_GetMetricData(struct extra_call *call, struct fault *why);

#endif
