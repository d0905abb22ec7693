/*
 * The pages of one list, followed to its end. Whoever answers may be broken or hostile: a
 * nextToken that came before, pages without end, a page larger than was asked for or without
 * its list end the walk with a sentence. Takes the same memory for any number of pages.
 */
#ifndef ONECLICK_CLIENT_PAGES_H
#define ONECLICK_CLIENT_PAGES_H

#include <stddef.h>

#include "oneclick/base/digest.h"
#include "oneclick/base/fault.h"
#include "oneclick/data/value.h"

enum {
	PAGES_MAX = 5000,            /* of 250 members: more than a million */
	PAGES_TOKEN_MAX = 16 * 1024, /* bytes; it goes into the next request's target */
};

struct pages { /* all zero: before the first page */
	size_t count;
	size_t mark_at;                 /* the page whose token is kept next */
	unsigned char mark[DIGEST_SIZE]; /* of the token kept */
};

/* Checks the answer that is the next page: it holds the list `items` of at most PAGE_MAX
 * members. *token, borrowed from the body, asks for the page after it; NULL: that was the
 * last one. */
enum err pages_take(struct pages *pages, const struct value *body, const char *items,
	const char **token, struct fault *why);

#endif
