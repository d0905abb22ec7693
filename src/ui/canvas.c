#include "oneclick/ui/canvas.h"

#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/utf8.h"

enum { SIDE_MAX = 1000 };

static const struct {
	char ascii[2];
	char utf8[4];
} glyphs[GLYPH_COUNT] = {
	[GLYPH_BLANK] = { " ", " " },
	[GLYPH_ACROSS] = { "-", "─" },
	[GLYPH_DOWN] = { "|", "│" },
	[GLYPH_CORNER_TOP_LEFT] = { "+", "┌" },
	[GLYPH_CORNER_TOP_RIGHT] = { "+", "┐" },
	[GLYPH_CORNER_BOTTOM_LEFT] = { "+", "└" },
	[GLYPH_CORNER_BOTTOM_RIGHT] = { "+", "┘" },
};

static int
clamp_side(int n)
{
	if (n < 1)
		return 1;
	return n < SIDE_MAX ? n : SIDE_MAX;
}

struct canvas *
canvas_new(const void *ctx, int rows, int cols)
{
	struct canvas *canvas = mem_new(ctx, struct canvas);

	canvas_resize(canvas, rows, cols);
	return canvas;
}

void
canvas_resize(struct canvas *canvas, int rows, int cols)
{
	canvas->rows = clamp_side(rows);
	canvas->cols = clamp_side(cols);
	canvas->cell = mem_resize(canvas, canvas->cell, struct cell,
		(size_t)canvas->rows * (size_t)canvas->cols);
	canvas_clear(canvas);
}

struct area
canvas_area(const struct canvas *canvas)
{
	return (struct area){ 0, 0, canvas->rows, canvas->cols };
}

void
canvas_clear(struct canvas *canvas)
{
	canvas->cursor_row = canvas->cursor_col = -1;
	for (int i = 0; i < canvas->rows * canvas->cols; i++)
		canvas->cell[i] =
			(struct cell){ .text = " ", .width = 1, .role = ROLE_TEXT };
}

struct safe_text
canvas_symbol(const struct canvas *canvas, enum role role)
{
	return theme_symbol(canvas->theme, role);
}

struct safe_text
canvas_word(const struct canvas *canvas, enum role role)
{
	return theme_word(canvas->theme, role);
}

/* The part of an area that lies on the canvas; areas of the caller's own making may not.
 */
static struct area
clip(const struct canvas *canvas, struct area at)
{
	return area_sub(canvas_area(canvas), at.row, at.col, at.rows, at.cols);
}

static struct cell *
cell_at(struct canvas *canvas, int row, int col)
{
	return &canvas->cell[row * canvas->cols + col];
}

static void
blank_cell(struct cell *cell)
{
	cell->text[0] = ' ';
	cell->text[1] = '\0';
	cell->width = 1;
}

/* Overwriting one half of a wide cluster leaves a blank where the other was. */
static void
part_halves(struct canvas *canvas, int row, int col, int width)
{
	struct cell *first = cell_at(canvas, row, col);

	if (first->width == 0 && col > 0)
		blank_cell(first - 1);
	if (col + width < canvas->cols && first[width].width == 0)
		blank_cell(first + width);
}

static void
put_cluster(struct canvas *canvas, int row, int col, const char *text, size_t len,
	int width, enum role role)
{
	struct cell *cell = cell_at(canvas, row, col);

	part_halves(canvas, row, col, width);
	while (len >= CELL_BYTES)
		len = utf8_before(text, len);
	memcpy(cell->text, text, len);
	cell->text[len] = '\0';
	cell->width = (unsigned char)width;
	cell->role = (unsigned char)role;
	if (width == 2)
		cell[1] = (struct cell){ .role = (unsigned char)role };
}

static void
put_plain(struct canvas *canvas, int row, int col, char letter, enum role role)
{
	put_cluster(canvas, row, col, &letter, 1, 1, role);
}

/* The cluster at text: its bytes, and its columns (0 of a mark without a base). */
static size_t
measure(const char *text, int *width)
{
	size_t used, len = utf8_after(text, 0);
	int32_t point = utf8_next(text, len, &used);

	*width = point < 0 ? 1 : utf8_point_width(point);
	return len;
}

/* Draws whole clusters from col on while they fit before `end`; returns the column after
 * the last. */
static int
put_run(struct canvas *canvas, int row, int col, int end, const char *text, size_t n,
	enum role role)
{
	const char *stop = text + n;

	while (text < stop) {
		int width;
		size_t len = measure(text, &width);

		if (col + width > end)
			break;
		if (width > 0 && canvas->ascii && (unsigned char)*text >= 0x80)
			for (int i = 0; i < width; i++)
				put_plain(canvas, row, col + i, '?', role);
		else if (width > 0)
			put_cluster(canvas, row, col, text, len, width, role);
		col += width;
		text += len;
	}
	return col;
}

/* How much of text fits in `cols`, leaving a column for the '~' if it is cut. */
static size_t
fit(const char *text, int cols, bool *cut)
{
	int width;
	size_t n = utf8_clip(text, cols, &width);

	*cut = text[n] != '\0';
	return *cut ? utf8_clip(text, cols - 1, &width) : n;
}

int
canvas_put(struct canvas *canvas, struct area at, struct safe_text text, enum role role)
{
	const char *bytes = text.text ? text.text : "";
	int col, end;
	bool cut;
	size_t n;

	at = clip(canvas, at);
	if (area_is_empty(at))
		return 0;
	end = at.col + at.cols;
	n = fit(bytes, at.cols, &cut);
	col = put_run(canvas, at.row, at.col, end, bytes, n, role);
	if (cut && col < end)
		put_plain(canvas, at.row, col++, '~', role);
	return col - at.col;
}

