#include "survey.h"

#include <string.h>

#include "oneclick/api/page.h"
#include "oneclick/base/mem.h"
#include "oneclick/client/pages.h"

enum { AT_A_TIME = 8 };

/* One call that is to be made; they are made in the order they are thought of. */
struct question {
	struct survey *survey;
	enum op op;
	struct ask ask;
	struct pages pages; /* of a list, up to the page asked for */
	struct question *next;
};

struct survey {
	struct client *client;
	struct fleet *found;
	bool everything, whole_projects;
	survey_fn fn;
	void *arg;
	struct question *first, **last;
	int under_way;
	struct fault why; /* code 0: nothing failed */
};

static struct question *
ask_for(struct survey *survey, enum op op)
{
	struct question *question = mem_new(survey, struct question);

	question->survey = survey;
	question->op = op;
	ask_init(&question->ask);
	*survey->last = question;
	survey->last = &question->next;
	return question;
}

static void
ask_of_placement(struct survey *survey, const char *project, const char *name)
{
	static const enum op ops[] = { OP_DESCRIBE_PLACEMENT,
		OP_GET_DEVICES_IN_PLACEMENT };

	for (size_t i = 0; i < sizeof ops / sizeof *ops; i++) {
		struct ask *ask = &ask_for(survey, ops[i])->ask;

		ask->project_name = mem_text(survey, project);
		ask->placement_name = mem_text(survey, name);
	}
}

static struct question *
ask_of_list(struct survey *survey, enum op op, const char *project, const char *token)
{
	struct question *question = ask_for(survey, op);

	question->ask.max_results = PAGE_MAX;
	question->ask.project_name = mem_text(survey, project);
	question->ask.next_token = mem_text(survey, token);
	return question;
}

/* An answer without what it must have is none: what it would have told is not taken for
 * nothing. */
static void
lack(struct survey *survey, const struct question *question, const char *what)
{
	if (!survey->why.code)
		fault(&survey->why, ERR_INTERNAL,
			"The service's answer to %s has no %s that can be read.",
			op_info(question->op)->name, what);
}

/* ---- what is learnt -------------------------------------------------------------------
 */

static void
learn_project(
	struct survey *survey, const struct question *question, const struct value *body)
{
	const struct value *map = value_get(body, "project");
	const struct value *tree = value_get(map, "placementTemplate");
	const char *name = value_text(map, "projectName");
	struct placement_template *template = NULL;
	struct fleet_project *project;

	if (!name || (tree && placement_template_read(
				      survey->found, tree, &template, &survey->why))) {
		lack(survey, question, "project");
		return;
	}
	project = fleet_project(survey->found, name);
	project->description = mem_text(survey->found, value_text(map, "description"));
	project->template = template;
	if (survey->everything || survey->whole_projects)
		ask_of_list(survey, OP_LIST_PLACEMENTS, name, NULL);
}

static void
learn_placement(
	struct survey *survey, const struct question *question, const struct value *body)
{
	const struct value *map = value_get(body, "placement");
	const char *project = value_text(map, "projectName");
	const char *name = value_text(map, "placementName");

	struct pairs *attributes =
		value_pairs(survey->found, value_get(map, "attributes"));

	if (project && name && attributes)
		pairs_merge(fleet_placement(survey->found, project, name)->attributes,
			attributes);
	else
		lack(survey, question, "placement");
}

static void
learn_slots(
	struct survey *survey, const struct question *question, const struct value *body)
{
	const struct ask *ask = &question->ask;
	struct pairs *devices = value_pairs(survey->found, value_get(body, "devices"));

	if (devices)
		pairs_merge(fleet_placement(
				    survey->found, ask->project_name, ask->placement_name)
				    ->devices,
			devices);
	else
		lack(survey, question, "devices");
}

static void
learn_device(
	struct survey *survey, const struct question *question, const struct value *map)
{
	const struct value *place = value_get(map, "attributes");
	const char *id = value_text(map, "deviceId");
	struct fleet_device *device;

	if (!id) {
		lack(survey, question, "device");
		return;
	}
	device = fleet_device(survey->found, id);
	device->enabled = value_bool(map, "enabled", false);
	device->project = mem_text(survey->found, value_text(place, "projectName"));
	device->placement = mem_text(survey->found, value_text(place, "placementName"));
	device->template_name =
		mem_text(survey->found, value_text(place, "deviceTemplateName"));
}

static void
learn_of_project(struct survey *survey, const char *project)
{
	survey->found->account_projects++;
	if (survey->everything)
		ask_for(survey, OP_DESCRIBE_PROJECT)->ask.project_name =
			mem_text(survey, project);
}

static void
learn_item(
	struct survey *survey, const struct question *question, const struct value *item)
{
	const char *project = value_text(item, "projectName");
	const char *placement = value_text(item, "placementName");

