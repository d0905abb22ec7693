/*
 * screen: runs a program in a pseudo terminal, reads its screen with libvterm, and answers
 * one-line orders on standard input with one-line replies (a dump has its lines after it).
 *
 *   screen ROWS COLS [TRANSCRIPT] -- PROGRAM [ARGUMENT ...]
 *
 *   send TEXT        keys; \e \n \r \t \\ \xNN are understood        -> ok
 *   wait MS TEXT     until the screen shows TEXT                      -> ok | timeout | gone
 *   gone MS TEXT     until it no longer does                          -> ok | timeout | gone
 *   quiet MS         until nothing has come for MS                    -> ok BYTES-SO-FAR
 *   dump             the screen as text                               -> rows N, then N lines
 *   cells            every cell: row col char fg bg attributes        -> cells N, then N lines
 *   cursor           where the cursor is, and whether it shows        -> cursor ROW COL 0|1
 *   resize ROWS COLS                                                  -> ok
 *   signal NUMBER    to the program                                   -> ok
 *   tty              is the line cooked, is the alternate screen on   -> tty cooked|raw main|alt
 *   key TEXT         sends, then waits for 3 ms without output        -> key MICROSECONDS BYTES
 *   hangup           closes the terminal                              -> ok
 *   pid              of the program                                   -> pid NUMBER
 *   end MS           waits for its end                                -> exit N | signal N | timeout
 */
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>
#include <vterm.h>

struct screen {
	VTerm *vt;
	VTermScreen *cells;
	int fd;    /* the terminal's master side; -1 once it is closed */
	int slave; /* kept open, so that its settings can be read after the end */
	pid_t pid;
	bool ended;
	int status;
	int rows, cols;
	int cursor_row, cursor_col;
	bool cursor_shown, alternate;
	uint64_t bytes;
	int64_t last_us; /* when the last byte came */
	FILE *transcript;
};

static int64_t
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int
note_cursor(VTermPos at, VTermPos old, int visible, void *arg)
{
	struct screen *s = arg;

	(void)old;
	(void)visible;
	s->cursor_row = at.row;
	s->cursor_col = at.col;
	return 1;
}

static int
note_property(VTermProp property, VTermValue *value, void *arg)
{
	struct screen *s = arg;

	if (property == VTERM_PROP_CURSORVISIBLE)
		s->cursor_shown = value->boolean;
	else if (property == VTERM_PROP_ALTSCREEN)
		s->alternate = value->boolean;
	return 1;
}

static const VTermScreenCallbacks callbacks = {
	.movecursor = note_cursor,
	.settermprop = note_property,
};

static void
answer_terminal(const char *bytes, size_t n, void *arg)
{
	struct screen *s = arg;

	if (s->fd >= 0 && write(s->fd, bytes, n) < 0 && errno != EIO)
		perror("screen: write");
}

static void
reap(struct screen *s, int flags)
{
	if (!s->ended && waitpid(s->pid, &s->status, flags) == s->pid)
		s->ended = true;
}

/* Takes what the program wrote, waiting at most `ms` for the first of it. */
static bool
pump(struct screen *s, int ms)
{
	struct pollfd p = { .fd = s->fd, .events = POLLIN };
	char bytes[65536];
	ssize_t n;

	if (s->fd < 0) {
		usleep((useconds_t)ms * 1000);
		return false;
	}
	if (poll(&p, 1, ms) <= 0)
		return false;
	n = read(s->fd, bytes, sizeof(bytes));
	if (n <= 0) {
		usleep((useconds_t)ms * 1000);
		return false;
	}
	s->last_us = now_us();
	s->bytes += (uint64_t)n;
	if (s->transcript)
		fwrite(bytes, 1, (size_t)n, s->transcript);
	vterm_input_write(s->vt, bytes, (size_t)n);
	vterm_screen_flush_damage(s->cells);
	return true;
}

static size_t
put_utf8(uint32_t c, char *out)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 63));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 63));
		out[2] = (char)(0x80 | (c & 63));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 63));
	out[2] = (char)(0x80 | (c >> 6 & 63));
	out[3] = (char)(0x80 | (c & 63));
	return 4;
}

static size_t
put_cell(const VTermScreenCell *cell, char *out)
{
	size_t n = 0;

	if (!cell->chars[0]) {
		out[0] = ' ';
		return 1;
	}
	for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell->chars[i]; i++)
		n += put_utf8(cell->chars[i], out + n);
	return n;
}

