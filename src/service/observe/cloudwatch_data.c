/*
 * GetMetricData: many metrics in one answer, in pages.  All datapoints of the answer stand
 * in one row, query after query; a token says how many of them were given.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cloudwatch.h"
#include "form.h"
#include "oneclick/api/page.h"
#include "oneclick/base/digest.h"
#include "oneclick/base/mem.h"
#include "oneclick/data/number.h"
#include "oneclick/service/metrics.h"

enum { QUERIES_MAX = 100, POINTS_MAX = 100800 };

struct data_query {
	const char *id, *label;
	struct cloudwatch_ask ask;
	enum cloudwatch_statistic statistic;
	bool hidden; /* ReturnData is false */
};

struct data_call {
	struct extra_call *call;
	struct tell tell;
	struct data_query *query;
	size_t count;
	bool ascending;
	int64_t skip, left; /* datapoints, before this page and in it */
	bool more;
	const char *key; /* what a token is tied to */
};

/* ---- what was asked ---- */

static bool
is_id(const char *id)
{
	if (!islower((unsigned char)*id))
		return false;
	while (isalnum((unsigned char)*id) || *id == '_')
		id++;
	return *id == '\0';
}

static enum err
read_statistic(const struct extra_call *call, const char *prefix, struct data_query *out,
	struct fault *why)
{
	const char *stat = form_get(call->query, "%sMetricStat.Stat", prefix);

	if (!stat)
		return fault(why, ERR_PRECONDITION,
			"The parameter %sMetricStat.Stat is required.", prefix);
	if (!cloudwatch_statistic_find(stat, &out->statistic))
		return fault(why, ERR_INVALID,
			"%sMetricStat.Stat takes SampleCount, Average, Sum, Minimum or "
			"Maximum.",
			prefix);
	return ERR_NONE;
}

static enum err
read_query(const struct extra_call *call, const char *prefix, struct data_query *out,
	struct fault *why)
{
	const char *shown = form_get(call->query, "%sReturnData", prefix);
	enum err err;

	if (form_get(call->query, "%sExpression", prefix))
		return fault(why, ERR_INVALID,
			"%sExpression: this service computes no expressions over "
			"metrics; ask for each with MetricStat.",
			prefix);
	out->id = form_get(call->query, "%sId", prefix);
	if (!out->id || !is_id(out->id))
		return fault(why, ERR_INVALID,
			"%sId takes a small letter, then letters, digits and '_'.",
			prefix);
	err = cloudwatch_ask_read(call, mem_format(call->ctx, "%sMetricStat.", prefix),
		"Metric.", &out->ask, why);
	if (!err)
		err = read_statistic(call, prefix, out, why);
	out->label = form_get(call->query, "%sLabel", prefix);
	if (!out->label)
		out->label = out->ask.name;
	out->hidden = shown && strcmp(shown, "false") == 0;
	return err;
}

static enum err
check_ids(const struct data_call *d, struct fault *why)
{
	for (size_t i = 0; i < d->count; i++)
		for (size_t k = 0; k < i; k++)
			if (strcmp(d->query[i].id, d->query[k].id) == 0)
				return fault(why, ERR_INVALID,
					"The Id '%s' stands twice.", d->query[i].id);
	return ERR_NONE;
}

static enum err
read_queries(struct data_call *d, struct fault *why)
{
	const struct extra_call *call = d->call;
	struct cloudwatch_ask time = { 0 };
	int64_t periods = 0;
	enum err err = cloudwatch_time_read(call, &time, why);

	d->count = form_count(call->query, "MetricDataQueries", QUERIES_MAX);
	if (!err && (d->count == 0 || d->count > QUERIES_MAX))
		return fault(why, ERR_INVALID, "MetricDataQueries takes 1 to %d queries.",
			QUERIES_MAX);
	d->query = mem_array(call->ctx, struct data_query, d->count + 1);
	for (size_t i = 0; !err && i < d->count; i++) {
		struct data_query *query = &d->query[i];

		err = read_query(call,
			mem_format(call->ctx, "MetricDataQueries.member.%zu.", i + 1),
			query, why);
		query->ask.from = time.from;
		query->ask.to = time.to;
		if (!err)
			periods += cloudwatch_periods(&query->ask);
	}
	if (!err && periods > POINTS_MAX)
		err = fault(why, ERR_INVALID,
			"This asks for %lld datapoints, and an answer has up to %d; ask "
			"for longer Periods, or a shorter time.",
			(long long)periods, POINTS_MAX);
	return err ? err : check_ids(d, why);
}

