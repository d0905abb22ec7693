/*
 * Programs of the operator's: the event on standard input, its names in the environment,
 * nothing of it anywhere else.  Exit 0 is delivered, 75 (EX_TEMPFAIL) to be tried again,
 * another of sysexits.h (64 to 78) never; all the rest, too late and too loud included, may
 * go well another time.
 */
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "attempt.h"
#include "oneclick/base/child.h"
#include "oneclick/base/mem.h"
#include "sink_read.h"
#include "sinks.h"

enum {
	ARGUMENTS_MAX = 64,
	OUTPUT_MAX = 1024 * 1024, /* bytes, when nothing else is said */
	TAIL_MAX = 160,           /* of them kept for the sentence */
	GRACE = 2000,             /* ms from SIGTERM to SIGKILL */
	PROCESSES_MAX = 64,
	FILES_MAX = 256,
};
#define FILE_SIZE_MAX (UINT64_C(64) * 1024 * 1024)
#define MEMORY_MAX (UINT64_C(512) * 1024 * 1024)

struct exec_options {
	struct texts command;
	const char *user;
	int64_t max_output;
};

/*
 * command        absolute path and arguments, constants
 * user           whose the program is; needed when the service is root's
 * max-output     bytes it may print before it is ended
 */
#define ROW(label, what, member, low, high) \
	SINK_ROW(struct exec_options, label, what, member, low, high)
static const struct field rows[] = {
	ROW("command", FIELD_TEXTS, command, 1, ARGUMENTS_MAX),
	ROW("user", FIELD_TEXT, user, 1, 32),
	ROW("max-output", FIELD_INT, max_output, 1024, 1024 * 1024 * 1024),
};

struct exec {
	const struct sink_world *world;
	const char **argv;
	bool changes_user;
	uid_t uid;
	gid_t gid;
	size_t max_output;
};

/* ---- the configuration ---- */

static enum err
check_program(const struct value *value, const char *path, struct fault *why)
{
	struct stat at;

	if (stat(path, &at) || !S_ISREG(at.st_mode))
		return sink_refuse(
			value, "command", why, "There is no program %s.", path);
	if (!(at.st_mode & S_IXUSR))
		return sink_refuse(value, "command", why,
			"%s is not executable: chmod +x it.", path);
	if ((at.st_uid != 0 && at.st_uid != geteuid()) ||
		at.st_mode & (S_IWGRP | S_IWOTH))
		return sink_refuse(value, "command", why,
			"Others than root and the service may change %s: chown and chmod "
			"755 it.",
			path);
	return ERR_NONE;
}

static enum err
check_command(const struct value *value, const struct texts *command, struct fault *why)
{
	if (sink_need(value, "command", why))
		return ERR_INVALID;
	if (command->item[0][0] != '/')
		return sink_refuse(value, "command", why,
			"\"command\" begins with an absolute path: nothing is looked "
			"for.");
	for (size_t i = 0; i < command->count; i++)
		if (strstr(command->item[i], "{{"))
			return sink_refuse(value, "command", why,
				"Arguments are constants: attributes come on standard "
				"input.");
	return ERR_NONE;
}

/* Another user can be had by root only, who must have one. */
static enum err
take_user(
	struct exec *exec, const struct value *value, const char *name, struct fault *why)
{
	const struct passwd *entry = name ? getpwnam(name) : NULL;

	if (name && !entry)
		return sink_refuse(value, "user", why, "There is no user \"%s\".", name);
	if (geteuid() != 0 && entry && entry->pw_uid != geteuid())
		return sink_refuse(value, "user", why,
			"Only a service that is root's can run programs as \"%s\".",
			name);
	if (geteuid() != 0)
		return ERR_NONE;
	if (!entry || entry->pw_uid == 0)
		return sink_refuse(value, entry ? "user" : "command", why,
			"The service runs as root: \"user\" must name another user for "
			"the program.");
	exec->changes_user = true;
	exec->uid = entry->pw_uid;
	exec->gid = entry->pw_gid;
	return ERR_NONE;
}

