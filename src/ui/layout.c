#include "oneclick/ui/layout.h"

static int
clamp(int n, int most)
{
	if (n < 0)
		return 0;
	return n < most ? n : most;
}

/* Takes at most n of *rest. */
static int
take(int *rest, int n)
{
	n = clamp(n, *rest);
	*rest -= n;
	return n;
}

struct area
area_cut_top(struct area *rest, int n)
{
	struct area cut = *rest;

	cut.rows = take(&rest->rows, n);
	rest->row += cut.rows;
	return cut;
}

struct area
area_cut_bottom(struct area *rest, int n)
{
	struct area cut = *rest;

	cut.rows = take(&rest->rows, n);
	cut.row += rest->rows;
	return cut;
}

struct area
area_cut_left(struct area *rest, int n)
{
	struct area cut = *rest;

	cut.cols = take(&rest->cols, n);
	rest->col += cut.cols;
	return cut;
}

struct area
area_cut_right(struct area *rest, int n)
{
	struct area cut = *rest;

	cut.cols = take(&rest->cols, n);
	cut.col += rest->cols;
	return cut;
}

/* The part of [0, most) that [at, at + n) covers, as its beginning and length. */
static int
overlap(int *at, int n, int most)
{
	int end = n > most - *at ? most : *at + n;

	*at = clamp(*at, most);
	return end > *at ? end - *at : 0;
}

struct area
area_sub(struct area area, int row, int col, int rows, int cols)
{
	int high = overlap(&row, rows, area.rows);
	int wide = overlap(&col, cols, area.cols);

	return (struct area){ area.row + row, area.col + col, high, wide };
}

struct area
area_row(struct area area, int row)
{
	return area_sub(area, row, 0, 1, area.cols);
}

struct area
area_slice(struct area area, int col, int cols)
{
	return area_sub(area, 0, col, 1, cols);
}

struct area
area_middle(struct area area, int rows, int cols)
{
	rows = clamp(rows, area.rows);
	cols = clamp(cols, area.cols);
	return area_sub(area, (area.rows - rows) / 2, (area.cols - cols) / 2, rows, cols);
}

bool
area_is_empty(struct area area)
{
	return area.rows <= 0 || area.cols <= 0;
}

bool
area_has(struct area area, int row, int col)
{
	return row >= area.row && row < area.row + area.rows && col >= area.col &&
	       col < area.col + area.cols;
}
