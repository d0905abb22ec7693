/*
 * Areas: rectangles of a screen, in rows and columns from 0.  A screen is laid out by
 * cutting pieces off an area; whatever does not fit is cut to what is there, down to an
 * empty area, which everything draws into without effect.
 */
#ifndef ONECLICK_UI_LAYOUT_H
#define ONECLICK_UI_LAYOUT_H

#include <stdbool.h>

struct area {
	int row, col, rows, cols; /* rows and cols are never negative */
};

/* Takes `n` rows or columns off one side of *rest and returns them; *rest is what stays.
 */
struct area area_cut_top(struct area *rest, int n);
struct area area_cut_bottom(struct area *rest, int n);
struct area area_cut_left(struct area *rest, int n);
struct area area_cut_right(struct area *rest, int n);

/* The part of `area` at (row, col) relative to it, no larger than it. */
struct area area_sub(struct area area, int row, int col, int rows, int cols);
struct area area_row(struct area area, int row);             /* its row, whole width */
struct area area_slice(struct area area, int col, int cols); /* of its first row */
/* An area of at most rows x cols in the middle of `area`. */
struct area area_middle(struct area area, int rows, int cols);

bool area_is_empty(struct area area);
bool area_has(struct area area, int row, int col);

#endif
