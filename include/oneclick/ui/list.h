/*
 * A list: rows and columns with a cursor.  It holds no rows; it knows how many there are
 * and asks for the cells it draws, so fifty thousand rows cost what fits on the screen.
 *
 *   ">  G030PM045751107K !  4%"      the row under the cursor
 *   " + G030PM045751188A !  1%"      a marked row (the '+' column is there if `marked`
 * is)
 *
 * Columns that do not fit are dropped by priority; the first never is.  Scrolling
 * sideways moves all but the first, and '<' '>' in the heading say that there is more.
 */
#ifndef ONECLICK_UI_LIST_H
#define ONECLICK_UI_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "oneclick/ui/canvas.h"

enum { LIST_COLUMNS_MAX = 24 };

enum list_align { LIST_LEFT, LIST_RIGHT };

struct list_column {
	struct safe_text title; /* in a static table: { "BATT" } */
	int min, max; /* columns on the screen; grows from min to max as room allows */
	int priority; /* 0 is never dropped; the highest goes first */
	enum list_align align;
	bool keep_tail; /* when cut, the end matters: "..51107K" */
};

struct list_cell {
	struct safe_text text; /* living as long as the ctx the callback got */
	enum role role;        /* ROLE_TEXT unless set */
	bool span; /* of column 0: one text over the whole row, no other cells */
};

/* Fills *cell (zeroed before) for a row and column; ctx lives until the list is drawn. */
typedef void (*list_cell_fn)(const void *arg, const void *ctx, size_t row, size_t column,
	struct list_cell *cell);
typedef bool (*list_marked_fn)(const void *arg, size_t row);

enum list_highlight {
	LIST_CELL, /* only the first cell is drawn selected: about 67 bytes a cursor step
		    */
	LIST_ROW,
};

struct list {
	const struct list_column *column;
	size_t columns;
	size_t count;       /* rows; changed by list_set_count */
	size_t cursor, top; /* rows; cursor < count unless count is 0 */
	size_t page;        /* rows that fit, without the heading; set by list_fit */
	size_t scroll;      /* columns scrolled away after the first */
	int sort; /* column the rows are sorted by, -1 none: its title is marked */
	bool descending;
	bool no_heading;
	bool focused; /* rests the hardware cursor on its row */
	enum list_highlight highlight;
	list_cell_fn cell;
	list_marked_fn marked; /* NULL: no column for marks */
	const void *arg;       /* of both */
};

enum list_move {
	LIST_UP,
	LIST_DOWN,
	LIST_FIRST,
	LIST_LAST,
	LIST_HALF_UP,
	LIST_HALF_DOWN,
	LIST_PAGE_UP,
	LIST_PAGE_DOWN,
	LIST_SCROLL_LEFT,
	LIST_SCROLL_RIGHT,
};

/* Cursor at the first row, nothing sorted, focused. */
void list_init(struct list *list, const struct list_column *column, size_t columns,
	list_cell_fn cell, const void *arg);
void list_set_count(struct list *list, size_t count); /* the cursor stays inside */
void list_go(struct list *list, size_t row);          /* and scrolls it into view */
/* Tells the list how much room it has; called when the layout is made. */
void list_fit(struct list *list, struct area area);

bool list_move(struct list *list, enum list_move move); /* false if nothing changed */
/* The row drawn at a screen row of `area`; false if there is none. */
bool list_row_at(const struct list *list, struct area area, int screen_row, size_t *row);

void list_draw(const struct list *list, struct canvas *canvas, struct area area);

/* Where each column goes in `cols` columns of screen. */
struct list_slot {
	size_t column;
	int col, cols; /* relative to the list's area */
};

struct list_slots {
	struct list_slot slot[LIST_COLUMNS_MAX];
	size_t count;
	bool more_left, more_right;       /* columns scrolled away */
	size_t dropped[LIST_COLUMNS_MAX]; /* columns for which there was no room */
	size_t drops;
};

void list_slots(const struct list *list, int cols, struct list_slots *out);

#endif
