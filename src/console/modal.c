/* The one question at a time: the command line, the filter, a value, a dialog, a menu. */
#include <string.h>

#include "app_parts.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/utf8.h"

enum { DIALOG_COLS = 70, DIALOG_EDGE = 4 };

static struct modal *
open_modal(struct app *app, enum modal_kind kind, modal_fn done, void *arg)
{
	app_close_modal(app);
	app->modal.kind = kind;
	app->modal.life = mem_life(app);
	app->modal.done = done;
	app->modal.arg = arg;
	app->dirty = true;
	return &app->modal;
}

void
app_close_modal(struct app *app)
{
	mem_free(app->modal.owned);
	mem_free(app->modal.life);
	memset(&app->modal, 0, sizeof(app->modal));
	app->dirty = true;
}

void
app_give_modal(struct app *app, void *owned)
{
	app->modal.owned = owned;
}

void
modal_open_command(struct app *app, const char *text)
{
	struct modal *modal = open_modal(app, MODAL_COMMAND, NULL, NULL);

	prompt_init(&modal->prompt, modal->life, SAFE(":"), &app->commands);
	modal->prompt.complete = command_complete;
	modal->prompt.complete_arg = app;
	edit_set(&modal->prompt.edit, text);
}

void
modal_open_filter(struct app *app)
{
	struct modal *modal = open_modal(app, MODAL_FILTER, NULL, NULL);
	const char *now = app->pane->table ? app->pane->table->filter_text : "";

	prompt_init(&modal->prompt, modal->life, SAFE("/"), &app->filters);
	modal->before = mem_text(modal->life, now);
	edit_set(&modal->prompt.edit, now);
}

void
app_ask(struct app *app, struct safe_text label, const char *text, modal_fn done,
	void *arg)
{
	struct modal *modal = open_modal(app, MODAL_PROMPT, done, arg);

	prompt_init(
		&modal->prompt, modal->life, text_safe_z(modal->life, label.text), NULL);
	edit_set(&modal->prompt.edit, text);
}

static struct safe_text *
copy_texts(const void *ctx, const struct safe_text *text, size_t count)
{
	struct safe_text *copy = mem_array(ctx, struct safe_text, count ? count : 1);

	for (size_t i = 0; i < count; i++)
		copy[i] = text_safe_z(ctx, text[i].text ? text[i].text : "");
	return copy;
}

void
app_choose(struct app *app, struct safe_text title, const struct safe_text *item,
	size_t count, modal_fn done, void *arg)
{
	struct modal *modal = open_modal(app, MODAL_MENU, done, arg);

	menu_init(&modal->menu, text_safe_z(modal->life, title.text),
		copy_texts(modal->life, item, count), count);
}

/* Where to break a text of which n bytes fit: at the last blank, if there is one. */
static size_t
find_break(const char *text, size_t n)
{
	size_t at = n;

	if (!text[n])
		return n;
	while (at > 0 && text[at] != ' ')
		at--;
	return at ? at : n;
}

/* The lines, the long ones broken at blanks: a dialog cuts what is too long. */
static struct safe_text *
break_texts(const struct app *app, const void *ctx, const struct safe_text *text,
	size_t *count)
{
	struct safe_text *out = NULL;
	size_t lines = 0;

	for (size_t i = 0; i < *count; i++) {
		const char *at = text[i].text ? text[i].text : "";

		do {
			int width, room = app->cols > 24 ? app->cols - DIALOG_EDGE : 20;
			size_t n = utf8_clip(
				at, room < DIALOG_COLS ? room : DIALOG_COLS, &width);

			n = find_break(at, n);
			out = mem_resize(ctx, out, struct safe_text, lines + 1);
			out[lines++] = text_safe(ctx, at, n);
			at += n;
			at += strspn(at, " ");
		} while (*at);
	}
	*count = lines;
	return out;
}

void
app_confirm(struct app *app, struct safe_text title, const struct safe_text *line,
	size_t lines, struct safe_text accept, const char *word, modal_fn done, void *arg)
{
	struct modal *modal = open_modal(app, MODAL_DIALOG, done, arg);

	struct safe_text *broken = break_texts(app, modal->life, line, &lines);

	dialog_init(&modal->dialog, modal->life, text_safe_z(modal->life, title.text),
		broken, lines, text_safe_z(modal->life, accept.text));
	if (!word)
		return;
	modal->dialog.word = mem_text(modal->life, word);
	modal->dialog.ask = text_safe_format(modal->life,
		word[strspn(word, "0123456789")] ? "Type the name %s to go on:"
						 : "Type the number %s to go on:",
		word);
}

