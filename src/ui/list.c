#include "oneclick/ui/list.h"

#include "oneclick/base/mem.h"

enum { PAGE_DEFAULT = 10 };

void
list_init(struct list *list, const struct list_column *column, size_t columns,
	list_cell_fn cell, const void *arg)
{
	*list = (struct list){
		.column = column,
		.columns = columns < LIST_COLUMNS_MAX ? columns : LIST_COLUMNS_MAX,
		.page = PAGE_DEFAULT,
		.sort = -1,
		.focused = true,
		.cell = cell,
		.arg = arg,
	};
}

/* The first row to show so that the cursor is among `page` rows and no row is wasted. */
static size_t
find_top(const struct list *list, size_t page)
{
	size_t top = list->top;

	if (page == 0)
		return list->cursor;
	if (list->cursor >= top + page)
		top = list->cursor - page + 1;
	if (top + page > list->count)
		top = list->count > page ? list->count - page : 0;
	return list->cursor < top ? list->cursor : top;
}

void
list_go(struct list *list, size_t row)
{
	if (row >= list->count)
		row = list->count ? list->count - 1 : 0;
	list->cursor = row;
	list->top = find_top(list, list->page);
}

void
list_set_count(struct list *list, size_t count)
{
	list->count = count;
	list_go(list, list->cursor);
}

static struct area
body_of(const struct list *list, struct area area)
{
	if (!list->no_heading)
		area_cut_top(&area, 1);
	return area;
}

void
list_fit(struct list *list, struct area area)
{
	list->page = (size_t)body_of(list, area).rows;
	list_go(list, list->cursor);
}

static bool
go_by(struct list *list, size_t rows, bool up)
{
	size_t was = list->cursor;

	if (up)
		list_go(list, rows < was ? was - rows : 0);
	else
		list_go(list, was + rows);
	return list->cursor != was;
}

static bool
scroll_by(struct list *list, bool right)
{
	if (right ? list->scroll + 2 >= list->columns : list->scroll == 0)
		return false;
	list->scroll = right ? list->scroll + 1 : list->scroll - 1;
	return true;
}

/* Keeps a row of the page before in sight. */
static size_t
page_step(const struct list *list)
{
	return list->page > 1 ? list->page - 1 : 1;
}

bool
list_move(struct list *list, enum list_move move)
{
	size_t half = list->page > 1 ? list->page / 2 : 1;

	switch (move) {
	case LIST_UP:
		return go_by(list, 1, true);
	case LIST_DOWN:
		return go_by(list, 1, false);
	case LIST_FIRST:
		return go_by(list, list->count, true);
	case LIST_LAST:
		return go_by(list, list->count, false);
	case LIST_HALF_UP:
		return go_by(list, half, true);
	case LIST_HALF_DOWN:
		return go_by(list, half, false);
	case LIST_PAGE_UP:
		return go_by(list, page_step(list), true);
	case LIST_PAGE_DOWN:
		return go_by(list, page_step(list), false);
	case LIST_SCROLL_LEFT:
		return scroll_by(list, false);
	case LIST_SCROLL_RIGHT:
		return scroll_by(list, true);
	}
	return false;
}

bool
list_row_at(const struct list *list, struct area area, int screen_row, size_t *row)
{
	struct area body = body_of(list, area);
	size_t at;

	if (screen_row < body.row || screen_row >= body.row + body.rows)
		return false;
	at = find_top(list, (size_t)body.rows) + (size_t)(screen_row - body.row);
	if (at >= list->count)
		return false;
	*row = at;
	return true;
}

/* Columns before the first column of the list: cursor, mark, blank. */
static int
gutter(const struct list *list)
{
	return list->marked ? 3 : 2;
}

/* The column that goes first when there is no room: the highest priority, the last of
 * those; `columns` if none may go. */
static size_t
find_victim(const struct list *list, const bool *gone)
{
	size_t victim = list->columns;
	int worst = 0;

	for (size_t i = 1; i < list->columns; i++)
		if (!gone[i] && list->column[i].priority > 0 &&
			list->column[i].priority >= worst) {
			worst = list->column[i].priority;
			victim = i;
		}
	return victim;
}

static int
least_cols(const struct list *list, const bool *gone)
{
	int cols = gutter(list) - 1;

	for (size_t i = 0; i < list->columns; i++)
		if (!gone[i])
			cols += list->column[i].min + 1;
	return cols;
}

static void
drop_columns(const struct list *list, int cols, bool *gone, struct list_slots *out)
{
	size_t victim;

	while (least_cols(list, gone) > cols &&
		(victim = find_victim(list, gone)) < list->columns) {
		gone[victim] = true;
		out->dropped[out->drops++] = victim;
	}
}

/* Gives what is left over to the columns that may grow, a column each in turn. */
static void
grow_slots(const struct list *list, struct list_slots *out, int spare)
{
	bool grew = true;

	while (spare > 0 && grew) {
		grew = false;
		for (size_t i = 0; i < out->count && spare > 0; i++)
			if (out->slot[i].cols < list->column[out->slot[i].column].max) {
				out->slot[i].cols++;
				spare--;
				grew = true;
			}
	}
}

static void
place_slots(const struct list *list, struct list_slots *out, int cols)
{
	int col = gutter(list);
	size_t shown = 0;

	for (size_t i = 0; i < out->count; i++) {
		struct list_slot *slot = &out->slot[i];

		slot->col = col;
		if (slot->col + slot->cols > cols)
			slot->cols = cols - slot->col;
		if (slot->cols <= 0)
			break;
		col += slot->cols + 1;
		shown++;
	}
	out->more_right = shown < out->count;
	out->count = shown;
}

/* Scrolled sideways, dropping ends: the columns asked for come one after another, and the
 * last is cut where the area ends. */
void
list_slots(const struct list *list, int cols, struct list_slots *out)
{
	bool gone[LIST_COLUMNS_MAX] = { false };
	int used = gutter(list) - 1;

	*out = (struct list_slots){ .more_left = list->scroll > 0 };
	for (size_t i = 1; i <= list->scroll && i < list->columns; i++)
		gone[i] = true;
	if (list->scroll == 0)
		drop_columns(list, cols, gone, out);
	for (size_t i = 0; i < list->columns; i++) {
		if (gone[i])
			continue;
		out->slot[out->count++] =
			(struct list_slot){ .column = i, .cols = list->column[i].min };
		used += list->column[i].min + 1;
	}
	grow_slots(list, out, cols - used);
	place_slots(list, out, cols);
	if (out->drops > 0)
		out->more_right = true;
}
