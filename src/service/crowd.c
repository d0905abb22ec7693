/* Who is connected from where, and who makes room; see crowd.h. */
#include "crowd.h"

#include <assert.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <utlist.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"

#define uthash_fatal(reason) mem_abort(reason)
#include <uthash.h>

enum {
	PREFIX_SIZE = 8,             /* bytes of an IPv6 address that name a network */
	PLACE_SHARE = 4,             /* a place holds a quarter of the room at most */
	RESERVE_SHARE = 5,           /* a fifth is for the known */
	KNOWN_FOR = 60 * 60 * 1000,  /* ms */
	FREE_FAILURES = 3,           /* answered at once */
	FIRST_WAIT = 1000,           /* ms, doubled each time */
	LONGEST_WAIT = 8 * 1000,     /* ms */
	FAILED_FOR = 10 * 60 * 1000, /* ms a failure is remembered */
	REMEMBERED_MAX = 4 * 1024,   /* places without a connection */
};

struct address {
	uint8_t family;
	uint8_t bytes[PREFIX_SIZE];
};

struct place {
	struct address address;
	unsigned count;
	struct guest *waiting;
	int64_t known_until;  /* ticks */
	int64_t failed_until; /* ticks: when its failures are forgotten */
	unsigned failures;
	int64_t wait; /* ms, for the next failure */
	UT_hash_handle hh;
};

struct crowd {
	unsigned max, count, strangers;
	crowd_end_fn end;
	struct place *places;
};

struct crowd *
crowd_new(const void *ctx, unsigned max, crowd_end_fn end)
{
	struct crowd *crowd = mem_new(ctx, struct crowd);

	crowd->max = max;
	crowd->end = end;
	return crowd;
}

void
crowd_free(struct crowd *crowd)
{
	assert(crowd->count == 0);
	HASH_CLEAR(hh, crowd->places);
	mem_free(crowd);
}

unsigned
crowd_count(const struct crowd *crowd)
{
	return crowd->count;
}

/* ---- places ---- */

static struct address
address_of(const struct sockaddr_storage *from)
{
	struct address address = { .family = (uint8_t)from->ss_family };
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)from;

	if (from->ss_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&six->sin6_addr)) {
		address.family = AF_INET;
		memcpy(address.bytes, six->sin6_addr.s6_addr + 12,
			sizeof(struct in_addr));
	} else if (from->ss_family == AF_INET6) {
		memcpy(address.bytes, &six->sin6_addr, PREFIX_SIZE);
	} else if (from->ss_family == AF_INET) {
		memcpy(address.bytes, &((const struct sockaddr_in *)from)->sin_addr,
			sizeof(struct in_addr));
	}
	return address;
}

static struct place *
find_place(struct crowd *crowd, const struct sockaddr_storage *from)
{
	struct address address = address_of(from);
	struct place *place;

	HASH_FIND(hh, crowd->places, &address, sizeof address, place);
	if (!place) {
		place = mem_new(crowd, struct place);
		place->address = address;
		HASH_ADD(hh, crowd->places, address, sizeof address, place);
	}
	return place;
}

static bool
is_known(const struct place *place)
{
	return place->known_until > moment_ticks();
}

static bool
is_remembered(const struct place *place, int64_t now)
{
	return place->count > 0 || place->known_until > now || place->failed_until > now;
}

static void
forget_place(struct crowd *crowd, struct place *place)
{
	HASH_DEL(crowd->places, place);
	mem_free(place);
}

static void
forget_old_places(struct crowd *crowd)
{
	int64_t now = moment_ticks();
	struct place *at, *next;

	HASH_ITER (hh, crowd->places, at, next)
		if (!is_remembered(at, now))
			forget_place(crowd, at);
}

