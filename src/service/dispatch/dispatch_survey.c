/*
 * The survey: finding out what is filed, when dispatch opens and whenever what it knew of
 * that is no longer so: new destinations, dead letters replayed, a clock that was set.
 */
#include <string.h>

#include "dispatch_parts.h"
#include "oneclick/base/log.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/service/metrics.h"

enum { HASTEN_AT_ONCE = 1000, REROUTE_AT_ONCE = 500 };

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
		log_retry(LOG_WARN, "deliveries were not looked through: %s",
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