static enum err
read_order(struct data_call *d, struct fault *why)
{
	const char *scan = form_get(d->call->query, "ScanBy");

	d->ascending = scan && strcmp(scan, "TimestampAscending") == 0;
	if (scan && !d->ascending && strcmp(scan, "TimestampDescending") != 0)
		return fault(why, ERR_INVALID,
			"ScanBy takes TimestampAscending or TimestampDescending.");
	return ERR_NONE;
}

/* A token is tied to all that was asked but itself. */
static const char *
make_key(const struct extra_call *call)
{
	const struct pairs *form = call->query;
	char hash[DIGEST_HEX_SIZE];
	struct buf all;

	buf_init(&all, call->ctx, BUF_NO_CAP);
	for (size_t i = 0; i < form->count; i++)
		if (strcmp(form->row[i].key, "NextToken") != 0)
			buf_format(&all, "%s=%s\n", form->row[i].key, form->row[i].value);
	digest_sha256_hex(all.data, all.len, hash);
	return mem_format(
		call->ctx, "GetMetricData %s %s", call->principal->account, hash);
}

static enum err
read_page(struct data_call *d, struct fault *why)
{
	const struct extra_call *call = d->call;
	const char *most = form_get(call->query, "MaxDatapoints"), *after;
	const char *token = form_get(call->query, "NextToken");
	enum err err;

	d->left = POINTS_MAX;
	if (most && (!number_read_int(most, strlen(most), &d->left) || d->left < 1))
		return fault(why, ERR_INVALID, "MaxDatapoints takes a number from 1.");
	d->key = make_key(call);
	if (!token)
		return ERR_NONE;
	err = page_token_read(
		call->ctx, call->secret, d->key, token, ERR_RANGE, &after, why);
	if (!err)
		d->skip = strtoll(after, NULL, 10);
	return err;
}

/* ---- the answer ---- */

/* The i-th of count points in the order asked for. */
static const struct metric_point *
point_at(const struct data_call *d, const struct metric_point *points, size_t count,
	size_t i)
{
	return &points[d->ascending ? i : count - 1 - i];
}

static void
write_points(struct data_call *d, const struct data_query *query,
	const struct metric_point *points, size_t count)
{
	struct tell *t = &d->tell;
	size_t first = (int64_t)count < d->skip ? count : (size_t)d->skip;
	size_t some = count - first;

	if ((int64_t)some > d->left)
		some = (size_t)d->left;
	tell_list(t, "Timestamps");
	for (size_t i = first; i < first + some; i++)
		tell_moment(t, NULL, point_at(d, points, count, i)->at);
	tell_list_end(t, "Timestamps");
	tell_list(t, "Values");
	for (size_t i = first; i < first + some; i++)
		tell_number(t, NULL,
			cloudwatch_statistic(
				point_at(d, points, count, i), query->statistic));
	tell_list_end(t, "Values");
	tell_text(t, "StatusCode", first + some < count ? "PartialData" : "Complete");
	d->more = d->more || first + some < count;
	d->skip -= (int64_t)first;
	d->left -= (int64_t)some;
}

static enum err
write_query(struct data_call *d, const struct data_query *query, struct fault *why)
{
	struct metric_point *points;
	struct tell *t = &d->tell;
	size_t count;
	enum err err = cloudwatch_points(d->call, &query->ask, &points, &count, why);

	if (err)
		return err;
	tell_item(t);
	tell_text(t, "Id", query->id);
	tell_text(t, "Label", query->label);
	write_points(d, query, points, count);
	tell_item_end(t);
	mem_free(points);
	return ERR_NONE;
}

static enum err
write_answer(struct data_call *d, struct fault *why)
{
	struct extra_call *call = d->call;
	int64_t given = d->skip + d->left;
	enum err err = ERR_NONE;

	d->tell = cloudwatch_open(call, "GetMetricData");
	tell_list(&d->tell, "MetricDataResults");
	for (size_t i = 0; !err && i < d->count; i++)
		if (!d->query[i].hidden)
			err = write_query(d, &d->query[i], why);
	tell_list_end(&d->tell, "MetricDataResults");
	if (d->more)
		tell_text(&d->tell, "NextToken",
			page_token_make(call->ctx, call->secret, d->key,
				mem_format(call->ctx, "%lld", (long long)given)));
	cloudwatch_close(call, &d->tell, "GetMetricData");
	return err;
}

enum err
handle_GetMetricData(struct extra_call *call, struct fault *why)
{
	struct data_call d = { .call = call };
	enum err err = read_queries(&d, why);

	if (!err)
		err = read_order(&d, why);
	if (!err)
		err = read_page(&d, why);
	return err ? err : write_answer(&d, why);
}
