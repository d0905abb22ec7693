/* SMS by a gateway's form, and what all sinks that post share. */
#include "sinks.h"

#include "../net/served.h"

#define REPLY(status) "HTTP/1.1 " status "\r\nContent-Length: 2\r\n\r\n{}"

static const char *
yaml(const struct served *served, const char *more)
{
	return mem_format(
		rig.life, "url: %s/2010/Messages.json?x=1\n%s", served->endpoint, more);
}

static void
give_message(void)
{
	pairs_set(rig.attributes, "phoneNumber", "+1 555&0100");
	pairs_set(rig.attributes, "message", "{{Name}} calls: 100% =\n{{*}}");
	pairs_set(rig.attributes, "Name", "Zo\xc3\xab");
}

static void
the_form_carries_number_and_message_with_its_last_line(void **state)
{
	static const char *const script[] = { REPLY("201 Created") };
	struct served *served = served_start(script, 1, NULL);
	const char *sent = served->request[0];

	(void)state;
	give_message();
	open_sink("sms", yaml(served, ""));
	assert_int_equal(send_parcel(), OUTCOME_DELIVERED);
	assert_string_equal(rig.report.sentence, "");
	served_stop(served);
	assert_int_equal(
		strncmp(sent, "POST /2010/Messages.json?x=1 HTTP/1.1\r\n", 39), 0);
	assert_non_null(
		strstr(sent, "Content-Type: application/x-www-form-urlencoded\r\n"));
	assert_non_null(strstr(sent, "\r\n\r\nTo=%2B1%20555%260100&Body=Zo%C3%AB%20calls"
				     "%3A%20100%25%20%3D%0A%7B%22phoneNumber%22"));
	assert_non_null(strstr(sent, "%0A%28DSN%3A%20" DEVICE "%2C%20SINGLE%29"));
	assert_null(strstr(sent, "Authorization"));
	free(served);
}

static void
fields_users_and_headers_are_the_operators(void **state)
{
	static const char *const script[] = { REPLY("200 OK"), REPLY("200 OK") };
	struct served *served = served_start(script, 2, NULL);
	char *password = write_file("password", 0600, "s3cret:x\n");

	(void)state;
	give_message();
	open_sink("sms",
		yaml(served,
			mem_format(rig.life,
				"form: {From: '+15550100', To: '{{phoneNumber}}', "
				"Text: 'Hi, {{Name}}'}\nheaders: {X-One: two words}\n"
				"user: AC1\npassword-file: %s\n",
				password)));
	assert_int_equal(send_parcel(), OUTCOME_DELIVERED);
	open_sink(
		"sms", yaml(served, mem_format(rig.life, "bearer-file: %s\n", password)));
	assert_int_equal(send_parcel(), OUTCOME_DELIVERED);
	served_stop(served);
	assert_non_null(strstr(served->request[0], "X-One: two words\r\n"));
	assert_non_null(
		strstr(served->request[0], "Authorization: Basic QUMxOnMzY3JldDp4\r\n"));
	assert_non_null(strstr(served->request[0],
		"\r\n\r\nFrom=%2B15550100&To=%2B1%20555%260100&Text=Hi%2C%20Zo%C3%AB"));
	assert_non_null(strstr(served->request[1], "Authorization: Bearer s3cret:x\r\n"));
	free(served);
}

static void
without_a_number_nothing_is_sent_and_the_placement_is_named(void **state)
{
	struct served *served = served_start(NULL, 0, NULL);

	(void)state;
	open_sink("sms", yaml(served, ""));
	pairs_set(rig.attributes, "message", "hi");
	assert_int_equal(send_parcel(), OUTCOME_NEVER);
	expect_sentence("Placement customer217 of project Dumpsters");
	expect_sentence("\"phoneNumber\"");
	pairs_set(rig.attributes, "phoneNumber", "");
	assert_int_equal(send_parcel(), OUTCOME_NEVER);
	pairs_set(rig.attributes, "phoneNumber", "1");
	pairs_remove(rig.attributes, "message");
	assert_int_equal(send_parcel(), OUTCOME_NEVER);
	expect_sentence("\"message\"");
	served_stop(served);
	assert_int_equal(served->connections, 0);
	free(served);
}

