#include "oneclick/net/transfer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "oneclick/base/mem.h"
#include "served.h"

struct heard {
	struct loop *loop;
	struct transfers *transfers;
	struct transfer_origin origin;
	struct transfer *transfer;
	int done, wanted, opened;
	enum err code;
	int status;
	char body[256], sentence[512], request_id[64], error_type[64];
	char data[256];
	int64_t retry_after;
	bool frees, cancels, too_long;
};

static struct heard
hear(const char *endpoint)
{
	struct heard heard = { .loop = loop_new(), .wanted = 1 };
	struct transfer_origin_options options = { 0 };

	heard.transfers = transfers_new(NULL, heard.loop);
	assert_int_equal(transfer_origin_read(heard.transfers, endpoint, &options,
				 &heard.origin, NULL),
		ERR_NONE);
	return heard;
}

static void
stop_hearing(struct heard *heard)
{
	transfers_free(heard->transfers);
	loop_free(heard->loop);
}

static void
keep(char *into, size_t room, const char *text)
{
	snprintf(into, room, "%s", text ? text : "");
}

static void
on_done(void *arg, const struct transfer_reply *reply)
{
	struct heard *heard = arg;

	heard->done++;
	heard->code = reply->code;
	heard->status = reply->status;
	heard->retry_after = reply->retry_after;
	heard->too_long = reply->too_long;
	keep(heard->body, sizeof(heard->body), reply->body);
	keep(heard->request_id, sizeof(heard->request_id), reply->request_id);
	keep(heard->error_type, sizeof(heard->error_type), reply->error_type);
	if (reply->code)
		keep(heard->sentence, sizeof(heard->sentence), reply->why.sentence);
	if (heard->frees) {
		transfers_free(heard->transfers);
		heard->transfers = NULL;
	}
	if (heard->done == heard->wanted)
		loop_stop(heard->loop);
}

static void
on_data(void *arg, const char *bytes, size_t n)
{
	struct heard *heard = arg;
	size_t len = strlen(heard->data);

	assert_true(n < sizeof(heard->data) - len);
	heard->opened += n == 0;
	memcpy(heard->data + len, bytes, n);
	if (heard->cancels && n > 0) {
		transfer_cancel(heard->transfer);
		loop_stop(heard->loop);
	}
}

static struct transfer_request
request_of(struct heard *heard, const char *method, const char *target, const char *body)
{
	return (struct transfer_request){
		.origin = &heard->origin,
		.method = method,
		.target = target,
		.body = body,
		.done = on_done,
		.arg = heard,
	};
}

static void
fetch(struct heard *heard, const char *method, const char *target, const char *body)
{
	struct transfer_request request = request_of(heard, method, target, body);

	heard->transfer = transfer_start(heard->transfers, &request);
	loop_run(heard->loop);
}

static void
an_answer_comes_with_its_status_body_and_headers(void **state)
{
	static const char *const script[] = {
		"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\nx-amzn-RequestId: r-7\r\n"
		"x-amzn-ErrorType: ResourceNotFoundException\r\nRetry-After: 2\r\n\r\n{}",
	};
	struct served *served = served_start(script, 1, NULL);
	struct heard heard = hear(served->endpoint);

	(void)state;
	fetch(&heard, "GET", "/devices", NULL);
	assert_int_equal(heard.code, ERR_NONE);
	assert_int_equal(heard.status, 404);
	assert_string_equal(heard.body, "{}");
	assert_string_equal(heard.request_id, "r-7");
	assert_string_equal(heard.error_type, "ResourceNotFoundException");
	assert_int_equal(heard.retry_after, 2000);
	stop_hearing(&heard);
	served_stop(served);
	free(served);
}

