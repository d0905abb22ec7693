/* The server over real sockets: bytes go in as they are, answers come out. */
#include "server_bench.h"

static void
what_is_too_long_is_refused(void **state)
{
	struct bench bench;
	struct buf text, got;
	int fd;

	(void)state;
	open_bench(&bench);
	buf_init(&text, NULL, BUF_NO_CAP);
	buf_init(&got, NULL, BUF_NO_CAP);
	buf_text(&text, "GET /");
	for (int i = 0; i < REQUEST_TARGET_MAX; i++)
		buf_char(&text, 'x');
	buf_text(&text, " HTTP/1.1\r\nHost: h\r\n\r\n");
	fd = dial(&bench);
	say(fd, text.data, text.len);
	assert_true(hear(&bench, fd, &got, NULL));
	assert_non_null(strstr(got.data, "HTTP/1.1 414"));
	close(fd);

	buf_clear(&text);
	buf_clear(&got);
	buf_text(&text, "GET /x HTTP/1.1\r\nHost: h\r\n");
	for (int i = 0; i < REQUEST_HEADERS_MAX; i++)
		buf_format(&text, "X-%d: 1\r\n", i);
	buf_text(&text, "\r\n");
	fd = dial(&bench);
	say(fd, text.data, text.len);
	assert_true(hear(&bench, fd, &got, NULL));
	assert_non_null(strstr(got.data, "HTTP/1.1 431"));
	close(fd);
	buf_release(&text);
	buf_release(&got);
	close_bench(&bench);
}

static void
a_head_as_long_as_is_allowed_passes(void **state)
{
	struct bench bench;
	struct buf text, got;
	int fd;

	(void)state;
	open_bench(&bench);
	buf_init(&text, NULL, BUF_NO_CAP);
	buf_init(&got, NULL, BUF_NO_CAP);
	buf_text(&text, "GET /x?");
	while (text.len < strlen("GET ") + REQUEST_TARGET_MAX)
		buf_char(&text, 'q');
	buf_text(&text, " HTTP/1.1\r\nHost: h\r\n");
	for (int i = 1; i < REQUEST_HEADERS_MAX; i++)
		buf_format(&text, "X-%02d: %0240d\r\n", i, 1);
	buf_text(&text, "\r\n");
	fd = dial(&bench);
	say(fd, text.data, text.len);
	assert_false(hear(&bench, fd, &got, "127.0.0.1"));
	assert_non_null(strstr(got.data, "HTTP/1.1 200"));
	close(fd);
	buf_release(&text);
	buf_release(&got);
	close_bench(&bench);
}

