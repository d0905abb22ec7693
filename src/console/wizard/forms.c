#include "oneclick/console/forms.h"

#include <string.h>

#include "../app_parts.h"
#include "../candidates.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/utf8.h"
#include "oneclick/console/job.h"
#include "oneclick/model/project.h"

enum { ASIDE_FROM = 110, ASIDE_COLS = 50 };
enum attribute_column { KEY, VALUE };

static const struct form_class *const classes[] = { &project_form, &project_edit_form,
	&placement_form, &placement_edit_form, &place_form };

/* ---- drafts ---- */

static struct draft *
find_draft(const struct app *app, const struct form_class *class, const char *project,
	const char *name)
{
	for (struct draft *draft = app->drafts; draft; draft = draft->next)
		if (draft->class == class && strcmp(draft->project, project) == 0 &&
			strcmp(draft->name, name) == 0)
			return draft;
	return NULL;
}

static struct draft *
add_draft(struct app *app, const struct form_class *class, const char *project,
	const char *name)
{
	struct draft *draft = mem_new(app, struct draft);

	draft->app = app;
	draft->class = class;
	draft->project = mem_text(draft, project);
	draft->name = mem_text(draft, name);
	draft->said = mem_life(draft);
	draft->next = app->drafts;
	app->drafts = draft;
	for (; draft->steps < FORM_STEPS_MAX && class->step[draft->steps]; draft->steps++)
		form_init(&draft->form[draft->steps], draft);
	class->build(draft);
	return draft;
}

/* The pane of a draft is called "CLASS\tNAME". */
static struct draft *
draft_of(const struct pane *pane)
{
	size_t n = strcspn(pane->name, "\t");
	const char *name = pane->name[n] ? pane->name + n + 1 : "";

	for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++) {
		struct draft *draft;

		if (strlen(classes[i]->name) != n ||
			strncmp(classes[i]->name, pane->name, n))
			continue;
		draft = find_draft(pane->app, classes[i], pane->project, name);
		return draft ? draft
			     : add_draft(pane->app, classes[i], pane->project, name);
	}
	return NULL;
}

void
forms_open(struct app *app, const struct form_class *class, const char *project,
	const char *name)
{
	void *life = mem_life(app);

	app_go(app, PANE_FORM, project, mem_format(life, "%s\t%s", class->name, name));
	mem_free(life);
}

void
forms_end(struct draft *draft)
{
	struct app *app = draft->app;
	bool shown = app->pane->class == &form_pane && app->pane->data == draft;
	struct draft **at = &app->drafts;

	while (*at != draft)
		at = &(*at)->next;
	*at = draft->next;
	app_cancel_of(app, draft);
	if (shown) {
		app->pane->data = NULL;
		app_step(app, -1);
	}
	mem_free(draft);
}

/* ---- fields ---- */

const char *
forms_text(const struct draft *draft, size_t step, size_t field)
{
	return draft->form[step].field[field].edit.text;
}

void
forms_set(struct draft *draft, size_t step, size_t field, const char *text)
{
	edit_set(&draft->form[step].field[field].edit, text);
}

void
forms_bad(struct draft *draft, size_t step, size_t field, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = mem_vformat(draft->said, format, args);
	va_end(args);
	form_check(&draft->form[step], field, FORM_BAD, text_safe_z(draft->said, text));
}

void
forms_missing(struct draft *draft, size_t step, size_t field)
{
	if (draft->tried)
		forms_bad(draft, step, field, "%s: fill this in",
			draft->form[step].field[field].label.text);
	else
		form_check(&draft->form[step], field, FORM_UNCHECKED, SAFE(""));
}

void
forms_check(struct draft *draft, size_t step, size_t field, enum op_api api,
	const char *member, bool required)
{
	const char *text = forms_text(draft, step, field);
	struct ask probe;
	struct fault why;

	ask_init(&probe);
	form_check(&draft->form[step], field, FORM_UNCHECKED, SAFE(""));
	if (!*text && required)
		forms_missing(draft, step, field);
	else if (*text &&
		 field_read_text(draft->said, ask_field(api, member), text, &probe, &why))
		forms_bad(draft, step, field, "%s", why.sentence);
}

size_t
forms_add_attributes(struct draft *draft, size_t step, struct safe_text value)
{
	struct form *form = &draft->form[step];
	size_t field = form_add_rows(form, SAFE("Placement attributes"),
		SAFE("add another attribute"), ATTRIBUTES_MAX);

	form_rows_column(form, field, SAFE("Attribute key"), 24);
	form_rows_column(form, field, value, 36);
	return field;
}