static void
the_target_goes_out_as_it_is(void **state)
{
	static const char *const script[] = { SERVED_JSON("200 OK", "2", "{}") };
	struct served *served = served_start(script, 1, NULL);
	struct heard heard = hear(served->endpoint);

	(void)state;
	fetch(&heard, "GET", "/tags/arn%3aaws%2F..?x=%2e+a", NULL);
	stop_hearing(&heard);
	served_stop(served);
	assert_memory_equal(
		served->request[0], "GET /tags/arn%3aaws%2F..?x=%2e+a HTTP/1.1\r\n", 43);
	free(served);
}

static void
a_put_without_a_body_says_length_0_and_no_type(void **state)
{
	static const char *const script[] = { SERVED_JSON("200 OK", "2", "{}") };
	struct served *served = served_start(script, 1, NULL);
	struct heard heard = hear(served->endpoint);

	(void)state;
	fetch(&heard, "PUT", "/claims/C-1", NULL);
	stop_hearing(&heard);
	served_stop(served);
	assert_non_null(strstr(served->request[0], "PUT /claims/C-1 "));
	assert_non_null(strcasestr(served->request[0], "\r\nContent-Length: 0\r\n"));
	assert_null(strcasestr(served->request[0], "Content-Type"));
	free(served);
}

static void
two_requests_share_one_connection(void **state)
{
	static const char *const script[] = { SERVED_JSON("200 OK", "2", "{}"),
		SERVED_JSON("200 OK", "2", "[]") };
	struct served *served = served_start(script, 2, NULL);
	struct heard heard = hear(served->endpoint);

	(void)state;
	fetch(&heard, "GET", "/a", NULL);
	heard.wanted = 2;
	fetch(&heard, "POST", "/b", "{\"x\":1}");
	assert_string_equal(heard.body, "[]");
	stop_hearing(&heard);
	served_stop(served);
	assert_int_equal(served->connections, 1);
	assert_non_null(strstr(served->request[1], "\r\n\r\n{\"x\":1}"));
	free(served);
}

static void
a_unix_socket_serves_as_well(void **state)
{
	static const char *const script[] = { SERVED_JSON("200 OK", "2", "{}") };
	char dir[] = "/tmp/transfer-test-XXXXXX", path[64];
	struct served *served;
	struct heard heard;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/s", dir);
	served = served_start(script, 1, path);
	heard = hear(served->endpoint);
	fetch(&heard, "GET", "/healthz", NULL);
	assert_int_equal(heard.status, 200);
	stop_hearing(&heard);
	served_stop(served);
	assert_non_null(strstr(served->request[0], "Host: localhost\r\n"));
	unlink(path);
	rmdir(dir);
	free(served);
}

static void
a_redirect_is_an_answer_not_an_order(void **state)
{
	static const char *const script[] = {
		"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: "
		"0\r\n\r\n",
	};
	struct served *served = served_start(script, 1, NULL);
	struct heard heard = hear(served->endpoint);

	(void)state;
	fetch(&heard, "GET", "/", NULL);
	assert_int_equal(heard.status, 302);
	assert_string_equal(heard.body, "");
	stop_hearing(&heard);
	served_stop(served);
	free(served);
}

static void
nobody_listening_is_a_lost_link_with_advice(void **state)
{
	struct heard heard = hear("unix:/nonexistent/socket");

	(void)state;
	fetch(&heard, "GET", "/", NULL);
	assert_int_equal(heard.code, ERR_LINK);
	assert_int_equal(heard.status, 0);
	assert_non_null(strstr(heard.sentence, "unix:/nonexistent/socket"));
	assert_non_null(strstr(heard.sentence, "nothing listens"));
	stop_hearing(&heard);
}

