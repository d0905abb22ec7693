#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "oneclick/base/moment.h"
#include "oneclick/base/utf8.h"
#include "tty_parts.h"

enum { ROW_CELLS_MAX = 1000, CLUSTER_POINTS = 4, WIDE_PALETTE = 256 };

/* ---- colours ---------------------------------------------------------------------- */

static int
auto_depth(void)
{
	const char *no_color = getenv("NO_COLOR");

	return no_color && *no_color ? 0 : 16;
}

int
tty_depth(enum tty_colour wanted)
{
	static const int depth[] = {
		[TTY_COLOUR_NEVER] = 0,
		[TTY_COLOUR_16] = 16,
		[TTY_COLOUR_256] = 256,
		[TTY_COLOUR_DIRECT] = 1 << 24,
	};
	int asked = wanted == TTY_COLOUR_AUTO ? auto_depth() : depth[wanted];

	if (asked == 0 || !has_colors())
		return 0;
	start_color();
	use_default_colors();
	if (asked > WIDE_PALETTE && COLORS <= WIDE_PALETTE)
		asked = 256; /* 24 bits need an entry that has them, such as xterm-direct
			      */
	if (asked == 256 && (COLORS < 256 || COLORS > WIDE_PALETTE))
		asked = 16;
	/* a direct terminal keeps only 8 colours of the palette */
	if (asked == 16 && (COLORS < 16 || COLORS > WIDE_PALETTE))
		asked = 8;
	return asked;
}

static int
number_of(const struct tty *tty, const struct colour *colour)
{
	if (tty->colours > WIDE_PALETTE)
		return colour->rgb;
	if (tty->colours == 256)
		return colour->c256;
	if (tty->colours == 8 && colour->c16 >= 8)
		return colour->c16 - 8;
	return colour->c16;
}

static attr_t
attrs_of(const struct tty *tty, const struct style *style)
{
	static const struct {
		enum attr ours;
		attr_t curses;
	} map[] = {
		{ ATTR_BOLD, A_BOLD },
		{ ATTR_DIM, A_DIM },
		{ ATTR_UNDERLINE, A_UNDERLINE },
		{ ATTR_REVERSE, A_REVERSE },
		{ ATTR_ITALIC, A_ITALIC },
	};
	attr_t attrs = A_NORMAL;

	for (size_t i = 0; i < sizeof(map) / sizeof(*map); i++)
		if (style->attrs & map[i].ours)
			attrs |= map[i].curses;
	if (tty->colours == 8 && style->fg.c16 >= 8)
		attrs |= A_BOLD;
	return attrs;
}

void
tty_set_theme(struct tty *tty, const struct theme *theme)
{
	tty->canvas->theme = theme;
	for (int i = 0; i < ROLE_COUNT; i++) {
		const struct style *style = &theme->role[i];
		int fg = number_of(tty, &style->fg), bg = number_of(tty, &style->bg);

		tty->look[i] = (struct look){ .attrs = attrs_of(tty, style) };
		if (tty->colours == 0 || (fg == COLOUR_DEFAULT && bg == COLOUR_DEFAULT))
			continue;
		if (init_extended_pair(i + 1, fg, bg) == OK)
			tty->look[i].pair = i + 1;
	}
	tty_repaint(tty);
}

/* ---- cells ------------------------------------------------------------------------ */

/* The cluster as curses wants it; false if the C library measures it differently from us,
 * because then columns would shift. */
static bool
to_wide(const struct tty *tty, const struct cell *cell, wchar_t out[CLUSTER_POINTS])
{
	size_t left = strlen(cell->text), used, count = 0;
	const char *at = cell->text;

	for (; left > 0 && count + 1 < CLUSTER_POINTS; at += used, left -= used) {
		int32_t point = utf8_next(at, left, &used);
		int width = count == 0 ? cell->width : 0;

		if (point < 0 || (point >= 0x80 && !tty->utf8) || wcwidth(point) != width)
			return false;
		out[count++] = (wchar_t)point;
	}
	out[count] = L'\0';
	return count > 0;
}

/* Adds the cell as one or two of curses'; returns how many. */
static int
add_cell(const struct tty *tty, const struct cell *cell, cchar_t *out)
{
	const struct look *look = &tty->look[cell->role];
	wchar_t wide[CLUSTER_POINTS];
	int count = 1;

	if (cell->width == 0)
		return 0;
	if (!to_wide(tty, cell, wide)) {
		wcscpy(wide, L"?");
		count = cell->width;
	}
	for (int i = 0; i < count; i++)
		setcchar(&out[i], wide, look->attrs, (short)0, &look->pair);
	return count;
}

static void
paint_row(const struct tty *tty, const struct canvas *canvas, int row)
{
	cchar_t line[ROW_CELLS_MAX];
	int count = 0;

	for (int col = 0; col < canvas->cols; col++)
		count += add_cell(
			tty, &canvas->cell[row * canvas->cols + col], line + count);
	mvadd_wchnstr(row, 0, line, count);
}

/* Gives curses the rows that are not as shown before; returns their number. */
static int
paint_rows(struct tty *tty, const struct canvas *canvas)
{
	struct canvas *shown = tty->shown;
	size_t size = (size_t)canvas->cols * sizeof(struct cell);
	bool all =
		tty->redraw || shown->rows != canvas->rows || shown->cols != canvas->cols;
	int painted = 0;

	if (all && (shown->rows != canvas->rows || shown->cols != canvas->cols))
		canvas_resize(shown, canvas->rows, canvas->cols);
	for (int row = 0; row < canvas->rows; row++) {
		size_t at = (size_t)row * (size_t)canvas->cols;

		if (!all && memcmp(&shown->cell[at], &canvas->cell[at], size) == 0)
			continue;
		paint_row(tty, canvas, row);
		memcpy(&shown->cell[at], &canvas->cell[at], size);
		painted++;
	}
	return painted;
}

/* True if the cursor was elsewhere. */
static bool
place_cursor(struct tty *tty, const struct canvas *canvas)
{
	bool visible = canvas->cursor_row >= 0;
	bool moved = tty->shown->cursor_row != canvas->cursor_row ||
		     tty->shown->cursor_col != canvas->cursor_col;

	if (visible != (tty->shown->cursor_row >= 0) || tty->redraw)
		curs_set(visible);
	if (visible)
		move(canvas->cursor_row, canvas->cursor_col);
	tty->shown->cursor_row = canvas->cursor_row;
	tty->shown->cursor_col = canvas->cursor_col;
	return moved;
}

void
tty_show(struct tty *tty, const struct canvas *canvas)
{
	int painted;
	bool big, moved;

	if (tty->away || tty->gone)
		return;
	if (tty->redraw)
		clearok(curscr, TRUE);
	painted = paint_rows(tty, canvas);
	big = painted > canvas->rows / 3;
	moved = place_cursor(tty, canvas);
	if (painted == 0 && !moved)
		return;
	tty->redraw = false;
	/* between two doupdates curses' buffer is empty, so these bytes stay in order */
	if (big)
		tty_put(tty, "\033[?2026h");
	wnoutrefresh(stdscr);
	doupdate();
	if (big)
		tty_put(tty, "\033[?2026l");
	if (tty->pace.asking)
		tty_put(tty, "\033[5n");
	pace_sent(&tty->pace, moment_ticks());
}

void
tty_repaint(struct tty *tty)
{
	tty->redraw = true;
}
