#include "notify.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "oneclick/base/log.h"
#include "oneclick/base/mem.h"

/* ---- a datagram ---- */

/* A name that begins with '@' lies in no directory: its first byte is a NUL. */
static bool
find_address(struct sockaddr_un *to, socklen_t *size)
{
	const char *path = getenv("NOTIFY_SOCKET");
	size_t n = path ? strlen(path) : 0;

	if (n < 2 || n >= sizeof to->sun_path || (*path != '/' && *path != '@'))
		return false;
	*to = (struct sockaddr_un){ .sun_family = AF_UNIX };
	memcpy(to->sun_path, path, n);
	if (*path == '@')
		to->sun_path[0] = '\0';
	*size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n);
	return true;
}

static void
tell(const char *text)
{
	struct sockaddr_un to;
	socklen_t size;
	int fd;

	if (!find_address(&to, &size))
		return;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || sendto(fd, text, strlen(text), MSG_NOSIGNAL,
			      (const struct sockaddr *)&to, size) < 0)
		log_line(LOG_WARN, "the supervisor could not be told: %s",
			strerror(errno));
	if (fd >= 0)
		close(fd);
}

void
notify_ready(const char *status)
{
	char *text = mem_format(NULL, "READY=1\nSTATUS=%s", status);

	tell(text);
	mem_free(text);
}

void
notify_reloading(void)
{
	struct timespec now;
	char text[64];

	clock_gettime(CLOCK_MONOTONIC, &now);
	snprintf(text, sizeof text, "RELOADING=1\nMONOTONIC_USEC=%lld",
		(long long)now.tv_sec * 1000000 + now.tv_nsec / 1000);
	tell(text);
}

void
notify_stopping(void)
{
	tell("STOPPING=1");
}

/* ---- the pulse ---- */

struct pulse {
	struct job job;
	struct lanes *lanes;
	struct loop_timer *timer;
	bool waiting, closed; /* the job is on its way; nobody wants its end */
};

static enum err
run_nothing(struct job *job, struct tx *tx)
{
	(void)job;
	(void)tx;
	return ERR_NONE;
}

static void
end_pulse(struct job *job)
{
	struct pulse *pulse = (struct pulse *)job;

	pulse->waiting = false;
	if (pulse->closed)
		mem_free(pulse);
	else if (!job->result)
		tell("WATCHDOG=1");
}

static void
start_pulse(void *arg)
{
	struct pulse *pulse = arg;

	if (pulse->waiting)
		return;
	pulse->waiting = true;
	pulse->job =
		(struct job){ .lane = LANE_WRITE, .run = run_nothing, .done = end_pulse };
	lanes_submit(pulse->lanes, &pulse->job);
}

/* 0: nobody watches us. */
static int64_t
read_period(void)
{
	const char *usec = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");

	if (!usec || (pid && strtol(pid, NULL, 10) != getpid()))
		return 0;
	return strtoll(usec, NULL, 10) / 1000;
}

enum err
notify_open(struct service *service, struct fault *why)
{
	int64_t period = read_period();
	struct pulse *pulse;

	(void)why;
	if (period <= 1)
		return ERR_NONE;
	pulse = mem_new(NULL, struct pulse);
	pulse->lanes = service->lanes;
	pulse->timer = loop_timer_new(service->loop, start_pulse, pulse);
	loop_timer_set(pulse->timer, period / 2, period / 2);
	service->pulse = pulse;
	return ERR_NONE;
}

void
notify_close(struct service *service)
{
	struct pulse *pulse = service->pulse;

	if (!pulse)
		return;
	loop_timer_stop(pulse->timer);
	pulse->closed = true;
	if (!pulse->waiting)
		mem_free(pulse);
	service->pulse = NULL;
}
