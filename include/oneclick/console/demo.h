/*
 * The demo: a throw-away service with the guide's MeetingRoomSatisfaction project, 50
 * rooms and 100 buttons, set up behind the first frame through the same calls a user
 * makes, and presses arriving at random. Its directory is removed at the end.
 */
#ifndef ONECLICK_CONSOLE_DEMO_H
#define ONECLICK_CONSOLE_DEMO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "oneclick/base/fault.h"
#include "oneclick/base/loop.h"
#include "oneclick/console/local.h"

struct demo;
struct demo_options {
	uint64_t seed; /* the same seed makes the same fleet and the same presses */
	bool still;    /* no presses */
};
/* After each answered call of the set-up: so many of so many; `why` is NULL unless one
 * was refused, which ends the set-up. `done` == `total` is the end of it. */
typedef void (*demo_progress_fn)(
	void *arg, size_t done, size_t total, const struct fault *why);

enum err demo_start(const void *ctx, struct loop *loop,
	const struct demo_options *options, struct demo **out, struct fault *why);
void demo_stop(struct demo *demo); /* also stops its service and removes its files */
/* One listener; it hears from the loop, at once where there is news already. */
void demo_on_progress(struct demo *demo, demo_progress_fn fn, void *arg);
struct local *demo_local(const struct demo *demo);

#endif
