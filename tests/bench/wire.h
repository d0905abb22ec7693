/* What drive.c and forward.c speak: non-blocking sockets with their bytes in and out, and
 * just enough of HTTP/1.1 and MQTT 3.1.1, for programs that trust each other. */
#ifndef ONECLICK_TESTS_BENCH_WIRE_H
#define ONECLICK_TESTS_BENCH_WIRE_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct bytes {
	char *data;
	size_t len, at, room; /* what is before `at` is used up */
};

struct link {
	int fd;
	struct bytes in, out;
	bool waits; /* for room to write */
	bool busy;  /* a request of ours is unanswered */
	void *owner;
	int kind;
};

static inline _Noreturn void
die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

static inline double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static inline void
put(struct bytes *b, const void *data, size_t n)
{
	if (b->at == b->len)
		b->at = b->len = 0;
	if (b->len + n > b->room) {
		memmove(b->data, b->data + b->at, b->len - b->at);
		b->len -= b->at;
		b->at = 0;
	}
	while (b->len + n > b->room) {
		b->room = b->room ? 2 * b->room : 4096;
		b->data = realloc(b->data, b->room);
		if (!b->data)
			die("memory");
	}
	memcpy(b->data + b->len, data, n);
	b->len += n;
}

static inline void
put_text(struct bytes *b, const char *text)
{
	put(b, text, strlen(text));
}

static inline struct sockaddr_in
local_port(int port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

static inline void
watch(int epoll, struct link *link, int kind)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = link };
	int yes = 1;

	link->kind = kind;
	fcntl(link->fd, F_SETFL, O_NONBLOCK);
	setsockopt(link->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
	if (epoll_ctl(epoll, EPOLL_CTL_ADD, link->fd, &event) != 0)
		die("epoll");
}

static inline struct link *
dial(int epoll, int port, int kind)
{
	struct sockaddr_in to = local_port(port);
	struct link *link = calloc(1, sizeof *link);

	link->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (connect(link->fd, (struct sockaddr *)&to, sizeof to) != 0)
		die("connect");
	watch(epoll, link, kind);
	return link;
}

