/*
 * Colours of a theme at each depth a terminal may have: the 16 of the user's own palette,
 * the 256 of xterm, and 24 bits.  What a theme does not say is worked out from what it
 * does say.
 */
#ifndef ONECLICK_UI_COLOUR_H
#define ONECLICK_UI_COLOUR_H

#include <stdint.h>

#include "oneclick/base/fault.h"
#include "oneclick/data/value.h"

enum { COLOUR_DEFAULT = -1 }; /* the terminal's own foreground or background */

struct colour {
	int c16;     /* 0 to 15, or COLOUR_DEFAULT */
	int c256;    /* 0 to 255, or COLOUR_DEFAULT */
	int32_t rgb; /* 0xRRGGBB, or COLOUR_DEFAULT */
};

#define COLOUR_NONE ((struct colour){ COLOUR_DEFAULT, COLOUR_DEFAULT, COLOUR_DEFAULT })

/* Reads "red", "default", "#rrggbb", or a map of rgb, c256, c16.  The sentence begins
 * with line:column and offers the nearest name. */
enum err colour_read(const struct value *value, struct colour *out, struct fault *why);

/* WCAG 2 contrast of two 0xRRGGBB colours, 1.0 to 21.0. */
double colour_contrast(int32_t a, int32_t b);

#endif
