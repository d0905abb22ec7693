#include "oneclick/data/pairs.h"

#include <string.h>

#include "oneclick/base/mem.h"

struct pairs *
pairs_new(const void *ctx)
{
	return mem_new(ctx, struct pairs);
}

static struct pair *
find(const struct pairs *pairs, const char *key)
{
	for (size_t i = 0; pairs && i < pairs->count; i++)
		if (strcmp(pairs->row[i].key, key) == 0)
			return &pairs->row[i];
	return NULL;
}

void
pairs_add(struct pairs *pairs, const char *key, const char *value)
{
	size_t room = talloc_get_size(pairs->row) / sizeof(*pairs->row);

	if (pairs->count == room)
		pairs->row =
			mem_resize(pairs, pairs->row, struct pair, room ? room * 2 : 8);
	pairs->row[pairs->count++] = (struct pair){
		.key = mem_text(pairs, key),
		.value = mem_text(pairs, value),
	};
}

void
pairs_set(struct pairs *pairs, const char *key, const char *value)
{
	struct pair *pair = find(pairs, key);
	const char *old;

	if (!pair) {
		pairs_add(pairs, key, value);
		return;
	}
	old = pair->value;
	pair->value = mem_text(pairs, value);
	mem_free((char *)old);
}

const char *
pairs_get(const struct pairs *pairs, const char *key)
{
	const struct pair *pair = find(pairs, key);

	return pair ? pair->value : NULL;
}

bool
pairs_remove(struct pairs *pairs, const char *key)
{
	struct pair *pair = find(pairs, key);
	size_t after;

	if (!pair)
		return false;
	mem_free((char *)pair->key);
	mem_free((char *)pair->value);
	after = pairs->count - 1 - (size_t)(pair - pairs->row);
	memmove(pair, pair + 1, after * sizeof(*pair));
	pairs->count--;
	return true;
}

struct pairs *
pairs_copy(const void *ctx, const struct pairs *pairs)
{
	struct pairs *copy = pairs_new(ctx);

	for (size_t i = 0; pairs && i < pairs->count; i++)
		pairs_add(copy, pairs->row[i].key, pairs->row[i].value);
	return copy;
}

void
pairs_merge(struct pairs *under, const struct pairs *over)
{
	for (size_t i = 0; over && i < over->count; i++)
		pairs_set(under, over->row[i].key, over->row[i].value);
}
