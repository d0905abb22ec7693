/*
 * A canvas: a grid of cells in plain memory, each a cluster of text and a role.  Panes
 * and widgets draw here; tty_show sends it to the terminal, canvas_dump to a golden file.
 *
 * Everything is drawn into an area and stays inside it; a wide character is never split,
 * and what had to be cut ends in '~'.  Only struct safe_text can be drawn.  A canvas with
 * `ascii` set shows '?' for other letters and draws lines and bars with ASCII.
 */
#ifndef ONECLICK_UI_CANVAS_H
#define ONECLICK_UI_CANVAS_H

#include <stdbool.h>

#include "oneclick/base/buf.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/ui/layout.h"
#include "oneclick/ui/role.h"
#include "oneclick/ui/theme.h"

enum { CELL_BYTES = 13 }; /* a base, two combining marks and a NUL */

struct cell {
	char text[CELL_BYTES]; /* never empty; of the right half of a wide cluster, "" */
	unsigned char width;   /* 1 or 2; 0: the right half of the cell before it */
	unsigned char role;
};

struct canvas {
	int rows, cols;
	bool ascii;
	int cursor_row, cursor_col; /* the hardware cursor's place; -1, -1: hidden */
	const struct theme
		*theme;    /* whose symbols and words are shown; NULL: the defaults */
	struct cell *cell; /* rows * cols, row by row */
};

/* Blanks and lines: each has an ASCII and a UTF-8 shape, one column wide. */
enum glyph {
	GLYPH_BLANK,
	GLYPH_ACROSS, /* - */
	GLYPH_DOWN,   /* | */
	GLYPH_CORNER_TOP_LEFT,
	GLYPH_CORNER_TOP_RIGHT,
	GLYPH_CORNER_BOTTOM_LEFT,
	GLYPH_CORNER_BOTTOM_RIGHT,
	GLYPH_COUNT
};

/* A blank canvas, at least 1 by 1 and at most 1000 by 1000. */
struct canvas *canvas_new(const void *ctx, int rows, int cols);
void canvas_resize(struct canvas *canvas, int rows, int cols); /* also clears */
void canvas_clear(struct canvas *canvas);
struct area canvas_area(const struct canvas *canvas); /* all of it */

/* What stands for a state here: its symbol or word in the canvas' theme. */
struct safe_text canvas_symbol(const struct canvas *canvas, enum role role);
struct safe_text canvas_word(const struct canvas *canvas, enum role role);

/* Puts text into the first row of `at`, cut to its width; returns the columns used. */
int canvas_put(
	struct canvas *canvas, struct area at, struct safe_text text, enum role role);
/* The same at the right end of the row. */
int canvas_put_right(
	struct canvas *canvas, struct area at, struct safe_text text, enum role role);
/* The same, but what is cut is the beginning, which ".." stands for. */
int canvas_put_tail(
	struct canvas *canvas, struct area at, struct safe_text text, enum role role);
/* Puts one piece after another: draws at the left of *rest and cuts it off. */
void canvas_add(
	struct canvas *canvas, struct area *rest, struct safe_text text, enum role role);
/* Puts text over several rows, broken at blanks; returns the rows used (also those that
 * an area with fewer rows would have needed).  `skip` rows are not drawn first. */
int canvas_wrap(struct canvas *canvas, struct area area, int skip, struct safe_text text,
	enum role role);

/* Fills all of `area`; the text under it is gone. */
void canvas_fill(
	struct canvas *canvas, struct area area, enum glyph glyph, enum role role);
/* Changes the role of what is there already. */
void canvas_paint(struct canvas *canvas, struct area area, enum role role);
/* Clears `area`, draws a frame along its edge and a title in the top line, and returns
 * what is inside, one blank column from the frame. */
struct area canvas_box(struct canvas *canvas, struct area area, struct safe_text title);
/* Rests the hardware cursor at (row, col) of `area`, if that lies inside. */
void canvas_cursor(struct canvas *canvas, struct area area, int row, int col);

/* The rows as lines of text, blanks at their ends left out. */
void canvas_dump(const struct canvas *canvas, struct buf *out);

#endif
