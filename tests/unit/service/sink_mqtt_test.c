/* MQTT as a sink, with a real broker. */
#include "sinks.h"

#include "../net/broker.h"
#include "oneclick/net/mqtt.h"

static struct broker broker;
static char topic[128], payload[128];
static struct mqtt *listener;
static bool is_up;

static void
took(void *arg, const struct mqtt_message *messages, size_t count)
{
	(void)arg;
	snprintf(topic, sizeof topic, "%s", messages[count - 1].topic);
	snprintf(payload, sizeof payload, "%s", messages[count - 1].payload);
	mqtt_settle(listener, true);
}

static void
linked(void *arg, bool up, const char *sentence)
{
	(void)arg;
	(void)sentence;
	is_up = up;
}

static void
listen_to_all(void)
{
	static const char *const filter[] = { "#" };
	struct mqtt_options options = {
		.url = mem_format(rig.life, "mqtt://127.0.0.1:%d", broker.port),
		.client_id = "listener",
		.filter = filter,
		.filter_count = 1,
		.took = took,
		.linked = linked,
	};

	*topic = *payload = '\0';
	assert_int_equal(mqtt_open(rig.world.loop, &options, &listener, NULL), ERR_NONE);
	while (!is_up)
		loop_turn(rig.world.loop);
}

static int
start_broker(void **state)
{
	(void)state;
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
open_topic(const char *text)
{
	close_sink();
	open_sink("mqtt", mem_format(rig.life, "url: mqtt://127.0.0.1:%d\ntopic: '%s'\n",
				  broker.port, text));
}

static void
the_event_arrives_under_its_topic(void **state)
{
	(void)state;
	listen_to_all();
	pairs_set(rig.attributes, "Room", "2.37 \xc3\xa9");
	open_topic("home/{{Room}}/{{deviceId}}-{{clickType}}");
	assert_int_equal(send_parcel(), OUTCOME_DELIVERED);
	while (!*topic)
		loop_turn(rig.world.loop);
	assert_string_equal(topic, "home/2.37 \xc3\xa9/" DEVICE "-SINGLE");
	assert_string_equal(payload, "{\"deviceEvent\":{}}");
	mqtt_close(listener);
}

static void
what_a_placement_says_stays_within_its_level(void **state)
{
	static const char *const evil[] = { "", "a/b", "/", "+", "#", "a#", "x+", "a\nb",
		"\x01", "\x7f", "\xc2\x9b" "2J", "\xef\xbf\xbf" };

	(void)state;
	open_topic("home/{{Room}}/click");
	for (size_t i = 0; i < sizeof evil / sizeof *evil; i++) {
		pairs_set(rig.attributes, "Room", evil[i]);
		assert_int_equal(send_parcel(), OUTCOME_NEVER);
		expect_sentence("Placement customer217");
		expect_sentence("home/{{Room}}/click");
	}
	pairs_set(rig.attributes, "Room", "$SYS");
	assert_int_equal(send_parcel(), OUTCOME_DELIVERED);
	open_topic("{{Room}}/x");
	assert_int_equal(send_parcel(), OUTCOME_NEVER);
}

static void
a_broker_out_of_reach_hears_nothing(void **state)
{
	(void)state;
	assert_int_equal(reach_allow(rig.reach, "10.0.0.0/8", NULL), ERR_NONE);
	open_topic("x");
	assert_int_equal(send_parcel(), OUTCOME_NEVER);
	expect_sentence("no rule");
}

static void
what_is_cancelled_is_not_told(void **state)
{
	(void)state;
	open_topic("x");
	rig.class->cancel(rig.class->send(rig.sink, &rig.parcel, on_outcome, NULL));
	assert_int_equal(send_parcel(), OUTCOME_DELIVERED);
	assert_int_equal(rig.told, 1);
}

static void
what_cannot_be_meant_is_refused_with_its_place(void **state)
{
	static const char *const row[][2] = {
		{ "topic: x", "\"url\" is needed" },
		{ "url: mqtt://b", "\"topic\" is needed" },
		{ "url: http://b\ntopic: x", "mqtt://" },
		{ "url: mqtt://me:secret@b\ntopic: x", "beside its URL" },
		{ "url: mqtt://b\ntopic: a/+", "wildcards" },
		{ "url: mqtt://b\ntopic: 'a/#'", "wildcards" },
		{ "url: mqtt://b\ntopic: $SYS/x", "begin with $" },
		{ "url: mqtt://b\ntopic: a//b", "empty levels" },
		{ "url: mqtt://b\ntopic: /a", "empty levels" },
		{ "url: mqtt://b\ntopic: a/", "empty levels" },
		{ "url: mqtt://b\ntopic: a\nuser: me", "go together" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		const char *sentence = refused("mqtt", row[i][0]);

		if (!strstr(sentence, row[i][1]) || !strstr(sentence, "line "))
			fail_msg("%s\n%s", row[i][0], sentence);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SINK_TEST(the_event_arrives_under_its_topic),
		SINK_TEST(what_a_placement_says_stays_within_its_level),
		SINK_TEST(a_broker_out_of_reach_hears_nothing),
		SINK_TEST(what_is_cancelled_is_not_told),
		SINK_TEST(what_cannot_be_meant_is_refused_with_its_place),
	};

	return cmocka_run_group_tests(tests, start_broker, stop_broker);
}
