/*
 * A table: a shelf's rows as a list pane shows them.  One column table says what a column
 * is called, how it looks, and what filter, sort and export read in it; the engine keeps
 * the rows shown in order while pages pour in, and the cursor on its key.
 */
#ifndef ONECLICK_CONSOLE_TABLE_H
#define ONECLICK_CONSOLE_TABLE_H

#include <stddef.h>

#include "oneclick/console/filter.h"
#include "oneclick/console/state.h"
#include "oneclick/console/times.h"
#include "oneclick/ui/list.h"

enum { TABLE_COLUMNS_MAX = 16, TABLE_BY_NATURE = -1, TABLE_BY_CLASS = -2 };

struct table;

/* What stands in a row at a column's place. */
enum column_holds {
	HOLDS_OWN,    /* nothing the columns know: its class says what it shows */
	HOLDS_WORD,   /* uint32_t of the state's words */
	HOLDS_COUNT,  /* uint32_t */
	HOLDS_LIFE,   /* float, percent */
	HOLDS_MOMENT, /* int64_t, 0 for never */
};

struct table_column {
	const char *name; /* "battery": as filters, `sort` and exports call it */
	enum filter_kind kind;
	struct list_column look; /* of the columns that are drawn */
	enum column_holds holds;
	size_t at; /* where in the row, in bytes */
};

struct table_class {
	const struct table_column *column;
	size_t columns; /* all of them */
	size_t shown;   /* the first so many are drawn */
	size_t name;    /* the column a row is called by: copied, gone to */
	int sort;       /* the column rows are sorted by at first, or TABLE_BY_NATURE */
	/* Where in the state its shelf and rows lie, and in a row its flags (TABLE_OF,
	 * TABLE_MARKS). `row` tells of rows that do not lie in order; NULL: they do. */
	size_t shelf_at, rows_at, row_size, flags_at;
	bool has_marks;
	const void *(*row)(const struct state *state, size_t row);
	/* False: the row lies outside the table's scope.  NULL: none does. */
	bool (*in_scope)(const struct table *table, size_t row);
	/* What a column says: texts never NULL, numbers NaN when not known, ages in ms.
	 */
	const char *(*text)(const struct table *table, size_t row, size_t column);
	double (*number)(const struct table *table, size_t row, size_t column);
	void (*cell)(const struct table *table, const void *ctx, size_t row,
		size_t column, struct list_cell *cell);
	uint64_t (*key)(const struct table *table, size_t row);
};

/* The members above for the shelf of the state that is called so. */
#define TABLE_OF(name) \
	.shelf_at = offsetof(struct state, name.shelf), \
	.rows_at = offsetof(struct state, name.row), \
	.row_size = sizeof(*((struct state *)0)->name.row)
#define TABLE_MARKS(row_type) \
	.flags_at = offsetof(struct row_type, flags), .has_marks = true

struct shelf *table_shelf(const struct table *table);
/* The row of that number, of its own type; and its flags, if it has marks. */
const void *table_at(const struct table *table, size_t row);
unsigned char *table_flags(const struct table *table, size_t row);

struct table {
	const struct table_class *class;
	struct state *state;
	uint32_t project; /* scope, a word; WORD_NONE: all */
	struct list list;
	struct list_column look[TABLE_COLUMNS_MAX];
	struct times times; /* how ages are shown; set before each frame */
	uint32_t *row;      /* shelf rows shown, in order */
	size_t count, room;
	size_t scoped;     /* rows in scope, before the filter */
	size_t seen;       /* shelf rows looked at */
	unsigned shape;    /* of the shelf when looked at */
	size_t marks;      /* marked rows in scope */
	char *filter_text; /* "" for none */
	struct filter *filter;
	bool filter_is_new; /* what it hides was meant to go */
	int sort;           /* column, or TABLE_BY_NATURE */
	bool descending;
	uint64_t cursor; /* key under the cursor */
	bool has_cursor;
	uint64_t anchor; /* of a range of marks */
	bool has_anchor;
};

struct table *table_new(const void *ctx, const struct table_class *class,
	struct state *state, uint32_t project);

/* Brings the rows shown up to date with the shelf.  True if the row that was under the
 * cursor is gone, and not by a filter that was just set. */
bool table_refresh(struct table *table);
/* On failure the filter stays what it was. */
enum err table_filter(struct table *table, const char *text, struct fault *why);
void table_sort(struct table *table, int column, bool descending);
/* The column of that name among those drawn, or TABLE_BY_NATURE. */
int table_column_find(const struct table *table, const char *name);

/* The shelf row under the cursor, NO_ROW when nothing is shown. */
uint32_t table_row(const struct table *table);
bool table_go_key(struct table *table, uint64_t key);
/* Notes what is under the cursor now, after it was moved. */
void table_note_cursor(struct table *table);

void table_mark(struct table *table, bool down); /* and goes one row down */
void table_mark_range(struct table *table);      /* begins one, or ends it */
void table_mark_all(struct table *table);        /* those shown */
void table_unmark(struct table *table);
/* The marked rows in scope, or else the one under the cursor: *count shelf rows. */
uint32_t *table_chosen(const struct table *table, const void *ctx, size_t *count);

#endif
