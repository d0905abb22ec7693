/*
 * Stragglers: letters of the log that are not settled while newer ones are.  The cursor
 * cannot pass them, so that a kill would send all those newer ones again.  Before long they
 * are filed: what queues is put aside, and what is under way gets a row while it is.
 */
#include "dispatch_parts.h"
#include "oneclick/base/moment.h"

enum { STRAGGLE = 250 }; /* ms one may hold the cursor */

static bool
is_cursor_held(const struct dispatch *dispatch)
{
	return dispatch->log && dispatch->log->pos < dispatch->passed;
}

void
straggler_note(struct dispatch *dispatch)
{
	if (dispatch->straggles || dispatch->closing || !is_cursor_held(dispatch))
		return;
	dispatch->straggles = true;
	loop_timer_set(dispatch->straggler_timer, STRAGGLE, 0);
}

static void
file(struct dispatch *dispatch, struct letter *letter)
{
	if (letter->sent && letter->row == ROW_NONE) {
		letter->row = ROW_WANTED;
		dispatch->rows_wanted = true;
	} else if (letter->line && !letter->sent) {
		letter->line->aside = true;
		line_put_aside(letter->line);
	}
}

void
straggler_look(void *arg)
{
	struct dispatch *dispatch = arg;
	int64_t now = moment_ticks();
	struct letter *letter;

	dispatch->straggles = false;
	for (letter = dispatch->log; letter && letter->pos < dispatch->passed;
		letter = letter->newer)
		if (now - letter->taken >= STRAGGLE)
			file(dispatch, letter);
	book_note(dispatch);
	straggler_note(dispatch);
}

void
straggler_file_all(struct dispatch *dispatch)
{
	struct letter *letter;

	for (letter = dispatch->log; letter && letter->pos < dispatch->passed;
		letter = letter->newer)
		if (letter->line && letter->row != ROW_BEING_WRITTEN)
			line_file(letter->line, letter);
}
