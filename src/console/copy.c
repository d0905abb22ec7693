#include "copy.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "oneclick/base/base64.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/utf8.h"

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

/* Frames go out in one write each, so between two turns the terminal is in its ground
 * state and this stands alone. */
static void
copy_by_terminal(const void *ctx, const char *text)
{
	struct buf out;
	ssize_t put;

	buf_init(&out, ctx, BUF_NO_CAP);
	buf_text(&out, "\033]52;c;");
	base64_encode(&out, text, strlen(text));
	buf_text(&out, "\033\\");
	put = write(STDOUT_FILENO, out.data, out.len);
	(void)put;
	buf_release(&out);
}

/* Its beginning that may be copied, in whole letters. */
static const char *
shorten(const void *ctx, const char *text)
{
	size_t n = 0, next;

	if (strlen(text) <= COPY_MAX)
		return text;
	while ((next = utf8_after(text, n)) <= COPY_MAX)
		n = next;
	return mem_textn(ctx, text, n);
}

void
copy_text(struct loop *loop, const char *text)
{
	void *life = mem_life(NULL);
	char *tmux = find_tmux(life);

	text = shorten(life, text);
	if (tmux)
		copy_by_tmux(loop, tmux, text);
	else
		copy_by_terminal(life, text);
	mem_free(life);
}
