#include "oneclick/client/client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../net/served.h"
#include "oneclick/api/ask.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/client/live.h"

struct session {
	struct loop *loop;
	struct client *client;
	struct served *served;
	int answers;
	enum err code;
	int status;
	char sentence[512], problem[64], name[64];
	/* of the live stream */
	struct live *live;
	int opened, lost, events;
	int64_t pos[8];
	char kind[8][16];
};

static const struct creds keys = { .access_key = "AKTEST", .secret = "secret" };

static struct session
open_session(
	const char *const *script, size_t n, const struct creds *creds, bool read_only)
{
	struct session s = { .loop = loop_new(),
		.served = served_start(script, n, NULL) };
	struct client_options options = {
		.endpoint = s.served->endpoint,
		.region = "us-west-2",
		.creds = creds,
		.read_only = read_only,
	};

	assert_int_equal(client_new(NULL, s.loop, &options, &s.client, NULL), ERR_NONE);
	return s;
}

static struct served *
close_session(struct session *s)
{
	client_free(s->client);
	loop_free(s->loop);
	served_stop(s->served);
	return s->served;
}

static void
keep(char *into, size_t room, const char *text)
{
	snprintf(into, room, "%s", text ? text : "");
}

static void
on_answer(void *arg, const struct answer *answer)
{
	struct session *s = arg;

	s->answers++;
	s->code = answer->code;
	s->status = answer->status;
	keep(s->sentence, sizeof(s->sentence), answer->code ? answer->why.sentence : "");
	keep(s->problem, sizeof(s->problem), answer->problem);
	keep(s->name, sizeof(s->name), value_text(answer->body, "name"));
	loop_stop(s->loop);
}

static void
call(struct session *s, enum op op, const char *device_id)
{
	struct ask ask;

	ask_init(&ask);
	ask.device_id = device_id;
	client_call(s->client, op, &ask, on_answer, s);
	loop_run(s->loop);
}

static void
a_call_is_signed_and_its_answer_read(void **state)
{
	static const char *const script[] = { SERVED_JSON(
		"200 OK", "14", "{\"name\": \"me\"}") };
	struct session s = open_session(script, 1, &keys, false);
	struct served *served;

	(void)state;
	call(&s, OP_DESCRIBE_DEVICE, "G030PM000000TEST");
	assert_int_equal(s.code, ERR_NONE);
	assert_string_equal(s.name, "me");
	served = close_session(&s);
	assert_non_null(
		strstr(served->request[0], "GET /devices/G030PM000000TEST HTTP/1.1"));
	assert_non_null(strstr(served->request[0],
		"Authorization: AWS4-HMAC-SHA256 Credential=AKTEST/"));
	assert_non_null(strstr(served->request[0],
		"SignedHeaders=amz-sdk-invocation-id;host;x-amz-date,"));
	assert_null(strstr(served->request[0], "secret"));
	free(served);
}

static void
without_credentials_nothing_is_signed(void **state)
{
	static const char *const script[] = { SERVED_JSON("200 OK", "2", "{}") };
	struct session s = open_session(script, 1, NULL, false);
	struct served *served;

	(void)state;
	call(&s, OP_LIST_DEVICES, NULL);
	served = close_session(&s);
	assert_null(strstr(served->request[0], "Authorization"));
	free(served);
}

static void
a_refusal_brings_the_services_own_sentence_made_safe(void **state)
{
	static const char *const script[] = {
		"HTTP/1.1 404 Not Found\r\nx-amzn-ErrorType: "
		"ResourceNotFoundException:x\r\n"
		"Content-Length: 46\r\n\r\n{\"code\":\"404\",\"message\":\"no "
		"such\\u001b[31m x\"}",
	};
	struct session s = open_session(script, 1, &keys, false);

	(void)state;
	call(&s, OP_DESCRIBE_DEVICE, "G030PM000000TEST");
	assert_int_equal(s.code, ERR_NOT_FOUND);
	assert_int_equal(s.status, 404);
	assert_string_equal(s.problem, "ResourceNotFoundException");
	assert_non_null(strstr(s.sentence, "no such^[[31m x"));
	free(close_session(&s));
}

static void
an_answer_that_is_no_json_is_no_service_of_ours(void **state)
{
	static const char *const script[] = { SERVED_JSON(
		"200 OK", "13", "<html></html>") };
	struct session s = open_session(script, 1, &keys, false);

	(void)state;
	call(&s, OP_LIST_DEVICES, NULL);
	assert_int_equal(s.code, ERR_INTERNAL);
	assert_non_null(strstr(s.sentence, "no 1-Click service"));
	free(close_session(&s));
}