static size_t
read_row(struct screen *s, int row, char *out)
{
	size_t n = 0;

	for (int col = 0; col < s->cols; col++) {
		VTermScreenCell cell;

		vterm_screen_get_cell(
			s->cells, (VTermPos){ .row = row, .col = col }, &cell);
		if (cell.chars[0] == (uint32_t)-1)
			continue;
		n += put_cell(&cell, out + n);
	}
	while (n && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
	return n;
}

static bool
shows(struct screen *s, const char *text)
{
	char row[4096 * 4];

	for (int i = 0; i < s->rows; i++) {
		read_row(s, i, row);
		if (strstr(row, text))
			return true;
	}
	return false;
}

static void
await(struct screen *s, int ms, const char *text, bool wanted)
{
	int64_t until = now_us() + (int64_t)ms * 1000;

	/* Only a whole frame counts: what shows while more is coming may be half of one. */
	while (shows(s, text) != wanted || pump(s, 10)) {
		reap(s, WNOHANG);
		if (s->ended && !pump(s, 0) && shows(s, text) != wanted) {
			puts("gone");
			return;
		}
		if (now_us() >= until) {
			puts("timeout");
			return;
		}
		pump(s, 10);
	}
	puts("ok");
}

static void
await_quiet(struct screen *s, int ms)
{
	s->last_us = now_us();
	while (now_us() - s->last_us < (int64_t)ms * 1000)
		pump(s, 5);
	printf("ok %llu\n", (unsigned long long)s->bytes);
}

static size_t
unescape(char *text)
{
	static const char names[] = "entr\\", bytes[] = "\x1b\n\t\r\\";
	char *out = text, *in = text;

	while (*in) {
		const char *name;

		if (*in != '\\' || !in[1]) {
			*out++ = *in++;
		} else if (in[1] == 'x' && in[2] && in[3]) {
			char hex[3] = { in[2], in[3], '\0' };

			*out++ = (char)strtol(hex, NULL, 16);
			in += 4;
		} else if ((name = strchr(names, in[1]))) {
			*out++ = bytes[name - names];
			in += 2;
		} else {
			*out++ = *in++;
		}
	}
	*out = '\0';
	return (size_t)(out - text);
}

static void
send_keys(struct screen *s, char *text)
{
	size_t n = unescape(text);

	if (s->fd >= 0 && n && write(s->fd, text, n) != (ssize_t)n)
		perror("screen: write");
}

static void
time_key(struct screen *s, char *text)
{
	int64_t sent;
	uint64_t before;

	while (pump(s, 3))
		;
	before = s->bytes;
	sent = now_us();
	s->last_us = sent;
	send_keys(s, text);
	while (now_us() - s->last_us < (s->bytes == before ? 1000000 : 3000))
		pump(s, 3);
	printf("key %lld %llu\n", (long long)(s->last_us - sent),
		(unsigned long long)(s->bytes - before));
}

static void
dump(struct screen *s)
{
	char row[4096 * 4];

	printf("rows %d\n", s->rows);
	for (int i = 0; i < s->rows; i++) {
		read_row(s, i, row);
		puts(row);
	}
}

static void
print_colour(struct screen *s, VTermColor colour)
{
	if (VTERM_COLOR_IS_DEFAULT_FG(&colour) || VTERM_COLOR_IS_DEFAULT_BG(&colour)) {
		printf(" -");
		return;
	}
	if (VTERM_COLOR_IS_INDEXED(&colour)) {
		printf(" %d", colour.indexed.idx);
		return;
	}
	vterm_screen_convert_color_to_rgb(s->cells, &colour);
	printf(" #%02x%02x%02x", colour.rgb.red, colour.rgb.green, colour.rgb.blue);
}

static void
dump_cells(struct screen *s)
{
	printf("cells %d\n", s->rows * s->cols);
	for (int i = 0; i < s->rows * s->cols; i++) {
		VTermPos at = { .row = i / s->cols, .col = i % s->cols };
		VTermScreenCell cell;
		char text[32];

		vterm_screen_get_cell(s->cells, at, &cell);
		if (cell.chars[0] == (uint32_t)-1)
			cell.chars[0] = 0;
		text[put_cell(&cell, text)] = '\0';
		printf("%d %d %d %s", at.row, at.col, cell.width,
			*text == ' ' ? "\\s" : text);
		print_colour(s, cell.fg);
		print_colour(s, cell.bg);
		printf(" %s%s%s%s-\n", cell.attrs.bold ? "b" : "",
			cell.attrs.reverse ? "r" : "", cell.attrs.underline ? "u" : "",
			cell.attrs.italic ? "i" : "");
	}
}

static void
show_tty(struct screen *s)
{
	struct termios t;

	if (tcgetattr(s->slave, &t) < 0)
		memset(&t, 0, sizeof(t));
	printf("tty %s %s\n",
		(t.c_lflag & ICANON) && (t.c_lflag & ECHO) ? "cooked" : "raw",
		s->alternate ? "alt" : "main");
}

static void
resize(struct screen *s, int rows, int cols)
{
	struct winsize size = { .ws_row = (unsigned short)rows,
		.ws_col = (unsigned short)cols };

	s->rows = rows;
	s->cols = cols;
	vterm_set_size(s->vt, rows, cols);
	ioctl(s->fd, TIOCSWINSZ, &size);
	puts("ok");
}

static void
await_end(struct screen *s, int ms)
{
	int64_t until = now_us() + (int64_t)ms * 1000;

	while (!s->ended && now_us() < until) {
		pump(s, 5);
		reap(s, WNOHANG);
	}
	while (pump(s, 20))
		;
	if (!s->ended)
		puts("timeout");
	else if (WIFSIGNALED(s->status))
		printf("signal %d\n", WTERMSIG(s->status));
	else
		printf("exit %d\n", WEXITSTATUS(s->status));
}

static void
obey(struct screen *s, char *order)
{
	int a = 0, b = 0, used = 0;

	if (!strncmp(order, "send ", 5)) {
		send_keys(s, order + 5);
		puts("ok");
	} else if (!strncmp(order, "key ", 4)) {
		time_key(s, order + 4);
	} else if (sscanf(order, "wait %d %n", &a, &used) == 1 && used) {
		await(s, a, order + used, true);
	} else if (sscanf(order, "gone %d %n", &a, &used) == 1 && used) {
		await(s, a, order + used, false);
	} else if (sscanf(order, "quiet %d", &a) == 1) {
		await_quiet(s, a);
	} else if (!strcmp(order, "dump")) {
		dump(s);
	} else if (!strcmp(order, "cells")) {
		dump_cells(s);
	} else if (!strcmp(order, "cursor")) {
		printf("cursor %d %d %d\n", s->cursor_row, s->cursor_col,
			s->cursor_shown);
	} else if (sscanf(order, "resize %d %d", &a, &b) == 2) {
		resize(s, a, b);
	} else if (sscanf(order, "signal %d", &a) == 1) {
		kill(s->pid, a);
		puts("ok");
	} else if (!strcmp(order, "tty")) {
		show_tty(s);
	} else if (!strcmp(order, "pid")) {
		printf("pid %d\n", (int)s->pid);
	} else if (!strcmp(order, "hangup")) {
		close(s->fd);
		close(s->slave);
		s->fd = s->slave = -1;
		puts("ok");
	} else if (sscanf(order, "end %d", &a) == 1) {
		await_end(s, a);
	} else {
		printf("what? %s\n", order);
	}
	fflush(stdout);
}

static void
start(struct screen *s, char **argv)
{
	struct winsize size = { .ws_row = (unsigned short)s->rows,
		.ws_col = (unsigned short)s->cols };

	if (openpty(&s->fd, &s->slave, NULL, NULL, &size) < 0 || (s->pid = fork()) < 0) {
		perror("screen: pty");
		exit(1);
	}
	if (!s->pid) {
		close(s->fd);
		if (login_tty(s->slave) == 0)
			execvp(argv[0], argv);
		perror(argv[0]);
		_exit(127);
	}
	s->vt = vterm_new(s->rows, s->cols);
	vterm_set_utf8(s->vt, 1);
	vterm_output_set_callback(s->vt, answer_terminal, s);
	s->cells = vterm_obtain_screen(s->vt);
	vterm_screen_enable_altscreen(s->cells, 1);
	vterm_screen_set_callbacks(s->cells, &callbacks, s);
	vterm_screen_reset(s->cells, 1);
	s->cursor_shown = true;
}

/* Orders and output are both waited for, so that a program never blocks on a full pty. */
static void
serve(struct screen *s)
{
	static char line[65536];
	size_t have = 0;

	for (;;) {
		struct pollfd p[2] = { { .fd = 0, .events = POLLIN },
			{ .fd = s->fd, .events = POLLIN } };
		char *end;
		ssize_t n;

		while ((end = memchr(line, '\n', have))) {
			*end++ = '\0';
			obey(s, line);
			have -= (size_t)(end - line);
			memmove(line, end, have);
		}
		if (poll(p, s->fd >= 0 ? 2 : 1, -1) < 0)
			continue;
		if (s->fd >= 0 && (p[1].revents & (POLLIN | POLLHUP)) && !pump(s, 0))
			usleep(2000);
		if (!(p[0].revents & (POLLIN | POLLHUP)))
			continue;
		n = read(0, line + have, sizeof(line) - have);
		if (n <= 0)
			return;
		have += (size_t)n;
	}
}

int
main(int argc, char **argv)
{
	struct screen s = { 0 };
	int i = 3;

	if (argc > 3 && strcmp(argv[3], "--")) {
		s.transcript = fopen(argv[3], "wb");
		i = 4;
	}
	if (argc < i + 2 || strcmp(argv[i], "--")) {
		fprintf(stderr,
			"screen ROWS COLS [TRANSCRIPT] -- PROGRAM [ARGUMENT ...]\n");
		return 2;
	}
	s.rows = atoi(argv[1]);
	s.cols = atoi(argv[2]);
	signal(SIGPIPE, SIG_IGN);
	start(&s, argv + i + 1);
	serve(&s);
	if (!s.ended)
		kill(s.pid, SIGKILL);
	if (s.transcript)
		fclose(s.transcript);
	return 0;
}
