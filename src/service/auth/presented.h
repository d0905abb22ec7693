/* What a request presents as its signature, by header or in its query: taken apart, and
 * nothing of it believed yet. */
#ifndef ONECLICK_SERVICE_AUTH_PRESENTED_H
#define ONECLICK_SERVICE_AUTH_PRESENTED_H

#include <stdbool.h>

#include "oneclick/api/problem.h"
#include "oneclick/base/fault.h"
#include "oneclick/service/request.h"

/* Why nobody is known: return nobody(problem, why, PROBLEM_..., "...") in one line. */
#define nobody(problem, why, how, ...) \
	(*(problem) = (how), fault((why), ERR_FORBIDDEN, __VA_ARGS__))

struct presented {
	bool nothing; /* neither way */
	bool in_query;
	const char *algorithm;
	const char *credential; /* KEY/DATE/REGION/SERVICE/aws4_request */
	const char *headers;    /* "host;x-amz-date" */
	const char *signature;
	const char *moment;  /* X-Amz-Date */
	const char *expires; /* seconds, of the query's */
	const char *token;   /* X-Amz-Security-Token */
};

/* Each part to the last byte: a blank, a letter or a part more than the form has is refused.
 * Texts live as long as ctx. */
enum err presented_read(const void *ctx, const struct request *request,
	struct presented *out, enum problem *problem, struct fault *why);

#endif
