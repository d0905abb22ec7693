/* Devices that are not heard: found by the clock, told once, in pages. */
#include <stdatomic.h>

#include "rig.h"

#define HOUR (INT64_C(60) * 60 * 1000)
#define WISH \
	"{\"callback\":{\"awsLambdaArn\":\"arn:health\"}," \
	"\"condition\":{\"notHeardForHours\":24}}"

static atomic_llong now_is;

static int64_t
stand_still(void)
{
	return now_is;
}

static int
open_still(void **state)
{
	now_is = INT64_C(1780000000000);
	moment_set_clock(stand_still);
	return open_rig(state);
}

static int
close_still(void **state)
{
	moment_set_clock(NULL);
	return close_rig(state);
}

#define STILL(name) cmocka_unit_test_setup_teardown(name, open_still, close_still)

/* Heard now, and asked to be heard every 24 hours. */
static void
watch_device(const char *id, bool enabled)
{
	struct device device = { .id = id,
		.account = ACCOUNT_DEFAULT,
		.type = "button",
		.tags = "{}",
		.on_health = WISH,
		.state = DEVICE_CLAIMED,
		.life = 100 };

	device_enable(&device, enabled, now_is);
	device_hear(&device, now_is);
	device_watch(&device, 0, 24 * HOUR);
	keep_device(&device);
}

struct told {
	int count;
	bool due;
	char context[256];
};

static bool
note_told(void *arg, const struct event *event)
{
	struct told *told = arg;

	if (event->kind != EVENT_NOT_HEARD)
		return true;
	told->count++;
	told->due = event->due;
	snprintf(told->context, sizeof told->context, "%s", event->context_json);
	return true;
}

static enum err
read_told(struct tx *tx, void *arg, struct fault *why)
{
	return events_follow(tx, 0, 10000, note_told, arg, why);
}

static struct told
look(void)
{
	struct told told = { 0 };

	rig_do(LANE_READ, read_told, &told);
	return told;
}

/* What a part does once, at its start, it does each minute. */
static struct told
look_once(int wanted)
{
	int64_t end = moment_ticks() + 20 * 1000;

	assert_int_equal(quiet_open(&rig.service, NULL), ERR_NONE);
	while (look().count < wanted && moment_ticks() < end)
		usleep(1000);
	quiet_close(&rig.service);
	return look();
}

static void
a_device_not_heard_is_told_of_once(void **state)
{
	struct told told;

	(void)state;
	watch_device("A", true);
	now_is += 24 * HOUR;
	told = look_once(1);
	assert_int_equal(told.count, 1);
	assert_true(told.due);
	assert_string_equal(told.context, "{\"callback\":\"arn:health\",\"condition\":"
					  "{\"notHeardForHours\":24}}");
	watch_device("B", true);
	now_is += 24 * HOUR;
	assert_int_equal(look_once(2).count, 2);
}

static void
a_device_heard_again_may_fall_quiet_again(void **state)
{
	(void)state;
	watch_device("A", true);
	now_is += 24 * HOUR;
	look_once(1);
	press("A", 1);
	now_is += 23 * HOUR;
	watch_device("B", true);
	now_is += 1 * HOUR;
	assert_int_equal(look_once(2).count, 2);
	now_is += 23 * HOUR;
	assert_int_equal(look_once(3).count, 3);
}

static void
of_disabled_devices_nothing_is_told(void **state)
{
	(void)state;
	watch_device("A", false);
	watch_device("B", true);
	now_is += 48 * HOUR;
	assert_int_equal(look_once(1).count, 1);
}

static void
a_whole_fleet_that_falls_quiet_is_told_of_page_after_page(void **state)
{
	(void)state;
	for (int i = 0; i < 250; i++)
		watch_device(mem_format(rig.life, "DEVICE%d", i), true);
	now_is += 24 * HOUR;
	assert_int_equal(look_once(250).count, 250);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STILL(a_device_not_heard_is_told_of_once),
		STILL(a_device_heard_again_may_fall_quiet_again),
		STILL(of_disabled_devices_nothing_is_told),
		STILL(a_whole_fleet_that_falls_quiet_is_told_of_page_after_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