	if (question->op == OP_LIST_DEVICES)
		learn_device(survey, question, item);
	else if (!project || (question->op == OP_LIST_PLACEMENTS && !placement))
		lack(survey, question, "name");
	else if (question->op == OP_LIST_PROJECTS)
		learn_of_project(survey, project);
	else if (!fleet_find_placement(survey->found, project, placement))
		ask_of_placement(survey, project, placement);
}

static void
learn_list(struct survey *survey, struct question *question, const char *items,
	const struct value *body)
{
	const struct value *list = value_get(body, items);
	const char *token;

	if (pages_take(&question->pages, body, items, &token, &survey->why))
		return;
	for (size_t i = 0; i < list->count; i++)
		learn_item(survey, question, &list->item[i]);
	if (token)
		ask_of_list(survey, question->op, question->ask.project_name, token)
			->pages = question->pages;
}

static void
learn(struct survey *survey, struct question *question, const struct value *body)
{
	if (question->op == OP_DESCRIBE_PROJECT)
		learn_project(survey, question, body);
	else if (question->op == OP_DESCRIBE_PLACEMENT)
		learn_placement(survey, question, body);
	else if (question->op == OP_GET_DEVICES_IN_PLACEMENT)
		learn_slots(survey, question, body);
	else if (question->op == OP_DESCRIBE_DEVICE)
		learn_device(survey, question, value_get(body, "deviceDescription"));
	else if (question->op == OP_LIST_DEVICES)
		learn_list(survey, question, "devices", body);
	else if (question->op == OP_LIST_PROJECTS)
		learn_list(survey, question, "projects", body);
	else
		learn_list(survey, question, "placements", body);
}

/* ---- asking ---------------------------------------------------------------------------
 */

static void ask_more(struct survey *survey);

/* What is not there is an answer too; and how many projects there are in all is nice to
 * know, but not everybody may. */
static bool
is_failure(const struct question *question, enum err code)
{
	bool may_pass = code == ERR_NOT_FOUND ||
			(code == ERR_FORBIDDEN && question->op == OP_LIST_PROJECTS &&
				!question->survey->everything);

	return code && !may_pass;
}

static void
take_answer(void *arg, const struct answer *answer)
{
	struct question *question = arg;
	struct survey *survey = question->survey;

	survey->under_way--;
	if (!answer->code)
		learn(survey, question, answer->body);
	else if (is_failure(question, answer->code) && !survey->why.code)
		survey->why = answer->why;
	mem_free(question);
	ask_more(survey);
}

static void
ask_more(struct survey *survey)
{
	if (survey->why.code) {
		survey->first = NULL;
		survey->last = &survey->first;
	}
	while (survey->first && survey->under_way < AT_A_TIME) {
		struct question *question = survey->first;

		survey->first = question->next;
		if (!survey->first)
			survey->last = &survey->first;
		survey->under_way++;
		client_call(survey->client, question->op, &question->ask, take_answer,
			question);
	}
	if (survey->under_way > 0)
		return;
	fleet_sort(survey->found); /* answers come in any order */
	survey->fn(survey->arg, survey->why.code, survey->found, &survey->why);
	mem_free(survey);
}

static void
ask_of_wanted(struct survey *survey, const struct fleet *wanted)
{
	struct fleet *named = fleet_new(survey);

	for (size_t i = 0; i < wanted->projects; i++)
		fleet_project(named, wanted->project[i].name);
	for (size_t i = 0; i < wanted->placements; i++)
		fleet_project(named, wanted->placement[i].project);
	if (wanted->projects > 0)
		ask_of_list(survey, OP_LIST_PROJECTS, NULL, NULL);
	for (size_t i = 0; i < named->projects; i++)
		ask_for(survey, OP_DESCRIBE_PROJECT)->ask.project_name =
			named->project[i].name;
	for (size_t i = 0; i < wanted->placements; i++)
		ask_of_placement(
			survey, wanted->placement[i].project, wanted->placement[i].name);
	for (size_t i = 0; i < wanted->devices; i++)
		fleet_device(named, wanted->device[i].id);
	for (size_t i = 0; i < wanted->placements; i++)
		for (size_t k = 0; k < wanted->placement[i].devices->count; k++)
			fleet_device(named, wanted->placement[i].devices->row[k].value);
	for (size_t i = 0; i < named->devices; i++)
		ask_for(survey, OP_DESCRIBE_DEVICE)->ask.device_id =
			named->device[i].id;
}

struct survey *
survey_start(const void *ctx, struct client *client, const struct fleet *wanted,
	bool whole_projects, survey_fn fn, void *arg)
{
	struct survey *survey = mem_new(ctx, struct survey);

	survey->client = client;
	survey->found = fleet_new(ctx);
	survey->everything = wanted == NULL;
	survey->whole_projects = whole_projects;
	survey->fn = fn;
	survey->arg = arg;
	survey->last = &survey->first;
	if (wanted) {
		ask_of_wanted(survey, wanted);
	} else {
		ask_of_list(survey, OP_LIST_PROJECTS, NULL, NULL);
		ask_of_list(survey, OP_LIST_DEVICES, NULL, NULL);
	}
	ask_more(survey);
	return survey;
}
