/*
 * Faults: why something failed, as a code a program can act on and one whole sentence a
 * person can act on.
 *
 * A function that can fail returns enum err (ERR_NONE, which is 0, is good).  If a person
 * may need the reason, its last parameter is `struct fault *why`: filled on failure,
 * untouched on success, and allowed to be NULL.  Lower floors never print.
 */
#ifndef ONECLICK_BASE_FAULT_H
#define ONECLICK_BASE_FAULT_H

/* The first eight failures are the exceptions of the 1-Click contract, one to one
 * (api/problem.h gives their names and HTTP statuses). */
enum err {
	ERR_NONE = 0,
	ERR_INVALID,      /* InvalidRequestException: the input is at fault */
	ERR_FORBIDDEN,    /* ForbiddenException: known, but not allowed */
	ERR_NOT_FOUND,    /* ResourceNotFoundException */
	ERR_CONFLICT,     /* ResourceConflictException: it exists or is taken */
	ERR_PRECONDITION, /* PreconditionFailedException: not yet */
	ERR_RANGE,        /* RangeNotSatisfiableException: a page token is unusable */
	ERR_THROTTLED,    /* TooManyRequestsException */
	ERR_INTERNAL,     /* InternalFailureException: the other side is broken */
	ERR_LINK,         /* no answer: the link or the other side is gone */
	ERR_BROKEN,       /* we are broken: storage failed; acknowledge nothing more */
};

enum { FAULT_SENTENCE_MAX = 512 };

struct fault {
	enum err code;
	char sentence[FAULT_SENTENCE_MAX]; /* one sentence, cut if longer, never empty */
};

/* Fills `why` (if not NULL) and returns `code`, so that `return fault(...)` is one line. */
enum err fault(struct fault *why, enum err code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Puts "PREFIX: " before the sentence, to say where; returns why's code. */
enum err fault_at(struct fault *why, enum err code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
