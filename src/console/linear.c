#include "linear.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "oneclick/base/mem.h"
#include "oneclick/console/forms.h"

enum {
	ROWS_AT_ONCE = 10,
	VIEW_ROWS = 100,
	EMPTY_ROWS = 20,
	VIEW_COLS = 80,
	LINE_MAX_BYTES = 4 << 20
};

#define NOT_TOLD UINT64_MAX

struct linear {
	struct app *app;
	struct buf line;         /* typed so far */
	size_t told;             /* messages */
	int64_t events;          /* told, of all that came */
	size_t from;             /* first row of the list to tell */
	uint64_t *key;           /* of the rows told, by their numbers: lists move on */
	size_t keys, keys_room;
	const struct pane *pane; /* the one told last; compared only */
	bool owes; /* a line was typed: tell where we are once all is answered */
};

struct linear *
linear_new(const void *ctx)
{
	struct linear *linear = mem_new(ctx, struct linear);

	buf_init(&linear->line, linear, LINE_MAX_BYTES);
	puts("oneclick, line by line. Type the number of a row, a command, back, or "
	     "help.");
	return linear;
}

void
linear_use(struct linear *linear, struct app *app)
{
	linear->app = app;
	linear->told = 0;
	linear->events = 0;
	linear->pane = NULL;
	linear->owes = true;
}

/* ---- telling ---- */

static void
tell_messages(struct linear *linear)
{
	struct app *app = linear->app;

	if (app->messages > MESSAGES_KEPT && linear->told < app->messages - MESSAGES_KEPT)
		linear->told = app->messages - MESSAGES_KEPT;
	for (; linear->told < app->messages; linear->told++)
		printf("%s\n", app->message[linear->told % MESSAGES_KEPT].text);
}

/* A cell without the blanks around it; an unknown value is not told. */
static void
tell_cell(const struct table *table, size_t column, struct safe_text cell)
{
	const char *text = cell.text ? cell.text : "";
	size_t n;

	text += strspn(text, " ");
	n = strlen(text);
	while (n && text[n - 1] == ' ')
		n--;
	if (!n || (n == 1 && *text == '-'))
		return;
	if (column)
		printf(", %s ", table->class->column[column].name);
	printf("%.*s", (int)n, text);
}

static void
note_row(struct linear *linear, const struct table *table, size_t i)
{
	if (i >= linear->keys_room) {
		linear->keys_room = 2 * i + 64;
		linear->key =
			mem_resize(linear, linear->key, uint64_t, linear->keys_room);
	}
	for (; linear->keys < i; linear->keys++)
		linear->key[linear->keys] = NOT_TOLD;
	linear->key[i] = table->class->key(table, table->row[i]);
	if (linear->keys == i)
		linear->keys++;
}

static void
tell_row(struct linear *linear, const struct table *table, size_t i)
{
	void *life = mem_life(NULL);
	bool marked = table->class->has_marks &&
		      (*table_flags(table, table->row[i]) & ROW_MARKED);

	note_row(linear, table, i);
	printf("%zu. ", i + 1);
	for (size_t column = 0; column < table->class->shown; column++) {
		struct list_cell cell = { .role = ROLE_TEXT };

		table->class->cell(table, life, table->row[i], column, &cell);
		tell_cell(table, column, cell.text);
		if (cell.span)
			break;
	}
	puts(marked ? ", marked" : "");
	mem_free(life);
}

static void
tell_rows(struct linear *linear)
{
	const struct table *table = linear->app->pane->table;
	size_t to = linear->from + ROWS_AT_ONCE;

	for (size_t i = linear->from; i < to && i < table->count; i++)
		tell_row(linear, table, i);
	if (to < table->count)
		printf("%zu more: press Enter for the next %d\n", table->count - to,
			ROWS_AT_ONCE);
}

/* What is no list is drawn on a canvas of its own, and its lines told. */
static void
tell_drawn(struct app *app, int rows)
{
	struct canvas *canvas = canvas_new(app, rows, VIEW_COLS);
	struct buf text;

	canvas->ascii = true;
	app_layout(app, rows, VIEW_COLS);
	app->pane->class->draw(app->pane, canvas, app->body);
	buf_init(&text, canvas, BUF_NO_CAP);
	canvas_dump(canvas, &text);
	for (const char *at = text.data; *at;) {
		size_t n = strcspn(at, "\n");

		if (n)
			printf("%.*s\n", (int)n, at);
		at += n + (at[n] == '\n');
	}
	mem_free(canvas);
}