static void
a_read_that_meets_a_503_is_repeated(void **state)
{
	static const char *const script[] = { SERVED_JSON("503 Busy", "2", "{}"), NULL,
		SERVED_JSON("200 OK", "2", "{}") };
	struct session s = open_session(script, 3, &keys, false);
	struct served *served;

	(void)state;
	call(&s, OP_LIST_DEVICES, NULL);
	assert_int_equal(s.code, ERR_NONE);
	assert_int_equal(s.answers, 1);
	served = close_session(&s);
	assert_int_equal(served->requests, 3);
	free(served);
}

static void
three_tries_are_all_there_are(void **state)
{
	static const char *const script[] = { SERVED_JSON("500 Broken", "2", "{}"),
		SERVED_JSON("500 Broken", "2", "{}"),
		SERVED_JSON("500 Broken", "2", "{}"), SERVED_JSON("200 OK", "2", "{}") };
	struct session s = open_session(script, 4, &keys, false);
	struct served *served;

	(void)state;
	call(&s, OP_LIST_DEVICES, NULL);
	assert_int_equal(s.code, ERR_INTERNAL);
	served = close_session(&s);
	assert_int_equal(served->requests, 3);
	free(served);
}

static void
what_may_be_done_once_only_is_not_repeated(void **state)
{
	static const char *const script[] = { SERVED_JSON("500 Broken", "2", "{}"),
		SERVED_JSON("200 OK", "2", "{}") };
	struct session s = open_session(script, 2, &keys, false);
	struct served *served;

	(void)state;
	call(&s, OP_UNCLAIM_DEVICE, "G030PM000000TEST");
	assert_int_equal(s.code, ERR_INTERNAL);
	served = close_session(&s);
	assert_int_equal(served->requests, 1);
	free(served);
}

static void
what_was_asked_too_often_was_not_done_and_is_asked_again(void **state)
{
	static const char *const script[] = { SERVED_JSON("429 Too Many", "2", "{}"),
		SERVED_JSON("200 OK", "2", "{}") };
	struct session s = open_session(script, 2, &keys, false);
	struct served *served;

	(void)state;
	call(&s, OP_UNCLAIM_DEVICE, "G030PM000000TEST");
	assert_int_equal(s.code, ERR_NONE);
	served = close_session(&s);
	assert_int_equal(served->requests, 2);
	free(served);
}

static void
read_only_sends_the_ten_reads_and_nothing_else(void **state)
{
	struct session s = open_session(NULL, 0, &keys, true);
	struct served *served;
	int reads = 0;

	(void)state;
	for (int op = 0; op < OP_COUNT; op++) {
		if (!op_is_write((enum op)op)) {
			reads++;
			continue;
		}
		s.code = ERR_NONE;
		call(&s, (enum op)op, "G030PM000000TEST");
		assert_int_equal(s.code, ERR_FORBIDDEN);
		assert_non_null(strstr(s.sentence, "read-only"));
	}
	client_press(s.client, "G030PM000000TEST", "SINGLE", -1, NULL, on_answer, &s);
	s.code = ERR_NONE;
	loop_run(s.loop);
	assert_int_equal(s.code, ERR_FORBIDDEN);
	assert_int_equal(
		reads, 11); /* ten actions; ListTagsForResource is in both APIs */
	served = close_session(&s);
	assert_int_equal(served->connections, 0);
	free(served);
}

static void
a_missing_member_is_told_later_like_any_answer(void **state)
{
	struct session s = open_session(NULL, 0, &keys, false);
	struct served *served;
	struct ask ask;

	(void)state;
	ask_init(&ask);
	client_call(s.client, OP_DESCRIBE_DEVICE, &ask, on_answer, &s);
	assert_int_equal(s.answers, 0);
	loop_run(s.loop);
	assert_int_equal(s.code, ERR_INVALID);
	assert_non_null(strstr(s.sentence, "deviceId"));
	served = close_session(&s);
	assert_int_equal(served->connections, 0);
	free(served);
}

static void
a_cancelled_call_is_not_heard_of(void **state)
{
	static const char *const script[] = { SERVED_JSON("200 OK", "2", "{}") };
	struct session s = open_session(script, 1, &keys, false);
	struct ask ask;

	(void)state;
	ask_init(&ask);
	client_cancel(client_call(s.client, OP_LIST_DEVICES, &ask, on_answer, &s));
	call(&s, OP_LIST_PROJECTS, NULL);
	assert_int_equal(s.answers, 1);
	free(close_session(&s));
}