static void
a_body_that_claims_too_much_is_cut_off(void **state)
{
	size_t head = 0, size = TRANSFER_BODY_MAX + 1024;
	char *reply = malloc(size + 64);
	const char *script[] = { reply };
	struct served *served;
	struct heard heard;

	(void)state;
	head = (size_t)sprintf(reply, "HTTP/1.1 200 OK\r\n\r\n");
	memset(reply + head, 'x', size);
	reply[head + size] = '\0';
	served = served_start(script, 1, NULL);
	heard = hear(served->endpoint);
	fetch(&heard, "GET", "/", NULL);
	assert_int_equal(heard.code, ERR_LINK);
	assert_non_null(strstr(heard.sentence, "longer than 8 MiB"));
	stop_hearing(&heard);
	served_stop(served);
	free(served);
	free(reply);
}

static void
a_request_may_have_a_cap_and_a_time_of_its_own(void **state)
{
	static const char *const script[] = { SERVED_JSON(
		"200 OK", "20", "01234567890123456789") };
	struct served *served = served_start(script, 1, NULL), mute = { 0 };
	struct heard heard = hear(served->endpoint), waiting;
	struct transfer_request request = request_of(&heard, "GET", "/", NULL);

	(void)state;
	request.body_max = 10;
	transfer_start(heard.transfers, &request);
	loop_run(heard.loop);
	assert_int_equal(heard.code, ERR_LINK);
	assert_int_equal(heard.status, 200);
	assert_true(heard.too_long);
	stop_hearing(&heard);
	served_stop(served);
	free(served);
	served_listen(&mute, NULL);
	waiting = hear(mute.endpoint);
	request = request_of(&waiting, "GET", "/", NULL);
	request.total = 100;
	transfer_start(waiting.transfers, &request);
	loop_run(waiting.loop);
	assert_int_equal(waiting.code, ERR_LINK);
	assert_int_equal(waiting.status, 0);
	assert_false(waiting.too_long);
	stop_hearing(&waiting);
	close(mute.listener);
}

/* One as callbacks are: it says how long an answer it wants. */
static void
post(struct heard *heard, const char *target, const char *header, const char *body)
{
	struct transfer_request request = request_of(heard, "POST", target, body);

	request.headers = &header;
	request.header_count = 1;
	request.body_max = 1000;
	heard->transfer = transfer_start(heard->transfers, &request);
	heard->wanted = heard->done + 1;
	loop_run(heard->loop);
}

static void
a_short_request_says_nothing_of_the_one_before(void **state)
{
	static const char *const script[] = { SERVED_JSON("200 OK", "5", "first"),
		"HTTP/1.1 500 No\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n",
		SERVED_JSON("201 OK", "1", "3") };
	struct served *served = served_start(script, 3, NULL);
	struct heard heard = hear(served->endpoint);

	(void)state;
	post(&heard, "/first", "X-First: yes", "{\"one\":1}");
	assert_string_equal(heard.body, "first");
	post(&heard, "/second", "X-Second: yes", "2");
	assert_int_equal(heard.status, 500);
	assert_int_equal(heard.retry_after, 7000);
	assert_string_equal(heard.body, "");
	assert_string_equal(heard.request_id, "");
	post(&heard, "/third", "X-Third: yes", "{\"three\":3}");
	assert_int_equal(heard.status, 201);
	assert_int_equal(heard.retry_after, -1);
	assert_string_equal(heard.body, "3");
	stop_hearing(&heard);
	served_stop(served);
	assert_int_equal(served->connections, 1);
	assert_non_null(strstr(served->request[1], "POST /second HTTP/1.1\r\n"));
	assert_non_null(strstr(served->request[1], "\r\nX-Second: yes\r\n"));
	assert_non_null(strstr(served->request[1], "\r\n\r\n2"));
	assert_null(strstr(served->request[1], "irst"));
	assert_null(strstr(served->request[2], "econd"));
	free(served);
}

