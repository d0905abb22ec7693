/* ListMetrics: the metrics of the last two weeks that match what is asked. */
#include <string.h>

#include "cloudwatch.h"
#include "form.h"
#include "oneclick/api/page.h"
#include "oneclick/base/mem.h"
#include "oneclick/service/metrics.h"

enum {
	PAGE = 500, /* metrics looked at for one answer, listed or not */
	FILTERS_MAX = 10,
};

#define HOUR (INT64_C(60) * 60 * 1000)
#define KNOWN_FOR (14 * 24 * HOUR)

struct listing {
	struct extra_call *call;
	struct tell tell;
	const char *name; /* asked for; NULL: any */
	struct {
		const char *name, *value; /* value NULL: any */
	} filter[FILTERS_MAX];
	size_t filters;
	int64_t since;
	int looked;
	const char *last_name, *last_dimensions; /* looked at */
};

static enum err
read_filters(struct listing *l, struct fault *why)
{
	const struct pairs *form = l->call->query;
	const char *active = form_get(form, "RecentlyActive");

	l->filters = form_count(form, "Dimensions", FILTERS_MAX);
	if (l->filters > FILTERS_MAX)
		return fault(why, ERR_INVALID, "Dimensions takes up to %d filters.",
			FILTERS_MAX);
	for (size_t i = 0; i < l->filters; i++) {
		l->filter[i].name = form_get(form, "Dimensions.member.%zu.Name", i + 1);
		l->filter[i].value = form_get(form, "Dimensions.member.%zu.Value", i + 1);
		if (!l->filter[i].name)
			return fault(why, ERR_PRECONDITION,
				"The parameter Dimensions.member.%zu.Name is required.",
				i + 1);
	}
	if (active && strcmp(active, "PT3H") != 0)
		return fault(why, ERR_INVALID,
			"The parameter RecentlyActive takes PT3H alone.");
	l->since = l->call->now - (active ? 3 * HOUR : KNOWN_FOR);
	l->name = form_get(form, "MetricName");
	return ERR_NONE;
}

static bool
matches(const struct listing *l, const char *name, const struct pairs *dimensions)
{
	if (l->name && strcmp(l->name, name) != 0)
		return false;
	for (size_t i = 0; i < l->filters; i++) {
		const char *value = pairs_get(dimensions, l->filter[i].name);

		if (!value || (l->filter[i].value && strcmp(value, l->filter[i].value)))
			return false;
	}
	return true;
}

static void
write_metric(struct tell *t, const char *name, const struct pairs *dimensions)
{
	tell_item(t);
	tell_text(t, "Namespace", METRICS_NAMESPACE);
	tell_text(t, "MetricName", name);
	tell_list(t, "Dimensions");
	for (size_t i = 0; i < dimensions->count; i++) {
		tell_item(t);
		tell_text(t, "Name", dimensions->row[i].key);
		tell_text(t, "Value", dimensions->row[i].value);
		tell_item_end(t);
	}
	tell_list_end(t, "Dimensions");
	tell_item_end(t);
}

static bool
look(void *arg, const char *name, const char *dimensions, int64_t last)
{
	struct listing *l = arg;
	void *life = mem_life(NULL);
	const struct pairs *pairs = metrics_dimensions_read(life, dimensions);

	l->looked++;
	if (l->looked == PAGE) {
		l->last_name = mem_text(l->call->ctx, name);
		l->last_dimensions = mem_text(l->call->ctx, dimensions);
	}
	if (last >= l->since && matches(l, name, pairs))
		write_metric(&l->tell, name, pairs);
	mem_free(life);
	return true;
}

/* The token holds the last name, a blank and its dimensions; no name has a blank. */
static enum err
read_after(const struct listing *l, const char *query, const char **name,
	const char **dimensions, struct fault *why)
{
	const struct extra_call *call = l->call;
	const char *token = form_get(call->query, "NextToken"), *after;
	enum err err;

	*name = *dimensions = "";
	if (!token)
		return ERR_NONE;
	err = page_token_read(
		call->ctx, call->secret, query, token, ERR_RANGE, &after, why);
	if (err)
		return err;
	*name = mem_textn(call->ctx, after, strcspn(after, " "));
	*dimensions = after + strlen(*name) + (after[strlen(*name)] == ' ');
	return ERR_NONE;
}

static bool
is_ours(const char *namespace)
{
	return !namespace || strcmp(namespace, METRICS_NAMESPACE) == 0;
}

enum err
handle_ListMetrics(struct extra_call *call, struct fault *why)
{
	struct listing l = { .call = call };
	const char *query =
		mem_format(call->ctx, "ListMetrics %s", call->principal->account);
	const char *name, *dimensions;
	enum err err = read_filters(&l, why);

	if (!err)
		err = read_after(&l, query, &name, &dimensions, why);
	if (err)
		return err;
	l.tell = cloudwatch_open(call, "ListMetrics");
	tell_list(&l.tell, "Metrics");
	if (is_ours(form_get(call->query, "Namespace")))
		err = metrics_list(call->tx, call->principal->account, name, dimensions,
			PAGE, look, &l, why);
	tell_list_end(&l.tell, "Metrics");
	if (l.last_name)
		tell_text(&l.tell, "NextToken",
			page_token_make(call->ctx, call->secret, query,
				mem_format(call->ctx, "%s %s", l.last_name,
					l.last_dimensions)));
	cloudwatch_close(call, &l.tell, "ListMetrics");
	return err;
}