static void
tell_pane(struct linear *linear)
{
	struct app *app = linear->app;
	const struct pane *pane = app->pane;
	const struct table *table = pane->table;

	if (linear->pane != pane)
		linear->from = linear->keys = 0;
	linear->pane = pane;
	if (!table) {
		printf("%s. %s%s\n", app->options.context, pane->title,
			app->options.read_only_by ? ". READ-ONLY" : "");
		tell_drawn(app, VIEW_ROWS);
		return;
	}
	if (linear->from == 0)
		printf("%s. %s%s%s. %zu of %s%zu%s%s%s\n", app->options.context,
			pane->title, *pane->project ? " of " : "", pane->project,
			table->count, table_shelf(table)->more ? "more than " : "",
			table->scoped,
			*table->filter_text ? ", filter " : "", table->filter_text,
			app->options.read_only_by ? ". READ-ONLY" : "");
	tell_rows(linear);
	if (!table->count)
		tell_drawn(app, EMPTY_ROWS);
}

static void
tell_field(const struct form *form)
{
	const struct form_field *field = &form->field[form->focus];

	if (field->kind == FORM_TEXT)
		printf("%s [%s]: ", field->label.text, field->edit.text);
	if (field->kind == FORM_ROWS)
		printf("%s: KEY=VALUE adds one, Enter goes on: ", field->label.text);
	if (field->kind != FORM_CHOICE && field->kind != FORM_BUTTONS)
		return;
	if (field->label.text && *field->label.text)
		printf("%s: ", field->label.text);
	for (size_t i = 0; i < field->options; i++)
		printf("%zu. %s%s  ", i + 1, field->option[i].text,
			field->kind == FORM_CHOICE && i == field->chosen ? " (chosen)"
									 : "");
	printf("(number; Enter %s): ",
		field->kind == FORM_CHOICE ? "keeps the one chosen" : "goes on");
}

static void
tell_question(const struct app *app)
{
	const struct modal *modal = &app->modal;

	if (modal->kind == MODAL_DIALOG) {
		printf("%s\n", modal->dialog.title.text);
		for (size_t i = 0; i < modal->dialog.lines; i++)
			printf("%s\n", modal->dialog.line[i].text);
		printf("%s (anything else cancels): ", modal->dialog.word
							       ? modal->dialog.ask.text
							       : "Type yes to go on");
	} else if (modal->kind == MODAL_MENU) {
		printf("%s\n", modal->menu.title.text);
		for (size_t i = 0; i < modal->menu.count; i++)
			printf("%zu. %s\n", i + 1, modal->menu.item[i].text);
		printf("Number (anything else cancels): ");
	} else {
		printf("%s[%s] ", modal->prompt.label.text, modal->prompt.edit.text);
	}
}

static const struct form *
form_on_screen(const struct app *app)
{
	const struct draft *draft = app->pane->data;

	return app->pane->class == &form_pane ? &draft->form[draft->step] : NULL;
}

static void
tell_events(struct linear *linear)
{
	struct app *app = linear->app;
	const struct table *table = app->pane->table;

	if (app->pane->class->id == PANE_EVENTS && linear->pane == app->pane) {
		int64_t fresh = app->state->events.taken - linear->events;

		for (size_t i = 0; i < table->count; i++)
			if (table->row[i] + fresh >=
				(int64_t)app->state->events.shelf.count)
				tell_row(linear, table, i);
	}
	linear->events = app->state->events.taken;
}

void
linear_tell(struct linear *linear)
{
	struct app *app = linear->app;

	app_layout(app, VIEW_ROWS, VIEW_COLS);
	tell_messages(linear);
	tell_events(linear);
	if (linear->owes && app->link != LINK_STARTING &&
		(!app->requests || app->modal.kind != MODAL_NONE)) {
		linear->owes = false;
		if (app->modal.kind != MODAL_NONE)
			tell_question(app);
		else if (form_on_screen(app))
			tell_field(form_on_screen(app));
		else
			tell_pane(linear);
		if (app->modal.kind == MODAL_NONE && !form_on_screen(app))
			fputs("> ", stdout);
	}
	fflush(stdout);
}

/* ---- answering ---- */

/* Half a line would be another command. */
static void
refuse_line(struct linear *linear)
{
	app_say(linear->app, NOTICE_ERROR,
		"Nothing of that line was taken: a line has at most %d bytes",
		LINE_MAX_BYTES);
	linear->owes = true;
}