#define BUSY(after) \
	"HTTP/1.1 429 Too Many\r\nRetry-After: " after \
	"\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"

static void
a_service_that_says_when_is_asked_then(void **state)
{
	static const char *const script[] = { BUSY("1"),
		SERVED_JSON("200 OK", "2", "{}") };
	struct session s = open_session(script, 2, &keys, false);
	int64_t began = moment_ticks();

	(void)state;
	call(&s, OP_UNCLAIM_DEVICE, "G030PM000000TEST");
	assert_int_equal(s.code, ERR_NONE);
	assert_true(moment_ticks() - began >= 1000);
	free(close_session(&s));
}

static void
count_turn(void *arg)
{
	loop_stop(((struct session *)arg)->loop);
}

/* However long it says. */
static void
a_call_that_waits_can_be_cancelled(void **state)
{
	static const char *const script[] = { BUSY("3600"), BUSY("3600") };
	struct session s = open_session(script, 2, &keys, false);
	struct loop_timer *timer = loop_timer_new(s.loop, count_turn, &s);
	struct served *served;
	struct call *waiting;
	struct ask ask;

	(void)state;
	ask_init(&ask);
	waiting = client_call(s.client, OP_LIST_DEVICES, &ask, on_answer, &s);
	loop_timer_set(timer, 300, 0);
	loop_run(s.loop);
	client_cancel(waiting);
	loop_timer_set(timer, 50, 0);
	loop_run(s.loop);
	loop_timer_stop(timer);
	assert_int_equal(s.answers, 0);
	served = close_session(&s);
	assert_int_equal(served->requests, 1);
	free(served);
}

/* Five calls pay for two tries more each; then there is nothing left to pay with. */
static void
a_service_that_is_down_is_not_asked_by_everybody_again(void **state)
{
	static const char *const script[] = { "HTTP/1.1 503 Busy\r\nContent-Length: "
					      "0\r\nConnection: close\r\n\r\n" };
	const char *all[SERVED_MAX];
	struct session s;
	struct served *served;
	struct ask ask;

	(void)state;
	for (int i = 0; i < SERVED_MAX; i++)
		all[i] = script[0];
	s = open_session(all, SERVED_MAX, &keys, false);
	ask_init(&ask);
	for (int i = 0; i < 5; i++)
		client_call(s.client, OP_LIST_DEVICES, &ask, on_answer, &s);
	while (s.answers < 5)
		loop_run(s.loop);
	call(&s, OP_LIST_PROJECTS, NULL);
	assert_int_equal(s.code, ERR_INTERNAL);
	served = close_session(&s);
	assert_int_equal(served->requests, 16);
	free(served);
}

static void
what_is_not_of_the_api_is_asked_and_written_as_well(void **state)
{
	static const char *const script[] = { SERVED_JSON("204 None", "0", "") };
	struct session s = open_session(script, 1, &keys, true);
	struct served *served;

	(void)state;
	client_extra(s.client, EXTRA_REPLAY_DELIVERIES, NULL, "{}", on_answer, &s);
	loop_run(s.loop);
	assert_int_equal(s.code, ERR_FORBIDDEN);
	assert_non_null(strstr(s.sentence, "read-only"));
	client_extra(s.client, EXTRA_LIST_READY, "maxResults=1", NULL, on_answer, &s);
	loop_run(s.loop);
	assert_int_equal(s.code, ERR_NONE);
	served = close_session(&s);
	assert_int_equal(served->requests, 1);
	assert_non_null(strstr(served->request[0], "?maxResults=1 HTTP/1.1"));
	free(served);
}

static void
a_press_carries_the_token_and_no_signature(void **state)
{
	static const char *const script[] = { SERVED_JSON("200 OK", "2", "{}") };
	struct session s = open_session(script, 1, &keys, false);
	struct served *served;

	(void)state;
	client_press(s.client, "G030PM000000TEST", "DOUBLE", 12.5, "tok", on_answer, &s);
	loop_run(s.loop);
	served = close_session(&s);
	assert_non_null(strstr(served->request[0], "POST /ingest/oneclick "));
	assert_non_null(strstr(served->request[0], "Authorization: Bearer tok\r\n"));
	assert_null(strstr(served->request[0], "AWS4"));
	assert_non_null(strstr(served->request[0],
		"{\"deviceId\":\"G030PM000000TEST\",\"clickType\":\"DOUBLE\","
		"\"remainingLife\":12.5}"));
	free(served);
}

