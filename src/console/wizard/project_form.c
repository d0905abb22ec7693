/* Create a project, in the guide's words and order: name, Next; Program a device
 * template, Start, All button types, name, Action; Add another; attributes; Create
 * project. */
#include <string.h>

#include "actions.h"
#include "oneclick/base/mem.h"
#include "oneclick/console/forms.h"
#include "oneclick/console/job.h"
#include "oneclick/model/project.h"

enum step { STEP_NAME, STEP_TEMPLATES, STEP_REVIEW };
enum { NAME_NAME = 1, NAME_DESCRIPTION };

struct template_fields {
	size_t heading, name, action, function, clear;
};

struct wizard {
	size_t count; /* of device templates so far */
	size_t start, add_note, add, attributes, review;
	struct template_fields template[DEVICE_TEMPLATES_MAX];
	size_t required[ACTION_VALUES]; /* fields of what the actions need */
};

static const struct safe_text next_button[] = { { "Next" } };
static const struct safe_text start_button[] = { { "Start" } };
static const struct safe_text add_button[] = { { "Add" } };
static const struct safe_text clear_button[] = { { "Clear" } };
static const struct safe_text review_buttons[] = { { "Back" }, { "Review" } };
static const struct safe_text create_buttons[] = { { "Back" }, { "Create project" } };

/* ---- the forms ---- */

static void
build_name(struct draft *draft)
{
	struct form *form = &draft->form[STEP_NAME];

	form_add_note(form, SAFE("Create a project"));
	form_add_text(form, SAFE("Project name"), "", NAME_MAX_LENGTH);
	form->field[NAME_NAME].hint =
		SAFE("letters, digits, - and _; cannot be changed later");
	form_add_text(form, SAFE("Description (optional)"), "", DESCRIPTION_MAX_LENGTH);
	form_add_buttons(form, next_button, 1);
}

static void
build_template(struct draft *draft, size_t i)
{
	struct form *form = &draft->form[STEP_TEMPLATES];
	struct template_fields *at = &((struct wizard *)draft->data)->template[i];

	at->heading = form_add_note(form,
		text_safe_format(draft, "Device template %zu (All button types)", i + 1));
	at->name = form_add_text(form, SAFE("Device template name"), "", NAME_MAX_LENGTH);
	at->action =
		form_add_choice(form, SAFE("Action"), action_labels, ACTION_KINDS, 0);
	form->field[at->action].tall = true;
	at->function =
		form_add_text(form, SAFE("Lambda function"), "", CALLBACK_MAX_LENGTH);
	form->field[at->function].hint = SAFE("its name or ARN");
	at->clear = form_add_buttons(form, clear_button, 1);
}

static void
build_templates(struct draft *draft)
{
	struct form *form = &draft->form[STEP_TEMPLATES];
	struct wizard *wizard = draft->data;

	form_add_note(form, SAFE("Program a device template"));
	wizard->start = form_add_buttons(form, start_button, 1);
	for (size_t i = 0; i < DEVICE_TEMPLATES_MAX; i++)
		build_template(draft, i);
	wizard->add_note =
		form_add_note(form, SAFE("Add another device template (if you need "
					 "multiple devices per placement)"));
	wizard->add = form_add_buttons(form, add_button, 1);
	for (size_t i = 0; i < ACTION_VALUES; i++)
		wizard->required[i] = form_add_text(
			form, action_value_label(i), "", ATTRIBUTE_VALUE_MAX_LENGTH);
	wizard->attributes =
		forms_add_attributes(draft, STEP_TEMPLATES, SAFE("Default value"));
	form_rows_add(form, wizard->attributes, (const char *const[]){ "", "" });
	wizard->review = form_add_buttons(form, review_buttons, 2);
	form->field[wizard->review].chosen = 1;
}