/* Beyond the most that are remembered, one without a connection is a stranger again. */
static void
leave_place(struct crowd *crowd, struct place *place)
{
	if (place->count > 0)
		return;
	if (!is_remembered(place, moment_ticks()))
		forget_place(crowd, place);
	else if (HASH_COUNT(crowd->places) > crowd->max + REMEMBERED_MAX)
		forget_old_places(crowd);
	if (HASH_COUNT(crowd->places) > crowd->max + REMEMBERED_MAX)
		forget_place(crowd, place);
}

/* ---- making room ---- */

/* Of the places where somebody waits, the one that holds most; of those that hold as much,
 * the one where it has waited longest. Known ones only when there is no other. */
static struct place *
find_fullest(struct crowd *crowd, bool known)
{
	struct place *found = NULL, *at, *next;

	HASH_ITER (hh, crowd->places, at, next) {
		if (!at->waiting || is_known(at) != known)
			continue;
		if (!found || at->count > found->count ||
			(at->count == found->count &&
				at->waiting->since < found->waiting->since))
			found = at;
	}
	return found;
}

static bool
end_one(struct crowd *crowd, struct place *place)
{
	unsigned before = crowd->count;

	if (!place || !place->waiting)
		return false;
	crowd->end(place->waiting);
	assert(crowd->count == before - 1);
	return true;
}

static bool
make_room(struct crowd *crowd, struct place *place, bool trusted)
{
	unsigned reserve = crowd->max / RESERVE_SHARE;
	bool known = trusted || is_known(place);

	if (!trusted && place->count >= crowd->max / PLACE_SHARE)
		return end_one(crowd, place);
	if (crowd->count < crowd->max &&
		(known || crowd->strangers < crowd->max - reserve))
		return true;
	return end_one(crowd, find_fullest(crowd, false)) ||
	       (known && end_one(crowd, find_fullest(crowd, true)));
}

bool
crowd_enter(struct crowd *crowd, struct guest *guest, const struct sockaddr_storage *from,
	bool trusted)
{
	bool let_in = make_room(crowd, find_place(crowd, from), trusted);
	/* Making room may have forgotten places without a connection. */
	struct place *place = find_place(crowd, from);

	assert(!guest->place);
	if (!let_in) {
		leave_place(crowd, place);
		return false;
	}
	guest->place = place;
	guest->stranger = !trusted && !is_known(place);
	place->count++;
	crowd->count++;
	crowd->strangers += guest->stranger;
	guest_wait(guest);
	return true;
}

void
crowd_leave(struct crowd *crowd, struct guest *guest)
{
	struct place *place = guest->place;

	if (!place)
		return;
	guest_work(guest);
	assert(place->count > 0 && crowd->count > 0);
	place->count--;
	crowd->count--;
	crowd->strangers -= guest->stranger;
	*guest = (struct guest){ 0 };
	leave_place(crowd, place);
}

void
guest_wait(struct guest *guest)
{
	guest_work(guest);
	guest->since = moment_ticks();
	guest->waits = true;
	DL_APPEND(guest->place->waiting, guest);
}

void
guest_work(struct guest *guest)
{
	if (guest->waits)
		DL_DELETE(guest->place->waiting, guest);
	guest->waits = false;
}

/* ---- what a place has shown ---- */

void
guest_prove(struct crowd *crowd, struct guest *guest)
{
	guest->place->known_until = moment_ticks() + KNOWN_FOR;
	crowd->strangers -= guest->stranger;
	guest->stranger = false;
}

int64_t
guest_fail(struct guest *guest)
{
	struct place *place = guest->place;
	int64_t now = moment_ticks(), wait;

	if (place->failed_until <= now) {
		place->failures = 0;
		place->wait = 0;
	}
	wait = place->wait;
	place->failed_until = now + FAILED_FOR;
	if (++place->failures < FREE_FAILURES)
		return wait;
	place->wait = wait == 0 ? FIRST_WAIT : wait * 2;
	if (place->wait > LONGEST_WAIT)
		place->wait = LONGEST_WAIT;
	return wait;
}
