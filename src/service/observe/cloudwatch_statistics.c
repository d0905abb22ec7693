/* GetMetricStatistics: one metric, one answer. */
#include "cloudwatch.h"
#include "form.h"
#include "oneclick/service/metrics.h"

enum { POINTS_MAX = 1440 };

static enum err
read_statistics(const struct extra_call *call, bool wanted[STATISTICS], struct fault *why)
{
	size_t count = form_count(call->query, "Statistics", STATISTICS);

	if (form_count(call->query, "ExtendedStatistics", 1) > 0)
		return fault(why, ERR_INVALID,
			"Percentiles are not kept here; ask for Statistics.");
	if (count == 0)
		return fault(
			why, ERR_PRECONDITION, "The parameter Statistics is required.");
	for (size_t i = 1; i <= count; i++) {
		const char *name = form_get(call->query, "Statistics.member.%zu", i);
		enum cloudwatch_statistic statistic;

		if (!name || !cloudwatch_statistic_find(name, &statistic))
			return fault(why, ERR_INVALID,
				"Statistics takes SampleCount, Average, Sum, Minimum and "
				"Maximum.");
		wanted[statistic] = true;
	}
	return ERR_NONE;
}

static void
write_point(struct tell *t, const struct cloudwatch_ask *ask,
	const struct metric_point *point, const bool wanted[STATISTICS])
{
	tell_item(t);
	tell_moment(t, "Timestamp", point->at);
	for (int i = 0; i < STATISTICS; i++) {
		enum cloudwatch_statistic statistic = (enum cloudwatch_statistic)i;

		if (wanted[i])
			tell_number(t, cloudwatch_statistic_name(statistic),
				cloudwatch_statistic(point, statistic));
	}
	tell_text(t, "Unit", cloudwatch_unit(ask->name));
	tell_item_end(t);
}

static enum err
read_all(const struct extra_call *call, struct cloudwatch_ask *ask,
	bool wanted[STATISTICS], struct fault *why)
{
	enum err err = cloudwatch_ask_read(call, "", "", ask, why);

	if (!err)
		err = cloudwatch_time_read(call, ask, why);
	if (!err)
		err = read_statistics(call, wanted, why);
	if (!err && cloudwatch_periods(ask) > POINTS_MAX)
		err = fault(why, ERR_CONFLICT,
			"This asks for %lld datapoints, and an answer has up to %d; ask "
			"for a longer Period, or a shorter time.",
			(long long)cloudwatch_periods(ask), POINTS_MAX);
	return err;
}

enum err
handle_GetMetricStatistics(struct extra_call *call, struct fault *why)
{
	struct cloudwatch_ask ask = { 0 };
	bool wanted[STATISTICS] = { false };
	struct metric_point *points = NULL;
	size_t count = 0;
	struct tell tell;
	enum err err = read_all(call, &ask, wanted, why);

	if (!err)
		err = cloudwatch_points(call, &ask, &points, &count, why);
	if (err)
		return err;
	tell = cloudwatch_open(call, "GetMetricStatistics");
	tell_list(&tell, "Datapoints");
	for (size_t i = 0; i < count; i++)
		write_point(&tell, &ask, &points[i], wanted);
	tell_list_end(&tell, "Datapoints");
	tell_text(&tell, "Label", ask.name);
	cloudwatch_close(call, &tell, "GetMetricStatistics");
	return ERR_NONE;
}
