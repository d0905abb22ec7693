#include "oneclick/data/keys.h"

#include <stdlib.h>
#include <string.h>

#include "oneclick/base/mem.h"

enum { FEW = 16 }; /* so few that comparing each with each is quicker than sorting */

static size_t
compare_all(const char *const *key, size_t count)
{
	for (size_t i = 1; i < count; i++)
		for (size_t j = 0; j < i; j++)
			if (strcmp(key[i], key[j]) == 0)
				return i;
	return count;
}

struct place {
	const char *key;
	size_t at;
};

static int
compare_places(const void *a, const void *b)
{
	const struct place *left = a, *right = b;
	int order = strcmp(left->key, right->key);

	if (order != 0)
		return order;
	return left->at < right->at ? -1 : left->at > right->at;
}

static size_t
compare_sorted(const char *const *key, size_t count)
{
	struct place *place = mem_array(NULL, struct place, count);
	size_t first = count;

	for (size_t i = 0; i < count; i++)
		place[i] = (struct place){ .key = key[i], .at = i };
	qsort(place, count, sizeof(*place), compare_places);
	for (size_t i = 1; i < count; i++)
		if (place[i].at < first && strcmp(place[i].key, place[i - 1].key) == 0)
			first = place[i].at;
	mem_free(place);
	return first;
}

size_t
keys_repeat(const char *const *key, size_t count)
{
	return count <= FEW ? compare_all(key, count) : compare_sorted(key, count);
}
