#include "gather.h"

#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/data/json.h"
#include "oneclick/model/product.h"
#include "oneclick/service/metrics.h"
#include "oneclick/store/cursors.h"
#include "oneclick/store/events.h"

#define uthash_fatal(reason) mem_abort(reason)
#include <uthash.h>

#define DEVICE_TYPE "button"

enum { PREFIX = 4 }; /* letters of an ID that tell the product */

const double gather_edge[GATHER_EDGES] = { 0, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90 };

struct grouped {
	struct group group;
	UT_hash_handle hh;
};

/* A point of one minute, and what it belongs to. */
struct cell {
	const char *account, *name, *dimensions;
	struct metric_point point;
	UT_hash_handle hh;
};

/* The project a context names: each is parsed once. */
struct context {
	int64_t num;
	const char *project;
	UT_hash_handle hh;
};

struct gather_parts {
	struct grouped *groups;
	struct cell *cells;
	struct context *contexts;
	struct buf key; /* of what is looked for */
};

/* The hashes' tables are not talloc's; they are let go before what is in them. */
static int
forget(struct gather *gather)
{
	struct gather_parts *parts = gather->parts;

	HASH_CLEAR(hh, parts->groups);
	HASH_CLEAR(hh, parts->cells);
	HASH_CLEAR(hh, parts->contexts);
	return 0;
}

struct gather *
gather_new(const void *ctx)
{
	struct gather *gather = mem_new(ctx, struct gather);

	gather->parts = mem_new(gather, struct gather_parts);
	buf_init(&gather->parts->key, gather, BUF_NO_CAP);
	talloc_set_destructor(gather, forget);
	return gather;
}

/* ---- groups ---- */

static const char *
read_project(const void *ctx, const char *json)
{
	void *life = mem_life(NULL);
	const struct value *tree;
	const char *name = NULL;

	if (!json_parse(life, json, strlen(json), &tree, NULL))
		name = mem_text(ctx, value_text(tree, "projectName"));
	mem_free(life);
	return name ? name : "";
}

static const char *
project_of(struct gather *gather, const struct event *event)
{
	struct gather_parts *parts = gather->parts;
	struct context *context;

	if (event->context == 0 || !event->context_json)
		return "";
	HASH_FIND(hh, parts->contexts, &event->context, sizeof event->context, context);
	if (context)
		return context->project;
	context = mem_new(gather, struct context);
	context->num = event->context;
	context->project = read_project(gather, event->context_json);
	HASH_ADD(hh, parts->contexts, num, sizeof context->num, context);
	return context->project;
}

/* A product of the operator's own goes by the letters its IDs begin with. */
static void
write_group_key(struct buf *key, const struct event *event, const char *project)
{
	const struct product *product = product_of(event->device_id);

	buf_clear(key);
	buf_format(key, "%s %d %lld %s ", event->account, (int)event->kind,
		(long long)(event->at / METRIC_MINUTE), project);
	if (product)
		buf_text(key, product->name);
	else
		buf_add(key, event->device_id, strnlen(event->device_id, PREFIX));
}

static struct group *
add_group(struct gather *gather, const struct event *event, const char *project)
{
	struct gather_parts *parts = gather->parts;
	const struct product *product = product_of(event->device_id);
	struct grouped *grouped = mem_new(gather, struct grouped);

	grouped->group = (struct group){
		.account = mem_text(gather, event->account),
		.event = event_kind_name(event->kind),
		.project = project,
		.product = product ? product->name
				   : mem_textn(gather, event->device_id,
					     strnlen(event->device_id, PREFIX)),
		.has_life = event_is_click(event->kind),
		.life = { .at = event->at, .least = event->life, .most = event->life },
		.next = gather->groups,
	};
	gather->groups = &grouped->group;
	HASH_ADD_KEYPTR(hh, parts->groups, mem_text(gather, parts->key.data),
		parts->key.len, grouped);
	return &grouped->group;
}

