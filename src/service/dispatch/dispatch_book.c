/*
 * The book: what became of letters, written together.  One job at a time; what comes while
 * it runs goes into the next.  Its transaction holds the rows of all letters that failed or
 * went well after all, those of stragglers that are under way, and the cursor, which has
 * passed every letter that is settled or has a row.
 */
#include <string.h>

#include "dispatch_parts.h"
#include "oneclick/base/log.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/service/metrics.h"
#include "oneclick/store/cursors.h"

enum {
	CURSOR_EVERY = 50,   /* ms, when only the cursor is to be written */
	AFTER_FAILURE = 1000 /* ms, when the disk would not take it */
};

/* What its row says is fixed while the letter may change. */
struct under_way {
	struct letter *letter;
	struct delivery row;
};

struct entry {
	struct job job;
	struct dispatch *dispatch;
	struct letter *letters;
	struct under_way *under_way;
	size_t count; /* of them */
	int64_t cursor;
	bool moves; /* the cursor is to be written */
};

/* ---- on the lane ---- */

static enum err
write_failure(struct tx *tx, const struct letter *letter, struct fault *why)
{
	const struct parcel *parcel = &letter->parcel;
	int64_t at = letter->tried_at > 0 ? letter->tried_at : parcel->event->at;

	return metrics_callback_failed(
		tx, parcel->event->account, parcel->callback, parcel->project, at, why);
}

static enum err
write_row(struct tx *tx, const struct letter *letter, struct fault *why)
{
	const struct delivery row = {
		.event = *letter->parcel.event,
		.callback = letter->parcel.callback,
		.target = letter->target ? letter->target : "",
		.state = letter->fate == FATE_DEAD ? DELIVERY_DEAD : DELIVERY_WAITING,
		.attempts = letter->attempts,
		.due = letter->due,
		.tried_at = letter->tried_at,
		.error = letter->error,
	};

	if (letter->fate == FATE_DELIVERED)
		return deliveries_remove(tx, letter->pos, why);
	return deliveries_put(tx, &row, why);
}

static enum err
run(struct job *job, struct tx *tx)
{
	struct entry *entry = (struct entry *)job;
	struct letter *letter;
	enum err err = ERR_NONE;

	DL_FOREACH (entry->letters, letter) {
		err = write_row(tx, letter, &job->why);
		if (!err && letter->failed)
			err = write_failure(tx, letter, &job->why);
		if (err)
			return err;
	}
	for (size_t i = 0; i < entry->count && !err; i++)
		err = deliveries_put(tx, &entry->under_way[i].row, &job->why);
	if (!err && entry->moves)
		err = cursors_write(tx, DISPATCH_CONSUMER, entry->cursor, &job->why);
	return err;
}

/* ---- on the loop ---- */

static void
count(struct dispatch *dispatch, const struct letter *letter)
{
	struct dispatch_counts *counts = &dispatch->counts;

	if (letter->failed && !dispatch->closing) {
		counts->failed++;
		metrics_callback_note(dispatch->service, letter->parcel.callback,
			letter->parcel.project);
	}
	counts->waiting += (letter->fate == FATE_WAITS) - letter->stored;
	counts->died += letter->fate == FATE_DEAD;
	counts->dead += letter->fate == FATE_DEAD;
	counts->delivered += letter->fate == FATE_DELIVERED;
}

/* The line hears that something of its waits, or that the next of a device may go. */
static void
tell_line(struct dispatch *dispatch, const struct letter *letter)
{
	struct line *line =
		dispatch->closing ? NULL
				  : board_find(dispatch->board, letter->parcel.callback);

	if (!line)
		return;
	if (letter->fate == FATE_WAITS && letter->due < line->due)
		line->due = letter->due;
	else if (letter->stored && line->to->ordered)
		line->due = 0;
	line_tend(line);
}

static void
end_letters(struct dispatch *dispatch, struct entry *entry)
{
	struct letter *letter, *next;

	DL_FOREACH_SAFE (entry->letters, letter, next) {
		DL_DELETE(entry->letters, letter);
		count(dispatch, letter);
		if (letter->fate == FATE_WAITS)
			letter->home->filing--;
		if (letter->late)
			letter->home->lately--;
		letter->late = false;
		tell_line(dispatch, letter);
		if (!letter->stored) {
			dispatch_drop(dispatch, letter);
			continue;
		}
		letter->settled = dispatch->fetched;
		DL_APPEND(dispatch->ghosts, letter);
	}
	filed_bury_ghosts(dispatch);
}

/* It has a row now, as if it had been fetched; its outcome may have come meanwhile. */
static void
end_row(struct dispatch *dispatch, struct letter *letter)
{
	letter->row = ROW_NONE;
	letter->stored = true;
	dispatch->counts.waiting++;
	DL_DELETE2(dispatch->log, letter, older, newer);
	letter->older = NULL;
	if (letter->home)
		letter->home->held++;
	if (!letter->sent)
		return;
	letter->line->stored++;
	line_adopt(letter->line, letter);
}

