/* What the shelves share among themselves and with nobody else. */
#ifndef ONECLICK_SRC_CONSOLE_STATE_ROWS_H
#define ONECLICK_SRC_CONSOLE_STATE_ROWS_H

#include "oneclick/console/state.h"

void shelf_touch(struct shelf *shelf, uint32_t row);
void shelf_whole(struct shelf *shelf);
/* The first `kept` rows stay; true if that is not all of them. */
bool shelf_keep(struct shelf *shelf, size_t kept);
/* Rows by words already known; NO_ROW if there is none. */
uint32_t projects_row(const struct state *state, uint32_t name);
uint32_t placements_row(const struct state *state, uint32_t project, uint32_t name);
void state_note_arn(struct state *state, const char *arn);

#endif
