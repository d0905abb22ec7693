#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "oneclick/base/buf.h"
#include "oneclick/base/child.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"

enum {
	OUTPUT_MAX = 64 * 1024,
	DRAIN_MS = 10 * 1000, /* to end its work, for which its own limit is shorter */
	PATIENCE_MS = 3000,
};

struct program {
	struct loop *loop;
	struct program_hooks hooks;
	struct loop_watch *watch;
	pid_t pid;
	int in, out; /* our ends of its pipes */
	struct buf output;
	size_t told; /* bytes of output already told as lines */
	bool dropped, ended;
};

static char *
beside_us(const void *ctx, const char *name)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);
	char *slash;

	if (n <= 0)
		return NULL;
	path[n] = '\0';
	slash = strrchr(path, '/');
	*slash = '\0';
	return mem_format(ctx, "%s/%s", path, name);
}

char *
program_find(const void *ctx, const char *name)
{
	char *path = beside_us(ctx, name);

	return path && !access(path, X_OK) ? path : child_find(ctx, name);
}

static void
tell_lines(struct program *program)
{
	char *line, *end;

	while (program->hooks.line && !program->dropped) {
		line = program->output.data + program->told;
		end = strchr(line, '\n');
		if (!end)
			return;
		program->told += (size_t)(end - line) + 1;
		line = mem_textn(program, line, (size_t)(end - line));
		program->hooks.line(program->hooks.arg, line);
	}
}

/* What does not fit is read and forgotten, so that it never blocks on us. */
static bool
read_some(struct program *program)
{
	char piece[4096];
	ssize_t n = read(program->out, piece, sizeof(piece));

	if (n > 0)
		buf_add(&program->output, piece, (size_t)n);
	return n > 0;
}

static void
stop_reading(struct program *program)
{
	if (!program->watch)
		return;
	loop_watch_stop(program->watch);
	program->watch = NULL;
}

static void
on_output(void *arg, int fd, int ready)
{
	struct program *program = arg;

	(void)fd;
	(void)ready;
	if (read_some(program))
		tell_lines(program);
	else if (errno != EAGAIN && errno != EINTR)
		stop_reading(program);
}

static void
let_go(struct program *program)
{
	stop_reading(program);
	if (program->in >= 0)
		close(program->in);
	close(program->out);
	mem_free(program);
}

static void
on_exit_of(void *arg, int status, int signal)
{
	struct program *program = arg;

	program->ended = true;
	if (program->dropped) {
		let_go(program);
		return;
	}
	while (read_some(program))
		continue;
	tell_lines(program);
	if (program->dropped)
		return;
	if (program->hooks.end)
		program->hooks.end(program->hooks.arg, signal ? 128 + signal : status,
			program->output.data);
}

static enum err
open_pipes(int in[2], int out[2])
{
	if (pipe2(in, O_CLOEXEC))
		return ERR_BROKEN;
	if (pipe2(out, O_CLOEXEC)) {
		close(in[0]);
		close(in[1]);
		return ERR_BROKEN;
	}
	fcntl(out[0], F_SETFL, O_NONBLOCK);
	return ERR_NONE;
}

enum err
program_start(struct loop *loop, const char *const *argv,
	const struct program_hooks *hooks, struct program **out, struct fault *why)
{
	struct program *program;
	int in[2], output[2];

	if (open_pipes(in, output))
		return fault(
			why, ERR_BROKEN, "No pipe to %s: %s.", argv[0], strerror(errno));
	program = mem_new(NULL, struct program);
	*program = (struct program){
		.loop = loop, .hooks = *hooks, .in = in[1], .out = output[0]
	};
	buf_init(&program->output, program, OUTPUT_MAX);
	program->pid = loop_spawn(loop, argv, NULL,
		(const int[3]){ in[0], output[1], output[1] }, on_exit_of, program);
	close(in[0]);
	close(output[1]);
	if (program->pid < 0) {
		let_go(program);
		return fault(why, ERR_BROKEN, "%s does not start: %s.", argv[0],
			strerror(errno));
	}
	program->watch =
		loop_watch_new(loop, program->out, LOOP_READ, on_output, program);
	*out = program;
	return ERR_NONE;
}

/* Until it has ended its exit will still be told to us: then its memory goes. */
void
program_drop(struct program *program)
{
	if (!program)
		return;
	program->dropped = true;
	if (program->ended) {
		let_go(program);
		return;
	}
	if (program->in >= 0)
		close(program->in);
	program->in = -1;
}

static void
wait_for(struct program *program, int64_t patience)
{
	int64_t until = moment_ticks() + patience;

	while (!program->ended && moment_ticks() < until) {
		loop_turn(program->loop);
		if (!program->ended)
			poll(NULL, 0, 2);
	}
}

void
program_end(struct program *program)
{
	if (!program)
		return;
	program->hooks.end = NULL;
	if (program->in >= 0)
		close(program->in);
	program->in = -1;
	if (!program->ended)
		kill(program->pid, SIGTERM);
	wait_for(program, DRAIN_MS);
	if (!program->ended) {
		kill(program->pid, SIGKILL);
		wait_for(program, PATIENCE_MS);
	}
	program_drop(program);
}
