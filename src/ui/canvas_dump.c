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