static void
build(struct draft *draft)
{
	struct form *review = &draft->form[STEP_REVIEW];

	draft->data = mem_new(draft, struct wizard);
	build_name(draft);
	build_templates(draft);
	form_add_note(review, SAFE(""));
	form_add_buttons(review, create_buttons, 2);
	review->field[1].chosen = 1;
	form_go(&draft->form[STEP_NAME], NAME_NAME);
}

/* ---- checks ---- */

static enum action_kind
action_of(const struct draft *draft, size_t i)
{
	const struct wizard *wizard = draft->data;

	return (enum action_kind)draft->form[STEP_TEMPLATES]
		.field[wizard->template[i].action]
		.chosen;
}

static bool
needs_value(const struct draft *draft, size_t value)
{
	const struct wizard *wizard = draft->data;

	for (size_t i = 0; i < wizard->count; i++)
		if (action_value_of(value) == action_of(draft, i))
			return true;
	return false;
}

static void
hide(struct draft *draft, size_t field, bool hidden)
{
	draft->form[STEP_TEMPLATES].field[field].hide = hidden;
	if (hidden)
		form_check(&draft->form[STEP_TEMPLATES], field, FORM_UNCHECKED, SAFE(""));
}

static void
check_template(struct draft *draft, size_t i)
{
	const struct wizard *wizard = draft->data;
	const struct template_fields *at = &wizard->template[i];
	bool off = i >= wizard->count;
	bool custom = action_of(draft, i) == ACTION_CUSTOM;

	hide(draft, at->heading, off);
	hide(draft, at->name, off);
	hide(draft, at->action, off);
	hide(draft, at->function, off || !custom);
	hide(draft, at->clear, off || i + 1 != wizard->count);
	if (off)
		return;
	forms_check(draft, STEP_TEMPLATES, at->name, OP_API_PROJECTS,
		"deviceTemplateName", true);
	for (size_t k = 0; k < i; k++)
		if (*forms_text(draft, STEP_TEMPLATES, at->name) &&
			strcmp(forms_text(draft, STEP_TEMPLATES, at->name),
				forms_text(draft, STEP_TEMPLATES,
					wizard->template[k].name)) == 0)
			forms_bad(draft, STEP_TEMPLATES, at->name,
				"two device templates have this name");
	if (!custom)
		return;
	form_check(&draft->form[STEP_TEMPLATES], at->function, FORM_UNCHECKED, SAFE(""));
	if (!*forms_text(draft, STEP_TEMPLATES, at->function))
		forms_missing(draft, STEP_TEMPLATES, at->function);
}

/* The callback of a template as it will be sent. */
static const char *
callback_of(const void *ctx, const struct draft *draft, size_t i)
{
	const struct wizard *wizard = draft->data;

	return action_callback(ctx, draft->app, action_of(draft, i),
		forms_text(draft, STEP_TEMPLATES, wizard->template[i].function));
}

static struct placement_template *
make_template(const void *ctx, const struct draft *draft)
{
	const struct wizard *wizard = draft->data;
	struct placement_template *template = mem_new(ctx, struct placement_template);

	template->defaults = pairs_new(ctx);
	for (size_t i = 0; i < ACTION_VALUES; i++)
		if (needs_value(draft, i))
			pairs_set(template->defaults, action_value_key(i),
				forms_text(draft, STEP_TEMPLATES, wizard->required[i]));
	pairs_merge(template->defaults,
		forms_attributes(ctx, draft, STEP_TEMPLATES, wizard->attributes));
	template->templates = mem_array(ctx, struct device_template, wizard->count + 1);
	template->count = wizard->count;
	for (size_t i = 0; i < wizard->count; i++) {
		struct device_template *at = &template->templates[i];

		at->name = mem_text(
			ctx, forms_text(draft, STEP_TEMPLATES, wizard->template[i].name));
		at->type = "button";
		at->callbacks = pairs_new(ctx);
		pairs_set(at->callbacks, CALLBACK_ON_CLICK, callback_of(ctx, draft, i));
	}
	return template;
}

