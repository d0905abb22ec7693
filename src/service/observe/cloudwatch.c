#include "cloudwatch.h"

#include <string.h>

#include "form.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/data/number.h"
#include "oneclick/service/metrics.h"
#include "xml.h"

enum { DIMENSIONS_MAX = 30, PERIOD_MAX = 24 * 60 * 60 /* seconds */ };

#define TEXT_MAX 255
#define SECONDS_END 253402300800.0    /* the year 10000 */
#define CDK_NAMESPACE "AWS/IoT1Click" /* as the CDK's canned metrics spell it */
#define XML_NAMESPACE "http://monitoring.amazonaws.com/doc/2010-08-01/"

/* ---- statistics and units ---- */

static const char *const names[STATISTICS] = {
	[STATISTIC_SAMPLE_COUNT] = "SampleCount",
	[STATISTIC_AVERAGE] = "Average",
	[STATISTIC_SUM] = "Sum",
	[STATISTIC_MINIMUM] = "Minimum",
	[STATISTIC_MAXIMUM] = "Maximum",
};

const char *
cloudwatch_statistic_name(enum cloudwatch_statistic statistic)
{
	return names[statistic];
}

bool
cloudwatch_statistic_find(const char *name, enum cloudwatch_statistic *out)
{
	for (int i = 0; i < STATISTICS; i++)
		if (strcmp(names[i], name) == 0) {
			*out = (enum cloudwatch_statistic)i;
			return true;
		}
	return false;
}

double
cloudwatch_statistic(
	const struct metric_point *point, enum cloudwatch_statistic statistic)
{
	switch (statistic) {
	case STATISTIC_SAMPLE_COUNT:
		return (double)point->count;
	case STATISTIC_AVERAGE:
		return point->sum / (double)point->count;
	case STATISTIC_SUM:
		return point->sum;
	case STATISTIC_MINIMUM:
		return point->least;
	case STATISTIC_MAXIMUM:
		return point->most;
	case STATISTICS:
		break;
	}
	return 0;
}

const char *
cloudwatch_unit(const char *metric)
{
	return strcmp(metric, METRIC_LIFE) == 0 ? "Percent" : "Count";
}

/* ---- what was asked ---- */

static enum err
need(const struct extra_call *call, const char *prefix, const char *name,
	const char **out, struct fault *why)
{
	*out = form_get(call->query, "%s%s", prefix, name);
	if (!*out || !**out)
		return fault(why, ERR_PRECONDITION, "The parameter %s%s is required.",
			prefix, name);
	if (strlen(*out) > TEXT_MAX)
		return fault(why, ERR_INVALID,
			"The parameter %s%s takes up to %d characters.", prefix, name,
			TEXT_MAX);
	return ERR_NONE;
}

static enum err
read_dimensions(const struct extra_call *call, const char *prefix, const char **out,
	struct fault *why)
{
	const char *list = mem_format(call->ctx, "%sDimensions", prefix);
	size_t count = form_count(call->query, list, DIMENSIONS_MAX);
	struct pairs *pairs = pairs_new(call->ctx);
	enum err err = ERR_NONE;

	if (count > DIMENSIONS_MAX)
		return fault(why, ERR_INVALID, "%s takes up to %d dimensions.", list,
			DIMENSIONS_MAX);
	for (size_t i = 1; !err && i <= count; i++) {
		const char *at = mem_format(call->ctx, "%s.member.%zu.", list, i);
		const char *name, *value;

		err = need(call, at, "Name", &name, why);
		if (!err)
			err = need(call, at, "Value", &value, why);
		if (!err)
			pairs_set(pairs, name, value);
	}
	*out = metrics_dimensions(call->ctx, pairs);
	return err;
}

static enum err
read_period(const struct extra_call *call, const char *prefix, int64_t *out,
	struct fault *why)
{
	const char *text;
	int64_t seconds = 0;
	enum err err = need(call, prefix, "Period", &text, why);

	if (err)
		return err;
	if (!number_read_int(text, strlen(text), &seconds) || seconds < 60 ||
		seconds % 60 != 0 || seconds > PERIOD_MAX)
		return fault(why, ERR_INVALID,
			"The parameter %sPeriod takes a multiple of 60 seconds, up to "
			"%d.",
			prefix, PERIOD_MAX);
	*out = seconds * 1000;
	return ERR_NONE;
}

enum err
cloudwatch_ask_read(const struct extra_call *call, const char *prefix, const char *metric,
	struct cloudwatch_ask *out, struct fault *why)
{
	const char *at = mem_format(call->ctx, "%s%s", prefix, metric), *namespace;
	enum err err = need(call, at, "Namespace", &namespace, why);

