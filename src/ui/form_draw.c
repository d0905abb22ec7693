#include "oneclick/base/mem.h"
#include "oneclick/base/utf8.h"
#include "oneclick/ui/form.h"

enum {
	LABEL_MAX = 34,
	TEXT_COLS = 40,
	POINTER_COLS = 2,
	ROWS_SHOWN = 8,
	SYMBOL_COLS = 2
};

static bool
is_shown(const char *text)
{
	return text && *text;
}

/* Labels of notes and rows stand on lines of their own. */
static bool
has_side_label(const struct form_field *field)
{
	return field->kind == FORM_TEXT || field->kind == FORM_CHOICE;
}

static int
label_cols(const struct form *form, int cols)
{
	int most = cols * 9 / 20 < LABEL_MAX ? cols * 9 / 20 : LABEL_MAX, width = 0;

	for (size_t i = 0; i < form->count; i++) {
		const struct form_field *field = &form->field[i];
		int own = field->label.text ? utf8_width(field->label.text) : 0;

		if (has_side_label(field) && !field->hide && own > width)
			width = own < most ? own : most;
	}
	return width + 1;
}

/* Rows of a table shown at once, its heading and the line that adds one apart. */
static int
rows_shown(const struct form_rows *rows)
{
	return rows->rows < ROWS_SHOWN ? (int)rows->rows : ROWS_SHOWN;
}

/* Where a field is drawn: the whole form, shifted up by `skip` rows. */
struct pen {
	struct canvas *canvas;
	struct area area;
	int labels;
	int row;  /* the next one, of all rows of the form */
	int skip; /* rows scrolled away */
};

static struct area
next_row(struct pen *pen)
{
	return area_row(pen->area, pen->row++ - pen->skip);
}

static int
wrapped_rows(struct safe_text text, int cols)
{
	struct canvas nowhere = { .rows = 0, .cols = 0 }; /* drawing there only counts */

	return canvas_wrap(&nowhere, (struct area){ 0, 0, 0, cols }, 0, text, ROLE_TEXT);
}

static int
message_indent(const struct form_field *field, const struct pen *pen)
{
	return POINTER_COLS + (has_side_label(field) ? pen->labels + 1 : 0);
}

/* What is wrong is said in full; what is fine fits, or is cut. */
static int
message_rows(const struct form_field *field, const struct pen *pen)
{
	int cols = pen->area.cols - message_indent(field, pen) - SYMBOL_COLS;

	if (field->verdict != FORM_BAD || !is_shown(field->message.text))
		return is_shown(field->message.text);
	return wrapped_rows(field->message, cols);
}

static bool
hint_is_below(const struct form_field *field, const struct pen *pen)
{
	int width = field->width ? field->width : TEXT_COLS;

	return is_shown(field->hint.text) &&
	       POINTER_COLS + pen->labels + width + 4 + utf8_width(field->hint.text) >
		       pen->area.cols;
}

static int
field_rows(const struct form_field *field, const struct pen *pen)
{
	int rows = 1;

	if (field->hide)
		return 0;
	if (field->kind == FORM_NOTE)
		return wrapped_rows(field->label, pen->area.cols - POINTER_COLS) + 1;
	if (field->kind == FORM_CHOICE && field->tall)
		rows = (int)field->options;
	if (field->kind == FORM_ROWS)
		rows = 2 + is_shown(field->label.text) + rows_shown(&field->rows);
	return rows + message_rows(field, pen) + hint_is_below(field, pen) + 1;
}

static void
draw_edit(struct pen *pen, const struct edit *edit, struct area at, bool focused)
{
	struct area inside = area_slice(at, 1, at.cols - 2);
	enum role role = focused ? ROLE_FIELD_FOCUS : ROLE_FIELD;

	canvas_put(pen->canvas, at, SAFE("["), role);
	edit_draw(edit, pen->canvas, inside, role, true, focused);
	canvas_put(pen->canvas, area_slice(at, at.cols - 1, 1), SAFE("]"), role);
}

static void
draw_compact_choice(
	struct pen *pen, const struct form_field *field, struct area row, bool focused)
{
	enum role role = focused ? ROLE_FIELD_FOCUS : ROLE_FIELD;
	struct area start = row;
	int widest = 0;

