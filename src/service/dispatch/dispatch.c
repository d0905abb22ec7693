#include <stdatomic.h>

#include "dispatch_parts.h"
#include "oneclick/base/log.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/service/hub.h"

enum {
	TEND_EVERY = 60 * 1000, /* ms, at least while something waits */
	CLOCK_JUMP = 1000,      /* ms */
	/* ms; no wait is longer (dispatch_wait), so what is due later met another clock */
	WAIT_MAX = 75 * 60 * 1000,
};

/* Dead letters wait again; see dispatch_replayed. */
static atomic_bool replayed;

/* ---- letters ---- */

void
dispatch_drop(struct dispatch *dispatch, struct letter *letter)
{
	if (letter->older)
		DL_DELETE2(dispatch->log, letter, older, newer);
	if (letter->stored)
		HASH_DEL(dispatch->stored, letter);
	line_adopt(NULL, letter);
	dispatch->letters--;
	dispatch->weight -= letter->weight;
	mem_free(letter);
}

void
dispatch_route(struct dispatch *dispatch, struct letter *letter)
{
	struct line *line = board_find(dispatch->board, letter->parcel.callback);
	char *lost;

	if (line) {
		line_take(line, letter);
		line_tend(line);
		return;
	}
	lost = mem_format(letter, DISPATCH_LOST, letter->parcel.callback);
	letter_fail(letter, lost);
	letter->target = NULL;
	book_enter(dispatch, letter, FATE_DEAD);
}

/* ---- jobs ---- */

static void free_all(struct dispatch *dispatch);

void
dispatch_submit(struct dispatch *dispatch, struct job *job)
{
	dispatch->jobs++;
	lanes_submit(dispatch->service->lanes, job);
}

void
dispatch_end(struct dispatch *dispatch)
{
	if (--dispatch->jobs == 0 && dispatch->closing)
		free_all(dispatch);
}

/* ---- time ---- */

void
dispatch_schedule(struct dispatch *dispatch, const struct line *line)
{
	int64_t wait = line_wait(line), at;

	if (wait == INT64_MAX || dispatch->closing)
		return;
	wait = wait < 0 ? 0 : wait > TEND_EVERY ? TEND_EVERY : wait;
	at = moment_ticks() + wait;
	if (at >= dispatch->timer_at)
		return;
	dispatch->timer_at = at;
	loop_timer_set(dispatch->timer, wait, 0);
}

static int64_t
find_offset(void)
{
	return moment_now() - moment_ticks();
}

/* Set back, what waits would wait so much longer. */
static void
hasten_all(struct dispatch *dispatch)
{
	int64_t now = moment_now();
	struct letter *letter;

	DL_FOREACH (dispatch->book, letter)
		if (letter->due > now)
			letter->due = now;
	filed_survey(dispatch, 0);
}

/* True when the clock was set since it was last asked. */
static bool
has_clock_jumped(struct dispatch *dispatch)
{
	int64_t by = find_offset() - dispatch->offset;

	if (by > -CLOCK_JUMP && by < CLOCK_JUMP)
		return false;
	dispatch->offset += by;
	if (by < 0)
		hasten_all(dispatch);
	return true;
}

static void
tend_all(void *arg)
{
	struct dispatch *dispatch = arg;
	struct board *board = dispatch->board;

	dispatch->timer_at = INT64_MAX;
	has_clock_jumped(dispatch);
	for (size_t i = 0; i < board->table->count; i++)
		line_tend(&board->line[i]);
}

static void
hear_log(void *arg)
{
	struct dispatch *dispatch = arg;

	dispatch->grown = true;
	if (atomic_exchange(&replayed, false))
		filed_survey(dispatch, WAIT_MAX);
	if (has_clock_jumped(dispatch))
		tend_all(dispatch);
	dispatch_read_on(dispatch);
}

void
dispatch_replayed(void)
{
	atomic_store(&replayed, true);
}

/* ---- opening, reloading, closing ---- */

