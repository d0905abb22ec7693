/*
 * From the bytes a terminal sends to chords.  Understands UTF-8, the cursor, editing and
 * function keys of xterm, VT220, linux, rxvt and PuTTY with their modifiers, bracketed
 * paste, SGR mouse reports and the answer to "are you there?".  Any other sequence
 * (answers nobody asked for, OSC, DCS) is swallowed whole and never becomes keys.
 *
 * A terminal without bracketed paste sends a paste as if it were typed.  What was read at
 * once is therefore one paste too if it is at least 9 bytes of text and line ends alone,
 * and has two lines or more, each of at least two letters and ended.  No one types that
 * fast, while forty `j`, or a command and its Enter, in one write stay the keys they are.
 */
#ifndef ONECLICK_UI_DECODE_H
#define ONECLICK_UI_DECODE_H

#include <stdbool.h>
#include <stddef.h>

#include "oneclick/base/buf.h"
#include "oneclick/ui/chord.h"

enum { DECODE_PASTE_MAX = 1 << 20 }; /* bytes of one paste; what follows is dropped */

struct decode {
	const void *ctx;
	struct buf bytes; /* read but not understood yet */
	struct buf paste; /* collected so far */
	bool pasting;
	bool swallowing;     /* inside a string sequence (OSC, DCS, APC, PM, SOS) */
	unsigned answers;    /* to "are you there?", since decode_new */
	struct chord *chord; /* what the last decode_feed found */
	size_t count, room;
	void *life; /* of their paste texts */
};

struct decode *decode_new(const void *ctx);
/* Takes bytes as read; *chords is an array of the number returned, valid until the next
 * call.  `n` 0 says that time has passed: a lone Esc is then a key. */
size_t decode_feed(
	struct decode *decode, const char *bytes, size_t n, const struct chord **chords);
/* True while a beginning is held that may be a lone Esc: feed again after the delay. */
bool decode_is_waiting(const struct decode *decode);

#endif
