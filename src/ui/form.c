#include "oneclick/ui/form.h"

#include <string.h>

#include "oneclick/base/mem.h"

void
form_init(struct form *form, const void *ctx)
{
	*form = (struct form){ .ctx = ctx };
}

static bool
can_focus(const struct form_field *field)
{
	return field->kind != FORM_NOTE && !field->off && !field->hide;
}

static struct form_field *
add_field(struct form *form, enum form_kind kind, struct safe_text label)
{
	struct form_field *field;

	form->field =
		mem_resize(form->ctx, form->field, struct form_field, form->count + 1);
	field = &form->field[form->count++];
	*field = (struct form_field){ .kind = kind, .label = label };
	if (!can_focus(&form->field[form->focus]))
		form->focus = form->count - 1;
	return field;
}

size_t
form_add_text(struct form *form, struct safe_text label, const char *value, size_t max)
{
	struct form_field *field = add_field(form, FORM_TEXT, label);

	edit_init(&field->edit, form->ctx, max);
	edit_set(&field->edit, value ? value : "");
	return form->count - 1;
}

size_t
form_add_choice(struct form *form, struct safe_text label, const struct safe_text *option,
	size_t options, size_t chosen)
{
	struct form_field *field = add_field(form, FORM_CHOICE, label);

	field->option = option;
	field->options = options;
	field->chosen = chosen;
	return form->count - 1;
}

size_t
form_add_rows(
	struct form *form, struct safe_text label, struct safe_text add, size_t rows_max)
{
	struct form_rows *rows = &add_field(form, FORM_ROWS, label)->rows;

	rows->add = add;
	rows->rows_max = rows_max;
	return form->count - 1;
}

size_t
form_add_buttons(struct form *form, const struct safe_text *option, size_t options)
{
	struct form_field *field = add_field(form, FORM_BUTTONS, SAFE(""));

	field->option = option;
	field->options = options;
	return form->count - 1;
}

size_t
form_add_note(struct form *form, struct safe_text text)
{
	add_field(form, FORM_NOTE, text);
	return form->count - 1;
}

void
form_rows_column(struct form *form, size_t field, struct safe_text title, int width)
{
	struct form_rows *rows = &form->field[field].rows;

	if (rows->columns == FORM_ROW_COLUMNS)
		return;
	rows->title[rows->columns] = title;
	rows->width[rows->columns] = width;
	rows->columns++;
}

static bool
add_row(struct form *form, struct form_rows *rows)
{
	size_t end = rows->rows * rows->columns;

	if (rows->rows >= rows->rows_max)
		return false;
	rows->cell = mem_resize(form->ctx, rows->cell, struct edit, end + rows->columns);
	for (size_t i = 0; i < rows->columns; i++)
		edit_init(&rows->cell[end + i], form->ctx, 0);
	rows->rows++;
	return true;
}

bool
form_rows_add(struct form *form, size_t field, const char *const *text)
{
	struct form_rows *rows = &form->field[field].rows;

	if (!add_row(form, rows))
		return false;
	for (size_t i = 0; i < rows->columns; i++)
		edit_set(&rows->cell[(rows->rows - 1) * rows->columns + i], text[i]);
	return true;
}

const char *
form_rows_text(const struct form *form, size_t field, size_t row, size_t col)
{
	const struct form_rows *rows = &form->field[field].rows;

	return rows->cell[row * rows->columns + col].text;
}

void
form_check(struct form *form, size_t field, enum form_verdict verdict,
	struct safe_text message)
{
	form->field[field].verdict = verdict;
	form->field[field].message = message;
}

size_t
form_first_bad(const struct form *form)
{
	size_t i = 0;

	while (i < form->count &&
		(form->field[i].verdict != FORM_BAD || form->field[i].hide))
		i++;
	return i;
}

void
form_go(struct form *form, size_t field)
{
	for (size_t i = 0; i < form->count; i++) {
		size_t at = (field + i) % form->count;

		if (can_focus(&form->field[at])) {
			form->focus = at;
			return;
		}
	}
}

/* The next field that takes the focus, or -1. */
static int
find_next(const struct form *form, bool back)
{
	int at = (int)form->focus, step = back ? -1 : 1;

	for (at += step; at >= 0 && at < (int)form->count; at += step)
		if (can_focus(&form->field[at]))
			return at;
	return -1;
}

/* Forward past the last field begins again, so that Tab never ends the form; back before
 * the first one asks for the step before. */
static void
go_next(struct form *form, bool back)
{
	int next = find_next(form, back);

	if (next >= 0)
		form->focus = (size_t)next;
	else if (back)
		form->state = FORM_BACK;
	else
		form_go(form, 0);
}

static void
remove_row(struct form *form, struct form_rows *rows)
{
	size_t cells = rows->columns * sizeof(*rows->cell);
	struct edit *row = &rows->cell[rows->row * rows->columns];

	for (size_t i = 0; i < rows->columns; i++)
		mem_free(row[i].text);
	memmove(row, row + rows->columns, (rows->rows - rows->row - 1) * cells);
	rows->rows--;
	rows->col = 0;
	form->changed = true;
}

static void
enter_row(struct form *form, struct form_rows *rows)
{
	if (rows->row < rows->rows) {
		rows->col++;
		if (rows->col < rows->columns)
			return;
		rows->col = 0;
		rows->row++;
	} else if (add_row(form, rows)) {
		rows->row = rows->rows - 1;
		rows->col = 0;
		form->changed = true;
	}
}