	for (size_t i = 0; i < field->options; i++) {
		int own = utf8_width(field->option[i].text);

		widest = own > widest ? own : widest;
	}
	canvas_add(pen->canvas, &row, SAFE("["), role);
	if (field->chosen < field->options)
		canvas_put(pen->canvas, area_slice(row, 0, widest),
			field->option[field->chosen], role);
	area_cut_left(&row, widest);
	canvas_add(pen->canvas, &row, SAFE(" v]"), role);
	if (focused)
		canvas_cursor(pen->canvas, start, 0, 1);
	area_cut_left(&row, 2);
	canvas_put(pen->canvas, row, field->hint, ROLE_FIELD_HINT);
}

static void
draw_tall_choice(
	struct pen *pen, const struct form_field *field, struct area row, bool focused)
{
	for (size_t i = 0; i < field->options; i++) {
		bool here = i == field->chosen;
		struct area line = row;

		if (i > 0) {
			line = next_row(pen);
			area_cut_left(&line, POINTER_COLS + pen->labels + 1);
		}
		if (here && focused)
			canvas_cursor(pen->canvas, line, 0, 1);
		canvas_add(pen->canvas, &line, here ? SAFE("(*) ") : SAFE("( ) "),
			here && focused ? ROLE_FIELD_FOCUS : ROLE_FIELD);
		canvas_put(pen->canvas, line, field->option[i], ROLE_TEXT);
	}
}

static void
draw_text(struct pen *pen, const struct form_field *field, struct area row, bool focused)
{
	int width = (field->width ? field->width : TEXT_COLS) + 2;

	draw_edit(pen, &field->edit, area_cut_left(&row, width), focused);
	area_cut_left(&row, 2);
	if (!hint_is_below(field, pen))
		canvas_put(pen->canvas, row, field->hint, ROLE_FIELD_HINT);
}

static void
draw_buttons(
	struct pen *pen, const struct form_field *field, struct area row, bool focused)
{
	for (size_t i = 0; i < field->options; i++) {
		bool here = focused && i == field->chosen;
		enum role role = here ? ROLE_BUTTON_FOCUS : ROLE_BUTTON;

		if (here)
			canvas_cursor(pen->canvas, row, 0, 0);
		canvas_add(pen->canvas, &row, here ? SAFE("> ") : SAFE("  "), ROLE_TEXT);
		canvas_add(pen->canvas, &row, SAFE("[ "), role);
		canvas_add(pen->canvas, &row, field->option[i], role);
		canvas_add(pen->canvas, &row, SAFE(" ]"), role);
		area_cut_left(&row, 1);
	}
}

static void
draw_cells(struct pen *pen, const struct form_rows *rows, size_t at, bool focused)
{
	struct area row = next_row(pen);
	bool here = focused && at == rows->row;

	canvas_put(pen->canvas, area_cut_left(&row, POINTER_COLS + 2),
		here ? SAFE("  >") : SAFE(""), ROLE_TEXT);
	for (size_t i = 0; i < rows->columns; i++) {
		draw_edit(pen, &rows->cell[at * rows->columns + i],
			area_cut_left(&row, rows->width[i] + 2), here && i == rows->col);
		area_cut_left(&row, 1);
	}
}

static void
draw_rows(struct pen *pen, const struct form_field *field, struct area row, bool focused)
{
	const struct form_rows *rows = &field->rows;
	size_t shown = (size_t)rows_shown(rows);
	size_t last = rows->row < rows->rows ? rows->row : rows->rows - (rows->rows > 0);
	size_t top = last >= shown && shown > 0 ? last - shown + 1 : 0;
	bool adding = focused && rows->row == rows->rows;

	if (is_shown(field->label.text)) {
		canvas_put(pen->canvas, row, field->label, ROLE_TEXT);
		row = next_row(pen);
		area_cut_left(&row, POINTER_COLS);
	}
	area_cut_left(&row, 3);
	for (size_t i = 0; i < rows->columns; i++)
		canvas_put(pen->canvas, area_cut_left(&row, rows->width[i] + 3),
			rows->title[i], ROLE_COLUMN);
	for (size_t i = 0; i < shown; i++)
		draw_cells(pen, rows, top + i, focused);
	row = next_row(pen);
	area_cut_left(&row, POINTER_COLS);
	if (adding)
		canvas_cursor(pen->canvas, row, 0, 0);
	canvas_add(pen->canvas, &row, adding ? SAFE("> ") : SAFE("  "), ROLE_TEXT);
	if (rows->rows < rows->rows_max)
		canvas_put(pen->canvas, row, rows->add,
			adding ? ROLE_FIELD_FOCUS : ROLE_FIELD);
}

