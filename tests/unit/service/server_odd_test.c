/* Requests that two readers could read in two ways: one refusal each, and the end. */
#include "server_bench.h"

#define ODD(text) \
	{ \
		text, sizeof text - 1 \
	}

static const struct {
	const char *text;
	size_t size;
} odd[] = {
	ODD("hello\r\n\r\n"),
	ODD("GET /x\r\n\r\n"),
	ODD("BREW /x HTTP/1.1\r\nHost: h\r\n\r\n"),
	ODD("CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n"),
	ODD("GET /x HTTP/1.1\r\n\r\n"),
	ODD("GET /x HTTP/2.0\r\nHost: h\r\n\r\n"),
	ODD("GET  /x HTTP/1.1\r\nHost: h\r\n\r\n"),
	ODD("GET /x  HTTP/1.1\r\nHost: h\r\n\r\n"),
	ODD("GET\t/x HTTP/1.1\r\nHost: h\r\n\r\n"),
	ODD(" GET /x HTTP/1.1\r\nHost: h\r\n\r\n"),
	ODD("GET /x HTTP/1.1 \r\nHost: h\r\n\r\n"),
	ODD("GET /x http/1.1\r\nHost: h\r\n\r\n"),
	ODD("GET /x HTTP/1.1\nHost: h\n\n"),
	ODD("GET /x HTTP/1.1\r\nHost: h\n\r\n"),
	ODD("GET /x HTTP/1.1\r\nHost: h\r\n\n"),
	ODD("GET /x HTTP/1.1\rHost: h\r\n\r\n"),
	ODD("\n\nGET /x HTTP/1.1\r\nHost: h\r\n\r\n"),
	ODD("\r\n\r\n"),
	ODD("\r\n\r\nGET /x HTTP/1.1\r\nHost: h\r\n\r\n"),
	ODD("\r\n\nGET /x HTTP/1.1\r\nHost: h\r\n\r\n"),
	ODD("GET /x HTTP/1.1\r\nHost: h\r\n X-A: folded\r\n\r\n"),
	ODD(GET_WITH("X-A: 1\r\n\tfolded\r\n")),
	ODD(GET_WITH("X-A\r\n")),
	ODD(GET_WITH(": 1\r\n")),
	ODD(GET_WITH("X-A\0: 1\r\n")),
	ODD(GET_WITH("X-A: 1\0\r\n")),
	ODD("GET /x HTTP/1.1\r\nHost: h\0.evil\r\n\r\n"),
	ODD("GET /x\0y HTTP/1.1\r\nHost: h\r\n\r\n"),
	ODD("GET /x HTTP/1.1\0\r\nHost: h\r\n\r\n"),
	ODD(POST "Content-Length: 19\0 5\r\n\r\nhello"),
	ODD(POST "Transfer-Encoding: chunked\0, identity\r\n\r\n0\r\n\r\n"),
	ODD("GET x HTTP/1.1\r\nHost: h\r\n\r\n"),
	ODD("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n"),
	ODD(GET("ftp://h/x")),
	ODD(GET("http:///x")),
	ODD(GET("http://u@h/x")),
	ODD(GET("//x")),
	ODD(GET("/x/")),
	ODD(GET("/a/../b")),
	ODD(GET("/a/./b")),
	ODD(GET("/a/%2e%2E/b")),
	ODD(GET("/a%00b")),
	ODD(GET("/a%5cb")),
	ODD(GET("/a\\b")),
	ODD(GET("/a%zz")),
	ODD(GET("/a%2")),
	ODD(GET("/a?b=%zz")),
	ODD(GET("/a?b=%00")),
	ODD(GET("/caf\xc3\xa9")),
	ODD(GET("/a\x01")),
	ODD("GET /x HTTP/1.1\r\nHost: h\r\nHost: i\r\n\r\n"),
	ODD("GET /x HTTP/1.1\r\nHost: h\r\nX-A : 1\r\n\r\n"),
	ODD("GET /x HTTP/1.1\r\nHost: h\r\nX(A): 1\r\n\r\n"),
	ODD(GET_WITH("Authorization: a\r\nAuthorization: b\r\n")),
	ODD(GET_WITH("X-Amz-Date: a\r\nx-amz-date: b\r\n")),
	ODD(GET_WITH("X-Amz-Security-Token: a\r\nX-Amz-Security-Token: b\r\n")),
	ODD(GET_WITH("X-A: a\x01z\r\n")),
	ODD(POST "Content-Type: a\r\nContent-Type: b\r\nContent-Length: 0\r\n\r\n"),
	ODD(POST "Content-Length: 3\r\nContent-Length: 5\r\n\r\nhello"),
	ODD(POST "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc"),
	ODD(POST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
	ODD(POST "Content-Length: -1\r\n\r\n"),
	ODD(POST "Content-Length: 3, 3\r\n\r\nabc"),
	ODD(POST "Content-Length: 99999999999999999999\r\n\r\n"),
	ODD(POST "Content-Length: 262145\r\n\r\n"),
	ODD(POST "Transfer-Encoding: gzip\r\n\r\n"),
	ODD(POST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
	ODD(POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: "
		 "chunked\r\n\r\n0\r\n\r\n"),
	ODD(POST "Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n"),
	ODD(POST "Transfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n"),
	ODD(POST "Transfer-Encoding: chunked\r\n\r\n+1\r\na\r\n0\r\n\r\n"),
	ODD(POST "Transfer-Encoding: chunked\r\n\r\n 1\r\na\r\n0\r\n\r\n"),
	ODD(POST "Transfer-Encoding: chunked\r\n\r\n1 \r\na\r\n0\r\n\r\n"),
	ODD(POST "Transfer-Encoding: chunked\r\n\r\n1\na\r\n0\r\n\r\n"),
	ODD(POST "Transfer-Encoding: chunked\r\n\r\n1\r\naX0\r\n\r\n"),
	ODD(POST "Transfer-Encoding: chunked\r\n\r\n1\r\na\n0\r\n\r\n"),
	ODD(POST "Transfer-Encoding: chunked\r\n\r\n000000001\r\na\r\n0\r\n\r\n"),
	ODD(POST "Transfer-Encoding: chunked\r\n\r\nffffffff\r\na"),
	ODD(POST "Transfer-Encoding: chunked\r\n\r\n;a=b\r\na\r\n0\r\n\r\n"),
	ODD(POST "Transfer-Encoding: chunked\r\n\r\n1;a\0\r\na\r\n0\r\n\r\n"),
	ODD(POST "Transfer-Encoding: chunked\r\n\r\n0\r\nX-A: 1\n\r\n"),
	ODD(POST "Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n"),
	ODD(POST "Expect: the worst\r\nContent-Length: 0\r\n\r\n"),
};

/* One refusal, and nothing behind it. */
static bool
is_refusal(const char *text)
{
	static const char start[] = "HTTP/1.1 ";
	const char *status = text + strlen(start);

	if (strncmp(text, start, strlen(start)) != 0)
		return false;
	return (*status == '4' || strncmp(status, "501", 3) == 0) &&
	       !strstr(status, "\nHTTP/1.1 ") && strstr(status, "Connection: close\r\n");
}

/* Sends the bytes in pieces, the loop turning between them, until it is refused. */
static void
say_in_pieces(struct bench *bench, int fd, const char *text, size_t n, size_t piece)
{
	for (size_t at = 0; at < n; at += piece) {
		size_t here = n - at < piece ? n - at : piece;

		if (send(fd, text + at, here, MSG_NOSIGNAL) != (ssize_t)here)
			return;
		if (piece < n)
			loop_turn(bench->loop);
	}
}

static void
check_refusals(size_t piece)
{
	struct bench bench;

	open_bench(&bench);
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
		struct buf got;
		int fd = dial(&bench);

		buf_init(&got, NULL, BUF_NO_CAP);
		say_in_pieces(&bench, fd, odd[i].text, odd[i].size, piece);
		assert_true(hear(&bench, fd, &got, NULL));
		if (!is_refusal(got.data))
			fail_msg("%s\nwas answered\n%s", odd[i].text, got.data);
		buf_release(&got);
		close(fd);
	}
	close_bench(&bench);
}

static void
odd_requests_are_refused_and_the_connection_closed(void **state)
{
	(void)state;
	check_refusals(SIZE_MAX / 2);
}

static void
odd_requests_are_refused_in_pieces_too(void **state)
{
	(void)state;
	check_refusals(2);
	check_refusals(1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(odd_requests_are_refused_and_the_connection_closed),
		cmocka_unit_test(odd_requests_are_refused_in_pieces_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
