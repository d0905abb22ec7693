/* Reading the log past the cursor, as far as there is room for its letters. */
#include "dispatch_parts.h"
#include "oneclick/base/log.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/store/cursors.h"
#include "oneclick/store/deliveries.h"
#include "oneclick/store/events.h"

enum {
	READ_MAX = 256,               /* events of the log at once */
	READ_WEIGHT_MAX = 512 * 1024, /* bytes of letters made of them */
	LETTERS_MAX = 1024,           /* in memory */
	WEIGHT_MAX = 4 * 1024 * 1024,
	ROOM_EVERY = 25,      /* ms a line that is full may keep the others waiting */
	QUICK = 8,            /* attempts it then has to end to be waited for again */
	PATIENCE = 250,       /* ms that the log may be behind for it */
	AFTER_FAILURE = 1000, /* ms */
};

struct reading {
	struct job job;
	struct dispatch *dispatch;
	const char *region;
	bool begins; /* it reads the cursor first */
	bool doubts; /* some may be filed already */
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

/* The cursor that an earlier life left may be behind what that life filed. */
static enum err
drop_filed(struct reading *reading, struct tx *tx, struct fault *why)
{
	struct letter *letter, *next;

	DL_FOREACH_SAFE (reading->letters, letter, next) {
		bool filed;
		enum err err = deliveries_has(tx, letter->pos, &filed, why);

		if (err)
			return err;
		if (!filed)
			continue;
		DL_DELETE(reading->letters, letter);
		mem_free(letter);
	}
	return ERR_NONE;
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
	if (!err && reading->doubts)
		err = drop_filed(reading, tx, &job->why);
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
		letter->taken = moment_ticks();
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
		dispatch->known = reading->last;
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
		log_retry(LOG_WARN, "the log was not read: %s", job->why.sentence);
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
	reading->doubts = dispatch->read < dispatch->known;
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

	if (dispatch->closing || dispatch->draining == DRAIN_UNDER_WAY ||
		dispatch->reading || !dispatch->grown)
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
void
dispatch_make_room(void *arg)
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
