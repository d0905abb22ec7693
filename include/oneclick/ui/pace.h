/*
 * Pacing: when the next frame may be sent.  After a frame the terminal is asked "are you
 * there?"; until it answers the next frame is held, so that a thin link never holds more
 * than one frame that nobody has seen.  Three questions in a row without an answer turn
 * the asking off, and frames then come five a second at most.  Plain state over ticks
 * (ms).
 */
#ifndef ONECLICK_UI_PACE_H
#define ONECLICK_UI_PACE_H

#include <stdbool.h>
#include <stdint.h>

enum {
	PACE_TIMEOUT = 2000, /* ms an answer may take */
	PACE_MISSES = 3,
	PACE_LOCAL_GAP = 33, /* ms between frames nobody's key asked for */
	PACE_REMOTE_GAP = 100,
	PACE_SILENT_GAP = 200, /* once the asking is off on a remote link */
};

struct pace {
	bool asking;  /* a question follows each frame */
	bool out;     /* one is unanswered */
	int gap;      /* ms between frames */
	int misses;   /* questions in a row without an answer */
	bool key;     /* a key was read since the last frame */
	int64_t last; /* ticks of the last frame; 0 none */
};

struct pace pace_local(void);
struct pace pace_remote(void);

/* Ms to wait before a frame may be sent; 0 now.  Counts a question that timed out. */
int pace_wait(struct pace *pace, int64_t now);
void pace_sent(struct pace *pace, int64_t now);
void pace_answered(struct pace *pace);
void pace_typed(
	struct pace *pace); /* a key was read: its frame need not wait for the gap */

#endif
