/*
 * A dialog: a question in a frame over the screen, about something that cannot be taken
 * back lightly.  It opens with Cancel chosen; where a word is asked for, the other button
 * is off until exactly that word has been typed.  A paste never answers it.
 *
 *   +-- Unclaim 2 devices -----------------+
 *   |  G030PM045751188A  acme-hq/wc-4f     |
 *   |  Type the number of devices:  [2_]   |
 *   |        > [ Cancel ]   [ Unclaim 2 ]  |
 *   +--------------------------------------+
 */
#ifndef ONECLICK_UI_DIALOG_H
#define ONECLICK_UI_DIALOG_H

#include <stdbool.h>
#include <stddef.h>

#include "oneclick/ui/edit.h"

enum dialog_state { DIALOG_OPEN, DIALOG_ACCEPTED, DIALOG_CANCELLED };
enum dialog_focus { DIALOG_OPTIONS, DIALOG_WORD, DIALOG_CANCEL, DIALOG_ACCEPT };

struct dialog {
	struct safe_text title;
	const struct safe_text *line; /* what will happen; scrolls if it does not fit */
	size_t lines, top;
	const struct safe_text *option; /* ways to do it, "( ) ..."; may be NULL */
	size_t options, chosen;
	struct safe_text ask; /* "Type the number of devices to go on:" */
	const char *word;     /* what must be typed; NULL: nothing */
	struct edit typed;
	struct safe_text accept; /* the button: "Unclaim 2" */
	bool blocked;            /* the button stays off; a line says why */
	enum dialog_focus focus;
	enum dialog_state state; /* set by dialog_key */
};

/* A dialog with Cancel in focus; the caller fills option, ask, word and blocked after it.
 * The texts are borrowed. */
void dialog_init(struct dialog *dialog, const void *ctx, struct safe_text title,
	const struct safe_text *line, size_t lines, struct safe_text accept);
bool dialog_can_accept(const struct dialog *dialog);
/* Tab Shift-Tab Left Right move, Up Down choose an option or scroll, Enter does the one
 * in focus, Esc and Ctrl-c cancel.  False for any other key, which the caller may use. */
bool dialog_key(struct dialog *dialog, const struct chord *chord);
/* Draws in the middle of `area`, over what is there. */
void dialog_draw(const struct dialog *dialog, struct canvas *canvas, struct area area);

#endif
