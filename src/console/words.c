#include "oneclick/console/words.h"

#include <string.h>

#include "oneclick/base/mem.h"

enum {
	SLOTS_FIRST = 256,
	WORD_BYTES_MAX = 1024,
	ARENA_MAX = 64 * 1024 * 1024,
	COUNT_MAX = 4 * 1024 * 1024,
};

/* A word's number is its offset in the arena; the first byte of the arena is the NUL of
 * WORD_NONE.  Slots hold numbers, 0 where free, and are never more than half taken. */
struct words {
	char *arena;
	size_t len, room;
	uint32_t *slot;
	size_t slots, count;
	bool full;
};

struct words *
words_new(const void *ctx)
{
	struct words *words = mem_new(ctx, struct words);

	words->room = 1024;
	words->arena = mem_array(words, char, words->room);
	words->len = 1;
	words->slots = SLOTS_FIRST;
	words->slot = mem_array(words, uint32_t, words->slots);
	return words;
}

static uint32_t
hash_text(const char *text)
{
	uint32_t hash = 2166136261u;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 16777619u;
	return hash ^ hash >> 15;
}

static size_t
find_slot(const struct words *words, const char *text)
{
	size_t at = hash_text(text) & (words->slots - 1);

	while (words->slot[at] && strcmp(words->arena + words->slot[at], text) != 0)
		at = (at + 1) & (words->slots - 1);
	return at;
}

static void
grow_slots(struct words *words)
{
	uint32_t *old = words->slot;
	size_t count = words->slots;

	words->slots *= 2;
	words->slot = mem_array(words, uint32_t, words->slots);
	for (size_t i = 0; i < count; i++)
		if (old[i])
			words->slot[find_slot(words, words->arena + old[i])] = old[i];
	mem_free(old);
}

static uint32_t
add_word(struct words *words, size_t slot, const char *text)
{
	size_t n = strlen(text) + 1;
	uint32_t word = (uint32_t)words->len;

	if (words->len + n > ARENA_MAX || words->count == COUNT_MAX) {
		words->full = true;
		return WORD_NONE;
	}
	if (words->len + n > words->room) {
		words->room = (words->len + n) * 3 / 2;
		words->arena = mem_resize(words, words->arena, char, words->room);
	}
	memcpy(words->arena + words->len, text, n);
	words->len += n;
	words->slot[slot] = word;
	if (++words->count * 2 > words->slots)
		grow_slots(words);
	return word;
}

static uint32_t
put_safe(struct words *words, const char *text)
{
	size_t slot = find_slot(words, text);

	return words->slot[slot] ? words->slot[slot] : add_word(words, slot, text);
}

/* No name of the contract is that long. Cut inside a letter, it ends with that byte shown
 * as one that is no text. */
uint32_t
words_put(struct words *words, const char *text)
{
	size_t n = text ? strnlen(text, WORD_BYTES_MAX + 1) : 0;
	struct safe_text safe;
	uint32_t word;
	void *life;

	if (n <= WORD_BYTES_MAX && (n == 0 || text_is_safe(text, n)))
		return n ? put_safe(words, text) : WORD_NONE;
	life = mem_life(NULL);
	safe = text_safe(life, text, n < WORD_BYTES_MAX ? n : WORD_BYTES_MAX);
	if (n > WORD_BYTES_MAX)
		safe = text_safe_format(life, "%s...", safe.text);
	word = put_safe(words, safe.text);
	mem_free(life);
	return word;
}

bool
words_are_full(const struct words *words)
{
	return words->full;
}

uint32_t
words_find(const struct words *words, const char *text)
{
	return text && *text ? words->slot[find_slot(words, text)] : WORD_NONE;
}

const char *
words_text(const struct words *words, uint32_t word)
{
	return words->arena + word;
}

struct safe_text
words_safe(const struct words *words, uint32_t word)
{
	return (struct safe_text){ words->arena + word };
}
