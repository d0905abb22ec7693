#include "oneclick/ui/dialog.h"

#include <string.h>

#include "oneclick/base/utf8.h"

enum { COLS_MAX = 90, FRAME_ROWS = 2, FRAME_COLS = 4, WORD_COLS = 24 };
enum { BUTTONS_COLS = 21, OFF_COLS = 6 }; /* around the name on the button */

void
dialog_init(struct dialog *dialog, const void *ctx, struct safe_text title,
	const struct safe_text *line, size_t lines, struct safe_text accept)
{
	*dialog = (struct dialog){
		.title = title,
		.line = line,
		.lines = lines,
		.accept = accept,
		.focus = DIALOG_CANCEL,
	};
	edit_init(&dialog->typed, ctx, 0);
}

bool
dialog_can_accept(const struct dialog *dialog)
{
	return !dialog->blocked &&
	       (!dialog->word || strcmp(dialog->typed.text, dialog->word) == 0);
}

static bool
has_part(const struct dialog *dialog, enum dialog_focus part)
{
	switch (part) {
	case DIALOG_OPTIONS:
		return dialog->options > 0;
	case DIALOG_WORD:
		return dialog->word && !dialog->blocked;
	case DIALOG_CANCEL:
		return true;
	case DIALOG_ACCEPT:
		return dialog_can_accept(dialog);
	}
	return false;
}

static void
move_focus(struct dialog *dialog, bool back)
{
	enum { PARTS = DIALOG_ACCEPT + 1 };
	unsigned at = dialog->focus;

	do
		at = (at + (back ? PARTS - 1 : 1)) % PARTS;
	while (!has_part(dialog, (enum dialog_focus)at));
	dialog->focus = (enum dialog_focus)at;
}

/* Enter does what is in focus; in the word it moves on, so that a line end, typed or not,
 * never accepts at once. */
static void
enter(struct dialog *dialog)
{
	if (dialog->focus == DIALOG_CANCEL)
		dialog->state = DIALOG_CANCELLED;
	else if (dialog->focus == DIALOG_ACCEPT)
		dialog->state = DIALOG_ACCEPTED;
	else if (dialog->focus == DIALOG_WORD && dialog_can_accept(dialog))
		dialog->focus = DIALOG_ACCEPT;
	else
		move_focus(dialog, false);
}

static void
move_line(struct dialog *dialog, bool up)
{
	if (dialog->focus == DIALOG_OPTIONS)
		dialog->chosen =
			up ? dialog->chosen - (dialog->chosen > 0)
			   : dialog->chosen + (dialog->chosen + 1 < dialog->options);
	else
		dialog->top = up ? dialog->top - (dialog->top > 0)
				 : dialog->top + (dialog->top + 1 < dialog->lines);
}

static bool
is_back(const struct chord *chord)
{
	return chord_is(chord, CHORD_LEFT) ||
	       (chord->kind == CHORD_KEY && chord->key == CHORD_TAB &&
		       chord->mods == CHORD_SHIFT);
}

static bool
move_key(struct dialog *dialog, const struct chord *chord)
{
	if (chord_is(chord, CHORD_ENTER))
		enter(dialog);
	else if (chord_is(chord, CHORD_ESC) || chord_is_ctrl(chord, 'c'))
		dialog->state = DIALOG_CANCELLED;
	else if (is_back(chord) || chord_is(chord, CHORD_TAB) ||
		 chord_is(chord, CHORD_RIGHT))
		move_focus(dialog, is_back(chord));
	else if (chord_is(chord, CHORD_UP) || chord_is(chord, CHORD_DOWN))
		move_line(dialog, chord_is(chord, CHORD_UP));
	else
		return false;
	return true;
}

/* Letters mean the word wherever the focus is, or they would be lost. */
static bool
begins_word(const struct dialog *dialog, const struct chord *chord)
{
	return dialog->focus != DIALOG_OPTIONS && has_part(dialog, DIALOG_WORD) &&
	       chord_is_letter(chord) && !chord_is(chord, ' ');
}

bool
dialog_key(struct dialog *dialog, const struct chord *chord)
{
	if (chord->kind == CHORD_PASTE)
		return true;
	if (move_key(dialog, chord))
		return true;
	if (begins_word(dialog, chord))
		dialog->focus = DIALOG_WORD;
	if (dialog->focus == DIALOG_WORD)
		return edit_key(&dialog->typed, chord);
	if (chord_is(chord, ' ') && dialog->focus == DIALOG_OPTIONS) {
		dialog->chosen = (dialog->chosen + 1) % dialog->options;
		return true;
	}
	return false;
}

static int
widen(int cols, struct safe_text text, int more)
{
	int own = text.text ? utf8_width(text.text) + more : 0;

	return own > cols ? own : cols;
}

