/*
 * Chords: what the user did, one event each.  A key with its modifiers, a whole paste, a
 * mouse click, a new size.  Their names ("j", "Ctrl-d", "Shift-Tab", "F1", "Space", "+")
 * are what keys.yaml, the help and the hint line use.
 */
#ifndef ONECLICK_UI_CHORD_H
#define ONECLICK_UI_CHORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "oneclick/base/fault.h"

enum chord_kind {
	CHORD_KEY,
	CHORD_PASTE,  /* text, len */
	CHORD_CLICK,  /* row, col: left button */
	CHORD_RESIZE, /* draw again: the size changed, or the screen was ours to restore
		       */
};

enum chord_mod { CHORD_CTRL = 1, CHORD_ALT = 2, CHORD_SHIFT = 4 };

/* Keys that are no letter lie above Unicode; a letter is its code point, Space is ' '. */
enum chord_key {
	CHORD_NAMED = 0x110000,
	CHORD_ENTER,
	CHORD_TAB,
	CHORD_ESC,
	CHORD_BACKSPACE,
	CHORD_DEL,
	CHORD_INS,
	CHORD_UP,
	CHORD_DOWN,
	CHORD_LEFT,
	CHORD_RIGHT,
	CHORD_HOME,
	CHORD_END,
	CHORD_PGUP,
	CHORD_PGDN,
	CHORD_WHEEL_UP,
	CHORD_WHEEL_DOWN,
	CHORD_F1, /* to CHORD_F1 + 11 */
	CHORD_F12 = CHORD_F1 + 11,
};

struct chord {
	enum chord_kind kind;
	int32_t key;      /* of CHORD_KEY: a code point or an enum chord_key */
	unsigned mods;    /* enum chord_mod bits; Ctrl goes with lower-case letters */
	int row, col;     /* of CHORD_CLICK, from 0 */
	const char *text; /* of CHORD_PASTE: valid UTF-8, no controls but \n and \t;
			   * borrowed until the next tty_read */
	size_t len;
	size_t lost; /* of CHORD_PASTE: bytes beyond what one paste may have */
};

enum { CHORD_NAME_MAX = 32 };

#define CHORD(k) ((struct chord){ .kind = CHORD_KEY, .key = (k) })
#define CHORD_WITH(m, k) ((struct chord){ .kind = CHORD_KEY, .key = (k), .mods = (m) })

/* The key called `name`; ERR_INVALID offers the nearest name, and refuses what a terminal
 * cannot tell apart (Ctrl-i is Tab) by naming the other. */
enum err chord_parse(const char *name, struct chord *out, struct fault *why);
/* The key's name; "" if it is no key. */
void chord_name(const struct chord *chord, char out[CHORD_NAME_MAX]);

bool chord_is(const struct chord *chord, int32_t key); /* that key without modifiers */
bool chord_is_ctrl(const struct chord *chord, int32_t key);
/* A letter to be typed: a code point from ' ' on with neither Ctrl nor Alt. */
bool chord_is_letter(const struct chord *chord);
bool chord_is_same(const struct chord *a, const struct chord *b); /* as keys */
bool chord_is_mouse(const struct chord *chord); /* a click or the wheel */

#endif
