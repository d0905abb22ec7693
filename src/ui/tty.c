#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "tty_parts.h"

enum {
	ESC_LOCAL = 25, /* ms a lone Esc waits for more */
	ESC_REMOTE = 100,
	LAST_ANSWER = 300, /* ms to wait for it when closing */
	WRITE_WAIT = 1000, /* ms for a descriptor that does not block */
	READ_MAX = 64 * 1024,
};

void
tty_put(const struct tty *tty, const char *bytes)
{
	struct pollfd fd = { .fd = tty->out, .events = POLLOUT };
	size_t n = strlen(bytes);

	while (n > 0) {
		ssize_t put = write(tty->out, bytes, n);

		if (put < 0 && errno == EAGAIN && poll(&fd, 1, WRITE_WAIT) > 0)
			continue;
		if (put < 0 && errno != EINTR)
			return;
		if (put > 0) {
			bytes += put;
			n -= (size_t)put;
		}
	}
}

/* ---- what there is ---------------------------------------------------------------- */

bool
tty_colour_parse(const char *word, enum tty_colour *out)
{
	static const char *const words[] = {
		[TTY_COLOUR_AUTO] = "auto",
		[TTY_COLOUR_NEVER] = "never",
		[TTY_COLOUR_16] = "16",
		[TTY_COLOUR_256] = "256",
		[TTY_COLOUR_DIRECT] = "direct",
	};

	for (unsigned i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(word, words[i]) == 0) {
			*out = (enum tty_colour)i;
			return true;
		}
	return false;
}

bool
tty_is_there(void)
{
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

bool
tty_is_dumb(void)
{
	const char *term = getenv("TERM");

	return !term || !*term || strcmp(term, "dumb") == 0;
}

const char *
tty_notice(const struct tty *tty)
{
	return tty->notice;
}

struct canvas *
tty_canvas(struct tty *tty)
{
	return tty->canvas;
}

int
tty_fd(const struct tty *tty)
{
	return tty->in;
}

bool
tty_is_gone(const struct tty *tty)
{
	return tty->gone;
}

/* ---- taking over ------------------------------------------------------------------ */

static bool
starts_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

/* Screens a terminal of an unknown name most likely understands, the nearest first. */
static const char *const *
near_terms(const char *term)
{
	static const char *const xterm[] = { "xterm-256color", "xterm", "vt220", NULL };
	static const char *const screen[] = { "screen-256color", "screen", "vt220",
		NULL };
	static const char *const other[] = { "xterm", "vt220", "ansi", NULL };

	if (starts_with(term, "xterm"))
		return xterm;
	return starts_with(term, "tmux") || starts_with(term, "screen") ? screen : other;
}

static SCREEN *
try_terms(struct tty *tty)
{
	const char *term = getenv("TERM");
	const char *const *near = near_terms(term ? term : "");
	SCREEN *screen = term && *term ? newterm(term, stdout, stdin) : NULL;

	for (; !screen && *near; near++) {
		screen = newterm(*near, stdout, stdin);
		if (screen)
			snprintf(tty->notice, sizeof(tty->notice),
				"This machine does not know the terminal \"%.60s\"; it "
				"is "
				"driven as %s",
				term ? term : "", *near);
	}
	return screen;
}

/* Curses would answer signals itself; they are the caller's. */
static SCREEN *
open_screen(struct tty *tty)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGTSTP, SIGWINCH };
	enum { SIGNALS = sizeof(signals) / sizeof(*signals) };
	struct sigaction before[SIGNALS];
	SCREEN *screen;

	for (int i = 0; i < SIGNALS; i++)
		sigaction(signals[i], NULL, &before[i]);
	screen = try_terms(tty);
	for (int i = 0; i < SIGNALS; i++)
		sigaction(signals[i], &before[i], NULL);
	return screen;
}

/* Whatever ran before may have left its own modes on. */
static void
put_modes(const struct tty *tty, bool on)
{
	tty_put(tty, TTY_MODES_OFF);
	if (!on)
		return;
	tty_put(tty, "\033[?2004h");
	tty_put(tty, tty->mouse ? "\033[?1000h\033[?1006h" : "");
}

/* Nothing is ever read through curses, so it neither waits for keys nor stops drawing
 * when it sees some; and a job-control signal is ours to handle. */