static void
a_connection_hung_up_between_requests_is_made_anew(void **state)
{
	/* Whole without a length, after which the server closes. */
	static const char *const script[] = { "HTTP/1.1 200 OK\r\nTransfer-Encoding: "
					      "chunked\r\n\r\n1\r\n1\r\n0\r\n\r\n",
		SERVED_JSON("200 OK", "1", "2"), SERVED_JSON("200 OK", "1", "3") };
	struct served *served = served_start(script, 3, NULL);
	struct heard heard = hear(served->endpoint);

	(void)state;
	post(&heard, "/", "X-Number: 1", "{}");
	assert_string_equal(heard.body, "1");
	post(&heard, "/", "X-Number: 2", "{}");
	assert_string_equal(heard.body, "2");
	post(&heard, "/", "X-Number: 3", "{}");
	assert_string_equal(heard.body, "3");
	stop_hearing(&heard);
	served_stop(served);
	assert_int_equal(served->connections, 2);
	free(served);
}

static void
what_a_request_may_take_is_not_what_the_one_before_took(void **state)
{
	static const char *const script[] = { SERVED_JSON("200 OK", "4", "1234"),
		SERVED_JSON("200 OK", "4", "1234") };
	struct served *served = served_start(script, 2, NULL);
	struct heard heard = hear(served->endpoint);
	struct transfer_request request = request_of(&heard, "POST", "/", "{}");

	(void)state;
	post(&heard, "/", "X-Number: 1", "{}");
	assert_int_equal(heard.code, ERR_NONE);
	request.body_max = 3;
	heard.wanted = 2;
	transfer_start(heard.transfers, &request);
	loop_run(heard.loop);
	assert_int_equal(heard.code, ERR_LINK);
	assert_true(heard.too_long);
	stop_hearing(&heard);
	served_stop(served);
	free(served);
}

static void
headers_without_end_are_cut_off(void **state)
{
	char *reply = malloc(256 * 1024), *at = reply;
	const char *script[] = { reply };
	struct served *served;
	struct heard heard;

	(void)state;
	at += sprintf(at, "HTTP/1.1 200 OK\r\n");
	for (int i = 0; i < 8000; i++)
		at += sprintf(at, "X-A: %015d\r\n", i);
	strcpy(at, "\r\n");
	served = served_start(script, 1, NULL);
	heard = hear(served->endpoint);
	fetch(&heard, "GET", "/", NULL);
	assert_int_equal(heard.code, ERR_LINK);
	assert_non_null(strstr(heard.sentence, "headers are longer"));
	stop_hearing(&heard);
	served_stop(served);
	free(served);
	free(reply);
}

/* Else a change whose answer was cut off would count as done, as would a callback. */
static void
an_answer_cut_in_its_head_is_none(void **state)
{
	static const char *const cut[] = { "HTTP/1.1 200", "HTTP/1.1 200 OK\r\n",
		"HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 204 No Content\r\nA: b\r\n",
		"HTTP/1.1 100 Continue\r\n\r\n",
		"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\n" };

	(void)state;
	for (size_t i = 0; i < sizeof cut / sizeof *cut; i++) {
		struct served *served = served_start(&cut[i], 1, NULL);
		struct heard heard = hear(served->endpoint);

		fetch(&heard, "GET", "/", NULL);
		if (heard.code != ERR_LINK)
			fail_msg("%s: %d", cut[i], heard.status);
		stop_hearing(&heard);
		served_stop(served);
		free(served);
	}
}

static void
a_stream_tells_its_bytes_and_then_its_end(void **state)
{
	static const char *const script[] = { "HTTP/1.1 200 OK\r\n\r\ndata: 1\n\n" };
	struct served *served = served_start(script, 1, NULL);
	struct heard heard = hear(served->endpoint);
	struct transfer_request request = request_of(&heard, "GET", "/stream", NULL);

	(void)state;
	request.data = on_data;
	heard.transfer = transfer_start(heard.transfers, &request);
	loop_run(heard.loop);
	assert_string_equal(heard.data, "data: 1\n\n");
	assert_int_equal(heard.opened, 1);
	assert_int_equal(heard.done, 1);
	assert_string_equal(heard.body, "");
	stop_hearing(&heard);
	served_stop(served);
	free(served);
}

