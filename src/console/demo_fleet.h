/* The demo's fleet: which buttons there are and where they hang, drawn from a seed. */
#ifndef ONECLICK_SRC_CONSOLE_DEMO_FLEET_H
#define ONECLICK_SRC_CONSOLE_DEMO_FLEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "oneclick/api/ask.h"

#define DEMO_PROJECT "MeetingRoomSatisfaction"
#define DEMO_CLAIM_CODE "C-MEETINGROOMS"

enum { DEMO_ROOMS = 50, DEMO_BUTTONS = 100 };

struct demo_button {
	char id[17];
	int room;         /* 0 to 49; -1: not placed */
	bool unsatisfied; /* which of the two templates */
	bool enabled;
	double life;
};

struct demo_fleet {
	uint64_t random; /* state of the generator */
	struct demo_button button[DEMO_BUTTONS];
};

void demo_fleet_draw(struct demo_fleet *fleet, uint64_t seed);
/* The next number below n. */
uint64_t demo_fleet_random(struct demo_fleet *fleet, uint64_t n);

/* The call that does step `i` of the set-up; false past its end. Steps of one phase need
 * nothing of each other; the next phase needs all of it. */
struct demo_step {
	enum op op; /* OP_NONE: a press that reports the button's life */
	struct ask ask;
	const struct demo_button *button;
	int phase;
};
bool demo_fleet_step(
	const struct demo_fleet *fleet, const void *ctx, size_t i, struct demo_step *out);
size_t demo_fleet_steps(const struct demo_fleet *fleet);

#endif
