/*
 * Runs: one program with one event, from its start to what came of it.
 */
#ifndef ONECLICK_SRC_SERVICE_DISPATCH_RUN_H
#define ONECLICK_SRC_SERVICE_DISPATCH_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "attempt.h"

/* What is run; outlives its runs. */
struct run_plan {
	const char **argv; /* NULL ends it */
	bool changes_user; /* to these two */
	uid_t uid;
	gid_t gid;
	size_t max_output; /* bytes it may print before it is ended */
};

struct run;
/* The run's end, or that it does not begin, ends the attempt. */
struct run *run_start(struct attempt *attempt, const struct run_plan *plan,
	const struct parcel *parcel);
/* Ends it with all it has started, and its attempt, unheard. */
void run_cancel(void *run);

#endif
