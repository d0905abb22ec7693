/* Place a device: which one, and into which slot of which placement. */
#include <string.h>

#include "../app_parts.h"
#include "oneclick/base/mem.h"
#include "oneclick/console/forms.h"
#include "oneclick/console/job.h"
#include "oneclick/model/project.h"

enum place_field { DEVICE, PROJECT, PLACEMENT, TEMPLATE, BUTTON };

static const char *
text_of(const struct draft *draft, enum place_field field)
{
	return forms_text(draft, 0, field);
}

static const struct value *
templates_of(const struct draft *draft)
{
	const struct fact *fact =
		facts_have(draft->app, OP_DESCRIBE_PROJECT, text_of(draft, PROJECT), "");
	const struct value *project = fact ? value_get(fact->tree, "project") : NULL;

	return value_get(value_get(project, "placementTemplate"), "deviceTemplates");
}

static const char *const *
complete_template(void *arg, const void *ctx, const char *text, size_t at, size_t *from,
	size_t *count)
{
	const struct value *map = templates_of(arg);
	const char **word = mem_array(ctx, const char *, DEVICE_TEMPLATES_MAX);

	*from = *count = 0;
	for (size_t i = 0; map && map->kind == VALUE_MAP && i < map->count &&
			   *count < DEVICE_TEMPLATES_MAX;
		i++)
		if (strncmp(map->key[i], text, at) == 0)
			word[(*count)++] = mem_text(ctx, map->key[i]);
	return word;
}

static const char *const *
complete_placement(void *arg, const void *ctx, const char *text, size_t at, size_t *from,
	size_t *count)
{
	const struct draft *draft = arg;
	const struct state *state = draft->app->state;
	uint32_t project = words_find(state->words, text_of(draft, PROJECT));
	const char **word = mem_array(ctx, const char *, 64);

	*from = *count = 0;
	for (size_t i = 0; i < state->placements.shelf.count && *count < 64; i++) {
		const struct placement_row *row = &state->placements.row[i];
		const char *name = words_text(state->words, row->name);

		if (row->project == project && strncmp(name, text, at) == 0)
			word[(*count)++] = mem_text(ctx, name);
	}
	return word;
}

static void
build(struct draft *draft)
{
	static const struct safe_text place[] = { { "Place device" } };
	struct form *form = &draft->form[0];
	bool from_placement = *draft->project;

	form_add_text(form, SAFE("Device"), from_placement ? "" : draft->name, 32);
	form_add_text(form, SAFE("Project"), draft->project, NAME_MAX_LENGTH);
	form_add_text(form, SAFE("Placement"), from_placement ? draft->name : "",
		NAME_MAX_LENGTH);
	form_add_text(form, SAFE("Device template"), "", NAME_MAX_LENGTH);
	form_add_buttons(form, place, 1);
	form->field[DEVICE].complete = forms_complete_device;
	form->field[PROJECT].complete = forms_complete_project;
	form->field[PLACEMENT].complete = complete_placement;
	form->field[TEMPLATE].complete = complete_template;
	for (int i = DEVICE; i <= TEMPLATE; i++) {
		form->field[i].hint = SAFE("Tab completes");
		form->field[i].complete_arg = draft;
	}
	form_go(form, from_placement ? DEVICE : PROJECT);
}

/* What completion of the later fields needs is asked for as soon as the project is named;
 * a project with one template leaves nothing to choose. */
static void
look_up(struct draft *draft)
{
	const char *project = text_of(draft, PROJECT);
	const struct value *templates;
	const char *of = draft->app->placements_of;

	if (projects_find(draft->app->state, project) == NO_ROW)
		return;
	facts_want(draft->app, OP_DESCRIBE_PROJECT, project, "");
	if (!of || (*of && strcmp(of, project) != 0))
		load_placements(draft->app, project);
	templates = templates_of(draft);
	if (templates && templates->kind == VALUE_MAP && templates->count == 1 &&
		!*text_of(draft, TEMPLATE))
		forms_set(draft, 0, TEMPLATE, templates->key[0]);
}

static void
check(struct draft *draft)
{
	const struct value *templates;

	look_up(draft);
	templates = templates_of(draft);
	forms_check(draft, 0, DEVICE, OP_API_DEVICES, "deviceId", true);
	forms_check(draft, 0, PROJECT, OP_API_PROJECTS, "projectName", true);
	forms_check(draft, 0, PLACEMENT, OP_API_PROJECTS, "placementName", true);
	forms_check(draft, 0, TEMPLATE, OP_API_PROJECTS, "deviceTemplateName", true);
	if (templates && *text_of(draft, TEMPLATE) &&
		!value_get(templates, text_of(draft, TEMPLATE)))
		forms_bad(draft, 0, TEMPLATE, "the project has no such device template");
}

static void
take_done(struct job *job)
{
	struct draft *draft = job->arg;

	draft->sending = false;
	if (job_went_well(job))
		forms_end(draft);
}

static void
press(struct draft *draft, const char *button)
{
	struct job *job = forms_job(draft, "placed", "devices");

	(void)button;
	if (!job)
		return;
	job->done = take_done;
	places_put(job, text_of(draft, DEVICE), text_of(draft, PROJECT),
		text_of(draft, PLACEMENT), text_of(draft, TEMPLATE));
}

const struct form_class place_form = {
	.name = "associate",
	.title = "Place a device",
	.step = { "Place" },
	.build = build,
	.check = check,
	.press = press,
};