static void
a_chunked_body_is_cut_off_at_the_same_length(void **state)
{
	struct bench bench;
	struct buf text, got;
	int fd;

	(void)state;
	open_bench(&bench);
	buf_init(&text, NULL, BUF_NO_CAP);
	buf_init(&got, NULL, BUF_NO_CAP);
	buf_text(&text, POST "Transfer-Encoding: chunked\r\n\r\n");
	buf_format(&text, "%x\r\n", REQUEST_BODY_MAX + 1);
	for (int i = 0; i <= REQUEST_BODY_MAX; i++)
		buf_char(&text, 'x');
	buf_text(&text, "\r\n0\r\n\r\n");
	fd = dial(&bench);
	for (size_t at = 0; at < text.len;) {
		ssize_t n = send(
			fd, text.data + at, text.len - at, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (n > 0)
			at += (size_t)n;
		loop_turn(bench.loop);
	}
	assert_true(hear(&bench, fd, &got, NULL));
	assert_non_null(strstr(got.data, "HTTP/1.1 413"));
	close(fd);
	buf_release(&text);
	buf_release(&got);
	close_bench(&bench);
}

static void
requests_in_a_row_are_answered_in_their_order(void **state)
{
	static const char text[] =
		POST "Content-Length: 3\r\n\r\none" GET("/two?q=%41+") POST
		"Transfer-Encoding: chunked\r\n\r\n3\r\nthr\r\n2\r\nee\r\n0\r\n\r\n" GET(
			"/last");
	struct bench bench;
	struct buf got;
	const char *at;
	int fd;

	(void)state;
	open_bench(&bench);
	buf_init(&got, NULL, BUF_NO_CAP);
	fd = dial(&bench);
	say(fd, text, sizeof text - 1);
	assert_false(hear(&bench, fd, &got, "GET /last 127.0.0.1"));
	at = strstr(got.data, "POST /x 127.0.0.1one");
	assert_non_null(at);
	at = strstr(at, "GET /two?q=%41+ 127.0.0.1");
	assert_non_null(at);
	assert_non_null(strstr(at, "POST /x 127.0.0.1three"));
	buf_clear(&got);
	/* An empty line before each is one that the client left behind. */
	say(fd, "\r\n" GET("/empty"), strlen("\r\n" GET("/empty")));
	assert_false(hear(&bench, fd, &got, "GET /empty 127.0.0.1"));
	say(fd, "\r\n" GET("/again"), strlen("\r\n" GET("/again")));
	assert_false(hear(&bench, fd, &got, "GET /again 127.0.0.1"));
	assert_non_null(strstr(got.data, "x-amzn-RequestId: "));
	assert_non_null(strstr(got.data, "Content-Type: application/json"));
	buf_release(&got);
	close(fd);
	close_bench(&bench);
}

/* RFC 9112, 3.2.2: such a target is what a client sends through a proxy. */
static void
a_target_may_name_its_host(void **state)
{
	static const char *const targets[] = { "http://h:80/x?y", "HTTPS://h/x?y" };
	struct bench bench;
	struct buf got;
	int fd;

	(void)state;
	open_bench(&bench);
	buf_init(&got, NULL, BUF_NO_CAP);
	fd = dial(&bench);
	for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
		char *text = mem_format(
			NULL, "GET %s HTTP/1.1\r\nHost: other\r\n\r\n", targets[i]);

		say(fd, text, strlen(text));
		assert_false(hear(&bench, fd, &got, "GET /x?y 127.0.0.1"));
		buf_clear(&got);
		mem_free(text);
	}
	close(fd);
	buf_release(&got);
	close_bench(&bench);
}

static void
an_old_client_keeps_its_connection_if_it_says_so(void **state)
{
	static const char keeps[] = "GET /x HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n",
			  ends[] = "GET /y HTTP/1.0\r\n\r\n";
	struct bench bench;
	struct buf got;
	int fd;

	(void)state;
	open_bench(&bench);
	buf_init(&got, NULL, BUF_NO_CAP);
	fd = dial(&bench);
	say(fd, keeps, strlen(keeps));
	assert_false(hear(&bench, fd, &got, "GET /x 127.0.0.1"));
	assert_non_null(strstr(got.data, "Connection: keep-alive\r\n"));
	buf_clear(&got);
	say(fd, ends, strlen(ends));
	assert_true(hear(&bench, fd, &got, NULL));
	assert_non_null(strstr(got.data, "Connection: close\r\n"));
	assert_non_null(strstr(got.data, "GET /y 127.0.0.1"));
	close(fd);
	buf_release(&got);
	close_bench(&bench);
}

/* Without chunks, which came with HTTP/1.1, the end of a stream is the connection's. */
static void
an_old_client_hears_a_stream_without_chunks(void **state)
{
	static const char text[] = "GET /stream HTTP/1.0\r\n\r\n";
	struct bench bench;
	struct buf got;
	int fd;

	(void)state;
	open_bench(&bench);
	buf_init(&got, NULL, BUF_NO_CAP);
	fd = dial(&bench);
	say(fd, text, strlen(text));
	while (bench.gone == 0) {
		if (bench.stream)
			exchange_stream_wake(bench.stream);
		loop_turn(bench.loop);
	}
	assert_true(hear(&bench, fd, &got, NULL));
	assert_null(strstr(got.data, "Transfer-Encoding"));
	assert_non_null(strstr(got.data, "\r\n\r\npiece 0\npiece 1\n"));
	assert_int_equal(bench.gone, 1);
	close(fd);
	buf_release(&got);
	close_bench(&bench);
}

