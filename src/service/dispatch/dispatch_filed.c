/*
 * What is filed: reading the deliveries that are due, and finding out what waits.
 *
 * A fetch reads a snapshot that may be older than what the book has written meanwhile.  So
 * each stored letter is known by its position until no fetch is under way that began before
 * it was settled; what a fetch brings and is known already is not taken twice.
 */
#include <stdlib.h>
#include <string.h>

#include "dispatch_parts.h"
#include "oneclick/base/log.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/service/metrics.h"

enum {
	HASTEN_AT_ONCE = 1000,
	REROUTE_AT_ONCE = 500,
	FETCH_WEIGHT_MAX = 1024 * 1024,
	AFTER_FAILURE = 1000, /* ms */
};

/* ---- fetching ---- */

struct fetch {
	struct job job;
	struct line *line;
	const char *region, *target;
	int64_t now, filed, serial; /* as it began */
	int limit;
	bool ordered;
	bool clean; /* nothing was being filed then */

	struct letter *letters;
	int count;
	size_t weight;
	int64_t next;  /* when the first after those is due */
	int64_t first; /* when any is */
	bool cut;      /* there may be more that are due */
	struct fetch *prev, *other;
};

static bool
take_delivery(void *arg, const struct delivery *delivery)
{
	struct fetch *fetch = arg;
	struct fault why;
	struct letter *letter = letter_of_delivery(fetch->region, delivery, &why);

	fetch->count++;
	if (!letter) {
		log_line(LOG_ERROR, "%s", why.sentence);
		return true;
	}
	DL_APPEND(fetch->letters, letter);
	fetch->weight += letter->weight;
	fetch->cut = fetch->weight > FETCH_WEIGHT_MAX;
	return !fetch->cut;
}

static enum err
run_fetch(struct job *job, struct tx *tx)
{
	struct fetch *fetch = (struct fetch *)job;
	enum err err = deliveries_due(tx, fetch->target, fetch->now, fetch->ordered,
		fetch->limit, take_delivery, fetch, &job->why);

	fetch->cut = fetch->cut || fetch->count >= fetch->limit;
	if (!err)
		err = deliveries_next(
			tx, fetch->target, fetch->now, &fetch->next, &job->why);
	if (!err)
		err = deliveries_next(tx, fetch->target, -1, &fetch->first, &job->why);
	return err;
}

static void
drop_letters(struct fetch *fetch)
{
	struct letter *letter, *next;

	DL_FOREACH_SAFE (fetch->letters, letter, next)
		mem_free(letter);
}

static void
take_letter(struct line *line, struct letter *letter)
{
	struct dispatch *dispatch = line->dispatch;
	struct letter *known;

	HASH_FIND(hh, dispatch->stored, &letter->pos, sizeof letter->pos, known);
	if (known) {
		mem_free(letter);
		return;
	}
	HASH_ADD(hh, dispatch->stored, pos, sizeof letter->pos, letter);
	line_adopt(line, letter);
	dispatch->letters++;
	dispatch->weight += letter->weight;
	dispatch_route(dispatch, letter);
}

/* When there is nothing left to stand aside for, the log's letters go straight again:
 * nothing that is due, or where order matters nothing at all. */
static void
learn(struct line *line, const struct fetch *fetch)
{
	int64_t due = fetch->cut ? 0 : fetch->next;
	bool empty = fetch->count == 0 && line->held == 0;

	if (due < line->due)
		line->due = due;
	if (fetch->ordered && fetch->first != DELIVERY_NONE_DUE)
		empty = false;
	if (empty && fetch->clean && line->filed == fetch->filed)
		line->aside = false;
}

/* What could not be read is looked for again before long. */
static void
end_in_vain(struct line *line, const struct fault *why)
{
	log_line(LOG_WARN, "deliveries were not read: %s", why->sentence);
	line->due = moment_now() + AFTER_FAILURE;
	dispatch_schedule(line->dispatch, line);
}

static void
end_well(struct line *line, struct fetch *fetch)
{
	struct letter *letter, *next;

	DL_FOREACH_SAFE (fetch->letters, letter, next) {
		DL_DELETE(fetch->letters, letter);
		take_letter(line, letter);
	}
	learn(line, fetch);
	line_tend(line);
}