static void
tell_attributes(const struct draft *draft, struct buf *out)
{
	const struct pairs *defaults = make_template(draft->said, draft)->defaults;

	for (size_t i = 0; i < defaults->count; i++)
		buf_format(out, "%s %s = %s",
			i ? "," : ". Placement attributes:", defaults->row[i].key,
			defaults->row[i].value);
}

static void
check_review(struct draft *draft)
{
	const struct wizard *wizard = draft->data;
	struct buf text;

	buf_init(&text, draft->said, BUF_NO_CAP);
	buf_format(&text, "Project name: %s. %s%s%zu device template%s",
		forms_text(draft, STEP_NAME, NAME_NAME),
		forms_text(draft, STEP_NAME, NAME_DESCRIPTION),
		*forms_text(draft, STEP_NAME, NAME_DESCRIPTION) ? ". " : "",
		wizard->count, wizard->count == 1 ? "" : "s");
	for (size_t i = 0; i < wizard->count; i++)
		buf_format(&text, "%s %s (button): %s", i ? "," : ":",
			forms_text(draft, STEP_TEMPLATES, wizard->template[i].name),
			action_words(callback_of(draft->said, draft, i)));
	tell_attributes(draft, &text);
	buf_text(&text, ". Device template names are fixed once the project exists. "
			"1 request: POST /projects.");
	draft->form[STEP_REVIEW].field[0].label =
		text_safe(draft->said, text.data, text.len);
}

static void
check(struct draft *draft)
{
	struct wizard *wizard = draft->data;

	forms_check(draft, STEP_NAME, NAME_NAME, OP_API_PROJECTS, "projectName", true);
	if (projects_find(draft->app->state, forms_text(draft, STEP_NAME, NAME_NAME)) !=
		NO_ROW)
		forms_bad(draft, STEP_NAME, NAME_NAME, "a project of this name exists");
	forms_check(draft, STEP_NAME, NAME_DESCRIPTION, OP_API_PROJECTS, "description",
		false);
	for (size_t i = 0; i < DEVICE_TEMPLATES_MAX; i++)
		check_template(draft, i);
	hide(draft, wizard->start, wizard->count > 0);
	hide(draft, wizard->add_note,
		!wizard->count || wizard->count == DEVICE_TEMPLATES_MAX);
	hide(draft, wizard->add, !wizard->count || wizard->count == DEVICE_TEMPLATES_MAX);
	for (size_t i = 0; i < ACTION_VALUES; i++) {
		hide(draft, wizard->required[i], !needs_value(draft, i));
		if (needs_value(draft, i) &&
			!*forms_text(draft, STEP_TEMPLATES, wizard->required[i]))
			forms_missing(draft, STEP_TEMPLATES, wizard->required[i]);
		else
			form_check(&draft->form[STEP_TEMPLATES], wizard->required[i],
				FORM_UNCHECKED, SAFE(""));
	}
	forms_check_attributes(draft, STEP_TEMPLATES, wizard->attributes);
	check_review(draft);
}

/* ---- the request ---- */

static void
fill_ask(const void *ctx, const struct draft *draft, struct ask *ask)
{
	const char *description = forms_text(draft, STEP_NAME, NAME_DESCRIPTION);

	ask->project_name = mem_text(ctx, forms_text(draft, STEP_NAME, NAME_NAME));
	ask->description = *description ? mem_text(ctx, description) : NULL;
	ask->placement_template = make_template(ctx, draft);
}

static void
choose_after(struct app *app, void *arg, const char *text, size_t chosen)
{
	(void)text;
	if (chosen == 0)
		forms_open(app, &placement_form, arg, "");
	mem_free(arg);
}

static void
take_created(struct job *job)
{
	static const struct safe_text after[] = { { "Create placement" }, { "Done" } };
	struct draft *draft = job->arg;
	struct app *app = job->app;
	char *project;

	draft->sending = false;
	if (!job_went_well(job))
		return;
	project = mem_text(app, forms_text(draft, STEP_NAME, NAME_NAME));
	forms_end(draft);
	load_projects_again(app);
	app_go(app, PANE_PLACEMENTS, project, NULL);
	app_choose(app, text_safe_format(project, "Project %s is created", project),
		after, 2, choose_after, project);
	app_give_modal(app, project);
}

