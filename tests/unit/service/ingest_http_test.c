/* POST /ingest/oneclick, over a real connection. */
#include "oneclick/base/digest.h"
#include "rig.h"

#define BEARER "Authorization: Bearer secret\r\n"

static void
register_device(const char *id)
{
	char hash[DIGEST_HEX_SIZE];
	struct device device = {
		.id = id, .token_hash = hash, .type = "button", .tags = "{}", .life = 100
	};

	digest_sha256_hex("secret", strlen("secret"), hash);
	keep_device(&device);
}

/* The whole answer to one report. */
static const char *
post(const char *headers, const char *body)
{
	struct client client = client_open();

	client_send(&client, mem_format(rig.life,
				     "POST /ingest/oneclick HTTP/1.1\r\nHost: "
				     "localhost\r\nConnection: "
				     "close\r\nContent-Length: %zu\r\n%s\r\n%s",
				     strlen(body), headers, body));
	client_until(&client, client.over);
	close(client.fd);
	return client.got.data;
}

#define assert_answer(answer, status, part) \
	do { \
		const char *text = (answer); \
		if (strncmp(text, "HTTP/1.1 " status, strlen("HTTP/1.1 " status)) != \
				0 || \
			!strstr(text, part)) \
			fail_msg("%s is not %s with %s", text, status, part); \
	} while (0)

#define CLICK "{\"deviceId\":\"" DEVICE "\",\"clickType\":\"SINGLE\",\"eventId\":\"e-1\"}"

static void
a_click_is_answered_with_its_id(void **state)
{
	const char *first, *again;

	(void)state;
	register_device(DEVICE);
	first = post(BEARER, CLICK);
	assert_answer(first, "200", "\"duplicate\":false");
	again = post(BEARER, CLICK);
	assert_answer(again, "200", "\"duplicate\":true");
	first = strstr(first, "\"eventId\":\"");
	again = strstr(again, "\"eventId\":\"");
	assert_memory_equal(first, again, strlen("\"eventId\":\"") + UUID_SIZE - 1);
}

static void
a_wrong_token_is_refused(void **state)
{
	(void)state;
	register_device(DEVICE);
	assert_answer(post("Authorization: Bearer secre\r\n", CLICK), "403",
		"ForbiddenException");
}

static void
our_own_user_presses_without_a_token(void **state)
{
	(void)state;
	register_device(DEVICE);
	assert_answer(post("", CLICK), "200", "\"duplicate\":false");
}

static void
an_unknown_device_is_not_found_by_our_own_user_alone(void **state)
{
	(void)state;
	assert_answer(post("", CLICK), "404", "register it first");
	assert_answer(post(BEARER, CLICK), "403", "no such device, or this is not its");
}

static void
what_is_no_event_is_refused(void **state)
{
	(void)state;
	register_device(DEVICE);
	assert_answer(post(BEARER, "hello"), "400", "InvalidRequestException");
	assert_answer(post(BEARER, "{}"), "400", "deviceId");
	assert_answer(post(BEARER, ""), "400", "InvalidRequestException");
}

static void
only_post_brings_events(void **state)
{
	struct client client = client_open();

	(void)state;
	client_send(&client, "GET /ingest/oneclick HTTP/1.1\r\nHost: localhost\r\n\r\n");
	client_until(&client, client_has(&client, "POST"));
	assert_true(client_has(&client, "405 "));
	close(client.fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_click_is_answered_with_its_id),
		TEST(a_wrong_token_is_refused),
		TEST(our_own_user_presses_without_a_token),
		TEST(an_unknown_device_is_not_found_by_our_own_user_alone),
		TEST(what_is_no_event_is_refused),
		TEST(only_post_brings_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
