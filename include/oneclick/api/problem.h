/*
 * Problems: how the contract words a fault.  One row each: the exception's name (sent in
 * x-amzn-ErrorType and in the body) and its HTTP status; the first eight are the codes of
 * base/fault.h in their order, the rest are what a signing front end answers.
 */
#ifndef ONECLICK_API_PROBLEM_H
#define ONECLICK_API_PROBLEM_H

#include "oneclick/base/buf.h"
#include "oneclick/base/fault.h"

enum problem {
	PROBLEM_INVALID_REQUEST,
	PROBLEM_FORBIDDEN,
	PROBLEM_NOT_FOUND,
	PROBLEM_CONFLICT,
	PROBLEM_PRECONDITION,
	PROBLEM_RANGE,
	PROBLEM_THROTTLED,
	PROBLEM_INTERNAL,
	PROBLEM_ACCESS_DENIED,        /* AccessDeniedException 403 */
	PROBLEM_NO_SIGNATURE,         /* MissingAuthenticationTokenException 403 */
	PROBLEM_INCOMPLETE_SIGNATURE, /* IncompleteSignatureException 400 */
	PROBLEM_BAD_SIGNATURE,        /* InvalidSignatureException 403 */
	PROBLEM_UNKNOWN_KEY,          /* UnrecognizedClientException 403 */
	PROBLEM_MALFORMED_QUERY,      /* MalformedQueryStringException 400 */
	PROBLEM_UNKNOWN_OPERATION,    /* UnknownOperationException 404 */
	PROBLEM_WRONG_METHOD,         /* MethodNotAllowedException 405 */
	PROBLEM_TOO_LARGE,            /* RequestEntityTooLargeException 413 */
	PROBLEM_UNAVAILABLE,          /* ServiceUnavailableException 503 */
	PROBLEM_TARGET_TOO_LONG,      /* RequestUriTooLongException 414 */
	PROBLEM_HEAD_TOO_LARGE,       /* RequestHeaderFieldsTooLargeException 431 */
	PROBLEM_NOT_IMPLEMENTED,      /* NotImplementedException 501 */
	PROBLEM_TIMEOUT,              /* RequestTimeoutException 408 */
	PROBLEM_COUNT
};

const char *problem_name(enum problem problem);
int problem_status(enum problem problem);
enum problem problem_of(enum err err);
/* The code to act on for a name the service sent (unknown names go by status). */
enum err problem_err(const char *name, int status);
/* {"code":"404","message":"..."} as the devices model documents code: the status as text. */
void problem_write(struct buf *out, enum problem problem, const char *sentence);

#endif