static inline struct link *
open_listener(int epoll, int port, int kind)
{
	struct sockaddr_in at = local_port(port);
	struct link *link = calloc(1, sizeof *link);
	int yes = 1;

	link->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(link->fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
	if (bind(link->fd, (struct sockaddr *)&at, sizeof at) != 0 ||
		listen(link->fd, 1024) != 0)
		die("listen");
	watch(epoll, link, kind);
	return link;
}

static inline struct link *
take_link(int epoll, struct link *listener, int kind)
{
	int fd = accept4(listener->fd, NULL, NULL, SOCK_CLOEXEC);
	struct link *link;

	if (fd < 0)
		return NULL;
	link = calloc(1, sizeof *link);
	link->fd = fd;
	watch(epoll, link, kind);
	return link;
}

/* False when the other side has gone. */
static inline bool
fill(struct link *link)
{
	char piece[65536];
	ssize_t n;

	while ((n = read(link->fd, piece, sizeof piece)) > 0) {
		put(&link->in, piece, (size_t)n);
		if (n < (ssize_t)sizeof piece)
			return true;
	}
	return n < 0 && (errno == EAGAIN || errno == EINTR);
}

static inline void
flush_out(int epoll, struct link *link)
{
	struct bytes *out = &link->out;
	bool waits;

	while (out->at < out->len) {
		ssize_t n = write(link->fd, out->data + out->at, out->len - out->at);

		if (n <= 0)
			break;
		out->at += (size_t)n;
	}
	waits = out->at < out->len;
	if (waits != link->waits) {
		struct epoll_event event = { .data.ptr = link,
			.events = EPOLLIN | (waits ? (uint32_t)EPOLLOUT : 0) };

		link->waits = waits;
		epoll_ctl(epoll, EPOLL_CTL_MOD, link->fd, &event);
	}
}

static inline void
drop(struct link *link)
{
	close(link->fd);
	free(link->in.data);
	free(link->out.data);
	free(link);
}

/* One whole HTTP message at the front of `in`, used up; its body, and the status of a
 * response. False when it has not come whole. */
static inline bool
next_http(struct bytes *in, const char **body, size_t *len, int *status)
{
	char *start = in->data + in->at, *end, *field;
	size_t have = in->len - in->at, head;

	end = have ? memmem(start, have, "\r\n\r\n", 4) : NULL;
	if (!end)
		return false;
	head = (size_t)(end - start) + 4;
	*end = '\0';
	field = strcasestr(start, "\r\ncontent-length:");
	*len = field ? strtoul(field + 17, NULL, 10) : 0;
	*end = '\r';
	if (have < head + *len)
		return false;
	*status = strncmp(start, "HTTP/", 5) == 0 ? atoi(start + 9) : 0;
	*body = start + head;
	in->at += head + *len;
	return true;
}

/* ---- MQTT -------------------------------------------------------------------------- */

static inline void
put_packet(struct bytes *out, int first, const struct bytes *rest)
{
	size_t n = rest->len;
	char byte = (char)first;

	put(out, &byte, 1);
	do {
		byte = (char)(n % 128 | (n >= 128 ? 128 : 0));
		put(out, &byte, 1);
		n /= 128;
	} while (n > 0);
	put(out, rest->data, rest->len);
}

static inline void
put_word(struct bytes *b, int word)
{
	char two[2] = { (char)(word >> 8), (char)word };

	put(b, two, 2);
}

static inline void
put_string(struct bytes *b, const char *text)
{
	put_word(b, (int)strlen(text));
	put_text(b, text);
}

static inline void
put_connect(struct bytes *out, const char *id, const char *user, const char *password)
{
	struct bytes rest = { 0 };
	char flags = (char)(2 | (user ? 0xc0 : 0));

	put_string(&rest, "MQTT");
	put(&rest, "\4", 1);
	put(&rest, &flags, 1);
	put_word(&rest, 600);
	put_string(&rest, id);
	if (user) {
		put_string(&rest, user);
		put_string(&rest, password);
	}
	put_packet(out, 0x10, &rest);
	free(rest.data);
}

static inline void
put_subscribe(struct bytes *out, const char *filter)
{
	struct bytes rest = { 0 };

	put_word(&rest, 1);
	put_string(&rest, filter);
	put(&rest, "\1", 1);
	put_packet(out, 0x82, &rest);
	free(rest.data);
}

static inline void
put_publish(struct bytes *out, const char *topic, int id, const char *payload, size_t n)
{
	static struct bytes rest;

	rest.at = rest.len = 0;
	put_string(&rest, topic);
	put_word(&rest, id);
	put(&rest, payload, n);
	put_packet(out, 0x32, &rest);
}

static inline void
put_puback(struct bytes *out, int id)
{
	char packet[4] = { 0x40, 2, (char)(id >> 8), (char)id };

	put(out, packet, 4);
}

struct packet {
	int type;         /* high four bits of the first byte */
	int id;           /* of PUBLISH and PUBACK */
	const char *body; /* of PUBLISH: its payload */
	size_t len;
};

/* The packet at the front of `in`, used up; false when it has not come whole. */
static inline bool
next_packet(struct bytes *in, struct packet *out)
{
	const unsigned char *p = (const unsigned char *)in->data + in->at;
	size_t have = in->len - in->at, n = 0, head = 1;
	int shift = 0;

	do {
		if (head >= have)
			return false;
		n |= (size_t)(p[head] & 127) << shift;
		shift += 7;
	} while (p[head++] & 128);
	if (have < head + n)
		return false;
	*out = (struct packet){ .type = p[0] >> 4 };
	p += head;
	if (out->type == 3) {
		size_t topic = (size_t)(p[0] << 8 | p[1]) + 2;

		out->id = p[topic] << 8 | p[topic + 1];
		out->body = (const char *)p + topic + 2;
		out->len = n - topic - 2;
	} else if (out->type == 4) {
		out->id = p[0] << 8 | p[1];
	}
	in->at += head + n;
	return true;
}

#endif
