/* A connection answers the same bytes with the same statuses, in whatever pieces they come. */
#undef NDEBUG
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../../src/service/http/http.h"
#include "../fuzz.h"
#include "oneclick/base/loop.h"
#include "oneclick/base/mem.h"

enum { TURNS = 1000, CONTINUE = 100 };

static void
answer(void *arg, struct exchange *exchange)
{
	(void)arg;
	exchange->reply.status = 200;
	exchange_send(exchange);
}

static struct server *
get_server(struct loop **loop)
{
	static struct loop *only_loop;
	static struct server *server;
	struct fault why;

	if (!server) {
		only_loop = loop_new();
		if (server_open(only_loop, "127.0.0.1:0", answer, NULL, &server, &why))
			abort();
	}
	*loop = only_loop;
	return server;
}

/* What has come is added; whether more may come. */
static bool
hear(int fd, struct buf *got)
{
	char piece[4096];
	ssize_t n = recv(fd, piece, sizeof piece, MSG_DONTWAIT);

	if (n > 0)
		buf_add(got, piece, (size_t)n);
	return n > 0 || (n < 0 && errno == EAGAIN);
}

static void
converse(const char *data, size_t n, size_t piece, struct buf *got)
{
	static const struct sockaddr_storage from = { .ss_family = AF_UNIX };
	struct loop *loop;
	struct server *server = get_server(&loop);
	int fds[2], turns = TURNS;

	assert(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds) == 0);
	connection_open(server, fds[1], &from);
	for (size_t at = 0; at < n; at += piece) {
		size_t here = n - at < piece ? n - at : piece;

		if (send(fds[0], data + at, here, MSG_NOSIGNAL) != (ssize_t)here)
			break;
		loop_turn(loop);
		hear(fds[0], got);
	}
	shutdown(fds[0], SHUT_WR);
	while (hear(fds[0], got) && turns-- > 0)
		loop_turn(loop);
	close(fds[0]);
	loop_turn(loop);
	assert(!server->connections);
}

/* The statuses of the replies, behind each other; a body is as long as its reply says. */
static void
read_statuses(const struct buf *got, struct buf *out)
{
	const char *at = got->data, *end = got->data + got->len;

	while (at < end) {
		const char *head = strstr(at, "\r\n\r\n"), *length;
		int status;

		assert(head && strncmp(at, "HTTP/1.1 ", strlen("HTTP/1.1 ")) == 0);
		status = atoi(at + strlen("HTTP/1.1 "));
		length = strstr(at, "Content-Length: ");
		at = head + strlen("\r\n\r\n");
		if (status == CONTINUE)
			continue;
		buf_format(out, " %d", status);
		if (length && length < head)
			at += atoi(length + strlen("Content-Length: "));
		/* The reply to HEAD tells a length and has no body. */
		if (at > end || (at < end && *at != 'H'))
			return;
	}
}

/* The first byte is how large the pieces are. */
void
fuzz(const void *life, const char *data, size_t n)
{
	size_t piece = n > 0 ? (unsigned char)data[0] + 1U : 1;
	struct buf got, again, statuses, statuses_again;

	data += n > 0;
	n -= n > 0;
	buf_init(&got, life, BUF_NO_CAP);
	buf_init(&again, life, BUF_NO_CAP);
	buf_init(&statuses, life, BUF_NO_CAP);
	buf_init(&statuses_again, life, BUF_NO_CAP);
	converse(data, n, n > 0 ? n : 1, &got);
	converse(data, n, piece, &again);
	read_statuses(&got, &statuses);
	read_statuses(&again, &statuses_again);
	assert(strcmp(statuses.data, statuses_again.data) == 0);
}
