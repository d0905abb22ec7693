#include "oneclick/console/table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "table_order.h"

static void
draw_cell(const void *arg, const void *ctx, size_t row, size_t column,
	struct list_cell *cell)
{
	const struct table *table = arg;

	table->class->cell(table, ctx, table->row[row], column, cell);
}

static bool
is_marked(const void *arg, size_t row)
{
	const struct table *table = arg;

	return *table_flags(table, table->row[row]) & ROW_MARKED;
}

struct shelf *
table_shelf(const struct table *table)
{
	return (struct shelf *)((char *)table->state + table->class->shelf_at);
}

const void *
table_at(const struct table *table, size_t row)
{
	const struct table_class *class = table->class;
	const char *rows;

	if (class->row)
		return class->row(table->state, row);
	memcpy(&rows, (const char *)table->state + class->rows_at, sizeof(rows));
	return rows + row * class->row_size;
}

unsigned char *
table_flags(const struct table *table, size_t row)
{
	return (unsigned char *)table_at(table, row) + table->class->flags_at;
}

struct table *
table_new(const void *ctx, const struct table_class *class, struct state *state,
	uint32_t project)
{
	struct table *table = mem_new(ctx, struct table);

	table->class = class;
	table->state = state;
	table->project = project;
	table->sort = class->sort;
	table->filter_text = mem_text(table, "");
	table->shape = table_shelf(table)->shape - 1;
	for (size_t i = 0; i < class->shown; i++)
		table->look[i] = class->column[i].look;
	list_init(&table->list, table->look, class->shown, draw_cell, table);
	table->list.highlight = LIST_CELL;
	if (class->has_marks)
		table->list.marked = is_marked;
	return table;
}

static const char *
read_text(const void *arg, size_t row, size_t field)
{
	const struct table *table = arg;

	return table->class->text(table, row, field);
}

static double
read_number(const void *arg, size_t row, size_t field)
{
	const struct table *table = arg;

	return table->class->number(table, row, field);
}

static void
name_fields(const struct table *table, struct filter_field field[TABLE_COLUMNS_MAX])
{
	for (size_t i = 0; i < table->class->columns; i++)
		field[i] = (struct filter_field){ table->class->column[i].name,
			table->class->column[i].kind };
}

static bool
is_shown(const struct table *table, size_t row)
{
	struct filter_field field[TABLE_COLUMNS_MAX];
	struct filter_rows rows = { .field = field,
		.fields = table->class->columns,
		.text = read_text,
		.number = read_number,
		.arg = table };

	if (!table->filter)
		return true;
	name_fields(table, field);
	return filter_match(table->filter, &rows, row);
}

static void
add_shown(struct table *table, size_t row)
{
	if (table->count == table->room) {
		table->room = table->room ? table->room * 3 / 2 : 64;
		table->row = mem_resize(table, table->row, uint32_t, table->room);
	}
	table->row[table->count++] = (uint32_t)row;
}

static void
look_at(struct table *table, const struct shelf *shelf, size_t from)
{
	size_t had = table->count;

	filter_begin(table->filter);
	for (size_t i = from; i < shelf->count; i++) {
		if (table->class->in_scope && !table->class->in_scope(table, i))
			continue;
		table->scoped++;
		if (is_shown(table, i))
			add_shown(table, i);
	}
	table->seen = shelf->count;
	table->shape = shelf->shape;
	order_rows(table, had);
}

static void
rebuild(struct table *table, const struct shelf *shelf)
{
	table->count = table->scoped = 0;
	look_at(table, shelf, 0);
}

static void
remove_shown(struct table *table, uint32_t row)
{
	for (size_t i = 0; i < table->count; i++)
		if (table->row[i] == row) {
			table->count--;
			memmove(&table->row[i], &table->row[i + 1],
				(table->count - i) * sizeof(*table->row));
			return;
		}
}

/* The row's values changed: it may belong elsewhere, or no longer here. */
static void
look_again(struct table *table, uint32_t row)
{
	if (table->sort == TABLE_BY_NATURE && !table->filter && !table->class->in_scope)
		return;
	if (row >= table->seen)
		return;
	remove_shown(table, row);
	if (table->class->in_scope && !table->class->in_scope(table, row))
		return;
	if (is_shown(table, row)) {
		add_shown(table, row);
		order_rows(table, table->count - 1);
	}
}

static void
take_changes(struct table *table, const struct shelf *shelf)
{
	if (shelf->shape != table->shape) {
		if (shelf->appended && table->seen && table->seen <= shelf->count)
			look_at(table, shelf, table->seen);
		else
			rebuild(table, shelf);
	}
	if (shelf->touches > SHELF_TOUCHES &&
		(table->filter || table->sort >= 0 || table->class->in_scope))
		rebuild(table, shelf);
	else
		for (size_t i = 0; i < shelf->touches && i < SHELF_TOUCHES; i++)
			look_again(table, shelf->touched[i]);
}

static bool
find_key(const struct table *table, uint64_t key, size_t *at)
{
	if (*at < table->count && table->class->key(table, table->row[*at]) == key)
		return true;
	for (*at = 0; *at < table->count; (*at)++)
		if (table->class->key(table, table->row[*at]) == key)
			return true;
	return false;
}