static void
end_rows(struct dispatch *dispatch, const struct entry *entry, bool written)
{
	for (size_t i = 0; i < entry->count; i++) {
		struct letter *letter = entry->under_way[i].letter;

		if (written) {
			end_row(dispatch, letter);
			continue;
		}
		HASH_DEL(dispatch->stored, letter);
		letter->row = ROW_NONE; /* it straggles still, and is found again */
	}
	if (!written)
		straggler_note(dispatch);
}

static void
keep_for_later(struct dispatch *dispatch, struct entry *entry)
{
	log_retry(LOG_ERROR, "deliveries were not written, and will be: %s",
		entry->job.why.sentence);
	DL_CONCAT(entry->letters, dispatch->book);
	dispatch->book = entry->letters;
	if (dispatch->closing)
		return; /* they were not settled, and are sent again */
	loop_timer_set(dispatch->book_timer, AFTER_FAILURE, 0);
	dispatch->book_state = BOOK_SOON;
}

static void
done(struct job *job)
{
	struct entry *entry = (struct entry *)job;
	struct dispatch *dispatch = entry->dispatch;

	dispatch->writing = false;
	end_rows(dispatch, entry, !job->result);
	if (job->result)
		keep_for_later(dispatch, entry);
	if (!job->result && entry->moves)
		dispatch->written = entry->cursor;
	if (!job->result)
		end_letters(dispatch, entry);
	if (dispatch->closing && !job->result)
		book_write(dispatch);
	mem_free(entry);
	book_note(dispatch);
	dispatch_read_on(dispatch);
	dispatch_end(dispatch);
}

/* Those of the log are settled when this is on disk: the cursor passes them. */
static void
take_letters(struct dispatch *dispatch, struct entry *entry)
{
	struct letter *letter;

	entry->letters = dispatch->book;
	dispatch->book = NULL;
	DL_FOREACH (entry->letters, letter) {
		if (letter->older)
			DL_DELETE2(dispatch->log, letter, older, newer);
		letter->older = NULL;
	}
}

static void
take_rows(struct dispatch *dispatch, struct entry *entry)
{
	struct letter *letter;

	if (!dispatch->rows_wanted)
		return;
	dispatch->rows_wanted = false;
	entry->under_way = mem_array(entry, struct under_way, (size_t)dispatch->letters);
	for (letter = dispatch->log; letter; letter = letter->newer) {
		if (letter->row != ROW_WANTED || !letter->sent)
			continue;
		letter->row = ROW_BEING_WRITTEN;
		/* A fetch may read the row before we hear that it is there. */
		HASH_ADD(hh, dispatch->stored, pos, sizeof letter->pos, letter);
		letter->target = mem_text(letter, letter->line->to->match);
		entry->under_way[entry->count++] = (struct under_way){
			.letter = letter,
			.row = {
				.event = *letter->parcel.event,
				.callback = letter->parcel.callback,
				.target = letter->target,
				.state = DELIVERY_WAITING,
				.due = moment_now(),
			},
		};
	}
}

static int64_t
find_cursor(const struct dispatch *dispatch)
{
	const struct letter *letter = dispatch->log;

	while (letter && letter->row == ROW_BEING_WRITTEN)
		letter = letter->newer;
	return letter ? letter->pos - 1 : dispatch->read;
}

void
book_write(void *arg)
{
	struct dispatch *dispatch = arg;
	struct entry *entry;

	dispatch->book_state = BOOK_IDLE;
	if (dispatch->writing)
		return;
	entry = mem_new(NULL, struct entry);
	entry->job = (struct job){ .lane = LANE_WRITE, .run = run, .done = done };
	entry->dispatch = dispatch;
	take_letters(dispatch, entry);
	take_rows(dispatch, entry);
	entry->cursor = find_cursor(dispatch);
	entry->moves = entry->cursor > dispatch->written;
	if (!entry->letters && entry->count == 0 && !entry->moves) {
		mem_free(entry);
		return;
	}
	dispatch->writing = true;
	dispatch_submit(dispatch, &entry->job);
}

void
book_note(struct dispatch *dispatch)
{
	if (dispatch->writing || dispatch->closing)
		return;
	if ((dispatch->book || dispatch->rows_wanted) &&
		dispatch->book_state != BOOK_SOON) {
		loop_timer_set(dispatch->book_timer, 0, 0);
		dispatch->book_state = BOOK_SOON;
	} else if (dispatch->book_state == BOOK_IDLE &&
		   dispatch->written < dispatch->read) {
		loop_timer_set(dispatch->book_timer, CURSOR_EVERY, 0);
		dispatch->book_state = BOOK_NOTED;
	}
}

void
book_enter(struct dispatch *dispatch, struct letter *letter, enum fate fate)
{
	letter->fate = fate;
	if (letter->older && letter->pos > dispatch->passed)
		dispatch->passed = letter->pos;
	if (fate == FATE_DELIVERED && !letter->stored &&
		letter->row != ROW_BEING_WRITTEN) {
		dispatch->counts.delivered++;
		dispatch_drop(dispatch, letter);
	} else {
		DL_APPEND(dispatch->book, letter);
	}
	straggler_note(dispatch);
	book_note(dispatch);
}
