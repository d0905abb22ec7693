/* What a user's policies say together to one question, in words. */
#ifndef ONECLICK_SERVICE_AUTH_JUDGE_H
#define ONECLICK_SERVICE_AUTH_JUDGE_H

#include "facts.h"

struct judgement {
	enum policy_decision decision;
	const char *because; /* half a sentence: "statement 2 of its policy denies it" */
};

/* Of the facts' resource.  ERR_FORBIDDEN: a policy cannot be used, so that nothing is
 * allowed; other failures are the store's. */
enum err judge(const struct pairs *policies, const char *action, struct facts *facts,
	struct judgement *out, struct fault *why);

/* The call may be made; or the sentence says who lacks what, and `problem` how to answer. */
enum err authorize(const char *action, struct facts *facts, enum problem *problem,
	struct fault *why);

#endif
