/* Change a project: description, what its buttons do, default attributes.  The names of
 * its device templates stay as they are. */
#include <string.h>

#include "actions.h"
#include "oneclick/base/mem.h"
#include "oneclick/console/forms.h"
#include "oneclick/console/job.h"
#include "oneclick/model/project.h"

struct template_fields {
	const char *name;
	size_t action, function;
};

#define LOADING SAFE("Loading the project.")

struct edit_data {
	bool filled;
	size_t waiting, description, attributes;
	struct template_fields template[DEVICE_TEMPLATES_MAX];
	size_t count;
};

static void
build(struct draft *draft)
{
	struct edit_data *data = mem_new(draft, struct edit_data);

	draft->data = data;
	form_add_note(
		&draft->form[0], text_safe_format(draft, "Project %s", draft->project));
	data->waiting = form_add_note(&draft->form[0], LOADING);
	facts_stale(draft->app, draft->project);
}

static void
add_template(struct draft *draft, const char *name, const struct value *template)
{
	struct edit_data *data = draft->data;
	struct form *form = &draft->form[0];
	struct template_fields *at = &data->template[data->count++];
	const char *callback =
		value_text(value_get(template, "callbackOverrides"), CALLBACK_ON_CLICK);

	at->name = mem_text(draft, name);
	form_add_note(form, text_safe_format(draft, "Device template %s", name));
	at->action = form_add_choice(form, SAFE("Action"), action_labels, ACTION_KINDS,
		action_of_callback(callback));
	form->field[at->action].tall = true;
	at->function = form_add_text(form, SAFE("Lambda function"),
		callback ? callback : "", CALLBACK_MAX_LENGTH);
}

static void
fill(struct draft *draft, const struct value *project)
{
	static const struct safe_text update[] = { { "Update project" } };
	const struct value *template = value_get(project, "placementTemplate");
	const struct value *templates = value_get(template, "deviceTemplates");
	const struct value *defaults = value_get(template, "defaultAttributes");
	const char *description = value_text(project, "description");
	struct edit_data *data = draft->data;
	struct form *form = &draft->form[0];

	data->description = form_add_text(form, SAFE("Description"),
		description ? description : "", DESCRIPTION_MAX_LENGTH);
	for (size_t i = 0; templates && templates->kind == VALUE_MAP &&
			   i < templates->count && i < DEVICE_TEMPLATES_MAX;
		i++)
		add_template(draft, templates->key[i], &templates->item[i]);
	data->attributes = forms_add_attributes(draft, 0, SAFE("Default value"));
	for (size_t i = 0; defaults && defaults->kind == VALUE_MAP && i < defaults->count;
		i++)
		form_rows_add(form, data->attributes,
			(const char *const[]){ defaults->key[i],
				value_text(defaults, defaults->key[i]) });
	form_add_buttons(form, update, 1);
	form_go(form, data->description);
	data->filled = true;
}

static void
check(struct draft *draft)
{
	struct edit_data *data = draft->data;
	const struct fact *fact =
		facts_want(draft->app, OP_DESCRIBE_PROJECT, draft->project, "");

	if (!data->filled && forms_have(draft, data->waiting, LOADING, &fact, 1))
		fill(draft, value_get(fact->tree, "project"));
	if (!data->filled)
		return;
	forms_check(draft, 0, data->description, OP_API_PROJECTS, "description", false);
	forms_check_attributes(draft, 0, data->attributes);
	for (size_t i = 0; i < data->count; i++)
		draft->form[0].field[data->template[i].function].hide =
			draft->form[0].field[data->template[i].action].chosen !=
			ACTION_CUSTOM;
}

static struct placement_template *
make_template(const void *ctx, const struct draft *draft)
{
	const struct edit_data *data = draft->data;
	struct placement_template *template = mem_new(ctx, struct placement_template);

	template->defaults = forms_attributes(ctx, draft, 0, data->attributes);
	template->templates = mem_array(ctx, struct device_template, data->count + 1);
	template->count = data->count;
	for (size_t i = 0; i < data->count; i++) {
		struct device_template *at = &template->templates[i];
		const char *function = forms_text(draft, 0, data->template[i].function);
		enum action_kind kind = (enum action_kind)draft->form[0]
						.field[data->template[i].action]
						.chosen;

		at->name = mem_text(ctx, data->template[i].name);
		at->type = "button";
		at->callbacks = pairs_new(ctx);
		pairs_set(at->callbacks, CALLBACK_ON_CLICK,
			kind == ACTION_CUSTOM && !*function
				? ""
				: action_callback(ctx, draft->app, kind, function));
	}
	return template;
}

static void
take_done(struct job *job)
{
	struct draft *draft = job->arg;
	struct app *app = job->app;

	draft->sending = false;
	if (!job_went_well(job))
		return;
	load_projects_again(app);
	forms_end(draft);
}

static void
press(struct draft *draft, const char *button)
{
	const struct edit_data *data = draft->data;
	struct job *job;
	struct ask *ask;

	(void)button;
	job = forms_job(draft, "updated", "projects");
	if (!job)
		return;
	ask = job_add(job, OP_UPDATE_PROJECT, draft->project);
	ask->project_name = mem_text(job, draft->project);
	ask->description = mem_text(job, forms_text(draft, 0, data->description));
	ask->placement_template = make_template(job, draft);
	job->done = take_done;
	job_start(job);
}

const struct form_class project_edit_form = {
	.name = "project update",
	.title = "Edit project",
	.step = { "Project" },
	.build = build,
	.check = check,
	.press = press,
};
