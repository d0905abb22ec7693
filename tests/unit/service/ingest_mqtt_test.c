/* Events by MQTT, from a real broker to the log. */
#include "../net/broker.h"
#include "oneclick/base/log.h"
#include "rig.h"

#define TOPIC "oneclick/" DEVICE "/event"

static struct broker broker;

static int
start_broker(void **state)
{
	(void)state;
	log_to(NULL);
	broker_start(&broker, "allow_anonymous true\n");
	return 0;
}

static int
stop_broker(void **state)
{
	(void)state;
	broker_stop(&broker);
	return 0;
}

static void
listen_to_broker(void)
{
	rig.service.settings.mqtt =
		mem_format(rig.life, "mqtt://127.0.0.1:%d", broker.port);
	assert_int_equal(ingest_mqtt_open(&rig.service, NULL), ERR_NONE);
}

struct seen {
	int count;
	char last[64]; /* kind and device of the last event */
};

static bool
see(void *arg, const struct event *event)
{
	struct seen *seen = arg;

	seen->count++;
	snprintf(seen->last, sizeof seen->last, "%s %s", event_kind_name(event->kind),
		event->device_id);
	return true;
}

static enum err
read_log(struct tx *tx, void *arg, struct fault *why)
{
	return events_after(tx, ACCOUNT_DEFAULT, 0, 1000, see, arg, why);
}

static struct seen
look(void)
{
	struct seen seen = { 0 };

	rig_do(LANE_READ, read_log, &seen);
	return seen;
}

static void
turn_until_count(int count)
{
	int64_t end = moment_ticks() + 20 * 1000;

	while (look().count < count) {
		loop_turn(rig.service.loop);
		usleep(1000);
		if (moment_ticks() > end)
			fail_msg("%d events of %d came", look().count, count);
	}
}

/* Until the session exists nobody keeps what is published; so publish until it is heard.
 */
static void
publish_until_heard(void)
{
	for (int i = 0; look().count == 0; i++) {
		assert_true(i < 2000);
		broker_publish(&broker, TOPIC,
			"{\"clickType\":\"SINGLE\",\"eventId\":\"first\"}", false);
		for (int turn = 0; turn < 10; turn++) {
			loop_turn(rig.service.loop);
			usleep(1000);
		}
	}
}

static void
an_event_reaches_the_log(void **state)
{
	(void)state;
	own_device(DEVICE);
	listen_to_broker();
	publish_until_heard();
	broker_publish(&broker, TOPIC, "{\"clickType\":\"LONG\"}", false);
	turn_until_count(2);
	assert_string_equal(look().last, "LONG " DEVICE);
	ingest_mqtt_close(&rig.service);
}

static void
what_is_no_event_does_not_stop_the_queue(void **state)
{
	static const char *const odd[] = { "", "hello", "{}", "{\"clickType\":\"NONE\"}",
		"{\"clickType\":\"LONG\",\"deviceId\":\"OTHER\"}" };
	(void)state;
	own_device(DEVICE);
	listen_to_broker();
	publish_until_heard();
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
		broker_publish(&broker, TOPIC, odd[i], false);
	broker_publish(
		&broker, "oneclick/UNKNOWN/event", "{\"clickType\":\"LONG\"}", false);
	broker_publish(&broker, TOPIC, "{\"clickType\":\"DOUBLE\"}", false);
	turn_until_count(2);
	assert_string_equal(look().last, "DOUBLE " DEVICE);
	assert_int_equal(look().count, 2);
	ingest_mqtt_close(&rig.service);
}

static void
what_came_while_the_service_was_away_is_taken(void **state)
{
	(void)state;
	own_device(DEVICE);
	listen_to_broker();
	publish_until_heard();
	ingest_mqtt_close(&rig.service);
	for (int i = 0; i < 50; i++)
		broker_publish(&broker, TOPIC, "{\"clickType\":\"DOUBLE\"}", false);
	listen_to_broker();
	turn_until_count(51);
	assert_int_equal(look().count, 51);
	ingest_mqtt_close(&rig.service);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_event_reaches_the_log),
		TEST(what_is_no_event_does_not_stop_the_queue),
		TEST(what_came_while_the_service_was_away_is_taken),
	};

	return cmocka_run_group_tests(tests, start_broker, stop_broker);
}
