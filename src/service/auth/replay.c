#include "replay.h"

#include <stdlib.h>
#include <string.h>

#include "oneclick/base/log.h"
#include "oneclick/base/moment.h"
#include "pair_hash.h"

enum { RESOURCES = 4096, TAG_DIGITS = 16 };

/* The signature of the last change to a resource, by the resource's hash: two that share a
 * slot only make an honest client try again. */
static uint64_t last[RESOURCES];

static uint64_t *
slot_of(const struct replay_case *c)
{
	return &last[pair_hash(c->principal->account, c->resource) % RESOURCES];
}

/* A signature is 64 digits; its first 16 tell it from any other here. */
static uint64_t
tag_of(const char *signature)
{
	char digits[TAG_DIGITS + 1] = { 0 };

	memcpy(digits, signature, TAG_DIGITS);
	return strtoull(digits, NULL, 16);
}

static bool
is_on(const struct replay_case *c)
{
	return c->principal->signature && !c->settings->no_replay_check;
}

static bool
changed_since(const struct replay_case *c)
{
	uint64_t was = c->resource ? *slot_of(c) : 0;

	return was != 0 && was != tag_of(c->principal->signature);
}

static enum err
refuse_late(const struct replay *recorded, enum problem *problem, struct fault *why)
{
	char iso[MOMENT_ISO_SIZE];

	moment_to_iso(recorded->at, iso);
	*problem = PROBLEM_BAD_SIGNATURE;
	return fault(why, ERR_FORBIDDEN,
		"This very request was answered at %s and is not carried out again; sign "
		"a new one if it is meant.",
		iso);
}

enum err
replay_check(const struct replay_case *c, bool *again, struct replay *recorded,
	enum problem *problem, struct fault *why)
{
	bool seen = false;
	enum err err;

	*again = false;
	if (!is_on(c))
		return ERR_NONE;
	err = replays_find(c->tx, c->ctx, c->principal->signature, c->principal->until,
		&seen, recorded, why);
	if (err)
		*problem = problem_of(err);
	if (err || !seen)
		return err;
	if (c->now - recorded->at > REPLAY_AGAIN)
		return refuse_late(recorded, problem, why);
	if (!recorded->problem && changed_since(c))
		return replay_refuse_changed(problem, why);
	*again = true;
	return ERR_NONE;
}

enum err
replay_refuse_changed(enum problem *problem, struct fault *why)
{
	*problem = PROBLEM_THROTTLED;
	return fault(why, ERR_THROTTLED,
		"This very request was answered a moment ago, and what it is about has "
		"changed since; send it signed anew.");
}

static void
note(const struct replay_case *c, struct replay row)
{
	struct fault why;

	if (!is_on(c))
		return;
	row.signature = c->principal->signature;
	row.until = c->principal->until;
	row.at = c->now;
	if (replays_note(c->tx, &row, &why))
		log_retry(LOG_ERROR, "a signature was not remembered: %s", why.sentence);
}

void
replay_note(const struct replay_case *c, int status, const char *body)
{
	note(c, (struct replay){ .status = status, .body = body });
	if (is_on(c) && c->resource)
		*slot_of(c) = tag_of(c->principal->signature);
}

void
replay_note_refusal(
	const struct replay_case *c, enum problem problem, const char *sentence)
{
	struct buf body;

	buf_init(&body, c->ctx, BUF_NO_CAP);
	problem_write(&body, problem, sentence);
	note(c, (struct replay){ .status = problem_status(problem),
			.problem = problem_name(problem),
			.body = body.data });
}
