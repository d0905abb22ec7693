/*
 * The plan: the calls that make what there is into what is wanted, in an order in which
 * each finds what it needs.  Pure: it asks nobody.
 */
#ifndef ONECLICK_SRC_CONSOLE_FLEET_PLAN_H
#define ONECLICK_SRC_CONSOLE_FLEET_PLAN_H

#include "fleet.h"
#include "oneclick/api/ask.h"

struct step {
	enum op op; /* OP_NONE: it cannot be done, and `detail` says why */
	struct ask ask;
	int line;            /* of the file; 0: what the file does not name */
	const char *subject; /* "MeetingRooms/room-217" */
	const char *detail;  /* "Room: 217, was 218" */
	bool takes_away;     /* a placement or a device out of its slot */
};

struct plan {
	struct step *step;
	size_t count, refused, taking_away;
};

/* `prune`: placements of the wanted projects that the file does not name are to go. Lives
 * as long as ctx; borrows from both fleets. */
struct plan *plan_make(const void *ctx, const struct fleet *wanted,
	const struct fleet *found, bool prune);

#endif