static void
a_reply_to_head_has_no_body(void **state)
{
	static const char text[] = "HEAD /x HTTP/1.1\r\nHost: h\r\n\r\n" GET("/y");
	struct bench bench;
	struct buf got;
	int fd;

	(void)state;
	open_bench(&bench);
	buf_init(&got, NULL, BUF_NO_CAP);
	fd = dial(&bench);
	say(fd, text, strlen(text));
	assert_false(hear(&bench, fd, &got, "GET /y 127.0.0.1"));
	assert_non_null(strstr(got.data, "Content-Length: 17\r\n"));
	assert_null(strstr(got.data, "HEAD /x 127.0.0.1"));
	close(fd);
	buf_release(&got);
	close_bench(&bench);
}

static void
a_body_that_waits_is_asked_for_only_when_it_is_wanted(void **state)
{
	static const char good[] =
		POST "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n";
	static const char bad[] =
		POST "Expect: 100-continue\r\nContent-Length: 262145\r\n\r\n";
	struct bench bench;
	struct buf got;
	int fd;

	(void)state;
	open_bench(&bench);
	buf_init(&got, NULL, BUF_NO_CAP);
	fd = dial(&bench);
	say(fd, good, sizeof good - 1);
	assert_false(hear(&bench, fd, &got, "100 Continue\r\n\r\n"));
	say(fd, "ok", 2);
	assert_false(hear(&bench, fd, &got, "POST /x 127.0.0.1ok"));
	close(fd);
	buf_clear(&got);
	fd = dial(&bench);
	say(fd, bad, sizeof bad - 1);
	assert_true(hear(&bench, fd, &got, NULL));
	assert_null(strstr(got.data, "100 Continue"));
	assert_non_null(strstr(got.data, "HTTP/1.1 413"));
	assert_non_null(strstr(got.data, "x-amzn-ErrorType: RequestEntityTooLarge"));
	close(fd);
	buf_release(&got);
	close_bench(&bench);
}

static void
an_answer_may_come_later(void **state)
{
	struct bench bench;
	struct buf got;
	int fd;

	(void)state;
	open_bench(&bench);
	buf_init(&got, NULL, BUF_NO_CAP);
	fd = dial(&bench);
	say(fd, GET("/held"), strlen(GET("/held")));
	while (!bench.held)
		loop_turn(bench.loop);
	reply_problem(&bench.held->reply, PROBLEM_CONFLICT, "It is taken.");
	exchange_send(bench.held);
	assert_false(hear(&bench, fd, &got, "\"message\":\"It is taken.\""));
	assert_non_null(strstr(got.data, "HTTP/1.1 409"));
	assert_non_null(strstr(got.data, "x-amzn-ErrorType: ResourceConflictException"));
	buf_release(&got);
	close(fd);
	close_bench(&bench);
}

static void
a_stream_sleeps_and_is_woken_until_it_ends(void **state)
{
	struct bench bench;
	struct buf got;
	int fd;

	(void)state;
	open_bench(&bench);
	buf_init(&got, NULL, BUF_NO_CAP);
	fd = dial(&bench);
	say(fd, GET("/stream"), strlen(GET("/stream")));
	for (int i = 0; i < STREAM_PIECES; i++) {
		char word[32];
		snprintf(word, sizeof word, "piece %d\n", i);
		while (bench.pieces <= i) {
			if (bench.stream)
				exchange_stream_wake(bench.stream);
			loop_turn(bench.loop);
		}
		assert_false(hear(&bench, fd, &got, word));
	}
	assert_false(hear(&bench, fd, &got, "\r\n0\r\n\r\n"));
	while (bench.gone == 0)
		loop_turn(bench.loop);
	assert_non_null(strstr(got.data, "Content-Type: text/event-stream"));
	buf_release(&got);
	close(fd);
	close_bench(&bench);
	assert_int_equal(bench.gone, 1);
}

static void
a_stream_whose_peer_left_is_gone_when_it_is_woken(void **state)
{
	struct bench bench;
	struct buf got;
	int fd;

	(void)state;
	open_bench(&bench);
	buf_init(&got, NULL, BUF_NO_CAP);
	fd = dial(&bench);
	say(fd, GET("/stream"), strlen(GET("/stream")));
	assert_false(hear(&bench, fd, &got, "\r\n\r\n"));
	close(fd);
	for (int64_t end = moment_ticks() + PATIENCE; bench.gone == 0;) {
		assert_true(moment_ticks() < end);
		exchange_stream_wake(bench.stream);
		loop_turn(bench.loop);
	}
	buf_release(&got);
	close_bench(&bench);
	assert_int_equal(bench.gone, 1);
}

