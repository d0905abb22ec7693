/*
 * A small HTTP server in a thread, for tests of whoever speaks HTTP: it takes each
 * request whole, writes it down, and answers with the next reply of a script. A NULL
 * reply hangs up without an answer; one without a Content-Length ends with its
 * connection.
 */
#ifndef ONECLICK_TESTS_SERVED_H
#define ONECLICK_TESTS_SERVED_H

#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { SERVED_MAX = 16 };

struct served {
	const char *const *reply;
	size_t replies;
	int listener, stop[2];
	pthread_t thread;
	char endpoint[128];
	/* Written by the thread, read after served_stop. */
	char request[SERVED_MAX][4096];
	size_t requests, connections;
};

/* Length of the whole request in text, 0 while it is not all there. */
static inline size_t
served_whole(const char *text)
{
	const char *end = strstr(text, "\r\n\r\n");
	const char *length = strcasestr(text, "\r\ncontent-length:");

	if (!end)
		return 0;
	end += 4;
	if (length && length < end)
		end += atoi(length + 17);
	return strlen(text) >= (size_t)(end - text) ? (size_t)(end - text) : 0;
}

static inline bool
served_wait(struct served *served, int fd)
{
	struct pollfd polls[] = { { fd, POLLIN, 0 }, { served->stop[0], POLLIN, 0 } };

	return poll(polls, 2, -1) > 0 && !polls[1].revents;
}

static inline bool
served_read(struct served *served, int fd, char *into, size_t room)
{
	size_t n = 0;

	while (!served_whole(into)) {
		ssize_t got;

		if (!served_wait(served, fd))
			return false;
		got = read(fd, into + n, room - n - 1);
		if (got <= 0)
			return false;
		n += (size_t)got;
	}
	return true;
}

/* True if the connection stays open. */
static inline bool
served_answer(struct served *served, int fd)
{
	const char *reply = NULL;

	if (served->requests == SERVED_MAX ||
		!served_read(served, fd, served->request[served->requests], 4096))
		return false;
	if (served->requests < served->replies)
		reply = served->reply[served->requests];
	served->requests++;
	if (!reply || send(fd, reply, strlen(reply), MSG_NOSIGNAL) < 0)
		return false;
	return strcasestr(reply, "content-length:") != NULL || strstr(reply, " 204 ");
}

static inline void *
served_run(void *arg)
{
	struct served *served = arg;

	while (served_wait(served, served->listener)) {
		int fd = accept(served->listener, NULL, NULL);

		served->connections++;
		while (served_answer(served, fd))
			continue;
		close(fd);
	}
	return NULL;
}

static inline void
served_listen(struct served *served, const char *socket_path)
{
	struct sockaddr_un local = { .sun_family = AF_UNIX };
	struct sockaddr_in inet = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(inet);

	if (socket_path) {
		snprintf(local.sun_path, sizeof(local.sun_path), "%s", socket_path);
		served->listener = socket(AF_UNIX, SOCK_STREAM, 0);
		bind(served->listener, (struct sockaddr *)&local, sizeof(local));
		snprintf(served->endpoint, sizeof(served->endpoint), "unix:%s",
			socket_path);
	} else {
		served->listener = socket(AF_INET, SOCK_STREAM, 0);
		bind(served->listener, (struct sockaddr *)&inet, sizeof(inet));
		getsockname(served->listener, (struct sockaddr *)&inet, &len);
		snprintf(served->endpoint, sizeof(served->endpoint),
			"http://127.0.0.1:%d", ntohs(inet.sin_port));
	}
	listen(served->listener, 8);
}

/* Serves the script until served_stop; `socket_path` NULL: a free port of loopback. */
static inline struct served *
served_start(const char *const *reply, size_t replies, const char *socket_path)
{
	struct served *served = calloc(1, sizeof(*served));

	served->reply = reply;
	served->replies = replies;
	served_listen(served, socket_path);
	if (pipe(served->stop) ||
		pthread_create(&served->thread, NULL, served_run, served))
		abort();
	return served;
}

static inline void
served_stop(struct served *served)
{
	if (write(served->stop[1], "", 1) != 1)
		abort();
	pthread_join(served->thread, NULL);
	close(served->listener);
	close(served->stop[0]);
	close(served->stop[1]);
}

#define SERVED_JSON(status, length, body) \
	"HTTP/1.1 " status \
	"\r\nContent-Type: application/json\r\nContent-Length: " length \
	"\r\nx-amzn-RequestId: r-1\r\n\r\n" body

#endif
