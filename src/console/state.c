#include "oneclick/console/state.h"

#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/model/arn.h"
#include "state_rows.h"

enum { COUNT_AT_ONCE = 2000 }; /* devices */
enum { RELOAD_MIN = 1000 /* ms */, RELOAD_TIMES = 10 /* what the last took */ };

struct state *
state_new(const void *ctx)
{
	struct state *state = mem_new(ctx, struct state);

	state->words = words_new(state);
	return state;
}

void
shelf_begin(struct shelf *shelf)
{
	shelf->generation++;
	shelf->phase = SHELF_LOADING;
	shelf->pages = (struct pages){ 0 };
	shelf->begun = moment_ticks();
}

void
shelf_stop(struct shelf *shelf, const struct fault *why)
{
	shelf->phase = SHELF_FAILED;
	shelf->why = *why;
	shelf->ended = moment_ticks();
}

bool
shelf_is_due(const struct shelf *shelf)
{
	int64_t wait = RELOAD_TIMES * (shelf->ended - shelf->begun);

	return shelf->phase != SHELF_LOADING &&
	       moment_ticks() - shelf->ended >= (wait > RELOAD_MIN ? wait : RELOAD_MIN);
}

void
shelf_settle(struct shelf *shelf)
{
	shelf->touches = 0;
	shelf->appended = true;
}

void
shelf_touch(struct shelf *shelf, uint32_t row)
{
	for (size_t i = 0; i < shelf->touches && i < SHELF_TOUCHES; i++)
		if (shelf->touched[i] == row)
			return;
	if (shelf->touches < SHELF_TOUCHES)
		shelf->touched[shelf->touches] = row;
	if (shelf->touches <= SHELF_TOUCHES)
		shelf->touches++;
}

void
shelf_whole(struct shelf *shelf)
{
	shelf->phase = SHELF_WHOLE;
	shelf->loaded_at = moment_now();
	shelf->ended = moment_ticks();
}

bool
shelf_keep(struct shelf *shelf, size_t kept)
{
	if (kept == shelf->count)
		return false;
	shelf->count = kept;
	shelf->shape++;
	shelf->appended = false;
	return true;
}

void
state_note_arn(struct state *state, const char *text)
{
	struct arn arn;

	if (!*state->account && text && arn_parse(text, &arn, NULL) == ERR_NONE)
		memcpy(state->account, arn.account, sizeof(state->account));
}

static void
count_device(struct state *state, uint32_t at)
{
	const struct device_row *device = &state->devices.row[at];
	uint32_t in = projects_row(state, device->project);
	uint32_t placed = placements_row(state, device->project, device->placement);

	if (in != NO_ROW) {
		state->projects.row[in].devices++;
		state->projects.row[in].low += device->life < BATTERY_LOW;
	}
	if (placed != NO_ROW) {
		struct placement_row *placement = &state->placements.row[placed];

		if (!placement->devices++ || device->life < placement->life)
			placement->life = device->life;
		if (placement->devices == 1)
			placement->device = at;
	}
}

/* While pages pour in, twice a second is often enough. */
static bool
is_counting_due(struct state *state)
{
	unsigned shapes = state->devices.shelf.shape + state->projects.shelf.shape +
			  state->placements.shelf.shape;
	int64_t now = moment_ticks();

	if (state->counted == shapes && !state->uncounted)
		return false;
	if (state->devices.shelf.phase == SHELF_LOADING &&
		state->devices.shelf.count > COUNT_AT_ONCE &&
		now - state->counted_at < 500)
		return false;
	state->counted = shapes;
	state->counted_at = now;
	state->uncounted = false;
	return true;
}

void
state_count(struct state *state)
{
	if (!is_counting_due(state))
		return;
	for (size_t i = 0; i < state->projects.shelf.count; i++) {
		struct project_row *row = &state->projects.row[i];

		row->devices = row->low = row->placements = 0;
	}
	for (size_t i = 0; i < state->placements.shelf.count; i++) {
		struct placement_row *row = &state->placements.row[i];
		uint32_t in = projects_row(state, row->project);

		row->device = NO_ROW;
		row->devices = 0;
		if (in != NO_ROW)
			state->projects.row[in].placements++;
	}
	for (size_t i = 0; i < state->devices.shelf.count; i++)
		if (state->devices.row[i].project)
			count_device(state, (uint32_t)i);
}
