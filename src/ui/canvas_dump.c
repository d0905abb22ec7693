#include <string.h>

#include "oneclick/ui/canvas.h"

/* Columns up to the last cell that is not a blank. */
static int
used_cols(const struct canvas *canvas, int row)
{
	int cols = canvas->cols;

	while (cols > 0 &&
		strcmp(canvas->cell[row * canvas->cols + cols - 1].text, " ") == 0)
		cols--;
	return cols;
}

void
canvas_dump(const struct canvas *canvas, struct buf *out)
{
	for (int row = 0; row < canvas->rows; row++) {
		int cols = used_cols(canvas, row);

		for (int col = 0; col < cols; col++)
			buf_text(out, canvas->cell[row * canvas->cols + col].text);
		buf_char(out, '\n');
	}
}

static void
dump_row(const struct canvas *canvas, int row, struct buf *out)
{
	const struct cell *cell = &canvas->cell[row * canvas->cols];
	int from = 0;

	for (int col = 1; col <= canvas->cols; col++) {
		if (col < canvas->cols && cell[col].role == cell[from].role)
			continue;
		if (cell[from].role != ROLE_TEXT)
			buf_format(out, "%d:%d-%d %s\n", row, from, col - 1,
				role_name((enum role)cell[from].role));
		from = col;
	}
}

void
canvas_dump_roles(const struct canvas *canvas, struct buf *out)
{
	for (int row = 0; row < canvas->rows; row++)
		dump_row(canvas, row, out);
	if (canvas->cursor_row >= 0)
		buf_format(out, "cursor %d:%d\n", canvas->cursor_row, canvas->cursor_col);
}