static void
create(struct draft *draft)
{
	struct job *job = forms_job(draft, "created", "projects");

	if (!job)
		return;
	fill_ask(job, draft,
		job_add(job, OP_CREATE_PROJECT, forms_text(draft, STEP_NAME, NAME_NAME)));
	job->done = take_created;
	job_start(job);
}

/* ---- buttons ---- */

static void
add_template(struct app *app, void *arg, const char *text, size_t chosen)
{
	struct draft *draft = arg;
	struct wizard *wizard = draft->data;
	size_t i = wizard->count++;

	(void)app;
	(void)text;
	(void)chosen;
	if (i > 0) {
		struct form *form = &draft->form[STEP_TEMPLATES];

		form->field[wizard->template[i].action].chosen =
			form->field[wizard->template[i - 1].action].chosen;
	}
	check(draft);
	form_go(&draft->form[STEP_TEMPLATES], wizard->template[i].name);
}

static void
clear_template(struct app *app, void *arg, const char *text, size_t chosen)
{
	struct draft *draft = arg;
	struct wizard *wizard = draft->data;
	const struct template_fields *at = &wizard->template[--wizard->count];

	(void)app;
	(void)text;
	(void)chosen;
	forms_set(draft, STEP_TEMPLATES, at->name, "");
	draft->form[STEP_TEMPLATES].field[at->action].chosen = 0;
	check(draft);
	form_go(&draft->form[STEP_TEMPLATES],
		wizard->count ? wizard->add : wizard->start);
}

/* Enter goes on from field to field and comes by here. */
static void
ask_clear(struct draft *draft)
{
	const struct wizard *wizard = draft->data;
	size_t name = wizard->template[wizard->count - 1].name;
	struct safe_text line =
		text_safe_format(draft->said, "Device template %zu goes: %s",
			wizard->count, forms_text(draft, STEP_TEMPLATES, name));

	if (*forms_text(draft, STEP_TEMPLATES, name))
		app_confirm(draft->app, SAFE("Clear"), &line, 1, SAFE("Clear"), NULL,
			clear_template, draft);
	else
		clear_template(draft->app, draft, NULL, 0);
}

static void
press(struct draft *draft, const char *button)
{
	static const struct safe_text types[] = { { "All button types" } };
	struct wizard *wizard = draft->data;

	if (strcmp(button, "Next") == 0) {
		if (forms_go(draft, STEP_TEMPLATES))
			form_go(&draft->form[STEP_TEMPLATES],
				wizard->count ? wizard->template[0].name : wizard->start);
	} else if (strcmp(button, "Start") == 0 || strcmp(button, "Add") == 0) {
		app_choose(
			draft->app, SAFE("Device type"), types, 1, add_template, draft);
	} else if (strcmp(button, "Clear") == 0) {
		ask_clear(draft);
	} else if (strcmp(button, "Review") == 0) {
		forms_go(draft, STEP_REVIEW);
	} else if (strcmp(button, "Back") == 0) {
		draft->step--;
	} else {
		create(draft);
	}
}

static void
aside(const struct draft *draft, struct detail *detail)
{
	void *life = mem_life(NULL);
	struct ask ask;
	char *text;

	ask_init(&ask);
	fill_ask(life, draft, &ask);
	if (!*ask.project_name)
		ask.project_name = "...";
	text = client_preview(life, OP_CREATE_PROJECT, &ask);
	detail_heading(detail, SAFE("What will be sent"));
	detail->wrap = true;
	detail_text(detail, text_safe_z(life, text ? text : ""), ROLE_TEXT, 0);
	mem_free(life);
}

const struct form_class project_form = {
	.name = "project create",
	.title = "New project",
	.step = { "Name", "Device templates, attributes", "Review" },
	.build = build,
	.check = check,
	.press = press,
	.aside = aside,
};
