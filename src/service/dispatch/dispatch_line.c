#include <string.h>

#include "../steady.h"
#include "dispatch_parts.h"
#include "oneclick/base/digest.h"
#include "oneclick/base/log.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"

enum {
	SECOND = 1000,
	MINUTE = 60 * SECOND,
	HOUR = 60 * MINUTE,
	FAILURES_MAX = 5, /* in a row, and it is left alone */
	QUEUE_MAX = 256,  /* letters */
	QUEUE_WEIGHT_MAX = 512 * 1024,
	SPARE = 16, /* letters fetched beyond what may be under way */
};

/* ---- when again ---- */

/* A clock set forward makes nothing older than it is. */
static int64_t
age_of(const struct line *line, int64_t at)
{
	return steady_now(line->dispatch->service) - at;
}

/* Within a fifth of it, either way. */
static int64_t
jitter(int64_t wait)
{
	uint32_t chance;

	digest_random(&chance, sizeof chance);
	return wait - wait / 5 + (int64_t)(chance % (uint64_t)(wait * 2 / 5 + 1));
}

int64_t
dispatch_wait(int attempts, int64_t asked)
{
	static const int64_t waits[] = { SECOND, 5 * SECOND, 30 * SECOND, 2 * MINUTE,
		10 * MINUTE, 30 * MINUTE, HOUR };
	int last = sizeof waits / sizeof *waits - 1;
	int64_t wait = jitter(waits[attempts > last ? last : attempts - 1]);

	if (asked > HOUR)
		asked = HOUR;
	return asked > wait ? asked : wait;
}

/* ---- what it may do ---- */

bool
line_is_shut(const struct line *line)
{
	return line->gone || moment_ticks() < line->shut_until;
}

/* One that failed too often is tried with one letter. */
static int
count_allowed(const struct line *line)
{
	if (line_is_shut(line) || line->dispatch->draining == DRAIN_UNDER_WAY)
		return 0;
	return line->failures >= FAILURES_MAX ? 1 : line->to->in_flight_max;
}

bool
line_is_full(const struct line *line)
{
	return line->queued >= QUEUE_MAX || line->weight >= QUEUE_WEIGHT_MAX;
}

static bool
is_retired(const struct line *line)
{
	return line->board != line->dispatch->board;
}

static void
queue(struct line *line, struct letter *letter)
{
	bool was_full = line_is_full(line);

	letter->line = line;
	DL_APPEND(line->queue, letter);
	line->queued++;
	line->stored += letter->stored;
	line->weight += letter->weight;
	line->dispatch->full += line_is_full(line) - was_full;
}

static void
unqueue(struct line *line, struct letter *letter)
{
	bool was_full = line_is_full(line);

	DL_DELETE(line->queue, letter);
	line->queued--;
	line->stored -= letter->stored;
	line->weight -= letter->weight;
	letter->line = NULL;
	line->dispatch->full += line_is_full(line) - was_full;
}

/* ---- filing ---- */

void
line_adopt(struct line *line, struct letter *letter)
{
	struct line *before = letter->home;

	if (before == line)
		return;
	letter->home = line;
	if (line) {
		board_hold(line->board);
		line->held += letter->stored;
	}
	if (before) {
		before->held -= letter->stored;
		board_release(before->board);
	}
}

static void
file(struct line *line, struct letter *letter, int64_t due)
{
	letter->due = due;
	letter->target = mem_text(letter, line->to->match);
	line->filed++;
	line->filing++;
	line_adopt(line, letter);
	if (line->to->ordered)
		line->aside = true;
	book_enter(line->dispatch, letter, FATE_WAITS);
}

/* Where order matters, none that is filed goes before it is on disk. */
static void
file_late(struct line *line, struct letter *letter, int64_t due)
{
	letter->late = true;
	line->late++;
	line->lately++;
	file(line, letter, due);
}

static void
bury(struct line *line, struct letter *letter)
{
	letter->target = mem_text(letter, line->to->match);
	book_enter(line->dispatch, letter, FATE_DEAD);
}

void
line_put_aside(struct line *line)
{
	int64_t now = moment_now();
	struct letter *letter, *next;

	DL_FOREACH_SAFE (line->queue, letter, next) {
		unqueue(line, letter);
		if (!letter->stored) {
			file_late(line, letter, now);
			continue;
		}
		dispatch_drop(line->dispatch, letter);
		line->due = 0;
	}
}

