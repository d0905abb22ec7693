/* The end, before the end: what is under way may end well, and is not sent again then. */
#include "dispatch_parts.h"
#include "oneclick/base/moment.h"

enum { LOOK_EVERY = 20 }; /* ms */

static bool
is_caught_up(const struct dispatch *dispatch)
{
	const struct board *board = dispatch->board;

	if (dispatch->log || dispatch->grown || dispatch->reading || dispatch->surveying)
		return false;
	for (size_t i = 0; i < board->table->count; i++)
		if (!line_is_idle(&board->line[i]))
			return false;
	return true;
}

static void
look(void *arg)
{
	struct dispatch *dispatch = arg;

	if (moment_ticks() < dispatch->drain_until &&
		(dispatch->counts.in_flight > 0 ||
			(dispatch->draining == DRAIN_ALL && !is_caught_up(dispatch))))
		return;
	loop_timer_clear(dispatch->drain_timer);
	dispatch->drained(dispatch->drained_arg);
}

void
dispatch_drain(
	struct service *service, bool all, int64_t limit, loop_fn drained, void *arg)
{
	struct dispatch *dispatch = service->dispatch;

	dispatch->draining = all ? DRAIN_ALL : DRAIN_UNDER_WAY;
	dispatch->drain_until = moment_ticks() + limit;
	dispatch->drained = drained;
	dispatch->drained_arg = arg;
	dispatch->drain_timer = loop_timer_new(service->loop, look, dispatch);
	loop_timer_set(dispatch->drain_timer, 0, LOOK_EVERY);
}

int64_t
dispatch_left(const struct service *service)
{
	const struct dispatch *dispatch = service->dispatch;
	const struct letter *letter;
	int64_t left = dispatch->counts.waiting;

	for (letter = dispatch->log; letter; letter = letter->newer)
		left += letter->line != NULL;
	return dispatch->counts.failed > 0 || dispatch->log ? left : 0;
}