/* From here on down, without its first rows if those are scrolled away. */
static void
draw_wrapped(struct pen *pen, int indent, struct safe_text text, enum role role)
{
	struct area area = pen->area;
	int hidden = pen->skip - pen->row;

	area_cut_left(&area, indent);
	if (hidden < 0)
		area_cut_top(&area, -hidden);
	canvas_wrap(pen->canvas, area, hidden > 0 ? hidden : 0, text, role);
}

static void
draw_fault(struct pen *pen, const struct form_field *field)
{
	struct area row = area_row(pen->area, pen->row - pen->skip);
	int indent = message_indent(field, pen);

	area_cut_left(&row, indent);
	canvas_put(pen->canvas, row, canvas_symbol(pen->canvas, ROLE_FIELD_ERROR),
		ROLE_FIELD_ERROR);
	draw_wrapped(pen, indent + SYMBOL_COLS, field->message, ROLE_FIELD_ERROR);
}

static void
draw_message(struct pen *pen, const struct form_field *field)
{
	bool good = field->verdict == FORM_GOOD;
	enum role role = good ? ROLE_FIELD_OK : ROLE_FIELD_HINT;
	struct area row;

	if (field->verdict == FORM_BAD) {
		draw_fault(pen, field);
		return;
	}
	row = next_row(pen);
	area_cut_left(&row, message_indent(field, pen));
	if (good) {
		canvas_add(pen->canvas, &row, canvas_word(pen->canvas, role), role);
		canvas_add(pen->canvas, &row, SAFE(": "), role);
	}
	canvas_put(pen->canvas, row, field->message, role);
}

static void
draw_body(struct pen *pen, const struct form_field *field, struct area row, bool focused)
{
	switch (field->kind) {
	case FORM_TEXT:
		draw_text(pen, field, row, focused);
		break;
	case FORM_CHOICE:
		if (field->tall)
			draw_tall_choice(pen, field, row, focused);
		else
			draw_compact_choice(pen, field, row, focused);
		break;
	case FORM_ROWS:
		draw_rows(pen, field, row, focused);
		break;
	case FORM_BUTTONS:
		draw_buttons(pen, field, row, focused);
		break;
	case FORM_NOTE:
		break;
	}
}

static void
draw_field(struct pen *pen, const struct form_field *field, bool focused)
{
	struct area row;

	if (field->kind == FORM_NOTE) {
		draw_wrapped(pen, POINTER_COLS, field->label, ROLE_TEXT);
		return;
	}
	row = next_row(pen);
	area_cut_left(&row, POINTER_COLS);
	if (has_side_label(field)) {
		canvas_put(pen->canvas, area_slice(row, 0, pen->labels), field->label,
			field->off ? ROLE_DIM : ROLE_LABEL);
		area_cut_left(&row, pen->labels + 1);
	}
	draw_body(pen, field, row, focused);
	if (field->kind == FORM_TEXT && hint_is_below(field, pen)) {
		row = next_row(pen);
		area_cut_left(&row, POINTER_COLS + pen->labels + 1);
		canvas_put(pen->canvas, row, field->hint, ROLE_FIELD_HINT);
	}
	if (is_shown(field->message.text))
		draw_message(pen, field);
}

/* Rows to scroll away so that the field in focus is seen whole, or its beginning is. */
static int
find_skip(const struct form *form, const struct pen *pen)
{
	int row = 0;

	for (size_t i = 0; i < form->count && i < form->focus; i++)
		row += field_rows(&form->field[i], pen);
	if (form->focus < form->count) {
		int end = row + field_rows(&form->field[form->focus], pen) - 1;

		if (end <= pen->area.rows)
			return 0;
		return end - pen->area.rows < row ? end - pen->area.rows : row;
	}
	return 0;
}

void
form_draw(const struct form *form, struct canvas *canvas, struct area area)
{
	struct pen pen = {
		.canvas = canvas,
		.area = area,
		.labels = label_cols(form, area.cols),
	};
	int row = 0;

	pen.skip = find_skip(form, &pen);
	canvas_fill(canvas, area, GLYPH_BLANK, ROLE_TEXT);
	for (size_t i = 0; i < form->count; i++) {
		const struct form_field *field = &form->field[i];

		pen.row = row;
		row += field_rows(field, &pen);
		if (!field->hide)
			draw_field(&pen, field, i == form->focus);
	}
}
