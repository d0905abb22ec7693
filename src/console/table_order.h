/* The order of a table's rows. */
#ifndef ONECLICK_SRC_CONSOLE_TABLE_ORDER_H
#define ONECLICK_SRC_CONSOLE_TABLE_ORDER_H

#include "oneclick/console/table.h"

/* Sorts table->row[had..count) and merges it into the rows before, which are sorted. */
void order_rows(struct table *table, size_t had);

#endif