static void
closing_ends_what_is_open(void **state)
{
	struct bench bench;
	struct buf got;
	int held, stream;

	(void)state;
	open_bench(&bench);
	buf_init(&got, NULL, BUF_NO_CAP);
	stream = dial(&bench);
	say(stream, GET("/stream"), strlen(GET("/stream")));
	assert_false(hear(&bench, stream, &got, "\r\n\r\n"));
	held = dial(&bench);
	say(held, GET("/held"), strlen(GET("/held")));
	while (!bench.held)
		loop_turn(bench.loop);
	server_close(bench.server);
	assert_int_equal(bench.gone, 1);
	assert_int_equal(recv(held, got.data, 1, 0), 0);
	buf_release(&got);
	close(held);
	close(stream);
	loop_free(bench.loop);
}

static void
a_port_that_is_taken_is_named(void **state)
{
	struct bench bench;
	struct server *second;
	struct fault why;

	(void)state;
	open_bench(&bench);
	assert_int_equal(
		server_open(bench.loop, server_address(bench.server) + strlen("http://"),
			answer, &bench, &second, &why),
		ERR_CONFLICT);
	assert_non_null(strstr(why.sentence, "another program listens there"));
	assert_int_equal(
		server_open(bench.loop, "nowhere", answer, &bench, &second, &why),
		ERR_INVALID);
	close_bench(&bench);
}

static void
a_unix_socket_is_ours_alone_and_a_stale_one_is_replaced(void **state)
{
	char place[] = "/tmp/server_test_XXXXXX", path[64], listen_at[80];
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	struct bench bench;
	struct server *second;
	struct stat found;
	struct fault why;
	struct buf got;
	int fd;

	(void)state;
	assert_non_null(mkdtemp(place));
	snprintf(path, sizeof path, "%s/s", place);
	snprintf(listen_at, sizeof listen_at, "unix:%s", path);
	strcpy(name.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&name, sizeof name), 0);
	close(fd); /* left as a killed service leaves it */

	open_bench_on(&bench, listen_at);
	assert_string_equal(server_address(bench.server), listen_at);
	assert_int_equal(stat(path, &found), 0);
	assert_int_equal(found.st_mode & 0777, 0600);
	assert_int_equal(
		server_open(bench.loop, listen_at, answer, &bench, &second, &why),
		ERR_CONFLICT);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&name, sizeof name), 0);
	buf_init(&got, NULL, BUF_NO_CAP);
	say(fd, GET("/x"), strlen(GET("/x")));
	assert_false(hear(&bench, fd, &got, "GET /x local"));
	buf_release(&got);
	close(fd);
	close_bench(&bench);
	assert_int_not_equal(access(path, F_OK), 0);

	assert_int_equal(mkdir(path, 0700), 0);
	bench.loop = loop_new();
	assert_int_equal(
		server_open(bench.loop, listen_at, answer, &bench, &second, &why),
		ERR_CONFLICT);
	loop_free(bench.loop);
	rmdir(path);
	rmdir(place);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_too_long_is_refused),
		cmocka_unit_test(a_head_as_long_as_is_allowed_passes),
		cmocka_unit_test(a_chunked_body_is_cut_off_at_the_same_length),
		cmocka_unit_test(requests_in_a_row_are_answered_in_their_order),
		cmocka_unit_test(a_target_may_name_its_host),
		cmocka_unit_test(an_old_client_keeps_its_connection_if_it_says_so),
		cmocka_unit_test(an_old_client_hears_a_stream_without_chunks),
		cmocka_unit_test(a_reply_to_head_has_no_body),
		cmocka_unit_test(a_body_that_waits_is_asked_for_only_when_it_is_wanted),
		cmocka_unit_test(an_answer_may_come_later),
		cmocka_unit_test(a_stream_sleeps_and_is_woken_until_it_ends),
		cmocka_unit_test(a_stream_whose_peer_left_is_gone_when_it_is_woken),
		cmocka_unit_test(closing_ends_what_is_open),
		cmocka_unit_test(a_port_that_is_taken_is_named),
		cmocka_unit_test(a_unix_socket_is_ours_alone_and_a_stale_one_is_replaced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
