#include "throttle.h"

#include <pthread.h>
#include <string.h>

#include "pair_hash.h"

enum { SLOTS = 4096, TRIED = 8, SECOND = 1000 * 1000, BURST = 2 * SECOND };

/* A bucket is kept as the moment at which it will be full again (microseconds): one that
 * lies in the past says no more than an empty slot does, which is why slots are taken over
 * without loss. */
static struct slot {
	uint64_t tag; /* of account and operation */
	int64_t full_at;
} slots[SLOTS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Its own slot, or else the one that is full soonest. */
static struct slot *
find_slot(uint64_t tag)
{
	struct slot *best = &slots[tag % SLOTS];

	for (size_t i = 0; i < TRIED; i++) {
		struct slot *slot = &slots[(tag + i) % SLOTS];
		if (slot->tag == tag)
			return slot;
		if (slot->full_at < best->full_at)
			best = slot;
	}
	*best = (struct slot){ .tag = tag };
	return best;
}

bool
throttle_takes(const char *account, const char *operation, int64_t rate, int64_t ticks)
{
	int64_t now = ticks * 1000, full_at;
	struct slot *slot;
	bool takes;

	if (rate == 0)
		return true;
	pthread_mutex_lock(&lock);
	slot = find_slot(pair_hash(account, operation));
	full_at = (slot->full_at > now ? slot->full_at : now) + SECOND / rate;
	takes = full_at - now <= BURST;
	if (takes)
		slot->full_at = full_at;
	pthread_mutex_unlock(&lock);
	return takes;
}

void
throttle_forget(void)
{
	pthread_mutex_lock(&lock);
	memset(slots, 0, sizeof slots);
	pthread_mutex_unlock(&lock);
}
