/* The condition operators: a table, one row each, over the families that compare. */
#ifndef ONECLICK_SERVICE_AUTH_POLICY_OPERATORS_H
#define ONECLICK_SERVICE_AUTH_POLICY_OPERATORS_H

#include "policy_rows.h"

/* How a request's value compares to a policy's: bits, so that an operator can take two. */
enum policy_outcome {
	OUTCOME_OTHER = 0, /* neither equal nor in an order */
	OUTCOME_LESS = 1,
	OUTCOME_EQUAL = 2,
	OUTCOME_MORE = 4,
};

/* Operators that read and compare alike. */
struct policy_family {
	const char *takes; /* "a number"; for the sentence */
	/* False when the text is none; NULL: a word, which `signs` reads, with variables */
	bool (*read)(const void *ctx, const char *text, struct policy_operand *out);
	enum policy_signs signs;
	/* `pattern` is a word's, with values in the place of its variables. */
	enum policy_outcome (*compare)(const struct policy_operand *operand,
		const char *pattern, const char *value);
};

struct policy_operator {
	const char *name;
	const struct policy_family *family;
	int holds;     /* outcomes that are a match */
	bool negated;  /* holds when no value of the policy's matches */
	bool presence; /* Null: asks only whether the key is there */
};

/* The operator of this name, its set prefix and IfExists already off; NULL if none. */
const struct policy_operator *policy_operator_find(const char *name);
/* The nearest one to what was meant, or NULL. */
const char *policy_operator_near(const char *name);

#endif
