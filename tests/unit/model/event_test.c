/* Events as ListDeviceEvents and the live stream show them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "oneclick/base/digest.h"
#include "oneclick/base/mem.h"
#include "oneclick/model/event.h"

static struct event
one_click(void)
{
	return (struct event){ .pos = 9,
		.at = 1525476393900,
		.reported_at = 1525476393747,
		.account = "123456789012",
		.device_id = "G030PM039134U3AT",
		.event_id = "e-1",
		.kind = EVENT_DOUBLE,
		.life = 99.85,
		.seq = 3 };
}

static void
assert_live(const struct event *event, const char *expected)
{
	struct buf out;
	buf_init(&out, NULL, BUF_NO_CAP);
	event_write_live(&out, event);
	assert_string_equal(out.data, expected);
	buf_release(&out);
}

#define LIVE \
	"{\"kind\":\"DOUBLE\",\"deviceId\":\"G030PM039134U3AT\"," \
	"\"at\":\"2018-05-04T23:26:33.900Z\",\"reportedTime\":\"2018-05-04T23:26:33." \
	"747Z\"," \
	"\"remainingLife\":99.85,\"eventId\":\"e-1\",\"seq\":3"

static void
every_kind_is_found_by_its_name(void **state)
{
	(void)state;
	for (int i = 0; i < EVENT_KINDS; i++) {
		enum event_kind kind;
		assert_true(
			event_kind_from_name(event_kind_name((enum event_kind)i), &kind));
		assert_int_equal(kind, i);
		assert_int_equal(event_is_click(kind), i < 3);
	}
	enum event_kind kind = EVENT_PLACED;
	assert_false(event_kind_from_name("single", &kind));
	assert_int_equal(kind, EVENT_PLACED);
}

static void
the_standard_text_has_the_members_and_blanks_of_the_samples(void **state)
{
	(void)state;
	struct event event = one_click();
	char id[DIGEST_HEX_SIZE];
	digest_sha256_hex(event.device_id, strlen(event.device_id), id);
	char *expected = mem_format(NULL,
		"{\"clickType\": \"DOUBLE\", \"reportedTime\": "
		"\"2018-05-04T23:26:33.747Z\", "
		"\"certificateId\": \"%s\", \"remainingLife\": 99.85, \"testMode\": "
		"false}",
		id);
	struct buf out;
	buf_init(&out, NULL, BUF_NO_CAP);
	event_write_std(&out, &event);
	assert_string_equal(out.data, expected);
	buf_release(&out);
	mem_free(expected);
}

static void
an_unplaced_event_shows_no_placement(void **state)
{
	(void)state;
	struct event event = one_click();
	assert_live(&event, LIVE "}");
}

static void
a_placed_event_shows_four_members_of_its_context(void **state)
{
	(void)state;
	struct event event = one_click();
	event.context_json = "{\"projectName\":\"Rooms\",\"placementName\":\"Room217\","
			     "\"deviceTemplateName\":\"bell\",\"attributes\":{\"room\":"
			     "\"217\",\"e\":\"\"},"
			     "\"devices\":{\"bell\":\"G030PM039134U3AT\"},\"callback\":"
			     "\"arn:secret\"}";
	assert_live(&event,
		LIVE ",\"projectName\":\"Rooms\",\"placementName\":\"Room217\","
		     "\"deviceTemplateName\":\"bell\","
		     "\"attributes\":{\"room\":\"217\",\"e\":\"\"}}");
}

static void
a_context_that_cannot_be_read_is_left_out(void **state)
{
	(void)state;
	struct event event = one_click();
	event.context_json = "{\"projectName\":";
	assert_live(&event, LIVE "}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_is_found_by_its_name),
		cmocka_unit_test(
			the_standard_text_has_the_members_and_blanks_of_the_samples),
		cmocka_unit_test(an_unplaced_event_shows_no_placement),
		cmocka_unit_test(a_placed_event_shows_four_members_of_its_context),
		cmocka_unit_test(a_context_that_cannot_be_read_is_left_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
