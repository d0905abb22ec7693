#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sysexits.h>
#include <unistd.h>

#include "oneclick/base/child.h"
#include "oneclick/base/mem.h"

enum {
	TAIL_MAX = 160, /* bytes of what it prints kept for the sentence */
	GRACE = 2000,   /* ms from SIGTERM to SIGKILL */
	PROCESSES_MAX = 64,
	FILES_MAX = 256,
};
#define FILE_SIZE_MAX (UINT64_C(64) * 1024 * 1024)
#define MEMORY_MAX (UINT64_C(512) * 1024 * 1024)

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

void
run_cancel(void *handle)
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
start(struct run *run, const struct run_plan *what, const struct parcel *parcel)
{
	int event = write_event(parcel), pipes[2];
	struct child_plan plan = {
		.argv = what->argv,
		.env = write_environment(run, parcel),
		.changes_user = what->changes_user,
		.uid = what->uid,
		.gid = what->gid,
		.limits = {
			.processes = what->changes_user ? PROCESSES_MAX : 0,
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
	run->child = child_start(run->attempt->loop, &plan, on_end, run);
	problem = errno;
	close(event);
	close(pipes[1]);
	errno = problem;
	return run->child != NULL;
}

struct run *
run_start(
	struct attempt *attempt, const struct run_plan *plan, const struct parcel *parcel)
{
	struct run *run = mem_new(attempt, struct run);

	run->attempt = attempt;
	run->output = -1;
	run->max_output = plan->max_output;
	if (!start(run, plan, parcel)) {
		attempt_refuse(attempt, OUTCOME_AGAIN, "%s cannot be started: %s.",
			plan->argv[0], strerror(errno));
		release(run);
		run->output = -1;
		return run;
	}
	fcntl(run->output, F_SETFL, O_NONBLOCK);
	run->watch =
		loop_watch_new(attempt->loop, run->output, LOOP_READ, on_output, run);
	run->limit = loop_timer_new(attempt->loop, on_limit, run);
	loop_timer_set(run->limit, parcel->timeout, 0);
	return run;
}