static void
set_modes(struct tty *tty)
{
	raw();
	noecho();
	nonl();
	typeahead(-1);
	idlok(stdscr, TRUE);
	leaveok(stdscr, FALSE);
	put_modes(tty, true);
	tty_guard(tty);
}

static int
read_delay(bool remote)
{
	const char *given = getenv("ESCDELAY");
	long delay = given ? strtol(given, NULL, 10) : 0;

	if (delay > 0 && delay <= 10000)
		return (int)delay;
	return remote ? ESC_REMOTE : ESC_LOCAL;
}

static void
choose_pace(struct tty *tty, enum tty_pace wanted)
{
	bool ask = wanted == TTY_PACE_ON || (wanted == TTY_PACE_AUTO && tty->remote);

	tty->pace = ask ? pace_remote() : pace_local();
	tty->esc_delay = read_delay(tty->remote);
}

static enum err
take_screen(struct tty *tty, struct fault *why)
{
	use_env(TRUE);
	use_tioctl(TRUE); /* the real size, whatever LINES and COLUMNS say */
	tty->screen = open_screen(tty);
	if (!tty->screen)
		return fault(why, ERR_PRECONDITION,
			"no terminal description could be loaded for TERM \"%.60s\"; "
			"install "
			"ncurses-base or use --linear",
			getenv("TERM") ? getenv("TERM") : "");
	if (!tigetstr("cup") || tigetstr("cup") == (char *)-1) {
		endwin();
		return fault(why, ERR_PRECONDITION,
			"the terminal \"%.60s\" cannot place its cursor; use --linear",
			getenv("TERM"));
	}
	return ERR_NONE;
}

enum err
tty_open(const void *ctx, const struct tty_options *options, struct tty **out,
	struct fault *why)
{
	struct tty *tty;
	enum err err;

	if (!tty_is_there())
		return fault(why, ERR_PRECONDITION,
			"input and output are not a terminal; use a command, or "
			"--linear");
	tty = mem_new(ctx, struct tty);
	tty->in = STDIN_FILENO;
	tty->out = STDOUT_FILENO;
	tcgetattr(tty->out, &tty->found);
	setlocale(LC_CTYPE, "");
	tty->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	tty->remote = getenv("SSH_CONNECTION") != NULL;
	err = take_screen(tty, why);
	if (err) {
		mem_free(tty);
		return err;
	}
	choose_pace(tty, options->pace);
	set_modes(tty);
	tty->decode = decode_new(tty);
	tty->canvas = canvas_new(tty, LINES, COLS);
	tty->canvas->ascii = !tty->utf8;
	tty->shown = canvas_new(tty, LINES, COLS);
	tty->colours = tty_depth(options->colour);
	tty_set_theme(tty, options->theme);
	*out = tty;
	return ERR_NONE;
}

/* ---- reading ---------------------------------------------------------------------- */

/* All that is there, up to READ_MAX; what is left makes the descriptor readable again. */
static size_t
read_bytes(struct tty *tty, char *out)
{
	struct pollfd fd = { .fd = tty->in, .events = POLLIN };
	size_t n = 0;

	while (n < READ_MAX && poll(&fd, 1, 0) > 0) {
		ssize_t got = read(tty->in, out + n, READ_MAX - n);

		if (got > 0) {
			n += (size_t)got;
		} else if (got == 0 || (errno != EINTR && errno != EAGAIN)) {
			tty->gone = true;
			break;
		}
	}
	return n;
}

static size_t
decode_bytes(struct tty *tty, const struct chord **chords)
{
	static char bytes[READ_MAX];
	size_t n = read_bytes(tty, bytes), count = 0;
	int64_t now = moment_ticks();

	if (n > 0 || (tty->esc_since && now - tty->esc_since >= tty->esc_delay)) {
		tty->esc_since = 0;
		count = decode_feed(tty->decode, bytes, n, chords);
	}
	if (tty->answers != tty->decode->answers)
		pace_answered(&tty->pace);
	tty->answers = tty->decode->answers;
	if (!decode_is_waiting(tty->decode))
		tty->esc_since = 0;
	else if (!tty->esc_since)
		tty->esc_since = now;
	return count;
}

/* ---- giving back ------------------------------------------------------------------ */

/* An answer that comes after us would be typed into the shell. */
static void
await_answer(struct tty *tty)
{
	int64_t until = moment_ticks() + LAST_ANSWER;

	while (tty->pace.out && !tty->gone) {
		struct pollfd fd = { .fd = tty->in, .events = POLLIN };
		const struct chord *ignored;
		int64_t left = until - moment_ticks();

		if (left <= 0 || poll(&fd, 1, (int)left) <= 0)
			break;
		decode_bytes(tty, &ignored);
	}
}

