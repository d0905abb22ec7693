/* What the parts of the terminal share: tty.c takes it over and reads it, tty_paint.c
 * draws, tty_restore.c gives it back when the program dies. */
#ifndef ONECLICK_UI_TTY_PARTS_H
#define ONECLICK_UI_TTY_PARTS_H

#include <termios.h>

#include <curses.h>
#include <term.h>

#include "oneclick/base/buf.h"
#include "oneclick/ui/decode.h"
#include "oneclick/ui/pace.h"
#include "oneclick/ui/tty.h"

/* Off goes all that makes a terminal send what we do not read: the mouse (9, 1000 to 1006,
 * 1015, 1016), focus, brackets around pastes, keys as Windows, kitty or xterm
 * (modifyOtherKeys) may report them, colour scheme and size; cursor keys and keypad send
 * what is printed on them.  A terminal that does not know one passes over it. */
#define TTY_MODES_OFF \
	"\033[?9l\033[?1000l\033[?1001l\033[?1002l\033[?1003l" \
	"\033[?1004l\033[?1005l\033[?1006l\033[?1015l\033[?1016l" \
	"\033[?2004l\033[?2031l\033[?2048l\033[?9001l" \
	"\033[=0u\033[>4;0m\033[?1l\033>"

struct look {
	attr_t attrs;
	int pair;
};

struct tty {
	int in, out; /* descriptors */
	SCREEN *screen;
	struct termios found; /* as the terminal was */
	char notice[160];
	bool utf8, remote;
	bool away; /* given to a child or a shell */
	bool gone;
	bool mouse;
	bool resized, redraw; /* to be told in the next tty_read; to be painted whole */
	bool stop;            /* Ctrl-z was read: the next tty_read suspends */
	int colours;          /* 0, 8, 16, 256 or more: what may be used */
	struct look look[ROLE_COUNT];
	struct canvas *canvas; /* the caller's */
	struct canvas *shown;  /* what curses was given last */
	struct decode *decode;
	struct pace pace;
	struct chord *chord; /* what tty_read returned */
	size_t chords_room;
	int64_t esc_since; /* ticks at which a lone Esc was read; 0 none */
	int esc_delay;     /* ms */
	unsigned answers;  /* of decode, as counted so far */
};

/* Writes a fixed sequence at once; for when curses' own buffer is empty. */
void tty_put(const struct tty *tty, const char *bytes);

/* Chooses a depth for the terminal curses has opened. */
int tty_depth(enum tty_colour wanted);

/* Keeps the terminal safe from now on: `found` and the bytes that undo our modes are set
 * aside for the handlers. */
void tty_guard(const struct tty *tty);
void tty_unguard(void);

#endif
