/* Lambda and SNS: what is asked, and what the answers mean.  That the signatures are right
 * the end-to-end tests have botocore say. */
#include "sinks.h"

#include "../net/served.h"

#define REPLY(status) "HTTP/1.1 " status "\r\nContent-Length: 2\r\n\r\n{}"

static const char *
credentials(void)
{
	return write_file("credentials", 0600,
		"[default]\naws_access_key_id = AKIDEXAMPLE\n"
		"aws_secret_access_key = wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY\n"
		"[other]\naws_access_key_id = OTHER\naws_secret_access_key = x\n"
		"aws_session_token = tok\n[half]\naws_access_key_id = HALF\n");
}

static const char *
yaml(const struct served *served, const char *more)
{
	return mem_format(rig.life, "endpoint: %s\n%s", served->endpoint, more);
}

static void
expect_request(const struct served *served, size_t i, const char *part)
{
	if (!strstr(served->request[i], part))
		fail_msg("\"%s\" is not in\n%s", part, served->request[i]);
}

static void
a_function_is_invoked_with_the_event(void **state)
{
	static const char *const script[] = { REPLY("202 Accepted") };
	struct served *served = served_start(script, 1, NULL);

	(void)state;
	open_sink("lambda", yaml(served, mem_format(rig.life, "credentials-file: %s\n",
						 credentials())));
	assert_int_equal(send_parcel(), OUTCOME_DELIVERED);
	served_stop(served);
	expect_request(served, 0,
		"POST /2015-03-31/functions/iot1click_onclick_sms/invocations HTTP/1.1");
	expect_request(served, 0, "X-Amz-Invocation-Type: Event\r\n");
	expect_request(served, 0, "X-Amz-Date: 20180504T232634Z\r\n");
	expect_request(served, 0,
		"Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20180504/"
		"us-west-2/lambda/aws4_request, SignedHeaders=content-type;host;"
		"x-amz-date;x-amz-invocation-type, Signature=");
	expect_request(served, 0, "\r\n\r\n{\"deviceEvent\":{}}");
	free(served);
}

static void
the_function_and_the_profile_may_be_named(void **state)
{
	static const char *const script[] = { REPLY("200 OK"), REPLY("200 OK"),
		REPLY("200 OK") };
	struct served *served = served_start(script, 3, NULL);

	(void)state;
	open_sink("lambda", yaml(served, "function: function\n"));
	assert_int_equal(send_parcel(), OUTCOME_DELIVERED);
	open_sink("lambda",
		yaml(served,
			mem_format(rig.life,
				"function: arn:aws:lambda:eu-west-1:1:function:f:live\n"
				"invocation: RequestResponse\nprofile: other\n"
				"credentials-file: %s\n",
				credentials())));
	assert_int_equal(send_parcel(), OUTCOME_DELIVERED);
	rig.parcel.callback = "arn:aws:lambda:eu-west-1:000000000000:function:a%2Fb:1";
	open_sink("lambda", yaml(served, ""));
	assert_int_equal(send_parcel(), OUTCOME_DELIVERED);
	served_stop(served);
	expect_request(served, 0, "POST /2015-03-31/functions/function/invocations ");
	assert_null(strstr(served->request[0], "Authorization"));
	expect_request(served, 1,
		"/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A1%3A"
		"function%3Af%3Alive/invocations ");
	expect_request(served, 1, "OTHER/20180504/eu-west-1/lambda/");
	expect_request(served, 1, "X-Amz-Security-Token: tok\r\n");
	expect_request(served, 1, "x-amz-invocation-type;x-amz-security-token");
	expect_request(served, 1, "X-Amz-Invocation-Type: RequestResponse\r\n");
	expect_request(served, 2, "/functions/a%252Fb%3A1/invocations ");
	free(served);
}

static void
a_function_that_fails_has_not_delivered(void **state)
{
	static const char *const script[] = {
		"HTTP/1.1 200 OK\r\nX-Amz-Function-Error: Unhandled\r\n"
		"Content-Length: 23\r\n\r\n{\"errorMessage\":\"boom\"}",
		REPLY("200 OK"), REPLY("429 Slow"), REPLY("404 Not Found"),
		REPLY("410 Gone"), REPLY("502 Bad Gateway")
	};
	static const enum outcome wanted[] = { OUTCOME_AGAIN, OUTCOME_DELIVERED,
		OUTCOME_AGAIN, OUTCOME_NEVER, OUTCOME_NEVER, OUTCOME_AGAIN };

	(void)state;
	for (size_t i = 0; i < sizeof script / sizeof *script; i++) {
		struct served *served = served_start(script + i, 1, NULL);

		open_sink("lambda", yaml(served, "invocation: RequestResponse\n"));
		assert_int_equal(send_parcel(), wanted[i]);
		if (i == 0)
			expect_sentence("The function failed (Unhandled): "
					"{\"errorMessage\":\"boom\"");
		served_stop(served);
		free(served);
	}
}