static void
end_fetch(struct job *job)
{
	struct fetch *fetch = (struct fetch *)job;
	struct line *line = fetch->line;
	struct dispatch *dispatch = line->dispatch;

	DL_DELETE2(dispatch->fetches, fetch, prev, other);
	line->fetching = false;
	if (!dispatch->closing && line->board == dispatch->board) {
		if (job->result)
			end_in_vain(line, &job->why);
		else
			end_well(line, fetch);
	}
	drop_letters(fetch);
	filed_bury_ghosts(dispatch);
	board_release(line->board);
	mem_free(fetch);
	dispatch_end(dispatch);
}

void
filed_fetch(struct line *line, int limit)
{
	struct dispatch *dispatch = line->dispatch;
	struct fetch *fetch = mem_new(NULL, struct fetch);

	fetch->job =
		(struct job){ .lane = LANE_READ, .run = run_fetch, .done = end_fetch };
	fetch->line = line;
	fetch->region = dispatch->service->settings.region;
	fetch->target = line->to->match;
	fetch->now = moment_now();
	fetch->filed = line->filed;
	fetch->ordered = line->to->ordered;
	fetch->clean = line->filing == 0;
	fetch->limit = limit + line->held;
	fetch->serial = ++dispatch->fetched;
	DL_APPEND2(dispatch->fetches, fetch, prev, other);
	line->fetching = true;
	line->due = DELIVERY_NONE_DUE; /* what is filed meanwhile says so itself */
	board_hold(line->board);
	dispatch_submit(dispatch, &fetch->job);
}

void
filed_bury_ghosts(struct dispatch *dispatch)
{
	int64_t oldest = dispatch->fetches ? dispatch->fetches->serial : INT64_MAX;
	struct letter *ghost;

	while ((ghost = dispatch->ghosts) && ghost->settled < oldest) {
		DL_DELETE(dispatch->ghosts, ghost);
		dispatch_drop(dispatch, ghost);
	}
}

/* ---- hastening ---- */

struct hasten {
	struct job job;
	struct line *line;
	int64_t now;
	int count;
};

static enum err
run_hasten(struct job *job, struct tx *tx)
{
	struct hasten *hasten = (struct hasten *)job;

	return deliveries_hasten(tx, hasten->line->to->match, hasten->now, hasten->now,
		HASTEN_AT_ONCE, &hasten->count, &job->why);
}

static void
end_hasten(struct job *job)
{
	struct hasten *hasten = (struct hasten *)job;
	struct line *line = hasten->line;
	struct dispatch *dispatch = line->dispatch;

	if (!dispatch->closing && line->board == dispatch->board) {
		line->due = 0;
		line_tend(line);
		if (hasten->count == HASTEN_AT_ONCE)
			filed_hasten(line);
	}
	board_release(line->board);
	mem_free(hasten);
	dispatch_end(dispatch);
}

void
filed_hasten(struct line *line)
{
	struct hasten *hasten = mem_new(NULL, struct hasten);

	hasten->job =
		(struct job){ .lane = LANE_WRITE, .run = run_hasten, .done = end_hasten };
	hasten->line = line;
	hasten->now = moment_now();
	board_hold(line->board);
	dispatch_submit(line->dispatch, &hasten->job);
}

/* ---- surveying ---- */

struct found {
	const char *target;
	int64_t due;
	struct found *prev, *next;
};

struct survey {
	struct job job;
	struct dispatch *dispatch;
	struct board *board;
	const char *region;
	int64_t now, until, ahead;
	struct found *found;
	struct letter *letters; /* whose target nobody has */
	bool more;              /* it did not come to the end of all */
	int64_t waiting, dead;
};

static bool
note_target(void *arg, const char *target, int64_t due)
{
	struct survey *survey = arg;
	struct found *found = mem_new(survey, struct found);

	found->target = mem_text(found, target);
	found->due = due;
	DL_APPEND(survey->found, found);
	return true;
}

static bool
is_known(const struct board *board, const char *target)
{
	for (size_t i = 0; i < board->table->count; i++)
		if (strcmp(board->table->row[i].match, target) == 0)
			return true;
	return false;
}

static bool
note_letter(void *arg, const struct delivery *delivery)
{
	struct survey *survey = arg;
	struct letter *letter = letter_of_delivery(survey->region, delivery, NULL);

	if (letter)
		DL_APPEND(survey->letters, letter);
	return true;
}

