/* Rows that more than one file reads. */
#ifndef ONECLICK_STORE_SQLITE_ROWS_H
#define ONECLICK_STORE_SQLITE_ROWS_H

#include "db.h"
#include "oneclick/model/event.h"

enum { EVENT_COLUMN_COUNT = 12 };

/* The first columns, EVENT_COLUMNS of sql.c; texts are the row's own. */
struct event row_event(const struct query *q);

#endif
