/* Candidates: the words a completion offers.  So many as one can look through; which are
 * kept says as well how far all of them agree. */
#ifndef ONECLICK_SRC_CONSOLE_CANDIDATES_H
#define ONECLICK_SRC_CONSOLE_CANDIDATES_H

#include <stddef.h>

enum { CANDIDATES_MAX = 64 };

struct candidates {
	const void *ctx;
	const char **word; /* CANDIDATES_MAX of them, on ctx */
	size_t count;
	const char *begin; /* what they begin with, letter case aside */
	size_t len;
};

void candidates_init(
	struct candidates *to, const void *ctx, const char *begin, size_t len);
/* Adds the word if it begins so and is not there yet. */
void candidates_offer(struct candidates *to, const char *word);

#endif
