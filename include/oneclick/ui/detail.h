/*
 * A detail: lines of headings, labelled values and text that scroll as one, as beside a
 * list or in a help page.  It is built anew when its subject changes; what it shows is
 * copied.
 */
#ifndef ONECLICK_UI_DETAIL_H
#define ONECLICK_UI_DETAIL_H

#include <stdbool.h>
#include <stddef.h>

#include "oneclick/ui/canvas.h"
#include "oneclick/ui/chord.h"

struct detail_line {
	struct safe_text label; /* "" of a text */
	struct safe_text value;
	enum role role; /* of the value */
	int indent;     /* columns */
};

struct detail {
	const void *ctx;
	void *life; /* of the lines */
	struct detail_line *line;
	size_t count;
	size_t top;   /* first line shown */
	size_t page;  /* rows that fit; set by detail_fit */
	bool wrap;    /* long values go on in the next row instead of ending in '~' */
	bool focused; /* rests the hardware cursor on the first line shown */
	size_t found; /* line drawn as a match; its count when none */
};

void detail_init(struct detail *detail, const void *ctx);
void detail_clear(struct detail *detail); /* no lines, at the top */

void detail_heading(struct detail *detail, struct safe_text text);
void detail_pair(struct detail *detail, struct safe_text label, struct safe_text value,
	enum role role);
void detail_text(
	struct detail *detail, struct safe_text text, enum role role, int indent);
void detail_blank(struct detail *detail);

void detail_fit(struct detail *detail, struct area area);
/* Scrolls: j k g G, arrows, Home End PgUp PgDn, Ctrl-d Ctrl-u, the wheel. */
bool detail_key(struct detail *detail, const struct chord *chord);
/* Shows the next (or previous) line that contains `needle` in any letter case, going
 * round; false if there is none. */
bool detail_find(struct detail *detail, const char *needle, bool backwards);
void detail_draw(const struct detail *detail, struct canvas *canvas, struct area area);

#endif
