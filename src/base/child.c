#include "oneclick/base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "oneclick/base/mem.h"

struct child {
	pid_t pid; /* and its group's */
	int fd;    /* readable when it has ended */
	struct loop_watch *watch;
	child_fn fn; /* NULL: nobody wants to hear */
	void *arg;
};

/* ---- in the child, between fork and exec: async-signal-safe calls only ---- */

static bool
take_descriptors(const int fds[3])
{
	for (int i = 0; i < 3; i++) {
		int fd = fds[i] < 0 ? open("/dev/null", O_RDWR) : fds[i];

		if (fd < 0 || dup2(fd, i) < 0 || fcntl(i, F_SETFD, 0))
			return false;
	}
	return close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) == 0;
}

static bool
limit(int what, uint64_t most)
{
	const struct rlimit limit = { most, most };

	return most == 0 || setrlimit((__rlimit_resource_t)what, &limit) == 0;
}

static bool
take_limits(const struct child_limits *limits)
{
	const struct rlimit none = { 0, 0 };

	return setrlimit(RLIMIT_CORE, &none) == 0 &&
	       limit(RLIMIT_NOFILE, limits->files) &&
	       limit(RLIMIT_FSIZE, limits->file_size) &&
	       limit(RLIMIT_DATA, limits->memory) && limit(RLIMIT_CPU, limits->seconds) &&
	       limit(RLIMIT_NPROC, limits->processes);
}

static bool
take_user(const struct child_plan *plan)
{
	if (plan->changes_user &&
		(setgroups(0, NULL) || setgid(plan->gid) || setuid(plan->uid)))
		return false;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_PDEATHSIG, SIGKILL) == 0;
}

/* What we ignore or hold back, it does not. */
static void
reset_signals(void)
{
	sigset_t none;

	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static _Noreturn void
become(const struct child_plan *plan, int told)
{
	int problem;

	setsid();
	umask(077);
	reset_signals();
	if (chdir("/") == 0 && take_descriptors(plan->fds) &&
		take_limits(&plan->limits) && take_user(plan))
		execve(plan->argv[0], (char *const *)plan->argv,
			(char *const *)plan->env);
	problem = errno;
	if (write(told, &problem, sizeof problem) < 0)
		_exit(126);
	_exit(127);
}

/* ---- in the parent ---- */

/* The child begins in the root directory. */
static char *
make_absolute(const void *ctx, const char *path)
{
	char *whole = realpath(path, NULL), *copy = mem_text(ctx, whole);

	free(whole);
	return copy;
}

char *
child_find(const void *ctx, const char *name)
{
	const char *dirs = getenv("PATH");

	if (strchr(name, '/'))
		return make_absolute(ctx, name);
	while (dirs && *dirs) {
		size_t n = strcspn(dirs, ":");
		char *path = mem_format(ctx, "%.*s/%s", (int)n, dirs, name);

		if (path[0] == '/' && !access(path, X_OK))
			return path;
		mem_free(path);
		dirs += n + (dirs[n] == ':');
	}
	return NULL;
}

/* Its group goes while its own number still stands for it. */
static void
reap(struct child *child, int *status)
{
	loop_watch_stop(child->watch);
	close(child->fd);
	kill(-child->pid, SIGKILL);
	while (waitpid(child->pid, status, 0) < 0 && errno == EINTR)
		continue;
}

static void
on_end(void *arg, int fd, int ready)
{
	struct child *child = arg;
	int status = 0;

	(void)fd;
	(void)ready;
	reap(child, &status);
	if (child->fn)
		child->fn(child->arg, WEXITSTATUS(status),
			WIFSIGNALED(status) ? WTERMSIG(status) : 0);
	mem_free(child);
}

/* 0 when the program runs, else why it does not. The pipe is closed by its start. */
static int
hear_of_start(int pipe)
{
	int problem = 0;
	ssize_t n;

	while ((n = read(pipe, &problem, sizeof problem)) < 0 && errno == EINTR)
		continue;
	return n == (ssize_t)sizeof problem ? problem : 0;
}

/* The number of the program that runs, or -1 (errno). `told` is a pipe. */
static pid_t
start(const struct child_plan *plan, int told[2])
{
	pid_t pid = fork();
	int problem;

	if (pid == 0)
		become(plan, told[1]);
	close(told[1]);
	problem = pid < 0 ? errno : hear_of_start(told[0]);
	close(told[0]);
	if (pid > 0 && problem)
		waitpid(pid, NULL, 0);
	errno = problem;
	return problem ? -1 : pid;
}

struct child *
child_start(struct loop *loop, const struct child_plan *plan, child_fn fn, void *arg)
{
	struct child *child;
	int told[2];
	pid_t pid;

	if (pipe2(told, O_CLOEXEC))
		return NULL;
	pid = start(plan, told);
	if (pid < 0)
		return NULL;
	child = mem_new(loop, struct child);
	child->pid = pid;
	child->fn = fn;
	child->arg = arg;
	child->fd = pidfd_open(pid, 0);
	child->watch =
		child->fd < 0 ? NULL
			      : loop_watch_new(loop, child->fd, LOOP_READ, on_end, child);
	if (child->watch)
		return child;
	reap(child, NULL);
	mem_free(child);
	errno = EMFILE;
	return NULL;
}

void
child_signal(struct child *child, int signum)
{
	kill(-child->pid, signum);
}

void
child_end(struct child *child)
{
	child->fn = NULL;
	child_signal(child, SIGKILL);
}
