/* A server on a loop that the test turns, and raw sockets to it. */
#ifndef ONECLICK_TESTS_SERVICE_SERVER_BENCH_H
#define ONECLICK_TESTS_SERVICE_SERVER_BENCH_H

#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/service/server.h"

enum { PATIENCE = 5000, STREAM_PIECES = 40 };

struct bench {
	struct loop *loop;
	struct server *server;
	struct exchange *held; /* what POST /held leaves unanswered */
	struct exchange *stream;
	int asked, gone, pieces;
};

static inline bool
give_piece(void *arg, struct buf *out)
{
	struct bench *bench = arg;

	if (bench->pieces == STREAM_PIECES)
		return false;
	if (++bench->asked % 2 == 0)
		buf_format(out, "piece %d\n", bench->pieces++);
	return true;
}

static inline void
hear_of_end(void *arg)
{
	((struct bench *)arg)->gone++;
}

static inline void
answer(void *arg, struct exchange *exchange)
{
	struct bench *bench = arg;
	const struct request *request = &exchange->request;

	if (strcmp(request->path, "/held") == 0) {
		bench->held = exchange;
		return;
	}
	if (strcmp(request->path, "/stream") == 0) {
		bench->stream = exchange;
		exchange_stream(exchange, give_piece, hear_of_end, bench);
		return;
	}
	exchange->reply.status = 200;
	buf_format(&exchange->reply.body, "%s %s %s", request->method, request->target,
		request->peer);
	buf_add(&exchange->reply.body, request->body.data, request->body.len);
	exchange_send(exchange);
}

static inline void
open_bench_on(struct bench *bench, const char *listen)
{
	struct fault why = { .sentence = "" };

	*bench = (struct bench){ .loop = loop_new() };
	if (server_open(bench->loop, listen, answer, bench, &bench->server, &why))
		fail_msg("%s", why.sentence);
}

static inline void
open_bench(struct bench *bench)
{
	open_bench_on(bench, "127.0.0.1:0");
}

static inline void
close_bench(struct bench *bench)
{
	server_close(bench->server);
	loop_free(bench->loop);
}

static inline int
dial(struct bench *bench)
{
	struct sockaddr_in name = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	name.sin_port =
		htons((uint16_t)atoi(strrchr(server_address(bench->server), ':') + 1));
	inet_pton(AF_INET, "127.0.0.1", &name.sin_addr);
	assert_int_equal(connect(fd, (struct sockaddr *)&name, sizeof name), 0);
	return fd;
}

/* Turns the loop until the peer closes or `enough` has come. */
static inline bool
hear(struct bench *bench, int fd, struct buf *got, const char *enough)
{
	int64_t end = moment_ticks() + PATIENCE;
	char piece[4096];

	while (moment_ticks() < end) {
		ssize_t n = recv(fd, piece, sizeof piece, MSG_DONTWAIT);
		if (n == 0 || (n < 0 && errno == ECONNRESET))
			return true;
		if (n > 0)
			buf_add(got, piece, (size_t)n);
		if (enough && strstr(got->data, enough))
			return false;
		if (n < 0)
			loop_turn(bench->loop);
	}
	fail_msg("no more came after: %s", got->data);
	return false;
}

static inline void
say(int fd, const char *bytes, size_t n)
{
	assert_int_equal(send(fd, bytes, n, MSG_NOSIGNAL), n);
}

#define POST "POST /x HTTP/1.1\r\nHost: h\r\n"
#define GET(target) "GET " target " HTTP/1.1\r\nHost: h\r\n\r\n"
#define GET_WITH(lines) "GET /x HTTP/1.1\r\nHost: h\r\n" lines "\r\n"

#endif