static void
a_callback_that_is_no_function_needs_one(void **state)
{
	static const char *const none[] = { "arn:aws:sns:us-west-2:0:topic",
		"arn:aws:lambda:us-west-2:0:layer:x",
		"arn:aws:lambda:us_west/2:0:function:x", "arn:aws:lambda", "x", "" };
	struct served *served = served_start(NULL, 0, NULL);

	(void)state;
	open_sink("lambda", yaml(served, ""));
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		rig.parcel.callback = none[i];
		assert_int_equal(send_parcel(), OUTCOME_NEVER);
		expect_sentence("no Lambda function's ARN");
	}
	served_stop(served);
	assert_int_equal(served->connections, 0);
	free(served);
}

static void
a_message_is_published_to_the_number_or_the_topic(void **state)
{
	static const char *const script[] = { REPLY("200 OK"), REPLY("200 OK") };
	struct served *served = served_start(script, 2, NULL);

	(void)state;
	pairs_set(rig.attributes, "phoneNumber", "+15550100");
	pairs_set(rig.attributes, "message", "{{phoneNumber}} & co");
	open_sink("sns", yaml(served, mem_format(rig.life, "credentials-file: %s\n",
					      credentials())));
	assert_int_equal(send_parcel(), OUTCOME_DELIVERED);
	open_sink("sns",
		yaml(served, mem_format(rig.life,
				     "topic-arn: arn:aws:sns:eu-west-1:1:t\n"
				     "message: '{{clickType}}'\ncredentials-file: %s\n",
				     credentials())));
	assert_int_equal(send_parcel(), OUTCOME_DELIVERED);
	served_stop(served);
	expect_request(served, 0, "POST / HTTP/1.1");
	expect_request(served, 0, "/20180504/us-west-2/sns/aws4_request");
	expect_request(served, 0,
		"\r\n\r\nAction=Publish&Version=2010-03-31&PhoneNumber=%2B15550100&"
		"Message=%2B15550100%20%26%20co%0A%28DSN%3A%20" DEVICE "%2C%20SINGLE%29");
	expect_request(served, 1, "/20180504/eu-west-1/sns/aws4_request");
	expect_request(served, 1,
		"&TopicArn=arn%3Aaws%3Asns%3Aeu-west-1%3A1%3At&Message=SINGLE");
	free(served);
}

static void
throttling_passes_and_a_bad_number_does_not(void **state)
{
	static const char *const script[] = {
		"HTTP/1.1 400 Bad\r\nContent-Length: 23\r\n\r\n<Code>Throttling</Code>",
		"HTTP/1.1 400 Bad\r\nContent-Length: 29\r\n\r\n"
		"<Code>InvalidParameter</Code>"
	};
	struct served *served = served_start(script, 2, NULL);

	(void)state;
	pairs_set(rig.attributes, "message", "x");
	open_sink("sns", yaml(served, ""));
	assert_int_equal(send_parcel(), OUTCOME_NEVER);
	expect_sentence("phoneNumber");
	assert_int_equal(served->requests, 0);
	pairs_set(rig.attributes, "phoneNumber", "1");
	assert_int_equal(send_parcel(), OUTCOME_AGAIN);
	assert_int_equal(send_parcel(), OUTCOME_NEVER);
	expect_sentence("InvalidParameter");
	served_stop(served);
	free(served);
}

static void
what_cannot_be_meant_is_refused_with_its_place(void **state)
{
	const char *open = write_file("open", 0640, "[default]\n");
	const char *empty = write_file("empty", 0600, "[default]\n");
	const struct {
		const char *class, *yaml, *says;
	} row[] = {
		{ "lambda", "region: us-west-2", "credentials-file" },
		{ "lambda", "endpoint: https://x\ninvocation: Later", "RequestResponse" },
		{ "lambda", "endpoint: https://x\nregion: a/b", "us-west-2" },
		{ "lambda", "endpoint: https://x/?a=1", "no query" },
		{ "lambda", "endpoint: http://192.0.2.1", "plain: true" },
		{ "lambda", "credentials-file: /nowhere", "cannot be opened" },
		{ "lambda", "credentials-file: credentials", "absolute" },
		{ "lambda", mem_format(rig.life, "credentials-file: %s", open),
			"chmod 600" },
		{ "lambda", mem_format(rig.life, "credentials-file: %s", empty),
			"aws_access_key_id" },
		{ "lambda",
			mem_format(rig.life, "credentials-file: %s\nprofile: half",
				credentials()),
			"[half]" },
		{ "sns", "region: us-west-2", "credentials-file" },
		{ "sns", "endpoint: https://x\nphone: x\ntopic-arn: y", "not to both" },
		{ "sns", "endpoint: https://x\ntopic-arn: y", "arn:aws:sns" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		const char *sentence = refused(row[i].class, row[i].yaml);

		if (!strstr(sentence, row[i].says) || !strstr(sentence, "line "))
			fail_msg("%s\n%s", row[i].yaml, sentence);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SINK_TEST(a_function_is_invoked_with_the_event),
		SINK_TEST(the_function_and_the_profile_may_be_named),
		SINK_TEST(a_function_that_fails_has_not_delivered),
		SINK_TEST(a_callback_that_is_no_function_needs_one),
		SINK_TEST(a_message_is_published_to_the_number_or_the_topic),
		SINK_TEST(throttling_passes_and_a_bad_number_does_not),
		SINK_TEST(what_cannot_be_meant_is_refused_with_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
