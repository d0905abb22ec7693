/*
 * From the bytes a terminal sends to chords.  Understands UTF-8, the cursor, editing and
 * function keys of xterm, VT220, linux, rxvt and PuTTY with their modifiers, bracketed
 * paste, mouse reports in all four encodings (X10, UTF-8, SGR, urxvt) and the answer to
 * "are you there?".
 *
 * Any other sequence (reports of modes someone else left on, answers nobody asked for,
 * strings) is swallowed whole and never becomes keys, whether it comes with 7-bit or 8-bit
 * introducers, in pieces, cut short or without end.  When in doubt more is swallowed than
 * less: a key can be pressed again.  Ctrl-c in a read of its own ends whatever is
 * unfinished.
 *
 * Bytes that no terminal sends (broken UTF-8, stray controls of 8 bits) are noise: a
 * binary file that was shown, a line that lost bits.  Then nothing of what was read with
 * them is a key, nor what follows until there is a pause.
 *
 * A terminal without bracketed paste sends a paste as if it were typed.  What was read at
 * once is therefore one paste too if it is at least 9 bytes of text and line ends alone,
 * and has two lines or more, each of at least two letters and ended; the last may be
 * unfinished in a read of 512 bytes or more, and the paste then lasts until there is a
 * pause.  No one types that fast, while forty `j`, or a command and its Enter, in one write
 * stay the keys they are.
 */
#ifndef ONECLICK_UI_DECODE_H
#define ONECLICK_UI_DECODE_H

#include <stdbool.h>
#include <stddef.h>

#include "oneclick/base/buf.h"
#include "oneclick/ui/chord.h"

/* Bytes of one paste; its chord tells how many more there were. */
enum { DECODE_PASTE_MAX = 4 << 20 };

enum decode_state {
	DECODE_GROUND,
	DECODE_SKIPPING, /* a control sequence too long to be one, up to its final byte */
	DECODE_STRING,   /* OSC, DCS, SOS, PM or APC, up to its terminator */
	DECODE_PASTING,  /* between the brackets of a paste */
	DECODE_BURST,    /* a paste without brackets, up to a pause */
};

struct decode {
	const void *ctx;
	struct buf bytes; /* read but not understood yet */
	struct buf paste; /* collected so far */
	size_t paste_lost; /* bytes of it for which there was no room */
	enum decode_state state;
	bool bell_ends;      /* the string is an OSC, which BEL ends too */
	bool noisy;          /* noise was read, and there was no pause since */
	char late[3];        /* taken for a key, but may begin the next read's sequence */
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
/* True while a pause would decide what is held: feed again after the delay. */
bool decode_is_waiting(const struct decode *decode);

#endif
