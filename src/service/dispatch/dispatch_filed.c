/*
 * What is filed: reading the deliveries that are due.
 *
 * A fetch reads a snapshot that may be older than what the book has written meanwhile.  So
 * each stored letter is known by its position until no fetch is under way that began before
 * it was settled; what a fetch brings and is known already is not taken twice.
 */
#include "dispatch_parts.h"
#include "oneclick/base/log.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"

enum {
	HASTEN_AT_ONCE = 1000,
	FETCH_WEIGHT_MAX = 1024 * 1024,
	AFTER_FAILURE = 1000, /* ms */
};

/* ---- fetching ---- */

struct fetch {
	struct job job;
	struct line *line;
	const char *region, *target;
	int64_t now, filed, late, serial; /* as it began */
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
	log_retry(LOG_WARN, "deliveries were not read: %s", why->sentence);
	line->due = moment_now() + AFTER_FAILURE;
	dispatch_schedule(line->dispatch, line);
}

/* Where order matters, what was filed late meanwhile may come before what was found. */
static bool
is_overtaken(const struct line *line, const struct fetch *fetch)
{
	return fetch->ordered && line->late != fetch->late;
}

static void
end_well(struct line *line, struct fetch *fetch)
{
	struct letter *letter, *next;

	if (is_overtaken(line, fetch)) {
		line->due = 0;
		line_tend(line);
		return;
	}
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
	fetch->late = line->late;
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
