/*
 * The two lines at the bottom: the notice, one sentence to the user, and the hints, the
 * keys that matter here.
 */
#ifndef ONECLICK_UI_NOTICE_H
#define ONECLICK_UI_NOTICE_H

#include <stdbool.h>
#include <stddef.h>

#include "oneclick/ui/canvas.h"

enum notice_level { NOTICE_INFO, NOTICE_WARN, NOTICE_ERROR };

struct notice {
	enum notice_level level;
	struct safe_text text; /* "" or NULL: no notice */
};

void notice_draw(const struct notice *notice, struct canvas *canvas, struct area area);

struct hint {
	const char *key;       /* a chord's name, or two ("/ :"); ours or chord_name's */
	struct safe_text text; /* "detail"; "move.." opens a dialog */
	bool off;              /* shown dim: refused at present */
};

/* "Enter detail  + enable  / filter": hints that do not fit are left out, the last shown
 * being always the last of all (help). */
void hints_draw(
	const struct hint *hint, size_t count, struct canvas *canvas, struct area area);

#endif