void
forms_check_attributes(struct draft *draft, size_t step, size_t field)
{
	struct form *form = &draft->form[step];
	size_t rows = form->field[field].rows.rows;

	form_check(form, field, FORM_UNCHECKED, SAFE(""));
	for (size_t i = 0; i < rows; i++) {
		const char *key = form_rows_text(form, field, i, KEY);
		const char *value = form_rows_text(form, field, i, VALUE);

		if (!*key && *value)
			forms_bad(draft, step, field, "row %zu has a value but no key",
				i + 1);
		if (utf8_count(key) > NAME_MAX_LENGTH)
			forms_bad(draft, step, field,
				"row %zu: a key has at most %d letters", i + 1,
				NAME_MAX_LENGTH);
		if (utf8_count(value) > ATTRIBUTE_VALUE_MAX_LENGTH)
			forms_bad(draft, step, field,
				"row %zu: a value has at most %d letters", i + 1,
				ATTRIBUTE_VALUE_MAX_LENGTH);
		for (size_t k = 0; k < i && *key; k++)
			if (strcmp(form_rows_text(form, field, k, KEY), key) == 0)
				forms_bad(draft, step, field, "the key %s stands twice",
					key);
	}
}

struct pairs *
forms_attributes(const void *ctx, const struct draft *draft, size_t step, size_t field)
{
	const struct form *form = &draft->form[step];
	struct pairs *pairs = pairs_new(ctx);

	for (size_t i = 0; i < form->field[field].rows.rows; i++)
		if (*form_rows_text(form, field, i, KEY))
			pairs_set(pairs, form_rows_text(form, field, i, KEY),
				form_rows_text(form, field, i, VALUE));
	return pairs;
}

const char *const *
forms_complete_device(void *arg, const void *ctx, const char *text, size_t at,
	size_t *from, size_t *count)
{
	const struct state *state = ((const struct draft *)arg)->app->state;
	struct candidates to;

	candidates_init(&to, ctx, text, at);
	for (size_t i = 0; i < state->devices.shelf.count; i++)
		if (!state->devices.row[i].placement)
			candidates_offer(&to,
				words_text(state->words, state->devices.row[i].id));
	*from = 0;
	*count = to.count;
	return to.word;
}

const char *const *
forms_complete_project(void *arg, const void *ctx, const char *text, size_t at,
	size_t *from, size_t *count)
{
	const struct state *state = ((const struct draft *)arg)->app->state;
	struct candidates to;

	candidates_init(&to, ctx, text, at);
	for (size_t i = 0; i < state->projects.shelf.count; i++)
		candidates_offer(
			&to, words_text(state->words, state->projects.row[i].name));
	*from = 0;
	*count = to.count;
	return to.word;
}

/* ---- the pane ---- */

/* What was pasted is never cut; what is too long for its field is said there. */
static void
check_lengths(struct draft *draft, size_t step)
{
	const struct form *form = &draft->form[step];

	for (size_t i = 0; i < form->count; i++) {
		const struct edit *edit = &form->field[i].edit;

		if (form->field[i].kind == FORM_TEXT && edit_excess(edit))
			forms_bad(draft, step, i,
				"%s: at most %zu letters are taken, this has %zu",
				form->field[i].label.text, edit->max,
				edit->max + edit_excess(edit));
	}
}

bool
forms_have(struct draft *draft, size_t note, struct safe_text loading,
	const struct fact *const *fact, size_t count)
{
	struct form_field *field = &draft->form[0].field[note];
	const struct fault *why = NULL;

	field->hide = true;
	for (size_t i = 0; i < count; i++) {
		if (!fact[i] || !fact[i]->tree || fact[i]->asked)
			field->hide = false;
		if (!why && fact[i] && fact[i]->why.code)
			why = &fact[i]->why;
	}
	/* What is hidden outlives what is said. */
	field->label = why && !field->hide ? text_safe_z(draft->said, why->sentence)
					   : loading;
	return field->hide;
}

static void
check(struct draft *draft)
{
	mem_free(draft->said);
	draft->said = mem_life(draft);
	draft->class->check(draft);
	for (size_t i = 0; i < draft->steps; i++)
		check_lengths(draft, i);
}

static void
say_lost(struct app *app, struct form *form)
{
	if (form->lost)
		app_say(app, NOTICE_WARN,
			"%zu line%s of the paste %s not taken: there is no room for "
			"more rows",
			form->lost, form->lost == 1 ? "" : "s",
			form->lost == 1 ? "is" : "are");
	form->lost = 0;
}