static enum err
read_exec(struct exec *exec, const struct value *value, struct fault *why)
{
	struct exec_options options;
	enum err err =
		record_read(exec, rows, sizeof rows / sizeof *rows, value, &options, why);

	if (err == ERR_NONE)
		err = check_command(value, &options.command, why);
	if (err == ERR_NONE && exec->world)
		err = check_program(value, options.command.item[0], why);
	if (err == ERR_NONE && exec->world)
		err = take_user(exec, value, options.user, why);
	if (err != ERR_NONE)
		return err;
	exec->argv = mem_array(exec, const char *, options.command.count + 1);
	memcpy(exec->argv, options.command.item,
		options.command.count * sizeof *exec->argv);
	exec->max_output = options.max_output == FIELD_ABSENT_INT
				   ? OUTPUT_MAX
				   : (size_t)options.max_output;
	return ERR_NONE;
}

static enum err
open_exec(const void *ctx, const struct value *value, const struct sink_world *world,
	void **out, struct fault *why)
{
	struct exec *exec = mem_new(ctx, struct exec);

	exec->world = world;
	*out = exec;
	return read_exec(exec, value, why);
}

/* ---- one run ---- */

struct run {
	struct attempt *attempt;
	struct child *child; /* NULL: it could not be started */
	int output;          /* our end of its pipe */
	struct loop_watch *watch;
	struct loop_timer *limit;
	size_t printed, max_output;
	char tail[TAIL_MAX + 1]; /* the end of what it printed */
	size_t tail_len;
	bool is_late, is_loud;
};

static void
keep_tail(struct run *run, const char *bytes, size_t n)
{
	size_t keep;

	if (n > TAIL_MAX) {
		bytes += n - TAIL_MAX;
		n = TAIL_MAX;
	}
	keep = run->tail_len + n > TAIL_MAX ? TAIL_MAX - n : run->tail_len;
	memmove(run->tail, run->tail + run->tail_len - keep, keep);
	memcpy(run->tail + keep, bytes, n);
	run->tail_len = keep + n;
}

/* False when there is nothing more to read, now or ever. */
static bool
read_output(struct run *run)
{
	char piece[16 * 1024];
	ssize_t n = read(run->output, piece, sizeof piece);

	if (n > 0) {
		keep_tail(run, piece, (size_t)n);
		run->printed += (size_t)n;
	}
	if (n == 0 && run->watch)
		loop_watch_set(run->watch, 0);
	return n > 0;
}

static void
end_group(struct run *run)
{
	if (run->child)
		child_signal(run->child, SIGKILL);
}

static void
on_output(void *arg, int fd, int ready)
{
	struct run *run = arg;

	(void)fd;
	(void)ready;
	read_output(run);
	if (run->printed <= run->max_output || run->is_loud)
		return;
	run->is_loud = true;
	end_group(run);
}

static void
on_limit(void *arg)
{
	struct run *run = arg;

	if (run->is_late) {
		end_group(run);
		return;
	}
	run->is_late = true;
	child_signal(run->child, SIGTERM);
	loop_timer_set(run->limit, GRACE, 0);
}

static void
release(struct run *run)
{
	loop_watch_stop(run->watch);
	loop_timer_stop(run->limit);
	if (run->output >= 0)
		close(run->output);
}

static void
cancel_exec(void *handle)
{
	struct run *run = handle;

	release(run);
	if (run->child)
		child_end(run->child);
	attempt_cancel(run->attempt);
}

static bool
is_final(int status)
{
	return status >= EX__BASE && status <= EX__MAX && status != EX_TEMPFAIL;
}

static const char *
last_line(struct run *run)
{
	char *line;

	while (run->tail_len > 0 && strchr("\r\n \t", run->tail[run->tail_len - 1]))
		run->tail_len--;
	run->tail[run->tail_len] = '\0';
	line = memrchr(run->tail, '\n', run->tail_len);
	return line ? line + 1 : run->tail;
}

static void
judge(struct run *run, int status, int signal, struct outcome_report *report)
{
	const char *said = last_line(run);

	if (run->is_loud)
		outcome_set(report, OUTCOME_AGAIN,
			"The program was ended: it printed more than %zu bytes.",
			run->max_output);
	else if (run->is_late)
		outcome_set(report, OUTCOME_AGAIN,
			"The program was ended: it ran for too long. %s", said);
	else if (signal)
		outcome_set(report, OUTCOME_AGAIN,
			"The program was killed by signal %d. %s", signal, said);
	else if (status == EX_OK)
		outcome_set(report, OUTCOME_DELIVERED, "%s", "");
	else
		outcome_set(report, is_final(status) ? OUTCOME_NEVER : OUTCOME_AGAIN,
			"The program ended with %d. %s", status, said);
}

