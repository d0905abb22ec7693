/* What stops a log from filling with one sentence: a disk that stays full says so with each
 * attempt. */
#ifndef ONECLICK_BASE_LOG_REPEAT_H
#define ONECLICK_BASE_LOG_REPEAT_H

#include <stdbool.h>
#include <stdint.h>

enum {
	LOG_REPEAT_AFTER = 60 * 1000, /* ms until a sentence is said again */
	LOG_REPEAT_LINES = 16,        /* remembered; the one said longest ago is forgotten */
	LOG_REPEAT_TEXT = 240,        /* bytes of a sentence that tell it from others */
};

struct log_repeat {
	struct {
		char text[LOG_REPEAT_TEXT]; /* "": free */
		int64_t said_at;            /* a moment */
		uint64_t since;             /* times it came and was not said */
	} line[LOG_REPEAT_LINES];
};

/* Whether the sentence is to be said at `now`, and how often it came unsaid before. A clock
 * that was set back says it. */
bool log_repeat_is_due(
	struct log_repeat *repeat, const char *text, int64_t now, uint64_t *unsaid);

#endif
