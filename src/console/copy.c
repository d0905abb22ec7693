#include "copy.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "oneclick/base/buf.h"
#include "oneclick/base/mem.h"

enum { COPY_MAX = 700 }; /* base64 of it stays below what mosh passes on */

/* The path of tmux, or NULL when this terminal is not inside one. */
static char *
find_tmux(const void *ctx)
{
	const char *path = getenv("PATH");

	if (!getenv("TMUX") || !path)
		return NULL;
	while (*path) {
		size_t n = strcspn(path, ":");
		char *file = mem_format(ctx, "%.*s/tmux", (int)n, path);

		if (*path == '/' && access(file, X_OK) == 0)
			return file;
		path += n + (path[n] == ':');
	}
	return NULL;
}

static void
forget(void *arg, int status, int signal)
{
	(void)arg;
	(void)status;
	(void)signal;
}

/* Short enough for the pipe to hold it, so that writing never waits. */
static void
copy_by_tmux(struct loop *loop, const char *tmux, const char *text)
{
	const char *argv[] = { tmux, "load-buffer", "-w", "-", NULL };
	int pipes[2], fds[3] = { -1, -1, -1 };

	if (pipe2(pipes, O_CLOEXEC | O_NONBLOCK) != 0)
		return;
	fds[0] = pipes[0];
	fcntl(pipes[0], F_SETFL, 0);
	if (write(pipes[1], text, strlen(text)) > 0)
		loop_spawn(loop, argv, NULL, fds, forget, NULL);
	close(pipes[0]);
	close(pipes[1]);
}

static void
add_base64(struct buf *out, const unsigned char *text, size_t n)
{
	static const char digit[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < n; i += 3) {
		unsigned long bits = (unsigned long)text[i] << 16;

		if (i + 1 < n)
			bits |= (unsigned long)text[i + 1] << 8;
		if (i + 2 < n)
			bits |= text[i + 2];
		buf_char(out, digit[bits >> 18 & 63]);
		buf_char(out, digit[bits >> 12 & 63]);
		buf_char(out, i + 1 < n ? digit[bits >> 6 & 63] : '=');
		buf_char(out, i + 2 < n ? digit[bits & 63] : '=');
	}
}

/* Frames go out in one write each, so between two turns the terminal is in its ground
 * state and this stands alone. */
static void
copy_by_terminal(const void *ctx, const char *text)
{
	struct buf out;
	ssize_t put;

	buf_init(&out, ctx, BUF_NO_CAP);
	buf_text(&out, "\033]52;c;");
	add_base64(&out, (const unsigned char *)text, strlen(text));
	buf_text(&out, "\033\\");
	put = write(STDOUT_FILENO, out.data, out.len);
	(void)put;
	buf_release(&out);
}

void
copy_text(struct loop *loop, const char *text)
{
	void *life = mem_life(NULL);
	char *tmux = find_tmux(life);

	if (strlen(text) > COPY_MAX)
		text = mem_textn(life, text, COPY_MAX);
	if (tmux)
		copy_by_tmux(loop, tmux, text);
	else
		copy_by_terminal(life, text);
	mem_free(life);
}