static struct group *
group_of(struct gather *gather, const struct event *event)
{
	const char *project = project_of(gather, event);
	struct buf *key = &gather->parts->key;
	struct grouped *grouped;

	write_group_key(key, event, project);
	HASH_FIND(hh, gather->parts->groups, key->data, key->len, grouped);
	return grouped ? &grouped->group : add_group(gather, event, project);
}

static void
add_point(struct metric_point *into, const struct metric_point *more)
{
	if (into->count == 0 || more->least < into->least)
		into->least = more->least;
	if (into->count == 0 || more->most > into->most)
		into->most = more->most;
	into->count += more->count;
	into->sum += more->sum;
}

/* What devices did and what their health said of them; changes of state are not theirs. */
static bool
is_counted(const struct event *event)
{
	return *event->account &&
	       (event_is_click(event->kind) || event->kind == EVENT_LIFE_LOW ||
		       event->kind == EVENT_NOT_HEARD);
}

static bool
take(void *arg, const struct event *event)
{
	struct gather *gather = arg;
	const struct metric_point one = {
		.count = 1, .sum = event->life, .least = event->life, .most = event->life
	};
	struct group *group;
	size_t i = 0;

	gather->to = event->pos;
	gather->read++;
	if (!is_counted(event))
		return true;
	group = group_of(gather, event);
	add_point(&group->life, &one);
	while (i < GATHER_EDGES && event->life > gather_edge[i])
		i++;
	if (i < GATHER_EDGES)
		group->under[i]++;
	return true;
}

/* ---- points ---- */

static struct cell *
find_cell(struct gather *gather, const struct group *group, const char *name,
	const char *dimension, const char *value)
{
	struct gather_parts *parts = gather->parts;
	struct buf *key = &parts->key;
	struct pairs *pairs;
	struct cell *cell;

	buf_clear(key);
	buf_format(key, "%s %s %s %lld %s", group->account, name, dimension,
		(long long)(group->life.at / METRIC_MINUTE), value);
	HASH_FIND(hh, parts->cells, key->data, key->len, cell);
	if (cell)
		return cell;
	pairs = pairs_new(gather);
	pairs_set(pairs, dimension, value);
	cell = mem_new(gather, struct cell);
	cell->account = group->account;
	cell->name = name;
	cell->dimensions = metrics_dimensions(gather, pairs);
	cell->point.at = group->life.at;
	HASH_ADD_KEYPTR(hh, parts->cells, mem_text(gather, key->data), key->len, cell);
	return cell;
}

static void
add_to(struct gather *gather, const struct group *group, const char *dimension,
	const char *value)
{
	const struct metric_point events = { .count = group->life.count,
		.sum = (double)group->life.count,
		.least = 1,
		.most = 1 };

	if (!*value)
		return;
	add_point(&find_cell(gather, group, METRIC_EVENTS, dimension, value)->point,
		&events);
	if (group->has_life && strcmp(dimension, "DeviceEvent") != 0)
		add_point(&find_cell(gather, group, METRIC_LIFE, dimension, value)->point,
			&group->life);
}

enum err
gather_read(struct gather *gather, struct tx *tx, const char *consumer, struct fault *why)
{
	enum err err = cursors_read(tx, consumer, &gather->from, why);

	gather->to = gather->from;
	if (!err)
		err = events_follow(tx, gather->from, GATHER_EVENTS, take, gather, why);
	for (const struct group *group = gather->groups; !err && group;
		group = group->next) {
		add_to(gather, group, "DeviceEvent", group->event);
		add_to(gather, group, "Project", group->project);
		add_to(gather, group, "DeviceType", DEVICE_TYPE);
		add_to(gather, group, "ProductType", group->product);
	}
	return err;
}

enum err
gather_store(
	struct gather *gather, struct tx *tx, const char *consumer, struct fault *why)
{
	enum err err = ERR_NONE;

	for (const struct cell *cell = gather->parts->cells; !err && cell;
		cell = cell->hh.next)
		err = metrics_merge(tx, cell->account, cell->name, cell->dimensions,
			&cell->point, why);
	return err ? err : cursors_write(tx, consumer, gather->to, why);
}