void
tty_leave(struct tty *tty)
{
	if (tty->away)
		return;
	await_answer(tty);
	tty->away = true;
	put_modes(tty, false);
	endwin();
	tty_unguard();
	tcsetattr(tty->out, tty->pace.out ? TCSAFLUSH : TCSADRAIN, &tty->found);
}

void
tty_enter(struct tty *tty)
{
	if (!tty->away)
		return;
	tty->away = false;
	tcgetattr(tty->out, &tty->found); /* the shell may have changed it */
	reset_prog_mode();
	put_modes(tty, true);
	tty_guard(tty);
	tty->pace.out = false;
	tty->resized = tty->redraw = true;
}

void
tty_close(struct tty *tty)
{
	if (!tty)
		return;
	tty_leave(tty);
	delscreen(tty->screen);
	mem_free(tty);
}

/* The whole job stops, `make run` and its shell among it, but we last and for certain. */
void
tty_suspend(struct tty *tty)
{
	struct sigaction ours, ignore = { .sa_handler = SIG_IGN };
	struct sigaction stop = { .sa_handler = SIG_DFL };

	tty->stop = false;
	tty_leave(tty);
	sigaction(SIGTSTP, &ignore, &ours);
	kill(0, SIGTSTP);
	sigaction(SIGTSTP, &stop, NULL);
	raise(SIGTSTP);
	sigaction(SIGTSTP, &ours, NULL);
	tty_enter(tty);
}

/* ---- for the loop ------------------------------------------------------------------ */

/* Copies the chords but Ctrl-z and those of a mouse nobody asked for, leaving room for one
 * more; returns their number. */
static size_t
keep_chords(struct tty *tty, const struct chord *chords, size_t n)
{
	size_t kept = 0;

	if (n + 1 > tty->chords_room) {
		tty->chords_room = n + 64;
		tty->chord = mem_resize(tty, tty->chord, struct chord, tty->chords_room);
	}
	for (size_t i = 0; i < n; i++) {
		if (chord_is_ctrl(&chords[i], 'z'))
			tty->stop = true;
		else if (tty->mouse || !chord_is_mouse(&chords[i]))
			tty->chord[kept++] = chords[i];
	}
	return kept;
}

static void
take_size(struct tty *tty)
{
	struct winsize size;

	if (ioctl(tty->out, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0)
		resizeterm(size.ws_row, size.ws_col);
	/* a shell in which we were stopped has set its own */
	reset_prog_mode();
	put_modes(tty, true);
	canvas_resize(tty->canvas, LINES, COLS);
	tty->resized = false;
	tty->redraw = true;
}

size_t
tty_read(struct tty *tty, const struct chord **chords)
{
	const struct chord *decoded = NULL;
	size_t n, kept;

	if (tty->away)
		return 0;
	n = decode_bytes(tty, &decoded);
	if (n > 0)
		pace_typed(&tty->pace);
	kept = keep_chords(tty, decoded, n);
	if (tty->stop && kept == 0) /* what was typed before it is acted on first */
		tty_suspend(tty);
	if (tty->resized) {
		take_size(tty);
		tty->chord[kept++] = (struct chord){ .kind = CHORD_RESIZE };
	}
	*chords = tty->chord;
	return kept;
}

int
tty_wait(struct tty *tty, bool dirty)
{
	int64_t now = moment_ticks();
	int wait = dirty ? pace_wait(&tty->pace, now) : -1;

	if (tty->resized || tty->stop)
		return 0;
	if (tty->esc_since) {
		int64_t left = tty->esc_since + tty->esc_delay - now;
		int esc = left > 0 ? (int)left : 0;

		if (wait < 0 || esc < wait)
			wait = esc;
	}
	return wait;
}

bool
tty_is_ready(struct tty *tty)
{
	return !tty->away && pace_wait(&tty->pace, moment_ticks()) == 0;
}

void
tty_resized(struct tty *tty)
{
	tty->resized = true;
}

void
tty_set_mouse(struct tty *tty, bool on)
{
	if (tty->mouse == on)
		return;
	tty_put(tty, on ? "\033[?1000h\033[?1006h" : "\033[?1006l\033[?1000l");
	tty->mouse = on;
}