void
line_empty(struct line *line, struct letter **moved)
{
	struct letter *letter, *next;

	DL_FOREACH_SAFE (line->queue, letter, next) {
		unqueue(line, letter);
		if (letter->stored)
			dispatch_drop(line->dispatch, letter);
		else
			DL_APPEND(*moved, letter);
	}
}

/* ---- sending ---- */

static void on_outcome(void *arg, const struct outcome_report *report);

static void
send_letter(struct line *line, struct letter *letter)
{
	struct parcel *parcel = &letter->parcel;

	unqueue(line, letter);
	letter->line = line;
	DL_APPEND(line->busy, letter);
	letter->sent = true;
	line->in_flight++;
	line->stored += letter->stored;
	line->dispatch->counts.in_flight++;
	board_hold(line->board);
	parcel->attempt = letter->attempts + 1;
	parcel->now = moment_now();
	parcel->timeout = line->to->timeout;
	letter->attempt =
		line->to->class->send(line->to->sink, parcel, on_outcome, letter);
}

static bool
is_busy_with(const struct line *line, const char *device_id)
{
	const struct letter *letter;

	DL_FOREACH (line->busy, letter)
		if (strcmp(letter->parcel.event->device_id, device_id) == 0)
			return true;
	return false;
}

/* What is under way on boards that are retired counts too. */
static bool
is_under_way(const struct line *line, const char *device_id)
{
	const struct board *board;

	DL_FOREACH (line->dispatch->retired, board)
		for (size_t i = 0; i < board->table->count; i++)
			if (is_busy_with(&board->line[i], device_id))
				return true;
	return is_busy_with(line, device_id);
}

/* The first that may go: of a device that has one under way, none when order matters. */
static struct letter *
choose(const struct line *line)
{
	struct letter *letter;

	if (!line->to->ordered)
		return line->queue;
	DL_FOREACH (line->queue, letter)
		if (!is_under_way(line, letter->parcel.event->device_id))
			return letter;
	return NULL;
}

static void
pump(struct line *line)
{
	int allowed = count_allowed(line);
	struct letter *letter;

	while (line->in_flight < allowed && (letter = choose(line)))
		send_letter(line, letter);
}

/* ---- the breaker ---- */

static void
shut(struct line *line, int64_t wait)
{
	line->shut_until = moment_ticks() + wait;
	line_put_aside(line);
}

static void
note_failure(struct line *line, const struct outcome_report *report)
{
	line->failures++;
	if (report->retry_after >= 0)
		shut(line, dispatch_wait(1, report->retry_after));
	else if (line->failures >= FAILURES_MAX && !line_is_shut(line))
		shut(line, backoff_next(&line->pause));
	else if (line->to->ordered)
		line_put_aside(line);
	if (line->failures == FAILURES_MAX)
		log_line(LOG_WARN, "callbacks to %s fail and wait: %s", line->to->match,
			report->sentence);
}

static void
note_success(struct line *line)
{
	if (line->failures >= FAILURES_MAX) {
		log_line(
			LOG_INFO, "callbacks to %s are delivered again", line->to->match);
		filed_hasten(line);
	}
	line->failures = 0;
	line->shut_until = 0;
	backoff_reset(&line->pause);
}

static void
note_gone(struct line *line, const struct outcome_report *report)
{
	struct letter *letter, *next;

	log_line(LOG_WARN,
		"callbacks to %s are dead letters until the configuration is read again: "
		"%s",
		line->to->match, report->sentence);
	line->gone = true;
	DL_FOREACH_SAFE (line->queue, letter, next) {
		unqueue(line, letter);
		letter_fail(letter, report->sentence);
		bury(line, letter);
	}
}

/* ---- what came of it ---- */

static void
try_again(struct line *line, struct letter *letter, int64_t asked)
{
	int64_t wait = dispatch_wait(letter->attempts, asked);
	int64_t due = letter->tried_at + wait;
	int64_t age = age_of(line, letter->parcel.event->at);

	if (age + wait > line->to->max_age)
		bury(line, letter);
	else
		file_late(line, letter, due);
}

static void
settle(struct line *line, struct letter *letter, const struct outcome_report *report)
{
	if (report->outcome != OUTCOME_DELIVERED)
		letter_fail(letter, report->sentence);
	switch (report->outcome) {
	case OUTCOME_DELIVERED:
		book_enter(line->dispatch, letter, FATE_DELIVERED);
		break;
	case OUTCOME_AGAIN:
		try_again(line, letter, report->retry_after);
		break;
	case OUTCOME_NEVER:
	case OUTCOME_GONE:
		bury(line, letter);
		break;
	}
}