int
canvas_put_right(
	struct canvas *canvas, struct area at, struct safe_text text, enum role role)
{
	int width = text.text ? utf8_width(text.text) : 0;

	return canvas_put(canvas, area_cut_right(&at, width), text, role);
}

int
canvas_put_tail(
	struct canvas *canvas, struct area at, struct safe_text text, enum role role)
{
	const char *bytes = text.text ? text.text : "";
	int width = utf8_width(bytes);

	if (width <= at.cols || at.cols <= 2)
		return canvas_put(canvas, at, text, role);
	while (width > at.cols - 2) {
		int gone;

		bytes += measure(bytes, &gone);
		width -= gone;
	}
	canvas_add(canvas, &at, SAFE(".."), role);
	return 2 + canvas_put(canvas, at, (struct safe_text){ bytes }, role);
}

void
canvas_add(
	struct canvas *canvas, struct area *rest, struct safe_text text, enum role role)
{
	area_cut_left(rest, canvas_put(canvas, *rest, text, role));
}

/* Bytes of text for one row of `cols`: up to the last blank that fits, or a line end, or
 * (of one long word) as much as fits; *next is where the following row begins. */
static size_t
measure_row(const char *text, int cols, size_t *next)
{
	int width;
	size_t n = utf8_clip(text, cols, &width), blank = n;

	*next = n;
	if (text[n] == '\0')
		return n;
	while (blank > 0 && text[blank] != ' ')
		blank--;
	if (blank > 0)
		n = *next = blank;
	else if (n == 0)
		n = *next = utf8_after(text, 0);
	while (text[*next] == ' ')
		++*next;
	return n;
}

int
canvas_wrap(struct canvas *canvas, struct area area, int skip, struct safe_text text,
	enum role role)
{
	const char *at = text.text ? text.text : "";
	int row = 0;

	do {
		size_t next, n = measure_row(at, area.cols, &next);
		struct area line = clip(canvas, area_row(area, row - skip));

		if (row >= skip && !area_is_empty(line))
			put_run(canvas, line.row, line.col, line.col + line.cols, at, n,
				role);
		row++;
		at += next;
	} while (*at && area.cols > 0);
	return row;
}

static void
put_glyph(struct canvas *canvas, int row, int col, enum glyph glyph, enum role role)
{
	const char *text = canvas->ascii ? glyphs[glyph].ascii : glyphs[glyph].utf8;

	put_cluster(canvas, row, col, text, strlen(text), 1, role);
}

void
canvas_fill(struct canvas *canvas, struct area area, enum glyph glyph, enum role role)
{
	area = clip(canvas, area);
	for (int row = area.row; row < area.row + area.rows; row++)
		for (int col = area.col; col < area.col + area.cols; col++)
			put_glyph(canvas, row, col, glyph, role);
}

void
canvas_paint(struct canvas *canvas, struct area area, enum role role)
{
	area = clip(canvas, area);
	for (int row = area.row; row < area.row + area.rows; row++)
		for (int col = area.col; col < area.col + area.cols; col++)
			cell_at(canvas, row, col)->role = (unsigned char)role;
}

static void
draw_frame(struct canvas *canvas, struct area area)
{
	int bottom = area.rows - 1, right = area.cols - 1;
	const struct {
		int row, col, rows, cols;
		enum glyph glyph;
	} part[] = {
		{ 0, 0, 1, area.cols, GLYPH_ACROSS },
		{ bottom, 0, 1, area.cols, GLYPH_ACROSS },
		{ 0, 0, area.rows, 1, GLYPH_DOWN },
		{ 0, right, area.rows, 1, GLYPH_DOWN },
		{ 0, 0, 1, 1, GLYPH_CORNER_TOP_LEFT },
		{ 0, right, 1, 1, GLYPH_CORNER_TOP_RIGHT },
		{ bottom, 0, 1, 1, GLYPH_CORNER_BOTTOM_LEFT },
		{ bottom, right, 1, 1, GLYPH_CORNER_BOTTOM_RIGHT },
	};

	for (size_t i = 0; i < sizeof(part) / sizeof(*part); i++)
		canvas_fill(canvas,
			area_sub(area, part[i].row, part[i].col, part[i].rows,
				part[i].cols),
			part[i].glyph, ROLE_DIALOG);
}

struct area
canvas_box(struct canvas *canvas, struct area area, struct safe_text title)
{
	struct area top = area_sub(area, 0, 3, 1, area.cols - 6);

	canvas_fill(canvas, area, GLYPH_BLANK, ROLE_DIALOG);
	draw_frame(canvas, area);
	if (title.text && *title.text && top.cols > 2) {
		canvas_add(canvas, &top, SAFE(" "), ROLE_DIALOG);
		area_cut_right(&top, 1);
		canvas_add(canvas, &top, title, ROLE_DIALOG_TITLE);
		top.cols++;
		canvas_add(canvas, &top, SAFE(" "), ROLE_DIALOG);
	}
	return area_sub(area, 1, 2, area.rows - 2, area.cols - 4);
}

void
canvas_cursor(struct canvas *canvas, struct area area, int row, int col)
{
	area = clip(canvas, area);
	if (!area_has(area, area.row + row, area.col + col))
		return;
	canvas->cursor_row = area.row + row;
	canvas->cursor_col = area.col + col;
}