static void
a_refused_stream_keeps_its_body_for_the_end(void **state)
{
	static const char *const script[] = { SERVED_JSON("403 Forbidden", "2", "{}") };
	struct served *served = served_start(script, 1, NULL);
	struct heard heard = hear(served->endpoint);
	struct transfer_request request = request_of(&heard, "GET", "/stream", NULL);

	(void)state;
	request.data = on_data;
	heard.transfer = transfer_start(heard.transfers, &request);
	loop_run(heard.loop);
	assert_int_equal(heard.opened, 0);
	assert_int_equal(heard.status, 403);
	assert_string_equal(heard.body, "{}");
	stop_hearing(&heard);
	served_stop(served);
	free(served);
}

static void
a_stream_may_be_cancelled_from_its_own_data(void **state)
{
	static const char *const script[] = {
		"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ndata: 1\n\n"
	};
	struct served *served = served_start(script, 1, NULL);
	struct heard heard = hear(served->endpoint);
	struct transfer_request request = request_of(&heard, "GET", "/stream", NULL);

	(void)state;
	request.data = on_data;
	heard.cancels = true;
	heard.transfer = transfer_start(heard.transfers, &request);
	loop_run(heard.loop);
	assert_int_equal(heard.done, 0);
	stop_hearing(&heard);
	served_stop(served);
	free(served);
}

static void
a_callback_may_free_all_transfers(void **state)
{
	static const char *const script[] = { SERVED_JSON("200 OK", "2", "{}") };
	struct served *served = served_start(script, 1, NULL);
	struct heard heard = hear(served->endpoint);

	(void)state;
	heard.frees = true;
	fetch(&heard, "GET", "/", NULL);
	assert_int_equal(heard.done, 1);
	stop_hearing(&heard);
	served_stop(served);
	free(served);
}

static void
a_callback_of_a_short_request_may_free_them_too(void **state)
{
	static const char *const script[] = { SERVED_JSON("200 OK", "2", "{}"),
		SERVED_JSON("200 OK", "2", "{}") };
	struct served *served = served_start(script, 2, NULL);
	struct heard heard = hear(served->endpoint);

	(void)state;
	post(&heard, "/", "X-Number: 1", "{}");
	heard.frees = true;
	post(&heard, "/", "X-Number: 2", "{}");
	assert_int_equal(heard.done, 2);
	stop_hearing(&heard);
	served_stop(served);
	free(served);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_comes_with_its_status_body_and_headers),
		cmocka_unit_test(the_target_goes_out_as_it_is),
		cmocka_unit_test(a_put_without_a_body_says_length_0_and_no_type),
		cmocka_unit_test(two_requests_share_one_connection),
		cmocka_unit_test(a_unix_socket_serves_as_well),
		cmocka_unit_test(a_redirect_is_an_answer_not_an_order),
		cmocka_unit_test(nobody_listening_is_a_lost_link_with_advice),
		cmocka_unit_test(a_body_that_claims_too_much_is_cut_off),
		cmocka_unit_test(a_request_may_have_a_cap_and_a_time_of_its_own),
		cmocka_unit_test(a_short_request_says_nothing_of_the_one_before),
		cmocka_unit_test(a_connection_hung_up_between_requests_is_made_anew),
		cmocka_unit_test(what_a_request_may_take_is_not_what_the_one_before_took),
		cmocka_unit_test(headers_without_end_are_cut_off),
		cmocka_unit_test(an_answer_cut_in_its_head_is_none),
		cmocka_unit_test(a_stream_tells_its_bytes_and_then_its_end),
		cmocka_unit_test(a_refused_stream_keeps_its_body_for_the_end),
		cmocka_unit_test(a_stream_may_be_cancelled_from_its_own_data),
		cmocka_unit_test(a_callback_may_free_all_transfers),
		cmocka_unit_test(a_callback_of_a_short_request_may_free_them_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