/* What an outcome says of the line: any answer but those says that it is there. */
static void
learn(struct line *line, const struct outcome_report *report)
{
	switch (report->outcome) {
	case OUTCOME_DELIVERED:
	case OUTCOME_NEVER:
		note_success(line);
		break;
	case OUTCOME_AGAIN:
		note_failure(line, report);
		break;
	case OUTCOME_GONE:
		note_gone(line, report);
		break;
	}
	line_tend(line);
}

/* What failed on a board that is retired waits on the one that took its place. */
static void
end_attempt(struct line *line, struct letter *letter, const struct outcome_report *report)
{
	struct line *now = line;

	if (is_retired(line))
		now = board_find(line->dispatch->board, letter->parcel.callback);
	if (now || report->outcome == OUTCOME_DELIVERED)
		settle(now ? now : line, letter, report);
	else
		dispatch_route(line->dispatch, letter);
	if (now == line) {
		learn(line, report);
	} else if (now) {
		if (report->outcome == OUTCOME_AGAIN && now->to->ordered)
			line_put_aside(now);
		line_tend(now);
	}
}

static void
take_back(struct line *line, struct letter *letter)
{
	DL_DELETE(line->busy, letter);
	line->in_flight--;
	line->stored -= letter->stored;
	line->dispatch->counts.in_flight--;
	letter->attempt = NULL;
	letter->sent = false;
	letter->line = NULL;
	letter->attempts++;
	letter->tried_at = moment_now();
}

static void
on_outcome(void *arg, const struct outcome_report *report)
{
	struct letter *letter = arg;
	struct line *line = letter->line;
	struct dispatch *dispatch = line->dispatch;
	struct board *board = line->board;

	take_back(line, letter);
	line->ended++;
	end_attempt(line, letter, report);
	board_release(board);
	dispatch_read_on(dispatch);
}

void
line_file(struct line *line, struct letter *letter)
{
	if (letter->sent) {
		take_back(line, letter);
		letter->error = "The service was stopped before it was answered.";
	} else {
		unqueue(line, letter);
	}
	file(line, letter, moment_now());
}

/* ---- what comes ---- */

/* A letter that waited as long as it may without an attempt, its destination being down. */
static bool
is_too_old(const struct line *line, const struct letter *letter)
{
	return letter->stored &&
	       age_of(line, letter->due) > line->to->max_age;
}

static bool
must_stand_aside(const struct line *line, const struct letter *letter)
{
	if (letter->stored)
		return strcmp(letter->target, line->to->match) != 0;
	return line->aside || line_is_shut(line) ||
	       (line->failures >= FAILURES_MAX && line->queued + line->in_flight > 0);
}

void
line_take(struct line *line, struct letter *letter)
{
	if (line->gone) {
		letter_fail(letter, "The destination answered that it is gone (410).");
		bury(line, letter);
	} else if (is_too_old(line, letter)) {
		letter_fail(letter, "Its destination was down for longer than max-age.");
		bury(line, letter);
	} else if (must_stand_aside(line, letter)) {
		file(line, letter, moment_now());
	} else {
		queue(line, letter);
	}
}

/* ---- tending ---- */

static bool
wants_more(const struct line *line)
{
	int room = line->gone ? 1 : count_allowed(line);

	if (line->to->ordered && line->lately > 0)
		return false;
	return room > 0 && !line->fetching && line->due != DELIVERY_NONE_DUE &&
	       line->stored < line->to->in_flight_max + SPARE;
}

void
line_tend(struct line *line)
{
	pump(line);
	if (wants_more(line) && line->due <= moment_now())
		filed_fetch(line, 2 * line->to->in_flight_max + SPARE);
	dispatch_schedule(line->dispatch, line);
}

bool
line_is_idle(const struct line *line)
{
	if (line_is_shut(line))
		return line->in_flight == 0;
	return line->queued + line->in_flight + line->filing == 0 && !line->fetching &&
	       line->due > moment_now();
}

int64_t
line_wait(const struct line *line)
{
	int64_t until_open = line->gone ? 0 : line->shut_until - moment_ticks();
	int64_t until_due = line->due - moment_now();

	if (until_open > 0 && line->queued > 0)
		return until_open;
	if (line->fetching || line->due == DELIVERY_NONE_DUE)
		return INT64_MAX;
	if (until_open <= 0 && !wants_more(line))
		return INT64_MAX; /* an outcome tends it */
	if (until_due < 0)
		until_due = 0;
	return until_open > until_due ? until_open : until_due;
}