static void
each_answer_means_what_it_says(void **state)
{
	static const struct {
		const char *reply;
		enum outcome outcome;
		const char *says;
		int64_t retry_after;
	} row[] = {
		{ REPLY("200 OK"), OUTCOME_DELIVERED, "", -1 },
		{ REPLY("202 Accepted"), OUTCOME_DELIVERED, "", -1 },
		{ REPLY("302 Found"), OUTCOME_NEVER, "HTTP 302", -1 },
		{ "HTTP/1.1 400 Bad\r\nContent-Length: 9\r\n\r\nno number", OUTCOME_NEVER,
			"HTTP 400: no number", -1 },
		{ REPLY("403 Forbidden"), OUTCOME_NEVER, "HTTP 403", -1 },
		{ REPLY("408 Timeout"), OUTCOME_AGAIN, "HTTP 408", -1 },
		{ REPLY("410 Gone"), OUTCOME_GONE, "HTTP 410", -1 },
		{ "HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n",
			OUTCOME_AGAIN, "HTTP 429, without a word", 7000 },
		{ REPLY("500 Oops"), OUTCOME_AGAIN, "HTTP 500", -1 },
		{ REPLY("503 Busy"), OUTCOME_AGAIN, "HTTP 503", -1 },
		{ "HTTP/1.1 200 OK\r\nContent-Length: 99\r\nConnection: close\r\n\r\nx",
			OUTCOME_AGAIN, "No answer", -1 },
		{ NULL, OUTCOME_AGAIN, "No answer", -1 },
		{ "HTTP/1.1 400 \x1b[2J\r\nContent-Length: 4\r\n\r\n\x1b[2J",
			OUTCOME_NEVER, "HTTP 400: ^[[2J", -1 },
	};

	(void)state;
	give_message();
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct served *served = served_start(&row[i].reply, 1, NULL);

		open_sink("sms", yaml(served, ""));
		assert_int_equal(send_parcel(), row[i].outcome);
		expect_sentence(row[i].says);
		assert_int_equal(rig.report.retry_after, row[i].retry_after);
		served_stop(served);
		free(served);
	}
}

