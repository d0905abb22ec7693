/*
 * Time that may decide what is old enough to be removed.  The machine's clock may be wrong
 * at its start, or set wrong and back again; the time since the machine's start cannot be.
 * So a clock that jumped against it is believed only when it has run on for a day, which is
 * remembered over restarts, and until then time goes on from where it was.  Of another start
 * of the machine nothing is known but what was seen before it: then the clock is believed as
 * far as it was seen then, when that is a day ago by its own count.
 *
 * What is removed too late does no harm; what is removed too early is lost.
 */
#ifndef ONECLICK_SERVICE_STEADY_H
#define ONECLICK_SERVICE_STEADY_H

#include "oneclick/service/service.h"

/* Moments are the clock's; uptimes are milliseconds since the machine's start. */
struct steady_clock {
	int64_t offset; /* moment of uptime 0, as believed */
	int64_t seen;   /* the same, as the clock says now */
	int64_t since;  /* uptime since which it says so */
};

/* What is kept of it. */
struct steady_kept {
	char boot[40]; /* names the machine's start; "": nothing is kept */
	struct steady_clock clock;
	int64_t at;   /* what the clock said */
	int64_t sure; /* what of that was believed */
};

/* Goes on from what was kept. */
void steady_begin(struct steady_clock *clock, const struct steady_kept *kept,
	const char *boot, int64_t now, int64_t uptime);
/* Looks at the clock, now and then; how far it jumped since the last look, 0: it did not. */
int64_t steady_look(struct steady_clock *clock, int64_t now, int64_t uptime);
/* The moment that is certain to have come. */
int64_t steady_moment(const struct steady_clock *clock, int64_t now, int64_t uptime);

/* Reads what was kept, before the lanes have the store. */
enum err steady_read(
	const void *ctx, struct store *store, struct steady **out, struct fault *why);
/* The part that looks, says what jumped, and keeps it. */
enum err steady_open(struct service *service, struct fault *why);
void steady_close(struct service *service);
/* On the loop; the machine's clock where there is no such part. */
int64_t steady_now(const struct service *service);

#endif
