#include "oneclick/console/facts.h"

#include <string.h>

#include "oneclick/base/buf.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/console/app.h"
#include "oneclick/data/json.h"

enum { EVENTS_SPAN_DAYS = 7, EVENTS_SHOWN = 50 };

static struct fact *
find_fact(const struct facts *facts, enum op op, const char *project, const char *name)
{
	for (size_t i = 0; i < facts->count; i++) {
		struct fact *fact = facts->fact[i];

		if (fact->op == op && strcmp(fact->project, project) == 0 &&
			strcmp(fact->name, name) == 0)
			return fact;
	}
	return NULL;
}

/* The one used longest ago makes room, if no call is out for it. */
static size_t
find_oldest(const struct facts *facts)
{
	size_t oldest = 0;

	for (size_t i = 1; i < facts->count; i++)
		if (!facts->fact[i]->asked &&
			(facts->fact[oldest]->asked ||
				facts->fact[i]->used < facts->fact[oldest]->used))
			oldest = i;
	return oldest;
}

static struct fact *
add_fact(struct app *app, enum op op, const char *project, const char *name)
{
	struct facts *facts = &app->facts;
	struct fact *fact = mem_new(app, struct fact);
	size_t at = facts->count;

	if (at == FACTS_KEPT) {
		at = find_oldest(facts);
		app_cancel_of(app, facts->fact[at]);
		mem_free(facts->fact[at]);
	} else {
		facts->count++;
	}
	facts->fact[at] = fact;
	fact->op = op;
	fact->project = mem_text(fact, project);
	fact->name = mem_text(fact, name);
	fact->stale = true;
	return fact;
}

static const struct value *
copy_tree(const void *ctx, const struct value *tree)
{
	const struct value *copy = NULL;
	struct buf text;
	struct json json;

	buf_init(&text, ctx, BUF_NO_CAP);
	json = json_to(&text);
	json_value(&json, tree);
	if (json_parse(ctx, text.data, text.len, &copy, NULL) != ERR_NONE)
		copy = NULL;
	buf_release(&text);
	return copy;
}

static void
take_fact(struct app *app, struct request *request, const struct answer *answer)
{
	struct fact *fact = request->arg;

	fact->asked = false;
	fact->why.code = answer->code;
	if (answer->code)
		fact->why = answer->why;
	if (answer->code && answer->code != ERR_NOT_FOUND)
		return;
	mem_free(fact->life);
	fact->life = mem_life(fact);
	fact->tree = NULL;
	if (answer->code)
		return; /* what was shown of it is there no more */
	fact->tree = copy_tree(fact->life, answer->body);
	if (fact->op == OP_DESCRIBE_DEVICE)
		devices_put(app->state, value_get(answer->body, "deviceDescription"));
	if (fact->op == OP_DESCRIBE_PROJECT)
		projects_put(app->state, value_get(answer->body, "project"));
}

static void
ask_fact(struct app *app, struct fact *fact)
{
	struct ask ask;

	ask_init(&ask);
	ask.device_id = fact->name;
	ask.project_name = fact->project;
	ask.placement_name = fact->name;
	if (fact->op == OP_LIST_DEVICE_EVENTS) {
		ask.to = moment_now();
		ask.from = ask.to - (int64_t)EVENTS_SPAN_DAYS * 86400 * 1000;
		ask.max_results = EVENTS_SHOWN;
	}
	fact->asked = true;
	fact->stale = false;
	app_call(app, fact->op, &ask, *fact->name ? fact->name : fact->project, take_fact,
		fact);
}

const struct fact *
facts_want(struct app *app, enum op op, const char *project, const char *name)
{
	struct fact *fact = find_fact(&app->facts, op, project, name);

	if (!fact)
		fact = add_fact(app, op, project, name);
	fact->used = ++app->facts.uses;
	if (fact->stale && !fact->asked && app->ready)
		ask_fact(app, fact);
	return fact;
}

const struct fact *
facts_have(const struct app *app, enum op op, const char *project, const char *name)
{
	return find_fact(&app->facts, op, project, name);
}

void
facts_stale(struct app *app, const char *name)
{
	for (size_t i = 0; i < app->facts.count; i++) {
		struct fact *fact = app->facts.fact[i];

		if (!name || strcmp(fact->name, name) == 0 ||
			strcmp(fact->project, name) == 0)
			fact->stale = true;
	}
}