/* Moves one cell; false at either end, where the form's own order goes on. */
static bool
move_cell(struct form_rows *rows, bool back)
{
	size_t at = rows->row * rows->columns + rows->col;

	if (back ? at == 0 : rows->row == rows->rows)
		return false;
	at = back ? at - 1 : at + 1;
	rows->row = at / rows->columns;
	rows->col = rows->row < rows->rows ? at % rows->columns : 0;
	return true;
}

static bool
is_back_tab(const struct chord *chord)
{
	return chord->kind == CHORD_KEY && chord->key == CHORD_TAB &&
	       chord->mods == CHORD_SHIFT;
}

static bool
move_row(struct form_rows *rows, bool up)
{
	if (up ? rows->row == 0 : rows->row == rows->rows)
		return false;
	rows->row = up ? rows->row - 1 : rows->row + 1;
	if (rows->row == rows->rows)
		rows->col = 0;
	return true;
}

/* A list pasted into a cell fills that cell and those of the rows below it: a line each,
 * as far as there is room. */
static void
paste_rows(struct form *form, struct form_rows *rows, const struct chord *chord)
{
	const char *at = chord->text, *end = at + chord->len;

	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t n = (size_t)((stop ? stop : end) - at);
		struct chord line = { .kind = CHORD_PASTE, .text = at, .len = n };

		if (n > 0 && rows->row == rows->rows && !add_row(form, rows)) {
			form->lost++;
		} else if (n > 0) {
			edit_key(&rows->cell[rows->row * rows->columns + rows->col],
				&line);
			rows->row++;
		}
		at += n + 1;
	}
	if (rows->row > 0)
		rows->row--;
	form->changed = true;
}

static bool
rows_key(struct form *form, struct form_rows *rows, const struct chord *chord)
{
	bool back = is_back_tab(chord), up = chord_is(chord, CHORD_UP);

	if (rows->columns == 0)
		return false;
	if (back || chord_is(chord, CHORD_TAB))
		return move_cell(rows, back);
	if (up || chord_is(chord, CHORD_DOWN))
		return move_row(rows, up);
	if (chord->kind == CHORD_PASTE) {
		paste_rows(form, rows, chord);
	} else if (chord_is(chord, CHORD_ENTER)) {
		enter_row(form, rows);
	} else if (rows->row == rows->rows) {
		return false;
	} else if (chord_is_ctrl(chord, 'x')) {
		remove_row(form, rows);
	} else {
		if (!edit_key(&rows->cell[rows->row * rows->columns + rows->col], chord))
			return false;
		form->changed = true;
	}
	return true;
}

/* Options that stand in a column are gone through up and down as well, and left at its
 * ends. */
static bool
choose_key(struct form *form, struct form_field *field, const struct chord *chord)
{
	size_t was = field->chosen;
	bool tall = field->kind == FORM_CHOICE && field->tall;
	bool down = tall && chord_is(chord, CHORD_DOWN) && was + 1 < field->options;
	bool up = tall && chord_is(chord, CHORD_UP) && was > 0;
	bool on = down || chord_is(chord, CHORD_RIGHT);

	if (chord_is(chord, ' ') && field->kind == FORM_CHOICE && field->options > 0)
		field->chosen = (was + 1) % field->options;
	else if (on && was + 1 < field->options)
		field->chosen++;
	else if (up || (chord_is(chord, CHORD_LEFT) && was > 0))
		field->chosen--;
	else
		return on || chord_is(chord, CHORD_LEFT);
	if (field->kind == FORM_CHOICE)
		form->changed = true;
	return true;
}

/* Tab completes when that changes something, and moves on when it does not. */
static bool
complete_field(struct form_field *field, const struct chord *chord)
{
	struct completion found;
	bool completed;
	void *life;

	if (!field->complete || !chord_is(chord, CHORD_TAB) || field->edit.len == 0)
		return false;
	life = mem_life(NULL);
	completed = edit_complete(
		&field->edit, field->complete, field->complete_arg, life, &found);
	mem_free(life);
	return completed;
}

static bool
field_key(struct form *form, struct form_field *field, const struct chord *chord)
{
	switch (field->kind) {
	case FORM_TEXT:
		if (!complete_field(field, chord) && !edit_key(&field->edit, chord))
			return false;
		form->changed = true;
		return true;
	case FORM_CHOICE:
		return choose_key(form, field, chord);
	case FORM_BUTTONS:
		if (chord_is(chord, CHORD_ENTER) && field->options > 0) {
			form->state = FORM_PRESSED;
			return true;
		}
		return choose_key(form, field, chord);
	case FORM_ROWS:
		return rows_key(form, &field->rows, chord);
	case FORM_NOTE:
		break;
	}
	return false;
}

bool
form_key(struct form *form, const struct chord *chord)
{
	struct form_field *field =
		form->focus < form->count ? &form->field[form->focus] : NULL;

	if (chord_is(chord, CHORD_ESC)) {
		form->state = FORM_LEAVE;
		return true;
	}
	if (field && can_focus(field) && field_key(form, field, chord))
		return true;
	if (is_back_tab(chord) || chord_is(chord, CHORD_UP))
		go_next(form, true);
	else if (chord_is(chord, CHORD_TAB) || chord_is(chord, CHORD_DOWN))
		go_next(form, false);
	else if (chord_is(chord, CHORD_ENTER))
		form->state = FORM_NEXT;
	else
		return false;
	return true;
}
