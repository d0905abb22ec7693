/* A real broker on a free port of our own machine, and a publisher of a dozen lines. */
#ifndef ONECLICK_TESTS_BROKER_H
#define ONECLICK_TESTS_BROKER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct broker {
	pid_t pid;
	int port;
	char folder[64];
};

static inline struct sockaddr_in
loopback(int port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
}

static inline int
free_port(void)
{
	struct sockaddr_in at = loopback(0);
	socklen_t n = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&at, n), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
	close(fd);
	return ntohs(at.sin_port);
}

static inline int
connect_port(int port)
{
	struct sockaddr_in to = loopback(port);

	for (int tries = 0; tries < 1000; tries++) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);

		if (connect(fd, (struct sockaddr *)&to, sizeof to) == 0)
			return fd;
		close(fd);
		usleep(10 * 1000);
	}
	fail_msg("nobody listens on port %d", port);
	return -1;
}

/* `more` is further lines of its configuration.  Started again, it has the same port. */
static inline void
broker_start(struct broker *broker, const char *more)
{
	char path[128];
	FILE *file;

	strcpy(broker->folder, "/tmp/oneclick-broker.XXXXXX");
	assert_non_null(mkdtemp(broker->folder));
	if (broker->port == 0)
		broker->port = free_port();
	snprintf(path, sizeof path, "%s/conf", broker->folder);
	file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file, "user root\nlistener %d 127.0.0.1\nlog_dest none\n%s", broker->port,
		more);
	fclose(file);
	broker->pid = fork();
	if (broker->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (!freopen("/dev/null", "w", stderr))
			_exit(126);
		execl("/usr/sbin/mosquitto", "mosquitto", "-c", path, (char *)NULL);
		_exit(127);
	}
	close(connect_port(broker->port));
}

static inline void
broker_stop(struct broker *broker)
{
	char path[128];

	kill(broker->pid, SIGTERM);
	waitpid(broker->pid, NULL, 0);
	snprintf(path, sizeof path, "%s/conf", broker->folder);
	unlink(path);
	rmdir(broker->folder);
}

static inline void
expect_bytes(int fd, size_t n)
{
	unsigned char bytes[16];

	assert_int_equal(recv(fd, bytes, n, MSG_WAITALL), n);
}

/* One CONNECT, one PUBLISH (QoS 1, so that the broker has it when this returns), and
 * away.  Topic and payload together must be shorter than 16 KiB. */
static inline void
broker_publish(
	const struct broker *broker, const char *topic, const char *payload, bool retain)
{
	static const unsigned char hello[] = { 0x10, 13, 0, 4, 'M', 'Q', 'T', 'T', 4, 2,
		0, 60, 0, 1, 'p' };
	size_t t = strlen(topic), p = strlen(payload), rest = 2 + t + 2 + p, n = 0;
	unsigned char *packet = malloc(rest + 8);
	int fd = connect_port(broker->port);

	packet[n++] = (unsigned char)(0x32 | retain);
	packet[n++] = (unsigned char)(0x80 | (rest & 0x7f));
	packet[n++] = (unsigned char)(rest >> 7);
	packet[n++] = (unsigned char)(t >> 8);
	packet[n++] = (unsigned char)t;
	memcpy(packet + n, topic, t);
	n += t;
	packet[n++] = 0;
	packet[n++] = 1;
	memcpy(packet + n, payload, p);
	n += p;
	assert_int_equal(send(fd, hello, sizeof hello, 0), sizeof hello);
	expect_bytes(fd, 4);
	assert_int_equal(send(fd, packet, n, 0), n);
	expect_bytes(fd, 4);
	close(fd);
	free(packet);
}

#endif
