/* Following a broker, a real one: what it hears, and when. */
#include "oneclick/net/mqtt.h"

#include "broker.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"

#define TOPIC "oneclick/G030PM0123456789/event"

static struct broker broker;

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

/* One follower: what it was told. */
struct follower {
	struct loop *loop;
	struct mqtt *mqtt;
	char url[64];
	bool up;
	int ups, batches;
	size_t messages;
	char topic[128], last[128];
};

static void
took(void *arg, const struct mqtt_message *messages, size_t count)
{
	struct follower *f = arg;

	f->batches++;
	f->messages += count;
	snprintf(f->topic, sizeof f->topic, "%s", messages[count - 1].topic);
	snprintf(f->last, sizeof f->last, "%s%s", messages[count - 1].payload,
		messages[count - 1].retained ? " (retained)" : "");
}

static void
linked(void *arg, bool up, const char *sentence)
{
	struct follower *f = arg;

	assert_true(*sentence != '\0');
	f->up = up;
	f->ups += up;
}

/* Each test has a session of its own at the broker. */
static void
follow(struct follower *f, const char *host, const char *client_id)
{
	static const char *const filter[] = { "oneclick/+/event", "other/#" };
	struct mqtt_options options = {
		.url = f->url,
		.client_id = client_id,
		.filter = filter,
		.filter_count = 2,
		.took = took,
		.linked = linked,
		.arg = f,
	};

	*f = (struct follower){ .loop = loop_new() };
	snprintf(f->url, sizeof f->url, "mqtt://%s:%d", host, broker.port);
	assert_int_equal(mqtt_open(f->loop, &options, &f->mqtt, NULL), ERR_NONE);
}

static void
leave(struct follower *f)
{
	mqtt_close(f->mqtt);
	loop_free(f->loop);
}

