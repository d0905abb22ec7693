#include "policy_shelf.h"

#include <pthread.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "pair_hash.h"

enum { SETS = 16, WAYS = 4 };

/* One policy and its text, which lives as long as it. */
static struct slot {
	struct policy *policy; /* NULL: empty */
	const char *text;
	uint64_t used; /* when it was last asked for */
	int borrowed;
} slots[SETS][WAYS];
static uint64_t asked;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct slot *
find(uint64_t hash, const char *text)
{
	struct slot *set = slots[hash % SETS];

	for (size_t i = 0; i < WAYS; i++)
		if (set[i].policy && strcmp(set[i].text, text) == 0)
			return &set[i];
	return NULL;
}

static const struct policy *
borrow(struct slot *slot)
{
	slot->used = ++asked;
	slot->borrowed++;
	return slot->policy;
}

/* The slot that was asked for longest ago and that nobody reads; NULL if there is none. */
static struct slot *
find_room(uint64_t hash)
{
	struct slot *set = slots[hash % SETS], *best = NULL;

	for (size_t i = 0; i < WAYS; i++)
		if (!set[i].borrowed && (!best || set[i].used < best->used))
			best = &set[i];
	return best;
}

/* Another thread may have put the same one there meanwhile; then each has its own. */
static void
keep(struct policy *policy, uint64_t hash, const char *text)
{
	struct slot *slot = find(hash, text) ? NULL : find_room(hash);

	if (!slot)
		return;
	mem_free(slot->policy);
	*slot = (struct slot){ .policy = policy, .text = mem_text(policy, text) };
	borrow(slot);
}

enum err
policy_borrow(const char *text, const struct policy **out, struct fault *why)
{
	uint64_t hash = pair_hash(text, "");
	struct policy *policy;
	struct slot *slot;
	enum err err;

	pthread_mutex_lock(&lock);
	slot = find(hash, text);
	if (slot)
		*out = borrow(slot);
	pthread_mutex_unlock(&lock);
	if (slot)
		return ERR_NONE;
	err = policy_parse(NULL, text, &policy, why);
	if (err)
		return err;
	pthread_mutex_lock(&lock);
	keep(policy, hash, text);
	pthread_mutex_unlock(&lock);
	*out = policy;
	return ERR_NONE;
}

/* One that found no room is not kept. */
void
policy_return(const struct policy *policy)
{
	bool kept = false;

	pthread_mutex_lock(&lock);
	for (size_t i = 0; i < SETS * WAYS && !kept; i++) {
		struct slot *slot = &slots[i / WAYS][i % WAYS];
		kept = slot->policy == policy;
		slot->borrowed -= kept;
	}
	pthread_mutex_unlock(&lock);
	if (!kept)
		mem_free((void *)policy);
}

void
policy_shelf_clear(void)
{
	pthread_mutex_lock(&lock);
	for (size_t i = 0; i < SETS * WAYS; i++)
		mem_free(slots[i / WAYS][i % WAYS].policy);
	memset(slots, 0, sizeof slots);
	pthread_mutex_unlock(&lock);
}