	if (!err)
		err = need(call, at, "MetricName", &out->name, why);
	if (!err)
		err = read_dimensions(call, at, &out->dimensions, why);
	if (!err)
		err = read_period(call, prefix, &out->period, why);
	if (err)
		return err;
	out->unit = form_get(call->query, "%sUnit", prefix);
	out->nothing = (strcmp(namespace, METRICS_NAMESPACE) != 0 &&
			       strcmp(namespace, CDK_NAMESPACE) != 0) ||
		       (out->unit && strcmp(out->unit, cloudwatch_unit(out->name)) != 0);
	return ERR_NONE;
}

/* As a form has it, or in seconds since 1970, as JSON does. */
static enum err
read_moment(
	const struct extra_call *call, const char *name, int64_t *out, struct fault *why)
{
	const char *text;
	double seconds;
	enum err err = need(call, "", name, &text, why);

	if (err || moment_from_iso(text, out))
		return err;
	if (number_read(text, strlen(text), &seconds) && seconds >= 0 &&
		seconds < SECONDS_END)
		*out = (int64_t)(seconds * 1000);
	else
		err = fault(why, ERR_INVALID,
			"The parameter %s takes a time like 2018-05-04T23:26:33Z.", name);
	return err;
}

enum err
cloudwatch_time_read(
	const struct extra_call *call, struct cloudwatch_ask *out, struct fault *why)
{
	enum err err = read_moment(call, "StartTime", &out->from, why);

	if (!err)
		err = read_moment(call, "EndTime", &out->to, why);
	if (!err && out->from >= out->to)
		err = fault(why, ERR_CONFLICT,
			"The parameter StartTime must be before EndTime.");
	out->from -= out->from % METRIC_MINUTE;
	return err;
}

int64_t
cloudwatch_periods(const struct cloudwatch_ask *ask)
{
	return (ask->to - ask->from + ask->period - 1) / ask->period;
}

/* ---- points ---- */

struct folding {
	const struct cloudwatch_ask *ask;
	const void *ctx;
	struct metric_point *points;
	size_t count, room;
};

/* They come oldest first: one belongs to the last period, or begins another. */
static bool
fold(void *arg, const struct metric_point *point)
{
	struct folding *f = arg;
	int64_t at = f->ask->from +
		     (point->at - f->ask->from) / f->ask->period * f->ask->period;
	struct metric_point *last = f->count > 0 ? &f->points[f->count - 1] : NULL;

	if (last && last->at == at) {
		last->count += point->count;
		last->sum += point->sum;
		last->least = point->least < last->least ? point->least : last->least;
		last->most = point->most > last->most ? point->most : last->most;
		return true;
	}
	if (f->count == f->room) {
		f->room = f->room ? 2 * f->room : 16;
		f->points = mem_resize(f->ctx, f->points, struct metric_point, f->room);
	}
	f->points[f->count] = *point;
	f->points[f->count++].at = at;
	return true;
}

enum err
cloudwatch_points(const struct extra_call *call, const struct cloudwatch_ask *ask,
	struct metric_point **points, size_t *count, struct fault *why)
{
	struct folding f = { .ask = ask, .ctx = call->ctx };
	enum err err = ERR_NONE;

	if (!ask->nothing)
		err = metrics_read(call->tx, call->principal->account, ask->name,
			ask->dimensions, ask->from, ask->to, fold, &f, why);
	*points = f.points;
	*count = f.count;
	return err;
}

/* ---- answers ---- */

/* A form names its Action; what came as JSON was named by a header. */
static bool
is_json(const struct extra_call *call)
{
	return !pairs_get(call->query, "Action");
}

struct tell
cloudwatch_open(struct extra_call *call, const char *operation)
{
	struct tell tell = tell_to(call->out, is_json(call));

	call->type = tell.is_json ? "application/x-amz-json-1.0" : "text/xml";
	if (tell.is_json)
		json_open(&tell.j, '{');
	else
		buf_format(call->out,
			"<%sResponse xmlns=\"" XML_NAMESPACE "\"><%sResult>", operation,
			operation);
	return tell;
}

void
cloudwatch_close(const struct extra_call *call, struct tell *tell, const char *operation)
{
	if (tell->is_json) {
		json_close(&tell->j, '}');
		return;
	}
	buf_format(call->out, "</%sResult>", operation);
	xml_open(call->out, "ResponseMetadata");
	xml_text(call->out, "RequestId", call->request_id);
	xml_close(call->out, "ResponseMetadata");
	buf_format(call->out, "</%sResponse>", operation);
}
