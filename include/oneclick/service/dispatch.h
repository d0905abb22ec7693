/*
 * Dispatch: every event whose callback is to be called leaves by its destination
 * (destinations.h), at least once and with the same event id in all attempts.
 *
 * The log is the outbox.  Dispatch follows it from its cursor, which moves over what is
 * settled: delivered, or filed in the store's deliveries in the transaction that moves it.
 * Whatever ends the service, what the cursor has not passed is read again; what is slow is
 * filed while it is under way, so that this is no more than the last moment's.  Filed is what
 * failed, and what has to stand aside so that it keeps nobody else waiting: events for a
 * destination that is down, or slower than they come.
 *
 * What failed is tried again after 1 s, 5 s, 30 s, 2 min, 10 min, 30 min, 1 h and then
 * hourly, each a little sooner or later by chance, until the event is older than its
 * destination's max-age; then it is a dead letter, kept as long as its event, and may be
 * replayed.  A destination that fails five times in a row is left alone for a while that
 * grows to 30 s, and then tried with one event; when that goes well, all that waits for it
 * is due.
 */
#ifndef ONECLICK_SERVICE_DISPATCH_H
#define ONECLICK_SERVICE_DISPATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "oneclick/base/fault.h"
#include "oneclick/base/loop.h"
#include "oneclick/service/service.h"

/* A part of the service (service.c): reads the sections `destinations` and `callbacks`. */
enum err dispatch_open(struct service *service, struct fault *why);
void dispatch_close(struct service *service);
/* Reads those sections anew: new attempts go by them, those under way end by the old. */
void dispatch_reload(struct service *service);

/* Before the end: begins no more attempts and waits at most `limit` ms until none is under
 * way, then calls `drained` once, on the loop.  With `all` it goes on until everything that
 * can be sent now was.  What is under way then is cancelled and filed by dispatch_close. */
void dispatch_drain(
	struct service *service, bool all, int64_t limit, loop_fn drained, void *arg);
/* How many callbacks then wait for the next start; 0 when nothing failed and nothing is
 * left of this run. */
int64_t dispatch_left(const struct service *service);

/* From a lane, in the transaction that made dead letters wait again: they are looked for
 * after the hub tells. */
void dispatch_replayed(void);

/* Milliseconds until the next attempt after this many; `asked` is what the other side asked
 * for (-1: nothing), of which at most an hour is heard. */
int64_t dispatch_wait(int attempts, int64_t asked);

struct dispatch_counts {
	uint64_t delivered, failed, died; /* since the start: events, attempts, events */
	int64_t in_flight;                /* attempts under way */
	int64_t waiting, dead;            /* filed, now */
	int64_t behind;                   /* events of the log not settled or looked at */
	int64_t oldest; /* ms since the first of those in hand was taken; 0: none is */
	int64_t shut;   /* destinations left alone for now, or that wanted no more */
};
struct dispatch_counts dispatch_counts(const struct service *service);

#endif
