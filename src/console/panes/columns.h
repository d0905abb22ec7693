/* Columns that show what a row holds: the column table names the member, and its kind
 * says the rest, how it reads, filters, sorts and looks. */
#ifndef ONECLICK_SRC_CONSOLE_PANES_COLUMNS_H
#define ONECLICK_SRC_CONSOLE_PANES_COLUMNS_H

#include <stddef.h>

#include "oneclick/console/table.h"

#define COLUMN_WORD(row, member) \
	.kind = FILTER_TEXT, .holds = HOLDS_WORD, .at = offsetof(struct row, member)
#define COLUMN_COUNT(row, member) \
	.kind = FILTER_NUMBER, .holds = HOLDS_COUNT, .at = offsetof(struct row, member)
#define COLUMN_LIFE(row, member) \
	.kind = FILTER_NUMBER, .holds = HOLDS_LIFE, .at = offsetof(struct row, member)
#define COLUMN_MOMENT(row, member) \
	.kind = FILTER_AGE, .holds = HOLDS_MOMENT, .at = offsetof(struct row, member)

/* The callbacks of a table class; one with columns of its own asks these for the rest. */
const char *columns_text(const struct table *table, size_t row, size_t column);
double columns_number(const struct table *table, size_t row, size_t column);
void columns_cell(const struct table *table, const void *ctx, size_t row, size_t column,
	struct list_cell *cell);
/* The word a row is called by. */
uint64_t columns_key(const struct table *table, size_t row);

#endif
