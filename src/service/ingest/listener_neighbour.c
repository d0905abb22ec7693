/*
 * Who comes from where.  A wrong password is answered later each time one comes from the
 * same place, and its connection is held meanwhile, so that guessing is bounded by the
 * connections a place may have.  A right one is answered at once, always: what shares an
 * address with a guesser need not suffer for it.
 */
#include <arpa/inet.h>
#include <string.h>

#include "listener.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"

#define uthash_fatal(reason) mem_abort(reason)
#include <uthash.h>

enum {
	PREFIX_SIZE = 8,           /* bytes of an IPv6 address that name a network */
	FREE_FAILURES = 3,         /* answered at once */
	FIRST_WAIT = 1000,         /* ms, doubled each time */
	LONGEST_WAIT = 8 * 1000,   /* ms */
	MEMORY = 10 * 60 * 1000,   /* ms a failure is remembered */
	REMEMBERED_MAX = 4 * 1024, /* places */
};

struct place {
	uint8_t family;
	uint8_t bytes[PREFIX_SIZE];
};

struct neighbour {
	struct place place;
	int sessions;
	int64_t wait;      /* ms, for the next failure */
	unsigned failures; /* remembered */
	int64_t forget_at; /* ticks */
	UT_hash_handle hh;
};

static struct place
find_place(const struct sockaddr_storage *from)
{
	struct place place = { .family = (uint8_t)from->ss_family };

	if (from->ss_family == AF_INET6)
		memcpy(place.bytes, &((const struct sockaddr_in6 *)from)->sin6_addr,
			PREFIX_SIZE);
	else
		memcpy(place.bytes, &((const struct sockaddr_in *)from)->sin_addr,
			sizeof(struct in_addr));
	return place;
}

struct neighbour *
neighbour_enter(struct listener *listener, const struct sockaddr_storage *from, int max)
{
	struct place place = find_place(from);
	struct neighbour *found;

	HASH_FIND(hh, listener->neighbours, &place, sizeof place, found);
	if (!found) {
		found = mem_new(listener, struct neighbour);
		found->place = place;
		HASH_ADD(hh, listener->neighbours, place, sizeof place, found);
	}
	if (max > 0 && found->sessions >= max)
		return NULL;
	found->sessions++;
	return found;
}

static void
forget(struct listener *listener, struct neighbour *neighbour)
{
	HASH_DEL(listener->neighbours, neighbour);
	mem_free(neighbour);
}

void
neighbour_leave(struct listener *listener, struct neighbour *neighbour)
{
	neighbour->sessions--;
	if (neighbour->sessions == 0 &&
		(neighbour->failures == 0 ||
			HASH_COUNT(listener->neighbours) > REMEMBERED_MAX))
		forget(listener, neighbour);
}

int64_t
neighbour_fail(struct neighbour *neighbour)
{
	int64_t wait = neighbour->wait;

	neighbour->forget_at = moment_ticks() + MEMORY;
	if (++neighbour->failures < FREE_FAILURES)
		return wait;
	neighbour->wait = wait == 0 ? FIRST_WAIT : wait * 2;
	if (neighbour->wait > LONGEST_WAIT)
		neighbour->wait = LONGEST_WAIT;
	return wait;
}

void
neighbours_tick(struct listener *listener, int64_t now)
{
	struct neighbour *at, *next;

	HASH_ITER (hh, listener->neighbours, at, next) {
		if (at->failures == 0 || at->forget_at > now)
			continue;
		at->failures = 0;
		at->wait = 0;
		if (at->sessions == 0)
			forget(listener, at);
	}
}

void
neighbours_forget(struct listener *listener)
{
	struct neighbour *at, *next;

	HASH_ITER (hh, listener->neighbours, at, next)
		forget(listener, at);
}
