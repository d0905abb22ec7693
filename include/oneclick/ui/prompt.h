/*
 * The prompt: one line at the bottom that asks for a command, a filter or a value, with a
 * history (Up, Down) and completion (Tab, again Tab to step through the words).
 */
#ifndef ONECLICK_UI_PROMPT_H
#define ONECLICK_UI_PROMPT_H

#include <stdbool.h>
#include <stddef.h>

#include "oneclick/ui/edit.h"

enum { HISTORY_MAX = 200 };

/* Lines entered before, oldest first; the caller keeps it from one prompt to the next. */
struct history {
	const void *ctx;
	char *line[HISTORY_MAX];
	size_t count;
};

void history_init(struct history *history, const void *ctx);
/* Adds a line, unless empty or the same as the last; the oldest makes room. */
void history_add(struct history *history, const char *line);

enum prompt_state { PROMPT_OPEN, PROMPT_ACCEPTED, PROMPT_CANCELLED };

struct prompt {
	struct safe_text label; /* ":" or "/" or "Go to: " */
	struct edit edit;
	enum prompt_state state; /* set by prompt_key */
	struct history *history; /* may be NULL */
	size_t step;             /* place in the history; its count when not in it */
	char *draft;             /* what was typed before going into the history */
	complete_fn complete;    /* may be NULL */
	void *complete_arg;
	void *words_life;        /* of the candidates */
	struct completion found; /* by the last Tab */
	size_t word_at;          /* the one chosen; found.count: none yet */
};

/* Opens a prompt living as long as ctx. */
void prompt_init(struct prompt *prompt, const void *ctx, struct safe_text label,
	struct history *history);
/* Enter accepts (and enters the line into the history), Esc, Ctrl-c and Backspace on the
 * empty line cancel.  True if the chord was used. */
bool prompt_key(struct prompt *prompt, const struct chord *chord);
/* Draws into the last row of `area`; a row above it, if there, lists the candidates. */
void prompt_draw(const struct prompt *prompt, struct canvas *canvas, struct area area);

#endif
