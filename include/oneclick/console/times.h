/* How moments are written on the screen: as ages, as local time, or as UTC. */
#ifndef ONECLICK_CONSOLE_TIMES_H
#define ONECLICK_CONSOLE_TIMES_H

#include <stdint.h>

#include "oneclick/base/text_safe.h"

enum times_look { TIMES_AGE, TIMES_LOCAL, TIMES_UTC, TIMES_LOOKS };

struct times {
	enum times_look look;
	int64_t now; /* the moment ages are counted to */
};

const char *times_name(enum times_look look); /* "ages", "local", "UTC" */
/* A moment: "12m", or "11-23 10:41"; "-" for 0. */
struct safe_text times_short(const struct times *times, const void *ctx, int64_t at);
/* The time of day with milliseconds, "10:41:07.112" (local unless UTC is asked for). */
struct safe_text times_of_day(const struct times *times, const void *ctx, int64_t at);
/* "2026-11-23 10:41:51 (12m ago)"; "-" for 0. */
struct safe_text times_long(const struct times *times, const void *ctx, int64_t at);
/* "12m" of a span of ms, always at least "0s"; minutes are the finest from a minute on.
 */
struct safe_text times_span(const void *ctx, int64_t ms);

#endif