enum err
dispatch_open(struct service *service, struct fault *why)
{
	struct dispatch *dispatch = mem_new(NULL, struct dispatch);
	enum err err;

	dispatch->service = service;
	dispatch->transfers = transfers_new(NULL, service->loop);
	transfers_lift_limit(dispatch->transfers);
	err = board_open(dispatch, &dispatch->board, why);
	if (err) {
		transfers_free(dispatch->transfers);
		mem_free(dispatch);
		return err;
	}
	service->dispatch = dispatch;
	dispatch->timer_at = INT64_MAX;
	dispatch->offset = find_offset();
	dispatch->timer = loop_timer_new(service->loop, tend_all, dispatch);
	dispatch->book_timer = loop_timer_new(service->loop, book_write, dispatch);
	dispatch->room_timer =
		loop_timer_new(service->loop, dispatch_make_room, dispatch);
	dispatch->straggler_timer =
		loop_timer_new(service->loop, straggler_look, dispatch);
	dispatch->follower = hub_follow(service->hub, hear_log, dispatch);
	filed_survey(dispatch, WAIT_MAX);
	tend_all(dispatch);
	dispatch->grown = true;
	dispatch_read_on(dispatch);
	return ERR_NONE;
}

/* What queues moves to the new board; what is under way ends on the old. */
static void
retire(struct dispatch *dispatch, struct board *old)
{
	struct letter *letter, *next, *moved = NULL;

	DL_APPEND(dispatch->retired, old);
	board_hold(old);
	for (size_t i = 0; i < old->table->count; i++)
		line_empty(&old->line[i], &moved);
	DL_FOREACH_SAFE (moved, letter, next) {
		DL_DELETE(moved, letter);
		dispatch_route(dispatch, letter);
	}
	board_release(old);
}

void
dispatch_reload(struct service *service)
{
	struct dispatch *dispatch = service->dispatch;
	struct board *old = dispatch->board;
	struct board *fresh;
	struct fault why;

	if (board_open(dispatch, &fresh, &why)) {
		log_line(LOG_ERROR, "destinations stay as they were: %s", why.sentence);
		return;
	}
	dispatch->board = fresh;
	retire(dispatch, old);
	filed_survey(dispatch, WAIT_MAX);
	tend_all(dispatch);
	dispatch_read_on(dispatch);
}

static void
cancel_attempts(struct board *board)
{
	struct letter *letter;

	for (size_t i = 0; i < board->table->count; i++)
		DL_FOREACH (board->line[i].busy, letter)
			board->line[i].to->class->cancel(letter->attempt);
}

static void
free_letters(struct dispatch *dispatch)
{
	struct letter *letter, *next;

	DL_FOREACH_SAFE (dispatch->book, letter, next)
		if (!letter->older && !letter->stored)
			mem_free(letter);
	DL_FOREACH_SAFE2(dispatch->log, letter, next, newer)
	mem_free(letter);
	HASH_ITER (hh, dispatch->stored, letter, next) {
		HASH_DEL(dispatch->stored, letter);
		mem_free(letter);
	}
}

static void
free_all(struct dispatch *dispatch)
{
	struct board *board, *next;

	free_letters(dispatch);
	DL_FOREACH_SAFE (dispatch->retired, board, next)
		board_close(board);
	board_close(dispatch->board);
	transfers_free(dispatch->transfers);
	mem_free(dispatch);
}

void
dispatch_close(struct service *service)
{
	struct dispatch *dispatch = service->dispatch;
	struct board *board;

	service->dispatch = NULL;
	hub_unfollow(dispatch->follower);
	loop_timer_stop(dispatch->timer);
	loop_timer_stop(dispatch->book_timer);
	loop_timer_stop(dispatch->room_timer);
	loop_timer_stop(dispatch->straggler_timer);
	loop_timer_stop(dispatch->drain_timer);
	dispatch->closing = true;
	cancel_attempts(dispatch->board);
	DL_FOREACH (dispatch->retired, board)
		cancel_attempts(board);
	straggler_file_all(dispatch);
	book_write(dispatch);
	if (dispatch->jobs == 0)
		free_all(dispatch);
}

/* ---- counts ---- */

struct dispatch_counts
dispatch_counts(const struct service *service)
{
	const struct dispatch *dispatch = service->dispatch;
	struct dispatch_counts counts = { 0 };

	if (!dispatch)
		return counts;
	counts = dispatch->counts;
	counts.behind = dispatch->last - dispatch->read;
	if (dispatch->log) {
		counts.behind = dispatch->last - dispatch->log->pos + 1;
		counts.oldest = moment_now() - dispatch->log->parcel.event->at;
	}
	for (size_t i = 0; i < dispatch->board->table->count; i++)
		counts.shut += line_is_shut(&dispatch->board->line[i]);
	return counts;
}
