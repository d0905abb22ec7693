#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "dispatch_parts.h"
#include "oneclick/base/log.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/service/hub.h"
#include "oneclick/store/cursors.h"
#include "oneclick/store/events.h"

enum {
	READ_MAX = 256,                /* events of the log at once */
	READ_WEIGHT_MAX = 1024 * 1024, /* bytes of letters made of them */
	LETTERS_MAX = 2048,            /* in memory */
	WEIGHT_MAX = 8 * 1024 * 1024,
	ROOM_EVERY = 25,        /* ms a line that is full may keep the others waiting */
	QUICK = 8,              /* attempts it then has to end to be waited for again */
	AFTER_FAILURE = 1000,   /* ms */
	PATIENCE = 250,         /* ms that the log may be behind for it */
	TEND_EVERY = 60 * 1000, /* ms, at least while something waits */
	CLOCK_JUMP = 1000,      /* ms */
	/* ms; no wait is longer (dispatch_wait), so what is due later met another clock */
	WAIT_MAX = 75 * 60 * 1000,
	BREAK_FIRST = 1000, /* ms a line is first left alone */
	BREAK_MAX = 30 * 1000,
};

/* Dead letters wait again; see dispatch_replayed. */
static atomic_bool replayed;

/* ---- the board ---- */

/* "127.0.0.1:8080" or "[::1]:8080": a callback is not to call us. */
static void
keep_off_ourselves(struct reach *reach, const char *listen)
{
	struct sockaddr_in four = { .sin_family = AF_INET };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
	char host[64] = "";
	int port = 0;

	if (!listen)
		return;
	if (sscanf(listen, "[%63[^]]]:%d", host, &port) == 2 &&
		inet_pton(AF_INET6, host, &six.sin6_addr) == 1) {
		six.sin6_port = htons((uint16_t)port);
		reach_keep_off(reach, (const struct sockaddr *)&six);
	} else if (sscanf(listen, "%63[^:]:%d", host, &port) == 2 &&
		   inet_pton(AF_INET, host, &four.sin_addr) == 1) {
		four.sin_port = htons((uint16_t)port);
		reach_keep_off(reach, (const struct sockaddr *)&four);
	}
}

static void
set_line(struct board *board, size_t i)
{
	const struct destination *to = &board->table->row[i];

	board->line[i] = (struct line){
		.dispatch = board->dispatch,
		.board = board,
		.to = to,
		/* Until it was looked what waits: the others hear of it by the survey. */
		.due = to->ordered ? 0 : DELIVERY_NONE_DUE,
		.aside = to->ordered,
		.pause = { .first = BREAK_FIRST, .cap = BREAK_MAX },
	};
}

static enum err
board_open(struct dispatch *dispatch, struct board **out, struct fault *why)
{
	const struct settings *settings = &dispatch->service->settings;
	struct board *board = mem_new(dispatch, struct board);
	struct reach *reach = NULL;
	enum err err = callbacks_read(
		board, value_get(settings->file, "callbacks"), &reach, why);

	board->dispatch = dispatch;
	board->world = (struct sink_world){
		.loop = dispatch->service->loop,
		.transfers = dispatch->transfers,
		.reach = reach,
		.region = settings->region,
		.account = settings->account,
	};
	if (!err)
		err = destinations_read(board, value_get(settings->file, "destinations"),
			&board->world, &board->table, why);
	if (err) {
		mem_free(board);
		return err;
	}
	keep_off_ourselves(reach, settings->listen);
	board->line = mem_array(board, struct line, board->table->count);
	for (size_t i = 0; i < board->table->count; i++)
		set_line(board, i);
	*out = board;
	return ERR_NONE;
}

static void
board_close(struct board *board)
{
	destinations_close(board->table);
	mem_free(board);
}

struct line *
board_find(const struct board *board, const char *arn)
{
	const struct destination *to = destinations_find(board->table, arn);

	return to ? &board->line[to - board->table->row] : NULL;
}

void
board_hold(struct board *board)
{
	board->busy++;
}

void
board_release(struct board *board)
{
	struct dispatch *dispatch = board->dispatch;

	if (--board->busy > 0 || board == dispatch->board || dispatch->closing)
		return;
	DL_DELETE(dispatch->retired, board);
	board_close(board);
}

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

/* ---- reading the log ---- */

struct reading {
	struct job job;
	struct dispatch *dispatch;
	const char *region;
	bool begins; /* it reads the cursor first */
	int64_t to;  /* read up to there, */
	int64_t at;  /* an event of that moment */
	int64_t last;
	struct letter *letters;
	size_t weight;
};

static bool
take_event(void *arg, const struct event *event)
{
	struct reading *reading = arg;
	struct letter *letter;
	struct fault why;

	reading->to = event->pos;
	reading->at = event->at;
	if (!event->due || !event->context_json)
		return true;
	letter = letter_of_event(reading->region, event, &why);
	if (!letter) {
		log_line(LOG_ERROR, "%s", why.sentence);
		return true;
	}
	DL_APPEND(reading->letters, letter);
	reading->weight += letter->weight;
	return reading->weight < READ_WEIGHT_MAX;
}

static enum err
run_reading(struct job *job, struct tx *tx)
{
	struct reading *reading = (struct reading *)job;
	int64_t first;
	enum err err = ERR_NONE;

	if (reading->begins)
		err = cursors_read(tx, DISPATCH_CONSUMER, &reading->to, &job->why);
	else
		err = events_follow(
			tx, reading->to, READ_MAX, take_event, reading, &job->why);
	if (!err)
		err = events_bounds(tx, &first, &reading->last, &job->why);
	return err;
}

