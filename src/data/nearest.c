#include "oneclick/data/record.h"

#include <string.h>

enum { WORD_MAX = 64 }; /* a longer word is no slip of the finger */

static int
least(int a, int b, int c)
{
	int ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* How many letters must be put in, left out or changed to make one word the other. */
static int
measure(const char *word, size_t n, const char *other)
{
	int row[WORD_MAX + 1];

	for (size_t i = 0; i <= n; i++)
		row[i] = (int)i;
	for (; *other; other++) {
		int diagonal = row[0]++;

		for (size_t i = 1; i <= n; i++) {
			int changed = diagonal + (word[i - 1] != *other);

			diagonal = row[i];
			row[i] = least(row[i] + 1, row[i - 1] + 1, changed);
		}
	}
	return row[n];
}

static int
allow(size_t n)
{
	if (n < 4)
		return 1;
	return n / 3 > 2 ? (int)(n / 3) : 2;
}

const char *
nearest_word(const char *word, const char *const *candidates, size_t count)
{
	size_t n = strnlen(word, WORD_MAX + 1);
	const char *nearest = NULL;
	int best;

	if (n == 0 || n > WORD_MAX)
		return NULL;
	best = allow(n) + 1;
	for (size_t i = 0; i < count; i++) {
		int away = measure(word, n, candidates[i]);

		if (away < best && away < (int)n) {
			best = away;
			nearest = candidates[i];
		}
	}
	return nearest;
}