static int
inner_cols(const struct dialog *dialog)
{
	int cols = widen(
		widen(0, dialog->title, 6), dialog->accept, BUTTONS_COLS + OFF_COLS);

	for (size_t i = 0; i < dialog->lines; i++)
		cols = widen(cols, dialog->line[i], 0);
	for (size_t i = 0; i < dialog->options; i++)
		cols = widen(cols, dialog->option[i], 4);
	if (dialog->word)
		cols = widen(cols, dialog->ask, WORD_COLS + 3);
	return cols < COLS_MAX ? cols : COLS_MAX;
}

/* Rows under the lines: options, the word, a blank and the buttons. */
static int
foot_rows(const struct dialog *dialog)
{
	return (int)dialog->options + (dialog->word != NULL) + 2;
}

static void
draw_lines(const struct dialog *dialog, struct canvas *canvas, struct area area)
{
	size_t rows = (size_t)area.rows;
	size_t most = dialog->lines > rows ? dialog->lines - rows : 0;
	size_t top = dialog->top < most ? dialog->top : most;

	for (size_t i = 0; i < rows && top + i < dialog->lines; i++)
		canvas_put(canvas, area_row(area, (int)i), dialog->line[top + i],
			ROLE_DIALOG);
}

static void
draw_options(const struct dialog *dialog, struct canvas *canvas, struct area *foot)
{
	for (size_t i = 0; i < dialog->options; i++) {
		struct area row = area_cut_top(foot, 1);
		bool here = i == dialog->chosen;

		if (here && dialog->focus == DIALOG_OPTIONS)
			canvas_cursor(canvas, row, 0, 1);
		canvas_add(canvas, &row, here ? SAFE("(*) ") : SAFE("( ) "),
			here && dialog->focus == DIALOG_OPTIONS ? ROLE_FIELD_FOCUS
								: ROLE_DIALOG);
		canvas_put(canvas, row, dialog->option[i], ROLE_DIALOG);
	}
}

static void
draw_word(const struct dialog *dialog, struct canvas *canvas, struct area row)
{
	bool focused = dialog->focus == DIALOG_WORD;
	enum role role = focused ? ROLE_FIELD_FOCUS : ROLE_FIELD;
	struct area field = row;

	canvas_put(canvas, area_slice(row, 0, row.cols - WORD_COLS - 3), dialog->ask,
		ROLE_DIALOG);
	area_cut_left(&field, dialog->ask.text ? utf8_width(dialog->ask.text) + 1 : 0);
	if (field.cols < WORD_COLS + 2)
		field = area_slice(row, row.cols - WORD_COLS - 2, WORD_COLS + 2);
	field = area_slice(field, 0, WORD_COLS + 2);
	canvas_put(canvas, field, SAFE("["), role);
	edit_draw(&dialog->typed, canvas, area_slice(field, 1, field.cols - 2), role,
		true, focused);
	canvas_put(canvas, area_slice(field, field.cols - 1, 1), SAFE("]"), role);
}

static void
draw_button(struct canvas *canvas, struct area *row, struct safe_text text, bool focused,
	bool off)
{
	enum role role = off       ? ROLE_BUTTON_OFF
			 : focused ? ROLE_BUTTON_FOCUS
				   : ROLE_BUTTON;

	if (focused)
		canvas_cursor(canvas, *row, 0, 0);
	canvas_add(canvas, row,
		focused ? canvas_symbol(canvas, ROLE_BUTTON_FOCUS) : SAFE(" "),
		ROLE_DIALOG);
	canvas_add(canvas, row, SAFE(" "), ROLE_DIALOG);
	canvas_add(canvas, row, SAFE("[ "), role);
	canvas_add(canvas, row, text, role);
	canvas_add(canvas, row, SAFE(" ]"), role);
	if (off) {
		area_cut_left(row, 1);
		canvas_add(
			canvas, row, canvas_word(canvas, ROLE_BUTTON_OFF), ROLE_DIALOG);
	}
	area_cut_left(row, 3);
}

static void
draw_buttons(const struct dialog *dialog, struct canvas *canvas, struct area row)
{
	int off = dialog_can_accept(dialog) ? 0 : OFF_COLS;

	row = area_middle(row, 1, utf8_width(dialog->accept.text) + BUTTONS_COLS + off);
	draw_button(canvas, &row, SAFE("Cancel"), dialog->focus == DIALOG_CANCEL, false);
	draw_button(canvas, &row, dialog->accept, dialog->focus == DIALOG_ACCEPT,
		!dialog_can_accept(dialog));
}

void
dialog_draw(const struct dialog *dialog, struct canvas *canvas, struct area area)
{
	int lines = dialog->lines < 1000 ? (int)dialog->lines : 1000;
	struct area inside = canvas_box(canvas,
		area_middle(area, lines + foot_rows(dialog) + FRAME_ROWS,
			inner_cols(dialog) + FRAME_COLS),
		dialog->title);
	struct area foot = area_cut_bottom(&inside, foot_rows(dialog));

	draw_lines(dialog, canvas, inside);
	draw_options(dialog, canvas, &foot);
	if (dialog->word)
		draw_word(dialog, canvas, area_cut_top(&foot, 1));
	draw_buttons(dialog, canvas, area_cut_bottom(&foot, 1));
}
