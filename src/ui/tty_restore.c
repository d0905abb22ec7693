#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tty_parts.h"

enum { UNDO_MAX = 512, STACK_SIZE = 64 * 1024 };

/* All a handler may touch: made ready while all is well. */
static struct {
	volatile sig_atomic_t armed;
	int out;
	struct termios found;
	size_t len;
	char undo[UNDO_MAX];
} guard;

static const int deadly[] = { SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL };
enum { DEADLY = sizeof(deadly) / sizeof(*deadly) };

static struct sigaction before[DEADLY];
static stack_t stack_before;

/* One write of fixed bytes and one tcsetattr: both may be done in a handler. */
static void
restore_now(void)
{
	if (!guard.armed)
		return;
	guard.armed = 0;
	if (write(guard.out, guard.undo, guard.len) < 0) {
		/* the terminal is gone; nothing is left to restore */
	}
	tcsetattr(guard.out, TCSANOW, &guard.found);
}

/* SA_RESETHAND has put the default action back: raised again, the signal ends the program
 * as it would have without us, with its core. */
static void
die_tidily(int signum)
{
	restore_now();
	raise(signum);
}

static void
append_undo(const char *bytes)
{
	size_t n = bytes && bytes != (char *)-1 ? strlen(bytes) : 0;

	if (n == 0 || n > sizeof(guard.undo) - guard.len)
		return;
	memcpy(guard.undo + guard.len, bytes, n);
	guard.len += n;
}

/* Terminals without a second screen at least begin a fresh line. */
static void
prepare_undo(void)
{
	const char *leave = tigetstr("rmcup");

	guard.len = 0;
	append_undo("\033[?2026l");
	append_undo(TTY_MODES_OFF);
	append_undo(tigetstr("cnorm"));
	append_undo("\033[m");
	append_undo(leave && leave != (char *)-1 ? leave : "\r\n");
}

void
tty_guard(const struct tty *tty)
{
	static char stack[STACK_SIZE];
	static bool once;
	stack_t own = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction act = { .sa_handler = die_tidily,
		.sa_flags = (int)(SA_ONSTACK | SA_RESETHAND) };

	guard.out = tty->out;
	guard.found = tty->found;
	prepare_undo();
	guard.armed = 1;
	sigaltstack(&own, &stack_before);
	for (int i = 0; i < DEADLY; i++)
		sigaction(deadly[i], &act, &before[i]);
	if (!once && atexit(restore_now) == 0)
		once = true;
}

void
tty_unguard(void)
{
	guard.armed = 0;
	for (int i = 0; i < DEADLY; i++)
		sigaction(deadly[i], &before[i], NULL);
	sigaltstack(&stack_before, NULL);
}
