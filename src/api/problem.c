#include "oneclick/api/problem.h"

#include <stdio.h>
#include <string.h>

#include "oneclick/data/json.h"

/* name and status as sent; err: what a client makes of it */
static const struct {
	const char *name;
	int status;
	enum err err;
} problems[PROBLEM_COUNT] = {
	[PROBLEM_INVALID_REQUEST] = { "InvalidRequestException", 400, ERR_INVALID },
	[PROBLEM_FORBIDDEN] = { "ForbiddenException", 403, ERR_FORBIDDEN },
	[PROBLEM_NOT_FOUND] = { "ResourceNotFoundException", 404, ERR_NOT_FOUND },
	[PROBLEM_CONFLICT] = { "ResourceConflictException", 409, ERR_CONFLICT },
	[PROBLEM_PRECONDITION] = { "PreconditionFailedException", 412, ERR_PRECONDITION },
	[PROBLEM_RANGE] = { "RangeNotSatisfiableException", 416, ERR_RANGE },
	[PROBLEM_THROTTLED] = { "TooManyRequestsException", 429, ERR_THROTTLED },
	[PROBLEM_INTERNAL] = { "InternalFailureException", 500, ERR_INTERNAL },
	[PROBLEM_ACCESS_DENIED] = { "AccessDeniedException", 403, ERR_FORBIDDEN },
	[PROBLEM_NO_SIGNATURE] = { "MissingAuthenticationTokenException", 403,
		ERR_FORBIDDEN },
	[PROBLEM_INCOMPLETE_SIGNATURE] = { "IncompleteSignatureException", 400,
		ERR_INVALID },
	[PROBLEM_BAD_SIGNATURE] = { "InvalidSignatureException", 403, ERR_FORBIDDEN },
	[PROBLEM_UNKNOWN_KEY] = { "UnrecognizedClientException", 403, ERR_FORBIDDEN },
	[PROBLEM_MALFORMED_QUERY] = { "MalformedQueryStringException", 400, ERR_INVALID },
	[PROBLEM_UNKNOWN_OPERATION] = { "UnknownOperationException", 404, ERR_INVALID },
	[PROBLEM_WRONG_METHOD] = { "MethodNotAllowedException", 405, ERR_INVALID },
	[PROBLEM_TOO_LARGE] = { "RequestEntityTooLargeException", 413, ERR_INVALID },
	[PROBLEM_UNAVAILABLE] = { "ServiceUnavailableException", 503, ERR_INTERNAL },
	[PROBLEM_TARGET_TOO_LONG] = { "RequestUriTooLongException", 414, ERR_INVALID },
	[PROBLEM_HEAD_TOO_LARGE] = { "RequestHeaderFieldsTooLargeException", 431,
		ERR_INVALID },
	[PROBLEM_NOT_IMPLEMENTED] = { "NotImplementedException", 501, ERR_INVALID },
	[PROBLEM_TIMEOUT] = { "RequestTimeoutException", 408, ERR_INTERNAL },
};

const char *
problem_name(enum problem problem)
{
	return problems[problem].name;
}

int
problem_status(enum problem problem)
{
	return problems[problem].status;
}

enum problem
problem_of(enum err err)
{
	switch (err) {
	case ERR_INVALID:
		return PROBLEM_INVALID_REQUEST;
	case ERR_FORBIDDEN:
		return PROBLEM_FORBIDDEN;
	case ERR_NOT_FOUND:
		return PROBLEM_NOT_FOUND;
	case ERR_CONFLICT:
		return PROBLEM_CONFLICT;
	case ERR_PRECONDITION:
		return PROBLEM_PRECONDITION;
	case ERR_RANGE:
		return PROBLEM_RANGE;
	case ERR_THROTTLED:
		return PROBLEM_THROTTLED;
	case ERR_LINK:
	case ERR_BROKEN:
		return PROBLEM_UNAVAILABLE;
	case ERR_NONE:
	case ERR_INTERNAL:
		break;
	}
	return PROBLEM_INTERNAL;
}

static enum err
read_status(int status)
{
	if (status == 401)
		return ERR_FORBIDDEN;
	for (size_t i = 0; i <= PROBLEM_INTERNAL; i++)
		if (problems[i].status == status)
			return problems[i].err;
	return status >= 400 && status < 500 ? ERR_INVALID : ERR_INTERNAL;
}

/* A name may come as "prefix#Name:where to read more". */
enum err
problem_err(const char *name, int status)
{
	if (name == NULL)
		return read_status(status);
	const char *hash = strchr(name, '#');
	const char *bare = hash != NULL ? hash + 1 : name;
	size_t n = strcspn(bare, ":");
	for (size_t i = 0; i < PROBLEM_COUNT; i++)
		if (strlen(problems[i].name) == n &&
			memcmp(problems[i].name, bare, n) == 0)
			return problems[i].err;
	return read_status(status);
}

void
problem_write(struct buf *out, enum problem problem, const char *sentence)
{
	char code[8];
	snprintf(code, sizeof code, "%d", problem_status(problem));
	struct json j = json_to(out);
	json_open(&j, '{');
	json_member_text(&j, "code", code);
	json_member_text(&j, "message", sentence);
	json_close(&j, '}');
}
