#include "oneclick/service/accept.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

#include "oneclick/base/log.h"
#include "oneclick/base/mem.h"

enum {
	ACCEPTS_A_TURN = 32,
	REST = 1000,      /* ms */
	IDLE_PROBE = 300, /* s of silence before the kernel asks if a peer lives */
};

struct acceptor {
	int fd;
	unsigned patience; /* ms */
	acceptor_fn fn;
	void *arg;
	struct loop_watch *watch;
	struct loop_timer *rest;
};

void
accept_name(const struct sockaddr_storage *from, char out[ACCEPT_NAME_SIZE])
{
	const void *address = &((const struct sockaddr_in *)from)->sin_addr;

	if (from->ss_family == AF_INET6)
		address = &((const struct sockaddr_in6 *)from)->sin6_addr;
	if (!inet_ntop(from->ss_family, address, out, ACCEPT_NAME_SIZE))
		strcpy(out, "nowhere");
}

static void
tune(int fd, unsigned patience)
{
	int yes = 1, idle = IDLE_PROBE;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof yes);
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
	setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &patience, sizeof patience);
}

static void
wake(void *arg)
{
	struct acceptor *acceptor = arg;

	loop_watch_set(acceptor->watch, LOOP_READ);
}

static void
rest(struct acceptor *acceptor)
{
	log_retry(LOG_WARN, "a connection could not be accepted: %s", strerror(errno));
	loop_watch_set(acceptor->watch, 0);
	loop_timer_set(acceptor->rest, REST, 0);
}

static bool
is_gone(int reason)
{
	return reason == ECONNABORTED || reason == EINTR || reason == EPROTO;
}

static void
on_ready(void *arg, int listening, int ready)
{
	struct acceptor *acceptor = arg;

	(void)ready;
	for (int i = 0; i < ACCEPTS_A_TURN; i++) {
		struct sockaddr_storage from = { 0 };
		socklen_t size = sizeof from;
		int fd = accept4(listening, (struct sockaddr *)&from, &size,
			SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd >= 0) {
			tune(fd, acceptor->patience);
			acceptor->fn(acceptor->arg, fd, &from);
		} else if (!is_gone(errno)) {
			if (errno != EAGAIN && errno != EWOULDBLOCK)
				rest(acceptor);
			return;
		}
	}
}

struct acceptor *
acceptor_open(struct loop *loop, int fd, unsigned patience, acceptor_fn fn, void *arg)
{
	struct acceptor *acceptor = mem_new(NULL, struct acceptor);

	acceptor->fd = fd;
	acceptor->patience = patience;
	acceptor->fn = fn;
	acceptor->arg = arg;
	acceptor->rest = loop_timer_new(loop, wake, acceptor);
	acceptor->watch = loop_watch_new(loop, fd, LOOP_READ, on_ready, acceptor);
	return acceptor;
}

void
acceptor_close(struct acceptor *acceptor)
{
	loop_watch_stop(acceptor->watch);
	loop_timer_stop(acceptor->rest);
	close(acceptor->fd);
	mem_free(acceptor);
}