static void
send_key(struct app *app, int32_t key)
{
	app_update(app, &(struct msg){ .kind = MSG_KEY, .chord = CHORD(key) });
	app_layout(app, VIEW_ROWS, VIEW_COLS);
}

/* A number from 1 to `most`, or 0. */
static size_t
read_number(const char *line, size_t most)
{
	char *end;
	unsigned long number = strtoul(line, &end, 10);

	return end > line && !*end && number <= most ? number : 0;
}

static void
answer_dialog(struct app *app, const char *line)
{
	struct dialog *dialog = &app->modal.dialog;
	bool yes = strcmp(line, dialog->word ? dialog->word : "yes") == 0;

	if (yes && dialog->word)
		edit_set(&dialog->typed, line);
	if (yes)
		dialog->focus = DIALOG_ACCEPT;
	send_key(app, yes ? CHORD_ENTER : CHORD_ESC);
}

static void
answer_menu(struct app *app, const char *line)
{
	size_t number = read_number(line, app->modal.menu.count);

	if (number)
		app->modal.menu.cursor = number - 1;
	send_key(app, number ? CHORD_ENTER : CHORD_ESC);
}

static void
answer_prompt(struct app *app, const char *line)
{
	if (*line)
		edit_set(&app->modal.prompt.edit, line);
	send_key(app, CHORD_ENTER);
}

/* Enter and Tab have the meanings they have on a screen. */
static void
answer_field(struct app *app, const char *line)
{
	struct draft *draft = app->pane->data;
	struct form *form = &draft->form[draft->step];
	struct form_field *field = &form->field[form->focus];
	size_t number = read_number(line, field->options), at = form->focus;
	char *value;

	if (strcmp(line, "back") == 0) {
		send_key(app, CHORD_ESC);
		return;
	}
	if (field->kind == FORM_TEXT && *line)
		edit_set(&field->edit, line);
	if ((field->kind == FORM_CHOICE || field->kind == FORM_BUTTONS) && number)
		field->chosen = number - 1;
	if (field->kind == FORM_ROWS && (value = strchr(line, '='))) {
		*value++ = '\0';
		form_rows_add(form, at, (const char *const[]){ line, value });
		return;
	}
	if (field->kind == FORM_BUTTONS && number) {
		send_key(app, CHORD_ENTER);
		return;
	}
	app_layout(app, VIEW_ROWS, VIEW_COLS); /* what was said may bring fields up */
	form_go(form, at + 1);
	if (form->focus == at)
		form_go(form, 0);
}

static void
answer_row(struct linear *linear, size_t number)
{
	uint64_t key = number <= linear->keys ? linear->key[number - 1] : NOT_TOLD;

	if (key == NOT_TOLD)
		app_say(linear->app, NOTICE_WARN, "No row was told by the number %zu",
			number);
	else if (table_go_key(linear->app->pane->table, key))
		app_do(linear->app, ACTION_OPEN, NULL);
	else
		app_say(linear->app, NOTICE_WARN, "Row %zu is gone", number);
}

static void
take_line(struct linear *linear, char *line)
{
	struct app *app = linear->app;
	const struct table *table = app->pane->table;
	size_t number = table ? read_number(line, table->count) : 0;

	linear->owes = true;
	if (app->modal.kind == MODAL_DIALOG)
		answer_dialog(app, line);
	else if (app->modal.kind == MODAL_MENU)
		answer_menu(app, line);
	else if (app->modal.kind != MODAL_NONE)
		answer_prompt(app, line);
	else if (form_on_screen(app))
		answer_field(app, line);
	else if (!*line && table)
		linear->from = linear->from + ROWS_AT_ONCE < table->count
				       ? linear->from + ROWS_AT_ONCE
				       : 0;
	else if (number)
		answer_row(linear, number);
	else
		app_command(app, line);
}

bool
linear_read(struct linear *linear, int fd)
{
	char bytes[1024];
	ssize_t n = read(fd, bytes, sizeof(bytes));

	if (n <= 0)
		return n < 0 && (errno == EAGAIN || errno == EINTR);
	for (ssize_t i = 0; i < n && !linear->app->quit; i++) {
		if (bytes[i] != '\n') {
			buf_char(&linear->line, bytes[i]);
			continue;
		}
		if (linear->line.full)
			refuse_line(linear);
		else
			take_line(linear, linear->line.data);
		buf_clear(&linear->line);
	}
	return true;
}
