/*
 * Moments: milliseconds since 1970-01-01T00:00:00Z (int64_t), from one clock that tests can
 * replace; and ticks, milliseconds of a clock that never jumps, for waiting.
 */
#ifndef ONECLICK_BASE_MOMENT_H
#define ONECLICK_BASE_MOMENT_H

#include <stdbool.h>
#include <stdint.h>

typedef int64_t (*moment_clock_fn)(void);

int64_t moment_now(void);
void moment_set_clock(moment_clock_fn clock); /* NULL: the system's */
int64_t moment_ticks(void);
int64_t moment_uptime(void); /* since the machine's start, its sleep included */
int64_t moment_micros(void); /* the same clock in microseconds, for measuring */

enum { MOMENT_ISO_SIZE = 25, MOMENT_BASIC_SIZE = 17 };

/* "2018-05-04T23:26:33.747Z": always three decimals and Z, as the guide's events have it. */
void moment_to_iso(int64_t at, char out[MOMENT_ISO_SIZE]);
/* "20180504T232633Z": what a signature is dated with. */
void moment_to_basic(int64_t at, char out[MOMENT_BASIC_SIZE]);

/* Takes what ISO 8601 and RFC 3339 write: 0 to 9 decimals after a point or comma, Z or an
 * offset (+02:00, +0200, +02), T or a blank, 24:00:00, a leap second (the moment of the
 * second after it), and a bare date; false if it is anything else, a time without an offset
 * too.  A moment must lie in the years 1970 to 9999. */
bool moment_from_iso(const char *text, int64_t *at);
/* "20180504T232633Z" and no other spelling of that second: it is signed as text. */
bool moment_from_basic(const char *text, int64_t *at);

#endif