static void
a_preview_is_the_request_as_a_person_reads_it(void **state)
{
	void *life = mem_life(NULL);
	struct ask ask;

	(void)state;
	ask_init(&ask);
	ask.device_id = "G030PM000000TEST";
	ask.enabled = 1;
	assert_string_equal(client_preview(life, OP_UPDATE_DEVICE_STATE, &ask),
		"PUT /devices/G030PM000000TEST/state {\"enabled\":true}");
	ask.device_id = NULL;
	assert_non_null(strstr(client_preview(life, OP_UPDATE_DEVICE_STATE, &ask),
		"nothing can be sent: "));
	mem_free(life);
}

static void
on_event(void *arg, int64_t pos, const char *kind, const struct value *data)
{
	struct session *s = arg;

	assert_non_null(value_text(data, "deviceId"));
	s->pos[s->events] = pos;
	keep(s->kind[s->events], sizeof(s->kind[0]), kind);
	if (++s->events == 3) {
		live_stop(s->live);
		loop_stop(s->loop);
	}
}

static void
on_state(void *arg, enum live_state state, const struct fault *why)
{
	struct session *s = arg;

	s->opened += state == LIVE_OPEN;
	s->lost += state == LIVE_LOST;
	if (state == LIVE_LOST)
		keep(s->sentence, sizeof(s->sentence), why->sentence);
}

static void
the_live_stream_resumes_after_the_last_event(void **state)
{
	static const char *const script[] = {
		"HTTP/1.1 200 OK\r\n\r\n:\n\nid: 7\nevent: click\ndata: "
		"{\"deviceId\":\"A\"}\n\n",
		SERVED_JSON("503 Busy", "2", "{}"),
		"HTTP/1.1 200 OK\r\n\r\nid: 8\nevent: state\ndata: "
		"{\"deviceId\":\"A\"}\n\n"
		"id: 9\nevent: click\ndata: {\"deviceId\":\"B\"}\n\n"
		"id: 10\nevent: click\ndata: {\"deviceId\":\"C\"}\n\n",
	};
	struct session s = open_session(script, 3, &keys, false);
	struct live_hooks hooks = { .event = on_event, .state = on_state, .arg = &s };
	struct served *served;

	(void)state;
	s.live = live_start(s.client, -1, &hooks);
	loop_run(s.loop);
	assert_int_equal(s.events, 3);
	assert_int_equal(s.pos[2], 9);
	assert_string_equal(s.kind[1], "state");
	assert_int_equal(s.opened, 2);
	assert_int_equal(s.lost, 2);
	served = close_session(&s);
	assert_null(strstr(served->request[0], "Last-Event-ID"));
	assert_non_null(strstr(served->request[1], "Last-Event-ID: 7\r\n"));
	assert_non_null(strstr(served->request[2], "Last-Event-ID: 7\r\n"));
	free(served);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_call_is_signed_and_its_answer_read),
		cmocka_unit_test(without_credentials_nothing_is_signed),
		cmocka_unit_test(a_refusal_brings_the_services_own_sentence_made_safe),
		cmocka_unit_test(an_answer_that_is_no_json_is_no_service_of_ours),
		cmocka_unit_test(a_read_that_meets_a_503_is_repeated),
		cmocka_unit_test(three_tries_are_all_there_are),
		cmocka_unit_test(what_may_be_done_once_only_is_not_repeated),
		cmocka_unit_test(
			what_was_asked_too_often_was_not_done_and_is_asked_again),
		cmocka_unit_test(read_only_sends_the_ten_reads_and_nothing_else),
		cmocka_unit_test(a_missing_member_is_told_later_like_any_answer),
		cmocka_unit_test(a_cancelled_call_is_not_heard_of),
		cmocka_unit_test(a_service_that_says_when_is_asked_then),
		cmocka_unit_test(a_call_that_waits_can_be_cancelled),
		cmocka_unit_test(a_service_that_is_down_is_not_asked_by_everybody_again),
		cmocka_unit_test(what_is_not_of_the_api_is_asked_and_written_as_well),
		cmocka_unit_test(a_press_carries_the_token_and_no_signature),
		cmocka_unit_test(a_preview_is_the_request_as_a_person_reads_it),
		cmocka_unit_test(the_live_stream_resumes_after_the_last_event),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
