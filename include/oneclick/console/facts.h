/*
 * Facts: what the service says of one thing at length (descriptions, methods, past
 * events), fetched when it is looked at and kept for a while.  A fact is an operation's
 * answer about a project, a placement or a device, as a tree of its own.
 */
#ifndef ONECLICK_CONSOLE_FACTS_H
#define ONECLICK_CONSOLE_FACTS_H

#include "oneclick/api/op.h"
#include "oneclick/base/fault.h"
#include "oneclick/data/value.h"

struct app;

enum { FACTS_KEPT = 128 };

struct fact {
	enum op op;
	char *project, *name;     /* "" where the operation needs none */
	bool asked;               /* a call is under way */
	bool stale;               /* to be asked anew when looked at */
	const struct value *tree; /* NULL until the first answer */
	struct fault why;         /* code ERR_NONE, or why the last call failed */
	void *life;               /* of the tree */
	unsigned used;
};

struct facts {
	struct fact *fact[FACTS_KEPT];
	size_t count;
	unsigned uses;
};

/* The fact, asked for if it is not there or stale; never NULL, good until the next call.
 */
const struct fact *facts_want(
	struct app *app, enum op op, const char *project, const char *name);
/* Only what is there: may be NULL. */
const struct fact *facts_have(
	const struct app *app, enum op op, const char *project, const char *name);
/* All facts about this project, placement or device have changed ("" and NULL: all). */
void facts_stale(struct app *app, const char *name);

#endif