#define turn_until(f, condition) \
	do { \
		int64_t end = moment_ticks() + 20 * 1000; \
		while (!(condition)) { \
			loop_turn((f)->loop); \
			usleep(1000); \
			if (moment_ticks() > end) \
				fail_msg("never: %s", #condition); \
		} \
	} while (0)

static void
a_message_is_handed_over(void **state)
{
	struct follower f;

	(void)state;
	follow(&f, "127.0.0.1", "handed");
	turn_until(&f, f.up);
	broker_publish(&broker, TOPIC, "hello", false);
	turn_until(&f, f.messages == 1);
	assert_string_equal(f.topic, TOPIC);
	assert_string_equal(f.last, "hello");
	mqtt_settle(f.mqtt, true);
	leave(&f);
}

static void
several_filters_are_followed(void **state)
{
	struct follower f;

	(void)state;
	follow(&f, "127.0.0.1", "several");
	turn_until(&f, f.up);
	broker_publish(&broker, "other/one/two", "else", false);
	turn_until(&f, f.messages == 1);
	assert_string_equal(f.topic, "other/one/two");
	mqtt_settle(f.mqtt, true);
	leave(&f);
}

static void
a_name_is_looked_up(void **state)
{
	struct follower f;

	(void)state;
	follow(&f, "localhost", "named");
	turn_until(&f, f.up);
	leave(&f);
}

static void
what_was_not_settled_comes_again(void **state)
{
	struct follower f;

	(void)state;
	follow(&f, "127.0.0.1", "again");
	turn_until(&f, f.up);
	broker_publish(&broker, TOPIC, "one", false);
	turn_until(&f, f.messages == 1);
	leave(&f);
	follow(&f, "127.0.0.1", "again");
	turn_until(&f, f.messages == 1);
	assert_string_equal(f.last, "one");
	mqtt_settle(f.mqtt, true);
	leave(&f);
}

static void
what_was_settled_does_not_come_again(void **state)
{
	struct follower f;

	(void)state;
	follow(&f, "127.0.0.1", "once");
	turn_until(&f, f.up);
	broker_publish(&broker, TOPIC, "one", false);
	turn_until(&f, f.messages == 1);
	mqtt_settle(f.mqtt, true);
	leave(&f);
	broker_publish(&broker, TOPIC, "two", false);
	follow(&f, "127.0.0.1", "once");
	turn_until(&f, f.messages == 1);
	assert_string_equal(f.last, "two");
	mqtt_settle(f.mqtt, true);
	leave(&f);
}

static void
what_could_not_be_stored_comes_again_on_a_new_connection(void **state)
{
	struct follower f;

	(void)state;
	follow(&f, "127.0.0.1", "refused");
	turn_until(&f, f.up);
	broker_publish(&broker, TOPIC, "one", false);
	turn_until(&f, f.messages == 1);
	mqtt_settle(f.mqtt, false);
	assert_false(f.up);
	turn_until(&f, f.messages == 2);
	assert_string_equal(f.last, "one");
	mqtt_settle(f.mqtt, true);
	turn_until(&f, f.ups == 2);
	leave(&f);
}

static void
nothing_is_read_while_a_batch_is_out(void **state)
{
	struct follower f;

	(void)state;
	follow(&f, "127.0.0.1", "held");
	turn_until(&f, f.up);
	broker_publish(&broker, TOPIC, "one", false);
	turn_until(&f, f.batches == 1);
	for (int i = 0; i < 30; i++)
		broker_publish(&broker, TOPIC, "more", false);
	for (int i = 0; i < 100; i++)
		loop_turn(f.loop);
	assert_int_equal(f.batches, 1);
	while (f.messages < 31) {
		int batches = f.batches;

		mqtt_settle(f.mqtt, true);
		turn_until(&f, f.batches > batches);
	}
	mqtt_settle(f.mqtt, true);
	assert_int_equal(f.messages, 31);
	leave(&f);
}

static void
retained_messages_are_marked(void **state)
{
	struct follower f;

	(void)state;
	broker_publish(&broker, "oneclick/OLD/event", "old", true);
	follow(&f, "127.0.0.1", "retained");
	turn_until(&f, f.messages == 1);
	assert_string_equal(f.last, "old (retained)");
	mqtt_settle(f.mqtt, true);
	broker_publish(&broker, TOPIC, "new", false);
	turn_until(&f, f.messages == 2);
	assert_string_equal(f.last, "new");
	mqtt_settle(f.mqtt, true);
	broker_publish(&broker, "oneclick/OLD/event", "", true);
	turn_until(&f, f.messages == 3);
	mqtt_settle(f.mqtt, true);
	leave(&f);
}

static void
a_broker_that_comes_later_or_again_is_found(void **state)
{
	struct follower f;

	(void)state;
	broker_stop(&broker);
	follow(&f, "127.0.0.1", "later");
	for (int i = 0; i < 100; i++)
		loop_turn(f.loop);
	assert_false(f.up);
	broker_start(&broker, "allow_anonymous true\n");
	turn_until(&f, f.up);
	kill(broker.pid, SIGKILL);
	turn_until(&f, !f.up);
	broker_stop(&broker);
	broker_start(&broker, "allow_anonymous true\n");
	turn_until(&f, f.ups == 2);
	leave(&f);
}

static void
addresses_are_read(void **state)
{
	void *life = mem_life(NULL);
	struct mqtt_address at;

	(void)state;
	assert_int_equal(
		mqtt_address_read(life, "mqtt://b.example", &at, NULL), ERR_NONE);
	assert_string_equal(at.host, "b.example");
	assert_int_equal(at.port, 1883);
	assert_null(at.user);
	assert_int_equal(
		mqtt_address_read(life, "mqtt://me:p%40ss:x@[::1]:1884/", &at, NULL),
		ERR_NONE);
	assert_string_equal(at.host, "::1");
	assert_int_equal(at.port, 1884);
	assert_string_equal(at.user, "me");
	assert_string_equal(at.password, "p@ss:x");
	assert_false(at.tls);
	assert_int_equal(
		mqtt_address_read(life, "mqtts://b.example", &at, NULL), ERR_NONE);
	assert_int_equal(at.port, 8883);
	assert_true(at.tls);
	mem_free(life);
}

static void
odd_addresses_are_refused(void **state)
{
	static const char *const odd[] = { "", "b.example", "http://b.example", "mqtt://",
		"mqtt://:1883", "mqtt://b:0", "mqtt://b:65536", "mqtt://b:18x",
		"mqtt://b/x", "mqtt://@b", "mqtt://u%zz@b", "mqtt://u:%00@b",
		"mqtt://[::1", "mqtt://[]" };
	void *life = mem_life(NULL);
	struct mqtt_address at;
	struct fault why;

	(void)state;
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
		assert_int_equal(mqtt_address_read(life, odd[i], &at, &why), ERR_INVALID);
		assert_non_null(strstr(why.sentence, "mqtt://["));
	}
	mem_free(life);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_is_handed_over),
		cmocka_unit_test(several_filters_are_followed),
		cmocka_unit_test(a_name_is_looked_up),
		cmocka_unit_test(what_was_not_settled_comes_again),
		cmocka_unit_test(what_was_settled_does_not_come_again),
		cmocka_unit_test(
			what_could_not_be_stored_comes_again_on_a_new_connection),
		cmocka_unit_test(nothing_is_read_while_a_batch_is_out),
		cmocka_unit_test(retained_messages_are_marked),
		cmocka_unit_test(a_broker_that_comes_later_or_again_is_found),
		cmocka_unit_test(addresses_are_read),
		cmocka_unit_test(odd_addresses_are_refused),
	};

	return cmocka_run_group_tests(tests, start_broker, stop_broker);
}