static void
take_letters(struct dispatch *dispatch, struct reading *reading)
{
	struct letter *letter, *next;

	DL_FOREACH_SAFE (reading->letters, letter, next) {
		DL_DELETE(reading->letters, letter);
		if (dispatch->closing || reading->job.result) {
			mem_free(letter);
			continue;
		}
		DL_APPEND2(dispatch->log, letter, older, newer);
		dispatch->letters++;
		dispatch->weight += letter->weight;
		dispatch_route(dispatch, letter);
	}
}

static void
learn(struct dispatch *dispatch, const struct reading *reading)
{
	if (reading->begins) {
		dispatch->begun = true;
		dispatch->written = reading->to;
	}
	if (reading->at > 0)
		dispatch->read_at = reading->at;
	dispatch->read = reading->to;
	dispatch->last = reading->last;
	dispatch->grown = dispatch->grown || reading->to < reading->last;
}

static void
end_reading(struct job *job)
{
	struct reading *reading = (struct reading *)job;
	struct dispatch *dispatch = reading->dispatch;

	dispatch->reading = false;
	if (job->result == ERR_NONE && !dispatch->closing)
		learn(dispatch, reading);
	take_letters(dispatch, reading);
	if (job->result && !dispatch->closing) {
		log_line(LOG_WARN, "the log was not read: %s", job->why.sentence);
		dispatch->grown = dispatch->waits = dispatch->failed = true;
		loop_timer_set(dispatch->room_timer, AFTER_FAILURE, 0);
	}
	mem_free(reading);
	book_note(dispatch);
	dispatch_read_on(dispatch);
	dispatch_end(dispatch);
}

static void
start_reading(struct dispatch *dispatch)
{
	struct reading *reading = mem_new(NULL, struct reading);

	reading->job = (struct job){
		.lane = LANE_READ, .run = run_reading, .done = end_reading
	};
	reading->dispatch = dispatch;
	reading->region = dispatch->service->settings.region;
	reading->begins = !dispatch->begun;
	reading->to = dispatch->read;
	dispatch->reading = true;
	dispatch->grown = false;
	dispatch_submit(dispatch, &reading->job);
}

/* ---- room ---- */

static bool
has_room(const struct dispatch *dispatch)
{
	return dispatch->full == 0 && dispatch->letters < LETTERS_MAX &&
	       dispatch->weight < WEIGHT_MAX;
}

void
dispatch_read_on(struct dispatch *dispatch)
{
	const struct board *board = dispatch->board;

	if (dispatch->closing || dispatch->reading || !dispatch->grown)
		return;
	if (has_room(dispatch) && !dispatch->failed) {
		dispatch->waits = false;
		start_reading(dispatch);
	} else if (!dispatch->waits) {
		dispatch->waits = true;
		for (size_t i = 0; i < board->table->count; i++)
			board->line[i].ended_before = board->line[i].ended;
		loop_timer_set(dispatch->room_timer, ROOM_EVERY, 0);
	}
}

/* One that is full is waited for while it gets on and the others hardly feel it, and when
 * there are no others: filing what it has would cost more than to leave it in the log. */
static bool
is_waited_for(const struct line *line)
{
	const struct dispatch *dispatch = line->dispatch;

	if (dispatch->board->table->count == 1)
		return true;
	return line->ended - line->ended_before >= QUICK &&
	       moment_now() - dispatch->read_at < PATIENCE;
}

static struct line *
find_heaviest(const struct board *board)
{
	struct line *heaviest = NULL;

	for (size_t i = 0; i < board->table->count; i++)
		if (!heaviest || board->line[i].weight > heaviest->weight)
			heaviest = &board->line[i];
	return heaviest;
}

static void
put_aside(struct line *line)
{
	line->aside = true;
	line_put_aside(line);
}

/* Nobody waits for those that are slow: what they cannot take is filed. */
static void
make_room(void *arg)
{
	struct dispatch *dispatch = arg;
	const struct board *board = dispatch->board;
	struct line *heaviest = find_heaviest(board);

	dispatch->failed = false;
	if (!dispatch->waits)
		return;
	for (size_t i = 0; dispatch->full > 0 && i < board->table->count; i++)
		if (line_is_full(&board->line[i]) && !is_waited_for(&board->line[i]))
			put_aside(&board->line[i]);
	if (dispatch->full == 0 && !has_room(dispatch) && heaviest &&
		!is_waited_for(heaviest))
		put_aside(heaviest);
	dispatch->waits = false;
	dispatch_read_on(dispatch);
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

/* True when the clock was set since it was last asked; set back, what waits would wait so
 * much longer. */
static bool
has_clock_jumped(struct dispatch *dispatch)
{
	int64_t by = find_offset() - dispatch->offset;

	if (by > -CLOCK_JUMP && by < CLOCK_JUMP)
		return false;
	dispatch->offset += by;
	if (by < 0)
		filed_survey(dispatch, 0);
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
	dispatch->room_timer = loop_timer_new(service->loop, make_room, dispatch);
	dispatch->follower = hub_follow(service->hub, hear_log, dispatch);
	filed_survey(dispatch, WAIT_MAX);
	tend_all(dispatch);
	start_reading(dispatch);
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
	cancel_attempts(dispatch->board);
	DL_FOREACH (dispatch->retired, board)
		cancel_attempts(board);
	dispatch->closing = true;
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
