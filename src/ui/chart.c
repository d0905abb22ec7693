#include "oneclick/ui/chart.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/utf8.h"

enum { AXIS_COLS = 3, COLUMN_GAP = 1 };

static const struct {
	enum glyph glyph;
	enum role role;
} look[CHART_SERIES] = {
	{GLYPH_BAR,         ROLE_CHART       },
	{ GLYPH_BAR_SECOND, ROLE_CHART_SECOND},
	{ GLYPH_BAR_THIRD,  ROLE_CHART_THIRD },
};

void
chart_number(int64_t number, char out[CHART_NUMBER_SIZE])
{
	char digits[CHART_NUMBER_SIZE];
	int len = snprintf(digits, sizeof(digits), "%" PRId64, number);

	for (int i = 0; i < len; i++) {
		if (i > 0 && digits[i - 1] != '-' && (len - i) % 3 == 0)
			*out++ = ',';
		*out++ = digits[i];
	}
	*out = '\0';
}

static int64_t
sum(const struct chart_row *row)
{
	int64_t total = 0;

	for (int i = 0; i < CHART_SERIES; i++)
		total += row->value[i];
	return total;
}

static int64_t
largest(const struct chart *chart)
{
	int64_t most = 1;

	for (size_t i = 0; i < chart->count; i++)
		if (sum(&chart->row[i]) > most)
			most = sum(&chart->row[i]);
	return most;
}

static int
label_cols(const struct chart *chart)
{
	int cols = 0;

	for (size_t i = 0; i < chart->count; i++) {
		int own = utf8_width(chart->row[i].label.text);

		if (own > cols)
			cols = own;
	}
	return cols;
}

static int
note_cols(const struct chart *chart)
{
	int cols = 0;

	for (size_t i = 0; i < chart->count; i++) {
		const char *note = chart->row[i].note.text;
		int own = note && *note ? utf8_width(note) + 1 : 0;

		if (own > cols)
			cols = own;
	}
	return cols;
}

static int
number_cols(int64_t most)
{
	char text[CHART_NUMBER_SIZE];

	chart_number(most, text);
	return (int)strlen(text);
}

/* Cells a value fills of `cols`; anything above nothing is seen. */
static int
scale(int64_t value, int64_t most, int cols)
{
	int cells = (int)((double)value * cols / (double)most + 0.5);

	if (value > 0 && cells == 0)
		cells = 1;
	return cells < cols ? cells : cols;
}

static void
put_number(struct canvas *canvas, struct area at, int64_t number, enum role role)
{
	char text[CHART_NUMBER_SIZE];

	chart_number(number, text);
	canvas_put_right(canvas, at, (struct safe_text){ text }, role);
}

/* Series one after another, each ending where the sum so far ends, so that the whole bar
 * is as long as the whole sum. */
static void
draw_bar(const struct chart_row *row, int64_t most, struct canvas *canvas, struct area at)
{
	int64_t so_far = 0;
	int filled = 0;

	for (int i = 0; i < CHART_SERIES; i++) {
		int end;

		so_far += row->value[i];
		end = row->value[i] > 0 ? scale(so_far, most, at.cols) : filled;
		canvas_fill(canvas, area_slice(at, filled, end - filled), look[i].glyph,
			look[i].role);
		filled = end > filled ? end : filled;
	}
}

static void
draw_bars(const struct chart *chart, struct canvas *canvas, struct area area, size_t rows)
{
	int64_t most = largest(chart);
	int labels = label_cols(chart), numbers = number_cols(most),
	    notes = note_cols(chart);

	for (size_t i = 0; i < rows; i++) {
		struct area row = area_row(area, (int)i);

		canvas_put(canvas, area_cut_left(&row, labels), chart->row[i].label,
			ROLE_TEXT);
		canvas_put(canvas, area_slice(area_cut_right(&row, notes), 1, notes),
			chart->row[i].note, chart->row[i].role);
		put_number(canvas, area_cut_right(&row, numbers), sum(&chart->row[i]),
			ROLE_TEXT);
		area_cut_left(&row, 1);
		canvas_fill(canvas, area_cut_left(&row, 1), GLYPH_DOWN, ROLE_RULE);
		area_cut_right(&row, 1);
		draw_bar(&chart->row[i], most, canvas, row);
	}
}

/* Which series a chart names; one alone needs no name. */
static size_t
named_series(const struct chart *chart)
{
	return chart->series_count > 1 ? chart->series_count : 0;
}

static int
series_cols(const struct chart *chart, size_t i, int numbers)
{
	int own = named_series(chart) ? utf8_width(chart->series[i].text) : 0;

	return (own > numbers ? own : numbers) + 2;
}

