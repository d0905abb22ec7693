/*
 * The terminal: the only place that knows curses.  One may be open at a time.  It never
 * waits for anything: the owner of the loop watches tty_fd and calls tty_read when it is
 * readable, and again after tty_wait milliseconds.
 *
 * The loop, in short:
 *   readable(tty_fd) or timer:  n = tty_read(tty, &chords);  ... update the state ...
 *   SIGWINCH, SIGCONT:          tty_resized(tty); the next tty_read brings CHORD_RESIZE
 *   before sleep:  if (dirty && tty_is_ready(tty)) { draw; tty_show(tty, canvas); }
 *                  set the timer to tty_wait(tty, dirty)
 *
 * However the program ends, the terminal is given back as it was found: by tty_close, at
 * exit, and by a handler for SIGSEGV, SIGABRT, SIGBUS, SIGFPE and SIGILL.  SIGTERM,
 * SIGHUP, SIGINT and SIGQUIT are the caller's to catch (on the loop), answering with
 * tty_close. Ctrl-c comes as a key.  Ctrl-z suspends in tty_read and is never seen by the
 * caller, who answers SIGTSTP with tty_suspend.
 */
#ifndef ONECLICK_UI_TTY_H
#define ONECLICK_UI_TTY_H

#include <stdbool.h>
#include <stddef.h>

#include "oneclick/base/fault.h"
#include "oneclick/ui/canvas.h"
#include "oneclick/ui/chord.h"
#include "oneclick/ui/theme.h"

enum tty_colour {
	TTY_COLOUR_AUTO, /* 16, or none if NO_COLOR is set or the terminal has none */
	TTY_COLOUR_NEVER,
	TTY_COLOUR_16,
	TTY_COLOUR_256,
	TTY_COLOUR_DIRECT,
};

enum tty_pace {
	TTY_PACE_AUTO, /* on if SSH_CONNECTION is set */
	TTY_PACE_ON,
	TTY_PACE_OFF,
};

struct tty_options {
	enum tty_colour colour;
	enum tty_pace pace;
	const struct theme *theme; /* must outlive the tty */
};

struct tty;

/* "auto", "never", "16", "256", "direct"; false if it is none of them. */
bool tty_colour_parse(const char *word, enum tty_colour *out);
/* True if stdin and stdout are terminals. */
bool tty_is_there(void);
/* True if TERM is unset, empty or "dumb": nothing can be placed on such a screen, and the
 * caller should go to linear mode. */
bool tty_is_dumb(void);

/* Takes the terminal over.  ERR_PRECONDITION if there is none. */
enum err tty_open(const void *ctx, const struct tty_options *options, struct tty **out,
	struct fault *why);
/* Gives it back, waiting up to 300 ms for an answer still under way. NULL is fine. */
void tty_close(struct tty *tty);

/* What the user should be told about this terminal (an unknown TERM), or "". */
const char *tty_notice(const struct tty *tty);
/* A canvas of the terminal's size and letters; resized by tty_read when the size changes.
 */
struct canvas *tty_canvas(struct tty *tty);

int tty_fd(const struct tty *tty);
/* Reads all that is there; *chords is an array of the number returned, valid until the
 * next call.  Never blocks. */
size_t tty_read(struct tty *tty, const struct chord **chords);
bool tty_is_gone(const struct tty *tty); /* the terminal was closed: end */
/* Milliseconds after which tty_read is to be called though nothing is readable, or -1;
 * `dirty` says that a frame is waiting to be shown. */
int tty_wait(struct tty *tty, bool dirty);
void tty_resized(struct tty *tty); /* on SIGWINCH and SIGCONT */

/* True if a frame may be sent now. */
bool tty_is_ready(struct tty *tty);
/* Sends what differs from the frame before, in one write. */
void tty_show(struct tty *tty, const struct canvas *canvas);
void tty_repaint(struct tty *tty); /* the next tty_show sends everything: Ctrl-l */

void tty_set_theme(struct tty *tty, const struct theme *theme);
void tty_set_mouse(struct tty *tty, bool on); /* clicks and wheel only; off at first */

/* Stops the program as Ctrl-z does, and returns when it goes on. */
void tty_suspend(struct tty *tty);

/* Gives the terminal to a child ($EDITOR) as it was found, and takes it back. */
void tty_leave(struct tty *tty);
void tty_enter(struct tty *tty);

#endif
