/*
 * Who is connected to a listening socket, and from where.  A place is an IPv4 address or an
 * IPv6 /64; no place may hold more than a quarter of the room, and a fifth of the room is
 * kept for places that have proved who they are.  When there is no room, a connection that
 * waits for its peer makes it, the longest waiting one of the place that holds most: so no
 * number of connections shuts out a newcomer from another place.
 */
#ifndef ONECLICK_SERVICE_CROWD_H
#define ONECLICK_SERVICE_CROWD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

struct crowd;
struct place;

/* One connection: a member of its owner's struct, all zero before it enters. */
struct guest {
	struct place *place;       /* NULL: it is not here */
	bool stranger;             /* counted among those who have proved nothing */
	bool waits;                /* for its peer, and may be ended for a newcomer */
	int64_t since;             /* ticks: when it began to wait */
	struct guest *prev, *next; /* of the place's waiting, the longest first */
};

/* Ends the guest's connection at once; it leaves on its way. */
typedef void (*crowd_end_fn)(struct guest *guest);

struct crowd *crowd_new(const void *ctx, unsigned max, crowd_end_fn end);
void crowd_free(struct crowd *crowd); /* when all have left */

/* Lets it in, waiting, if need be by ending another's connection; false when all who are
 * here are at work, or its place is full of such. A trusted one (our own user, a proxy)
 * counts as proved, and its place may hold any number. */
bool crowd_enter(struct crowd *crowd, struct guest *guest,
	const struct sockaddr_storage *from, bool trusted);
void crowd_leave(struct crowd *crowd, struct guest *guest);
unsigned crowd_count(const struct crowd *crowd);

/* Waits for its peer from now on, or does no longer. */
void guest_wait(struct guest *guest);
void guest_work(struct guest *guest);
/* It has shown a signature or a token that is right: for an hour its place is known. */
void guest_prove(struct crowd *crowd, struct guest *guest);
/* It has shown a wrong one: ms to hold the answer back, more with each from that place, so
 * that guessing is bounded by the connections a place may have. A right one is answered at
 * once, always: what shares an address with a guesser need not suffer for it. */
int64_t guest_fail(struct guest *guest);

#endif
