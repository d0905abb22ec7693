/*
 * Matching a word of a policy against a name.  A pattern is UTF-8 in which the bytes below,
 * which UTF-8 never has, stand for its wildcards, so that the signs themselves can be meant
 * literally and what a variable brings is never a wildcard.
 */
#ifndef ONECLICK_SERVICE_AUTH_POLICY_MATCH_H
#define ONECLICK_SERVICE_AUTH_POLICY_MATCH_H

#include <stdbool.h>
#include <stddef.h>

#define MATCH_RUN '\xff'    /* any run of characters */
#define MATCH_ONE '\xfe'    /* any one */
#define MATCH_RUN_IN '\xfd' /* any run without a colon */
#define MATCH_ONE_IN '\xfc' /* any one that is no colon */

struct match {
	const char *pattern;
	bool any_case;
	size_t steps; /* letters looked at so far: what bounds the time */
};

/* In at most length times length steps, a few times over. */
bool match_holds(struct match *match, const char *text);

#endif
