/* What a callback is called with, byte for byte as in tests/golden/wire/callback.*: written
 * by hand from the guide's samples, and never by a program. */
#include "oneclick/service/compose.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"

#define FOLDER "tests/golden/wire/callback."
#define CALLBACK "\"callback\":\"arn:aws:lambda:us-west-2:123456789012:function:f\""
#define PLACE \
	"\"projectName\":\"test\",\"placementName\":\"myPlacement\"," \
	"\"deviceTemplateName\":\"myButton\",\"attributes\":{\"location\":\"Seattle\"," \
	"\"equipment\":\"printer\"},\"devices\":{\"myButton\":\"G030PMXXXXXXXXXX\"},"

static struct event
a_click(const char *context)
{
	struct event event = {
		.pos = 1,
		.account = "123456789012",
		.device_id = "G030PMXXXXXXXXXX",
		.event_id = "7f0c1c1e-0000-4000-8000-000000000001",
		.kind = EVENT_SINGLE,
		.life = 5,
		.context_json = context,
	};

	assert_true(moment_from_iso("2018-05-04T23:26:33.747Z", &event.reported_at));
	return event;
}

static void
check(const struct event *event, const char *name)
{
	void *life = mem_life(NULL);
	char path[128], wanted[4096];
	struct parcel parcel;
	struct fault why;
	FILE *file;

	snprintf(path, sizeof path, FOLDER "%s.json", name);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_non_null(fgets(wanted, sizeof wanted, file));
	fclose(file);
	wanted[strcspn(wanted, "\n")] = '\0';
	if (compose(life, "us-west-2", event, &parcel, &why))
		fail_msg("%s", why.sentence);
	assert_string_equal(parcel.json, wanted);
	assert_int_equal(parcel.json_len, strlen(wanted));
	mem_free(life);
}

static void
a_click_is_the_guides(void **state)
{
	struct event event = a_click("{" CALLBACK "}");

	(void)state;
	check(&event, "click");
}

static void
a_click_of_a_placed_device_carries_its_placement(void **state)
{
	struct event event = a_click("{" PLACE CALLBACK "}");

	(void)state;
	check(&event, "click.placed");
}

static void
a_health_event_is_the_guides(void **state)
{
	struct event event =
		a_click("{" CALLBACK ",\"condition\":{\"remainingLifeLowerThan\":10}}");

	(void)state;
	event.kind = EVENT_LIFE_LOW;
	event.life = 5.4;
	check(&event, "health");
	event.context_json =
		"{" PLACE CALLBACK ",\"condition\":{\"remainingLifeLowerThan\":10}}";
	check(&event, "health.placed");
}

static void
a_seeed_button_carries_its_payload_too(void **state)
{
	struct event event = a_click("{" CALLBACK "}");

	(void)state;
	event.device_id = "P5SJVQ123456";
	event.kind = EVENT_LONG;
	event.life = 76.69762;
	assert_true(moment_from_iso("2021-04-09T08:05:06.007Z", &event.reported_at));
	check(&event, "click.seeed");
}

static void
a_parcel_says_where_it_goes_and_what_it_is_of(void **state)
{
	void *life = mem_life(NULL);
	struct event event = a_click("{" PLACE CALLBACK "}");
	struct parcel parcel;

	(void)state;
	assert_int_equal(compose(life, "us-west-2", &event, &parcel, NULL), ERR_NONE);
	assert_string_equal(
		parcel.callback, "arn:aws:lambda:us-west-2:123456789012:function:f");
	assert_string_equal(parcel.source,
		"arn:aws:iot1click:us-west-2:123456789012:devices/G030PMXXXXXXXXXX");
	assert_string_equal(parcel.project, "test");
	assert_string_equal(parcel.placement, "myPlacement");
	assert_string_equal(parcel.template_name, "myButton");
	assert_string_equal(pairs_get(parcel.attributes, "location"), "Seattle");
	assert_string_equal(parcel.event->event_id, event.event_id);
	mem_free(life);
}

static void
a_context_that_is_no_object_is_a_fault_that_names_the_event(void **state)
{
	static const char *const contexts[] = { "", "{", "[]", "\"a\"" };
	void *life = mem_life(NULL);
	struct parcel parcel;
	struct fault why;

	(void)state;
	for (size_t i = 0; i < sizeof contexts / sizeof *contexts; i++) {
		struct event event = a_click(contexts[i]);

		assert_int_equal(
			compose(life, "us-west-2", &event, &parcel, &why), ERR_INTERNAL);
		assert_non_null(strstr(why.sentence, event.event_id));
	}
	mem_free(life);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_click_is_the_guides),
		cmocka_unit_test(a_click_of_a_placed_device_carries_its_placement),
		cmocka_unit_test(a_health_event_is_the_guides),
		cmocka_unit_test(a_seeed_button_carries_its_payload_too),
		cmocka_unit_test(a_parcel_says_where_it_goes_and_what_it_is_of),
		cmocka_unit_test(
			a_context_that_is_no_object_is_a_fault_that_names_the_event),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