static void
draw_table(
	const struct chart *chart, struct canvas *canvas, struct area area, size_t rows)
{
	int labels = label_cols(chart), numbers = number_cols(largest(chart));

	for (size_t i = 0; i < rows; i++) {
		struct area row = area_row(area, (int)i);

		canvas_put(canvas, area_cut_left(&row, labels), chart->row[i].label,
			ROLE_TEXT);
		for (size_t s = 0; s < chart->series_count; s++)
			put_number(canvas,
				area_cut_left(&row, series_cols(chart, s, numbers)),
				chart->row[i].value[s], ROLE_TEXT);
		area_cut_left(&row, 1);
		canvas_put(canvas, row, chart->row[i].note, chart->row[i].role);
	}
}

static void
draw_table_heading(const struct chart *chart, struct canvas *canvas, struct area row)
{
	int numbers = number_cols(largest(chart));

	area_cut_left(&row, label_cols(chart));
	for (size_t s = 0; s < chart->series_count; s++)
		canvas_put_right(canvas,
			area_cut_left(&row, series_cols(chart, s, numbers)),
			chart->series[s], ROLE_COLUMN);
}

static int
column_cols(const struct chart *chart)
{
	int labels = label_cols(chart), numbers = number_cols(largest(chart));

	return (labels > numbers ? labels : numbers) + COLUMN_GAP;
}

/* One series only grows up: the sum; its number stands below the bar. */
static void
draw_column(const struct chart *chart, size_t i, struct canvas *canvas, struct area at)
{
	struct area label = area_cut_bottom(&at, 1), number = area_cut_bottom(&at, 1);
	int high = scale(sum(&chart->row[i]), largest(chart), at.rows);

	canvas_put_right(canvas, label, chart->row[i].label, ROLE_TEXT);
	put_number(canvas, number, sum(&chart->row[i]), ROLE_TEXT);
	canvas_fill(canvas, area_sub(at, at.rows - high, at.cols - 1, high, 1), GLYPH_BAR,
		ROLE_CHART);
}

static void
draw_columns(const struct chart *chart, struct canvas *canvas, struct area area)
{
	int cols = column_cols(chart);
	size_t first = 0;

	area_cut_left(&area, AXIS_COLS - 1);
	canvas_fill(
		canvas, area_sub(area, 0, 0, area.rows - 2, 1), GLYPH_DOWN, ROLE_RULE);
	area_cut_left(&area, 1);
	while ((int)(chart->count - first) * cols > area.cols && first + 1 < chart->count)
		first++; /* the newest are at the right, and stay */
	for (size_t i = first; i < chart->count; i++)
		draw_column(chart, i, canvas, area_cut_left(&area, cols));
}

static void
draw_title(const struct chart *chart, struct canvas *canvas, struct area row)
{
	canvas_add(canvas, &row, chart->title, ROLE_HEADING);
	if (chart->look != CHART_BARS)
		return;
	for (size_t i = 0; i < named_series(chart); i++) {
		area_cut_left(&row, 2);
		canvas_add(canvas, &row, chart->series[i], ROLE_TEXT);
		area_cut_left(&row, 1);
		canvas_fill(canvas, area_cut_left(&row, 1), look[i].glyph, look[i].role);
	}
}

static void
draw_rest(struct canvas *canvas, struct area row, size_t left)
{
	void *life = mem_life(NULL);

	canvas_put(canvas, row, text_safe_format(life, "%zu more", left), ROLE_DIM);
	mem_free(life);
}

void
chart_draw(const struct chart *chart, struct canvas *canvas, struct area area)
{
	size_t rows = chart->count;

	canvas_fill(canvas, area, GLYPH_BLANK, ROLE_TEXT);
	if ((chart->title.text && *chart->title.text) || named_series(chart))
		draw_title(chart, canvas, area_cut_top(&area, 1));
	if (chart->look == CHART_COLUMNS) {
		draw_columns(chart, canvas, area);
		return;
	}
	if (chart->look == CHART_TABLE && named_series(chart))
		draw_table_heading(chart, canvas, area_cut_top(&area, 1));
	if (rows > (size_t)area.rows && area.rows > 0) {
		rows = (size_t)area.rows - 1;
		draw_rest(canvas, area_row(area, area.rows - 1), chart->count - rows);
	}
	if (chart->look == CHART_TABLE)
		draw_table(chart, canvas, area, rows);
	else
		draw_bars(chart, canvas, area, rows);
}

void
bar_draw(struct canvas *canvas, struct area at, int64_t done, int64_t all, enum role role)
{
	at = area_row(at, 0);
	canvas_put(canvas, area_cut_left(&at, 1), SAFE("["), ROLE_TEXT);
	canvas_put(canvas, area_cut_right(&at, 1), SAFE("]"), ROLE_TEXT);
	canvas_fill(canvas, at, GLYPH_TRACK, ROLE_DIM);
	canvas_fill(canvas, area_slice(at, 0, scale(done, all > 0 ? all : 1, at.cols)),
		GLYPH_BAR, role);
}