static void
on_end(void *arg, int status, int signal)
{
	struct run *run = arg;
	struct outcome_report report = { .retry_after = -1 };

	run->child = NULL;
	while (run->printed <= run->max_output && read_output(run))
		continue;
	release(run);
	judge(run, status, signal, &report);
	attempt_end(run->attempt, &report);
}

/* The event in a file without a name: the program may read it, or leave it, as it likes,
 * and we never wait for that. */
static int
write_event(const struct parcel *parcel)
{
	int fd = memfd_create("event", MFD_CLOEXEC);
	size_t done = 0;

	while (fd >= 0 && done < parcel->json_len) {
		ssize_t n = write(fd, parcel->json + done, parcel->json_len - done);

		if (n < 0 && errno != EINTR) {
			close(fd);
			return -1;
		}
		done += n > 0 ? (size_t)n : 0;
	}
	if (fd >= 0)
		lseek(fd, 0, SEEK_SET);
	return fd;
}

static const char *const *
write_environment(const void *ctx, const struct parcel *parcel)
{
	const struct {
		const char *name, *value;
	} row[] = {
		{ "EVENT_ID", parcel->event->event_id },
		{ "DEVICE_ID", parcel->event->device_id },
		{ "CLICK_TYPE", event_kind_name(parcel->event->kind) },
		{ "PROJECT", parcel->project },
		{ "PLACEMENT", parcel->placement },
		{ "TEMPLATE", parcel->template_name },
		{ "CALLBACK", parcel->callback },
	};
	enum { ROWS = sizeof row / sizeof *row };
	const char **env = mem_array(ctx, const char *, ROWS + 2);
	size_t n = 0;

	for (size_t i = 0; i < ROWS; i++)
		if (row[i].value)
			env[n++] = mem_format(
				ctx, "ONECLICK_%s=%s", row[i].name, row[i].value);
	env[n] = mem_format(ctx, "ONECLICK_ATTEMPT=%d", parcel->attempt);
	return env;
}

/* False (errno) if the program does not run. */
static bool
start(struct run *run, const struct exec *exec, const struct parcel *parcel)
{
	int event = write_event(parcel), pipes[2];
	struct child_plan plan = {
		.argv = exec->argv,
		.env = write_environment(run, parcel),
		.changes_user = exec->changes_user,
		.uid = exec->uid,
		.gid = exec->gid,
		.limits = {
			.processes = exec->changes_user ? PROCESSES_MAX : 0,
			.files = FILES_MAX,
			.file_size = FILE_SIZE_MAX,
			.memory = MEMORY_MAX,
			.seconds = (uint64_t)parcel->timeout / 1000 + 2,
		},
	};
	int problem;

	if (event < 0 || pipe2(pipes, O_CLOEXEC)) {
		problem = errno;
		if (event >= 0)
			close(event);
		errno = problem;
		return false;
	}
	plan.fds[0] = event;
	plan.fds[1] = plan.fds[2] = pipes[1];
	run->output = pipes[0];
	run->child = child_start(exec->world->loop, &plan, on_end, run);
	problem = errno;
	close(event);
	close(pipes[1]);
	errno = problem;
	return run->child != NULL;
}

static void *
send_exec(void *sink, const struct parcel *parcel, outcome_fn fn, void *arg)
{
	const struct exec *exec = sink;
	struct attempt *attempt = attempt_new(exec->world->loop, fn, arg);
	struct run *run = mem_new(attempt, struct run);

	run->attempt = attempt;
	run->output = -1;
	run->max_output = exec->max_output;
	if (!start(run, exec, parcel)) {
		attempt_refuse(attempt, OUTCOME_AGAIN, "%s cannot be started: %s.",
			exec->argv[0], strerror(errno));
		release(run);
		run->output = -1;
		return run;
	}
	fcntl(run->output, F_SETFL, O_NONBLOCK);
	run->watch =
		loop_watch_new(exec->world->loop, run->output, LOOP_READ, on_output, run);
	run->limit = loop_timer_new(exec->world->loop, on_limit, run);
	loop_timer_set(run->limit, parcel->timeout, 0);
	return run;
}

const struct sink_class sink_exec = {
	.name = "exec",
	.open = open_exec,
	.send = send_exec,
	.cancel = cancel_exec,
};
