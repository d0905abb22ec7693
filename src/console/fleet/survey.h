/*
 * The survey: what a service has of a fleet, asked of it a few calls at a time.  Either of
 * the things a wanted fleet names (and, for pruning, of all placements of its projects),
 * or of everything.
 */
#ifndef ONECLICK_SRC_CONSOLE_FLEET_SURVEY_H
#define ONECLICK_SRC_CONSOLE_FLEET_SURVEY_H

#include "fleet.h"
#include "oneclick/client/client.h"

struct survey;
/* `found` lives as long as the ctx survey_start was given. Called once. `why` is of the
 * first call that failed other than by "not found". */
typedef void (*survey_fn)(
	void *arg, enum err code, const struct fleet *found, const struct fault *why);

/* `wanted` NULL: everything. `whole_projects`: all placements of the projects it names. */
struct survey *survey_start(const void *ctx, struct client *client,
	const struct fleet *wanted, bool whole_projects, survey_fn fn, void *arg);

#endif