/* The server has said that it is well: what follows is not our concern. */
static void
a_long_answer_is_not_a_failure(void **state)
{
	enum { SIZE = 300 * 1024 };
	char *reply = mem_array(rig.life, char, SIZE + 200);
	const char *script[1] = { reply };
	struct served *served;
	int n = sprintf(reply, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", SIZE);

	(void)state;
	memset(reply + n, 'x', SIZE);
	served = served_start(script, 1, NULL);
	give_message();
	open_sink("sms", yaml(served, ""));
	assert_int_equal(send_parcel(), OUTCOME_DELIVERED);
	served_stop(served);
	free(served);
}

static void
what_is_out_of_reach_is_never_tried_again(void **state)
{
	struct served *served = served_start(NULL, 0, NULL);

	(void)state;
	give_message();
	assert_int_equal(reach_allow(rig.reach, "10.0.0.0/8", NULL), ERR_NONE);
	open_sink("sms", yaml(served, ""));
	assert_int_equal(send_parcel(), OUTCOME_NEVER);
	expect_sentence("no rule");
	served_stop(served);
	assert_int_equal(served->connections, 0);
	free(served);
}

static void
what_is_cancelled_is_not_told(void **state)
{
	struct served *served = served_start(NULL, 0, NULL);
	void *handle;

	(void)state;
	open_sink("sms", yaml(served, ""));
	handle = rig.class->send(rig.sink, &rig.parcel, on_outcome, NULL);
	rig.class->cancel(handle);
	give_message();
	handle = rig.class->send(rig.sink, &rig.parcel, on_outcome, NULL);
	rig.class->cancel(handle);
	for (int i = 0; i < 10; i++)
		loop_turn(rig.world.loop);
	assert_int_equal(rig.told, 0);
	served_stop(served);
	free(served);
}

static void
what_cannot_be_meant_is_refused_with_its_place(void **state)
{
	const char *open = write_file("open", 0644, "secret\n");
	const char *two = write_file("two", 0600, "one\ntwo\n");
	const struct {
		const char *yaml, *says;
	} row[] = {
		{ "form: {To: x}", "\"url\" is needed" },
		{ "url: gateway.example.com", "https://HOST" },
		{ "url: http://gateway.example.com/", "plain: true" },
		{ "url: https://me:secret@gateway.example.com/", "no user" },
		{ "url: https://gateway.example.com/#x", "percent-encode" },
		{ "url: \"https://gateway.example.com/\\r\\nX: 1\"", "percent-encode" },
		{ "url: https://g.example.com\nuser: me", "go together" },
		{ "url: https://g.example.com\npassword-file: /x", "go together" },
		{ "url: https://g.example.com\nurll: x", "did you mean \"url\"" },
		{ "url: https://g.example.com\nheaders: {\"a\\nb\": c}", "header" },
		{ "url: https://g.example.com\nheaders: {a: \"b\\r\\nc\"}", "header" },
		{ "url: https://g.example.com\nheaders: {host: x}", "itself" },
		{ "url: https://g.example.com\nform: 7", "form" },
		{ "url: https://g.example.com\nbearer-file: relative", "absolute" },
		{ "url: https://g.example.com\nbearer-file: /nowhere",
			"cannot be opened" },
		{ "url: https://g.example.com\nbearer-file: /tmp", "no plain file" },
		{ mem_format(
			  rig.life, "url: https://g.example.com\nbearer-file: %s", open),
			"chmod 600" },
		{ mem_format(
			  rig.life, "url: https://g.example.com\nbearer-file: %s", two),
			"one line" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		const char *sentence = refused("sms", row[i].yaml);

		if (!strstr(sentence, row[i].says) || !strstr(sentence, "line "))
			fail_msg("%s\n%s", row[i].yaml, sentence);
	}
}

/* The same as at a start: a reload that is let through may not fail half way. */
static void
what_a_configuration_names_is_looked_at_when_it_is_checked(void **state)
{
	static const char *const row[][2] = {
		{ "sms", "url: https://x\nuser: me\npassword-file: /nowhere" },
		{ "sns", "region: us-east-1\ncredentials-file: /nowhere" },
		{ "lambda", "credentials-file: /nowhere" },
		{ "mail", "url: smtp://x\nfrom: a@b\nuser: me\npassword-file: /nowhere" },
		{ "mqtt", "url: mqtt://x\ntopic: x\nuser: me\npassword-file: /nowhere" },
		{ "exec", "command: [/nowhere/at/all]\nuser: no-such-user" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		const struct sink_class *class = class_of(row[i][0]);
		const struct value *value;
		struct fault why;
		void *sink = NULL;

		assert_int_equal(yaml_parse(rig.life, "test", row[i][1],
					 strlen(row[i][1]), &value, &why),
			ERR_NONE);
		assert_int_not_equal(
			class->open(rig.life, value, NULL, &sink, &why), ERR_NONE);
		assert_non_null(strstr(why.sentence, "/nowhere"));
	}
}

static void
the_wizards_sms_goes_here(void **state)
{
	(void)state;
	assert_string_equal(class_of("sms")->matches,
		"arn:aws:lambda:*:*:function:iot1click_onclick_sms*");
	assert_string_equal(class_of("mail")->matches,
		"arn:aws:lambda:*:*:function:iot1click_onclick_email*");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SINK_TEST(the_form_carries_number_and_message_with_its_last_line),
		SINK_TEST(fields_users_and_headers_are_the_operators),
		SINK_TEST(without_a_number_nothing_is_sent_and_the_placement_is_named),
		SINK_TEST(each_answer_means_what_it_says),
		SINK_TEST(a_long_answer_is_not_a_failure),
		SINK_TEST(what_is_out_of_reach_is_never_tried_again),
		SINK_TEST(what_is_cancelled_is_not_told),
		SINK_TEST(what_cannot_be_meant_is_refused_with_its_place),
		SINK_TEST(what_a_configuration_names_is_looked_at_when_it_is_checked),
		SINK_TEST(the_wizards_sms_goes_here),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
