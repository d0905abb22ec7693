#include "candidates.h"

#include <string.h>
#include <strings.h>

#include "oneclick/base/mem.h"

void
candidates_init(struct candidates *to, const void *ctx, const char *begin, size_t len)
{
	*to = (struct candidates){ .ctx = ctx, .begin = begin, .len = len };
	to->word = mem_array(ctx, const char *, CANDIDATES_MAX);
}

static size_t
measure_common(const char *a, const char *b)
{
	size_t n = 0;

	while (a[n] && a[n] == b[n])
		n++;
	return n;
}

/* A word for which there is no room takes the last one's place if it agrees less with the
 * first: so what is kept agrees exactly as far as all that were offered. */
static void
offer_beyond(struct candidates *to, const char *word)
{
	const char **last = &to->word[CANDIDATES_MAX - 1];

	if (measure_common(to->word[0], word) < measure_common(to->word[0], *last))
		*last = mem_text(to->ctx, word);
}

void
candidates_offer(struct candidates *to, const char *word)
{
	if (strncasecmp(word, to->begin, to->len) != 0)
		return;
	for (size_t i = 0; i < to->count; i++)
		if (strcmp(to->word[i], word) == 0)
			return;
	if (to->count == CANDIDATES_MAX)
		offer_beyond(to, word);
	else
		to->word[to->count++] = mem_text(to->ctx, word);
}