/* The steps before `step`; if one is not, says what and goes there. */
static bool
are_in_order(struct draft *draft, size_t step)
{
	draft->tried = true;
	check(draft);
	for (size_t i = 0; i < step; i++) {
		struct form *form = &draft->form[i];
		size_t bad = form_first_bad(form);

		if (bad == form->count)
			continue;
		draft->step = i;
		form_go(form, bad);
		app_say(draft->app, NOTICE_WARN, "%s", form->field[bad].message.text);
		return false;
	}
	draft->tried = false;
	return true;
}

bool
forms_go(struct draft *draft, size_t step)
{
	if (!are_in_order(draft, step))
		return false;
	draft->step = step;
	check(draft);
	form_go(&draft->form[step], 0);
	return true;
}

struct job *
forms_job(struct draft *draft, const char *past, const char *noun)
{
	const char *name = draft->class->name;
	struct job *job;

	if (!are_in_order(draft, draft->steps) || !app_may_write(draft->app, name))
		return NULL;
	job = job_new(draft->app, name, past, noun);
	job->arg = draft;
	draft->sending = true;
	return job;
}

static void
open(struct pane *pane)
{
	struct draft *draft = draft_of(pane);

	pane->data = draft;
	pane->title = draft->class->title;
}

/* A form into which nothing was typed is as good as never opened. */
static void
leave(struct app *app, struct draft *draft)
{
	for (size_t i = 0; i < draft->steps; i++)
		if (draft->form[i].changed) {
			app_say(app, NOTICE_INFO,
				"What was typed is kept; coming back goes on with it");
			app_step(app, -1);
			return;
		}
	forms_end(draft);
}

/* What a key led to: forward goes field by field, buttons do. */
static void
follow(struct pane *pane, struct draft *draft)
{
	struct form *form = &draft->form[draft->step];
	enum form_state state = form->state;
	const struct form_field *field = &form->field[form->focus];

	form->state = FORM_OPEN;
	switch (state) {
	case FORM_OPEN:
		break;
	case FORM_NEXT:
		form_go(form, form->focus + 1);
		break;
	case FORM_BACK:
		if (draft->step > 0)
			draft->step--;
		break;
	case FORM_LEAVE:
		leave(pane->app, draft);
		break;
	case FORM_PRESSED:
		if (!draft->sending)
			draft->class->press(draft, field->option[field->chosen].text);
		break;
	}
}

static bool
key(struct pane *pane, const struct chord *chord)
{
	struct draft *draft = pane->data;

	if (!draft || !form_key(&draft->form[draft->step], chord))
		return false;
	say_lost(pane->app, &draft->form[draft->step]);
	check(draft);
	follow(pane, draft);
	return true;
}

static void
layout(struct pane *pane, struct area body)
{
	struct draft *draft = pane->data;

	pane->side = area_cut_right(&body,
		draft->class->aside && pane->app->cols >= ASIDE_FROM ? ASIDE_COLS : 0);
	pane->body = body;
	check(draft);
	if (area_is_empty(pane->side))
		return;
	detail_clear(&pane->detail);
	draft->class->aside(draft, &pane->detail);
	detail_fit(&pane->detail, pane->side);
}

static void
draw_steps(const struct draft *draft, struct canvas *canvas, struct area line)
{
	void *life = mem_life(NULL);

	canvas_add(canvas, &line, text_safe_z(life, draft->class->title), ROLE_HEADING);
	for (size_t i = 0; draft->steps > 1 && i < draft->steps; i++) {
		bool here = i == draft->step;

		canvas_add(canvas, &line,
			text_safe_format(life, here ? "  [%zu %s]" : "  %zu %s", i + 1,
				draft->class->step[i]),
			here ? ROLE_TAB_CURRENT : ROLE_TAB);
	}
	mem_free(life);
}

static void
draw(const struct pane *pane, struct canvas *canvas, struct area body)
{
	const struct draft *draft = pane->data;
	struct area rest = pane->body, side = pane->side;

	(void)body;
	draw_steps(draft, canvas, area_cut_top(&rest, 1));
	if (rest.rows > 10)
		area_cut_top(&rest, 1);
	form_draw(&draft->form[draft->step], canvas, rest);
	if (area_is_empty(side))
		return;
	canvas_fill(canvas, area_cut_left(&side, 1), GLYPH_DOWN, ROLE_RULE);
	area_cut_left(&side, 1);
	detail_draw(&pane->detail, canvas, side);
}

const struct pane_class form_pane = {
	.id = PANE_FORM,
	.title = "Form",
	.open = open,
	.key = key,
	.layout = layout,
	.draw = draw,
};
