#include "oneclick/base/mem.h"
#include "oneclick/ui/list.h"

static struct area
slot_area(struct area row, const struct list_slot *slot)
{
	return area_slice(row, slot->col, slot->cols);
}

static struct safe_text
heading_of(const struct list *list, const void *ctx, size_t column)
{
	struct safe_text title = list->column[column].title;

	if ((int)column != list->sort)
		return title;
	return text_safe_format(ctx, "%s %c", title.text, list->descending ? 'v' : '^');
}

static void
draw_heading(const struct list *list, const struct list_slots *slots, const void *ctx,
	struct canvas *canvas, struct area row)
{
	for (size_t i = 0; i < slots->count; i++) {
		size_t column = slots->slot[i].column;
		struct area at = slot_area(row, &slots->slot[i]);
		struct safe_text title = heading_of(list, ctx, column);

		if (list->column[column].align == LIST_RIGHT)
			canvas_put_right(canvas, at, title, ROLE_COLUMN);
		else
			canvas_put(canvas, at, title, ROLE_COLUMN);
	}
	if (slots->more_left && slots->count > 0)
		canvas_put(canvas,
			area_slice(row, slots->slot[0].col + slots->slot[0].cols, 1),
			SAFE("<"), ROLE_COLUMN);
	if (slots->more_right)
		canvas_put(
			canvas, area_slice(row, row.cols - 1, 1), SAFE(">"), ROLE_COLUMN);
}

static void
draw_cell(const struct list_column *column, const struct list_cell *cell,
	struct canvas *canvas, struct area at)
{
	if (column->keep_tail)
		canvas_put_tail(canvas, at, cell->text, cell->role);
	else if (column->align == LIST_RIGHT)
		canvas_put_right(canvas, at, cell->text, cell->role);
	else
		canvas_put(canvas, at, cell->text, cell->role);
}

/* Returns the area that selection covers in LIST_CELL. */
static struct area
draw_cells(const struct list *list, const struct list_slots *slots, const void *ctx,
	struct canvas *canvas, struct area row, size_t at)
{
	struct area first = area_sub(row, 0, 0, 0, 0);

	for (size_t i = 0; i < slots->count; i++) {
		const struct list_slot *slot = &slots->slot[i];
		struct area place = slot_area(row, slot);
		struct list_cell cell = { .text = SAFE(""), .role = ROLE_TEXT };

		list->cell(list->arg, ctx, at, slot->column, &cell);
		if (i == 0 && cell.span)
			place = area_slice(row, slot->col, row.cols);
		draw_cell(&list->column[slot->column], &cell, canvas, place);
		if (i == 0)
			first = place;
		if (cell.span)
			break;
	}
	return first;
}

static void
draw_row(const struct list *list, const struct list_slots *slots, const void *ctx,
	struct canvas *canvas, struct area row, size_t at)
{
	bool here = at == list->cursor;
	struct area cell;

	canvas_fill(canvas, row, GLYPH_BLANK, ROLE_TEXT);
	cell = draw_cells(list, slots, ctx, canvas, row, at);
	if (list->marked && list->marked(list->arg, at))
		canvas_put(canvas, area_slice(row, 1, 1),
			canvas_symbol(canvas, ROLE_MARKED), ROLE_MARKED);
	if (!here)
		return;
	canvas_put(canvas, area_slice(row, 0, 1), SAFE(">"), ROLE_TEXT);
	if (list->focused)
		canvas_cursor(canvas, row, 0, 0);
	canvas_paint(canvas, list->highlight == LIST_ROW ? row : cell, ROLE_SELECTION);
}

/* Asked of the area at hand: it may differ from the one the list was last fitted to, and
 * a draw changes nothing. */
static size_t
first_row(const struct list *list, struct area area, int screen_row)
{
	size_t row = list->count;

	list_row_at(list, area, screen_row, &row);
	return row;
}

void
list_draw(const struct list *list, struct canvas *canvas, struct area area)
{
	void *life = mem_life(NULL);
	struct area body = area;
	struct list_slots slots;
	size_t at;

	list_slots(list, area.cols, &slots);
	if (!list->no_heading) {
		struct area heading = area_cut_top(&body, 1);

		canvas_fill(canvas, heading, GLYPH_BLANK, ROLE_TEXT);
		draw_heading(list, &slots, life, canvas, heading);
	}
	at = first_row(list, area, body.row);
	for (int i = 0; i < body.rows; i++) {
		if (at + (size_t)i < list->count)
			draw_row(list, &slots, life, canvas, area_row(body, i),
				at + (size_t)i);
		else
			canvas_fill(canvas, area_row(body, i), GLYPH_BLANK, ROLE_TEXT);
	}
	mem_free(life);
}