static void
count_marks(struct table *table, const struct shelf *shelf)
{
	table->marks = 0;
	for (size_t i = 0; table->class->has_marks && i < shelf->count; i++)
		if (*table_flags(table, i) & ROW_MARKED)
			table->marks += !table->class->in_scope ||
					table->class->in_scope(table, i);
}

bool
table_refresh(struct table *table)
{
	struct shelf *shelf = table_shelf(table);
	size_t at = table->list.cursor;
	bool gone = false;

	take_changes(table, shelf);
	shelf_settle(shelf);
	list_set_count(&table->list, table->count);
	table->list.sort = table->sort;
	table->list.descending = table->descending;
	count_marks(table, shelf);
	if (table->has_cursor && find_key(table, table->cursor, &at))
		list_go(&table->list, at);
	else
		gone = table->has_cursor && table->count && !table->filter_is_new;
	table->filter_is_new = false;
	table_note_cursor(table);
	return gone;
}

/* Shows by the filter, from which a pattern may be too slow: then by the old one again. */
static enum err
show_by(struct table *table, struct filter *filter, struct fault *why)
{
	struct filter *old = table->filter;
	enum err err;

	table->filter = filter;
	rebuild(table, table_shelf(table));
	err = filter_gave_up(filter, why);
	if (err) {
		table->filter = old;
		rebuild(table, table_shelf(table));
		old = filter;
	}
	mem_free(old);
	return err;
}

enum err
table_filter(struct table *table, const char *text, struct fault *why)
{
	struct filter_field field[TABLE_COLUMNS_MAX];
	struct filter *filter = NULL;
	enum err err;

	name_fields(table, field);
	err = filter_parse(table, text, field, table->class->columns, &filter, why);
	if (err)
		return err;
	if (filter_is_empty(filter)) {
		mem_free(filter);
		filter = NULL;
	}
	err = show_by(table, filter, why);
	if (err)
		return err;
	mem_free(table->filter_text);
	table->filter_text = mem_text(table, text);
	table->filter_is_new = true;
	return ERR_NONE;
}

void
table_sort(struct table *table, int column, bool descending)
{
	table->sort = column;
	table->descending = descending;
	rebuild(table, table_shelf(table));
}

int
table_column_find(const struct table *table, const char *name)
{
	for (size_t i = 0; i < table->class->columns; i++)
		if (strcmp(table->class->column[i].name, name) == 0)
			return (int)i;
	return TABLE_BY_NATURE;
}

uint32_t
table_row(const struct table *table)
{
	return table->list.cursor < table->count ? table->row[table->list.cursor]
						 : NO_ROW;
}

bool
table_go_key(struct table *table, uint64_t key)
{
	size_t at = 0;

	if (!find_key(table, key, &at))
		return false;
	list_go(&table->list, at);
	table_note_cursor(table);
	return true;
}

void
table_note_cursor(struct table *table)
{
	uint32_t row = table_row(table);

	table->has_cursor = row != NO_ROW;
	if (table->has_cursor)
		table->cursor = table->class->key(table, row);
}

static void
mark_shown(struct table *table, size_t from, size_t to)
{
	for (size_t i = from; i <= to && i < table->count; i++)
		*table_flags(table, table->row[i]) |= ROW_MARKED;
}

void
table_mark(struct table *table, bool down)
{
	uint32_t row = table_row(table);

	if (row == NO_ROW)
		return;
	*table_flags(table, row) ^= ROW_MARKED;
	if (down)
		list_move(&table->list, LIST_DOWN);
	table_note_cursor(table);
}

void
table_mark_range(struct table *table)
{
	size_t at = 0, here = table->list.cursor;

	if (table->has_anchor && find_key(table, table->anchor, &at)) {
		mark_shown(table, at < here ? at : here, at < here ? here : at);
		table->has_anchor = false;
	} else {
		table->has_anchor = table->has_cursor;
		table->anchor = table->cursor;
		mark_shown(table, here, here);
	}
}

void
table_mark_all(struct table *table)
{
	mark_shown(table, 0, table->count);
}

void
table_unmark(struct table *table)
{
	size_t count = table_shelf(table)->count;

	for (size_t i = 0; i < count; i++)
		*table_flags(table, i) &= (unsigned char)~ROW_MARKED;
	table->has_anchor = false;
}

uint32_t *
table_chosen(const struct table *table, const void *ctx, size_t *count)
{
	size_t rows = table_shelf(table)->count;
	uint32_t *chosen = mem_array(ctx, uint32_t, table->marks + 1);

	*count = 0;
	for (size_t i = 0; table->class->has_marks && i < rows && *count < table->marks;
		i++)
		if ((*table_flags(table, i) & ROW_MARKED) &&
			(!table->class->in_scope || table->class->in_scope(table, i)))
			chosen[(*count)++] = (uint32_t)i;
	if (!*count && table_row(table) != NO_ROW)
		chosen[(*count)++] = table_row(table);
	return chosen;
}