/* The question is closed before its answer is acted on, which may ask the next. */
static void
finish(struct app *app, const char *text, size_t chosen)
{
	modal_fn done = app->modal.done;
	void *arg = app->modal.arg, *life = mem_life(app);
	char *copy = mem_text(life, text);

	app->modal.owned = NULL;
	app_close_modal(app);
	if (done)
		done(app, arg, copy, chosen);
	mem_free(life);
}

static void
finish_command(struct app *app)
{
	void *life = mem_life(app);
	char *line = mem_text(life, app->modal.prompt.edit.text);

	app_close_modal(app);
	app_command(app, line);
	mem_free(life);
}

/* Each key of the filter acts at once; a term that is not whole yet changes nothing. */
static void
try_filter(struct app *app, const char *text, bool speak)
{
	struct table *table = app->pane->table;
	struct fault why;

	if (table && table_filter(table, text, &why) && speak)
		app_say(app, NOTICE_WARN, "%s", why.sentence);
	else if (!table && app->pane->class->act) {
		const char *word = text;

		app->pane->class->act(app->pane, ACTION_FILTER,
			&(struct args){ .word = &word, .count = 1 });
	}
}

static bool
filter_key(struct app *app, const struct chord *chord)
{
	struct prompt *prompt = &app->modal.prompt;

	prompt_key(prompt, chord);
	switch (prompt->state) {
	case PROMPT_OPEN:
		try_filter(app, prompt->edit.text, false);
		break;
	case PROMPT_ACCEPTED:
		try_filter(app, prompt->edit.text, true);
		app_close_modal(app);
		break;
	case PROMPT_CANCELLED:
		try_filter(app, app->modal.before, false);
		app_close_modal(app);
		break;
	}
	return true;
}

static void
prompt_ended(struct app *app)
{
	switch (app->modal.prompt.state) {
	case PROMPT_OPEN:
		break;
	case PROMPT_ACCEPTED:
		if (app->modal.kind == MODAL_COMMAND)
			finish_command(app);
		else
			finish(app, app->modal.prompt.edit.text, 0);
		break;
	case PROMPT_CANCELLED:
		app_close_modal(app);
		break;
	}
}

bool
modal_key(struct app *app, const struct chord *chord)
{
	struct modal *modal = &app->modal;

	switch (modal->kind) {
	case MODAL_NONE:
		return false;
	case MODAL_FILTER:
		return filter_key(app, chord);
	case MODAL_COMMAND:
	case MODAL_PROMPT:
		prompt_key(&modal->prompt, chord);
		prompt_ended(app);
		return true;
	case MODAL_DIALOG:
		dialog_key(&modal->dialog, chord);
		if (modal->dialog.state == DIALOG_ACCEPTED)
			finish(app, modal->dialog.typed.text, modal->dialog.chosen);
		else if (modal->dialog.state == DIALOG_CANCELLED)
			app_close_modal(app);
		return true;
	case MODAL_MENU:
		menu_key(&modal->menu, chord);
		if (modal->menu.state == MENU_CHOSEN)
			finish(app, modal->menu.item[modal->menu.cursor].text,
				modal->menu.cursor);
		else if (modal->menu.state == MENU_CANCELLED)
			app_close_modal(app);
		return true;
	}
	return false;
}

void
modal_draw(const struct app *app, struct canvas *canvas)
{
	struct area all = canvas_area(canvas), line = app->notice;

	switch (app->modal.kind) {
	case MODAL_NONE:
		break;
	case MODAL_COMMAND:
	case MODAL_FILTER:
	case MODAL_PROMPT:
		if (app->modal.prompt.found.count > 1 && line.row > 0) {
			line.row--;
			line.rows++;
		}
		prompt_draw(&app->modal.prompt, canvas, line);
		break;
	case MODAL_DIALOG:
		dialog_draw(&app->modal.dialog, canvas, all);
		break;
	case MODAL_MENU:
		menu_draw(&app->modal.menu, canvas, all);
		break;
	}
}
