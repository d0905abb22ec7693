/*
 * Charts: numbers as bars, always with the number beside the bar, and the same numbers as
 * a table.  Up to three series a row, told apart by their glyph (# = +), not by colour.
 *
 *   06 |##                       412       bars, a row each
 *   07 |########=              1,640
 */
#ifndef ONECLICK_UI_CHART_H
#define ONECLICK_UI_CHART_H

#include <stddef.h>
#include <stdint.h>

#include "oneclick/ui/canvas.h"

enum { CHART_SERIES = 3, CHART_NUMBER_SIZE = 28 };

enum chart_look {
	CHART_BARS,    /* a row each, growing to the right */
	CHART_COLUMNS, /* a column each, growing up */
	CHART_TABLE,   /* the numbers alone */
};

struct chart_row {
	struct safe_text label;
	int64_t value[CHART_SERIES]; /* not negative */
	struct safe_text note;       /* after the number: "LOW", "(so far)" */
	enum role role;              /* of the note */
};

struct chart {
	struct safe_text title; /* "" for none */
	struct safe_text
		series[CHART_SERIES]; /* names, shown if there is more than one */
	size_t series_count;          /* 1 to CHART_SERIES */
	const struct chart_row *row;  /* borrowed */
	size_t count;
	enum chart_look look;
};

/* Draws as much as fits, from the first row; rows left out are counted in a last line. */
void chart_draw(const struct chart *chart, struct canvas *canvas, struct area area);

/* "[#####.....]" over the width of `at`: done of all. */
void bar_draw(
	struct canvas *canvas, struct area at, int64_t done, int64_t all, enum role role);

/* "1,640": digits in threes. */
void chart_number(int64_t number, char out[CHART_NUMBER_SIZE]);

#endif