/* To the destination its ARN has now, or to the dead. */
static enum err
reroute(struct survey *survey, struct tx *tx, struct letter *letter, struct fault *why)
{
	const struct parcel *parcel = &letter->parcel;
	const struct destination *to =
		destinations_find(survey->board->table, parcel->callback);
	struct delivery row = {
		.event = *parcel->event,
		.callback = parcel->callback,
		.target = to ? to->match : "",
		.state = to ? DELIVERY_WAITING : DELIVERY_DEAD,
		.attempts = letter->attempts,
		.due = letter->due,
		.tried_at = letter->tried_at,
		.error = letter->error,
	};
	char *lost = mem_format(letter, DISPATCH_LOST, parcel->callback);
	enum err err;

	if (!to)
		row.error = lost;
	err = deliveries_put(tx, &row, why);
	survey->more = true;
	if (err || to)
		return err;
	return metrics_callback_failed(tx, parcel->event->account, parcel->callback,
		parcel->project, survey->now, why);
}

static enum err
reroute_target(
	struct survey *survey, struct tx *tx, const char *target, struct fault *why)
{
	struct letter *letter, *next;
	enum err err = deliveries_due(
		tx, target, INT64_MAX, false, REROUTE_AT_ONCE, note_letter, survey, why);

	DL_FOREACH_SAFE (survey->letters, letter, next) {
		DL_DELETE(survey->letters, letter);
		if (!err)
			err = reroute(survey, tx, letter, why);
		mem_free(letter);
	}
	return err;
}

static enum err
run_survey(struct job *job, struct tx *tx)
{
	struct survey *survey = (struct survey *)job;
	struct found *found;
	int hastened = 0;
	enum err err = deliveries_targets(tx, note_target, survey, &job->why);

	DL_FOREACH (survey->found, found) {
		if (err)
			return err;
		if (!is_known(survey->board, found->target))
			err = reroute_target(survey, tx, found->target, &job->why);
		else
			err = deliveries_hasten(tx, found->target, survey->now,
				survey->until, HASTEN_AT_ONCE, &hastened, &job->why);
		survey->more = survey->more || hastened == HASTEN_AT_ONCE;
	}
	return err ? err
		   : deliveries_count(tx, &survey->waiting, &survey->dead, &job->why);
}

static void
tell_lines(const struct survey *survey)
{
	const struct found *found;

	DL_FOREACH (survey->found, found)
		for (size_t i = 0; i < survey->board->table->count; i++) {
			struct line *line = &survey->board->line[i];

			if (strcmp(line->to->match, found->target) != 0)
				continue;
			line->due = 0;
			line_tend(line);
		}
}

static void
take_survey(struct dispatch *dispatch, const struct survey *survey)
{
	if (survey->job.result) {
		log_line(LOG_WARN, "deliveries were not looked through: %s",
			survey->job.why.sentence);
		return;
	}
	dispatch->counts.waiting = survey->waiting;
	dispatch->counts.dead = survey->dead;
	if (survey->board == dispatch->board)
		tell_lines(survey);
}

static void
end_survey(struct job *job)
{
	struct survey *survey = (struct survey *)job;
	struct dispatch *dispatch = survey->dispatch;
	int64_t ahead = survey->ahead;
	bool more = survey->more && !job->result;

	dispatch->surveying = false;
	if (!dispatch->closing)
		take_survey(dispatch, survey);
	board_release(survey->board);
	mem_free(survey);
	if (dispatch->survey_until >= 0 && (!more || dispatch->survey_until < ahead)) {
		ahead = dispatch->survey_until;
		more = true;
	}
	if (more && !dispatch->closing)
		filed_survey(dispatch, ahead);
	dispatch_end(dispatch);
}

void
filed_survey(struct dispatch *dispatch, int64_t until)
{
	struct survey *survey;

	if (dispatch->surveying) {
		if (dispatch->survey_until < 0 || until < dispatch->survey_until)
			dispatch->survey_until = until;
		return;
	}
	dispatch->surveying = true;
	dispatch->survey_until = -1;
	survey = mem_new(NULL, struct survey);
	survey->job =
		(struct job){ .lane = LANE_WRITE, .run = run_survey, .done = end_survey };
	survey->dispatch = dispatch;
	survey->board = dispatch->board;
	survey->region = dispatch->service->settings.region;
	survey->now = moment_now();
	survey->ahead = until;
	survey->until = survey->now + until;
	board_hold(survey->board);
	dispatch_submit(dispatch, &survey->job);
}
