/* A policy as it is asked: statements whose words are patterns over real names. */
#ifndef ONECLICK_SERVICE_AUTH_POLICY_ROWS_H
#define ONECLICK_SERVICE_AUTH_POLICY_ROWS_H

#include "oneclick/data/record.h"
#include "oneclick/service/policy.h"

struct policy_statement {
	bool deny;
	struct texts actions;   /* "iot1click:Describe*", "*" */
	struct texts resources; /* "arn:...", "*" */
	const char *reason;     /* "statement 2 denies it" */
};

struct policy {
	struct policy_statement *statement;
	size_t count;
};

#endif
