/* What a user's policies say together to one question, in words. */
#ifndef ONECLICK_SERVICE_AUTH_JUDGE_H
#define ONECLICK_SERVICE_AUTH_JUDGE_H

#include "facts.h"

/* A user's policies, read. */
struct judge {
	const struct pairs *policies; /* name -> managed policy's name, or document */
	const struct policy **policy;
};

/* ERR_INVALID says what is wrong with which, and nothing is to be released then. */
enum err judge_read(const void *ctx, const struct pairs *policies, struct judge *out,
	struct fault *why);

void judge_release(struct judge *judge);

struct judgement {
	enum policy_decision decision;
	/* Half a sentence: "statement 2 of its policy denies it"; as long as the facts' */
	const char *because;
};

/* Of the facts' resource; fails as the store does. */
enum err judge_ask(const struct judge *judge, const char *action, struct facts *facts,
	struct judgement *out, struct fault *why);

/* The call may be made; or the sentence says who lacks what, and `problem` how to answer. */
enum err authorize(const char *action, struct facts *facts, enum problem *problem,
	struct fault *why);

#endif
