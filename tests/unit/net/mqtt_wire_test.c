/* Packets as they come over the wire: whole, in pieces, and wrong in every way. */
#include "oneclick/net/mqtt_wire.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "oneclick/base/mem.h"

#define BYTES(text) (text), sizeof(text) - 1
/* MQTT, level 4 */
#define NAME "\0\4MQTT\4"

static struct mqtt_packet packet;
static struct fault why;
static size_t used;

/* In memory of exactly n bytes, so that a sanitizer sees a byte too far. */
static enum err
read_exactly(const char *bytes, size_t n)
{
	char *copy = malloc(n ? n : 1);
	enum err err;

	memcpy(copy, bytes, n);
	memset(&packet, 0, sizeof packet);
	used = 99;
	why = (struct fault){ 0 };
	err = mqtt_packet_read(copy, n, &packet, &used, &why);
	free(copy);
	return err;
}

static void
expect_text(struct mqtt_text text, const char *wanted)
{
	assert_int_equal(text.n, strlen(wanted));
	assert_memory_equal(text.at, wanted, text.n);
}

static void
a_connect_says_who_it_is(void **state)
{
	static const char bytes[] = "\x10\x18" NAME "\xC2\0\x3C\0\3cli\0\2me\0\3a\0b";
	(void)state;
	assert_int_equal(mqtt_packet_read(BYTES(bytes), &packet, &used, &why), ERR_NONE);
	assert_int_equal(used, sizeof bytes - 1);
	assert_int_equal(packet.type, MQTT_CONNECT);
	assert_int_equal(packet.connect.level, MQTT_LEVEL);
	assert_int_equal(packet.connect.keepalive, 60);
	assert_true(packet.connect.clean);
	expect_text(packet.connect.client_id, "cli");
	expect_text(packet.connect.user, "me");
	assert_int_equal(packet.connect.password.n, 3);
	assert_memory_equal(packet.connect.password.at, "a\0b", 3);
}

static void
a_connect_may_go_without_user_password_and_client_id(void **state)
{
	(void)state;
	assert_int_equal(read_exactly(BYTES("\x10\x0C" NAME "\0\0\0\0\0")), ERR_NONE);
	assert_int_equal(used, 14);
	assert_false(packet.connect.clean);
	assert_int_equal(packet.connect.keepalive, 0);
	assert_int_equal(packet.connect.client_id.n, 0);
	assert_null(packet.connect.user.at);
	assert_null(packet.connect.password.at);
}

static void
other_levels_are_told_whatever_follows_them(void **state)
{
	(void)state;
	assert_int_equal(read_exactly(BYTES("\x10\x0E\0\6MQIsdp\3\2\0\0\0\0")), ERR_NONE);
	assert_int_equal(packet.connect.level, 3);
	assert_int_equal(used, 16);
	assert_int_equal(read_exactly(BYTES("\x10\x0D\0\4MQTT\5\2\0\0\0\0\0")), ERR_NONE);
	assert_int_equal(packet.connect.level, MQTT_LEVEL_5);
	assert_int_equal(used, 15);
}

static void
a_publish_carries_what_it_says(void **state)
{
	static const char one[] = "\x3B\x09\0\3a/b\1\2{}";
	(void)state;
	assert_int_equal(mqtt_packet_read(BYTES(one), &packet, &used, &why), ERR_NONE);
	assert_int_equal(used, 11);
	assert_int_equal(packet.type, MQTT_PUBLISH);
	assert_int_equal(packet.publish.qos, 1);
	assert_true(packet.publish.dup);
	assert_true(packet.publish.retain);
	assert_int_equal(packet.publish.id, 0x0102);
	expect_text(packet.publish.topic, "a/b");
	expect_text(packet.publish.payload, "{}");
}

static void
a_publish_of_qos_0_has_no_identifier_and_may_be_empty(void **state)
{
	static const char none[] = "\x30\x03\0\1t";
	(void)state;
	assert_int_equal(mqtt_packet_read(BYTES(none), &packet, &used, &why), ERR_NONE);
	assert_int_equal(packet.publish.qos, 0);
	assert_int_equal(packet.publish.id, 0);
	assert_int_equal(packet.publish.payload.n, 0);
	expect_text(packet.publish.topic, "t");
}

static void
pings_and_farewells_are_two_bytes(void **state)
{
	(void)state;
	assert_int_equal(read_exactly(BYTES("\xC0\0\xE0")), ERR_NONE);
	assert_int_equal(used, 2);
	assert_int_equal(packet.type, MQTT_PINGREQ);
	assert_int_equal(read_exactly(BYTES("\xE0\0")), ERR_NONE);
	assert_int_equal(used, 2);
	assert_int_equal(packet.type, MQTT_DISCONNECT);
}

static void
a_packet_may_come_a_byte_at_a_time(void **state)
{
	static const char *const whole[] = {
		"\x10\x18" NAME "\xC2\0\x3C\0\3cli\0\2me\0\3a\0b",
		"\x32\x09\0\3a/b\1\2{}",
		"\xC0\0",
	};
	static const size_t length[] = { 26, 11, 2 };
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		for (size_t n = 0; n < length[i]; n++) {
			assert_int_equal(read_exactly(whole[i], n), ERR_NONE);
			assert_int_equal(used, 0);
		}
		assert_int_equal(read_exactly(whole[i], length[i]), ERR_NONE);
		assert_int_equal(used, length[i]);
	}
}

static void
what_follows_a_packet_is_left_alone(void **state)
{
	(void)state;
	assert_int_equal(read_exactly(BYTES("\x30\x03\0\1t\xFF\xFF\xFF")), ERR_NONE);
	assert_int_equal(used, 5);
}

static const struct wrong {
	const char *bytes;
	size_t n;
	enum err err;
	const char *says;
} wrongs[] = {
	/* the first byte alone is enough */
	{ BYTES("\x00"), ERR_INVALID, "type 0" },
	{ BYTES("\xF0"), ERR_INVALID, "type 15" },
	{ BYTES("\x11"), ERR_INVALID, "CONNECT has the flags 1" },
	{ BYTES("\xC1"), ERR_INVALID, "PINGREQ has the flags 1" },
	{ BYTES("\xE8"), ERR_INVALID, "DISCONNECT has the flags 8" },
	{ BYTES("\x80"), ERR_INVALID, "SUBSCRIBE has the flags 0; they must be 2" },
	{ BYTES("\x60"), ERR_INVALID, "PUBREL has the flags 0" },
	{ BYTES("\x36"), ERR_INVALID, "QoS of 3" },
	{ BYTES("\x38"), ERR_INVALID, "QoS 0 is said to be a repeat" },
	/* allowed, not taken */
	{ BYTES("\x34"), ERR_FORBIDDEN, "QoS 2" },
	{ BYTES("\x3C"), ERR_FORBIDDEN, "QoS 2" },
	{ BYTES("\x82"), ERR_FORBIDDEN, "SUBSCRIBE is not taken" },
	{ BYTES("\xA2"), ERR_FORBIDDEN, "UNSUBSCRIBE" },
	{ BYTES("\x20"), ERR_FORBIDDEN, "CONNACK" },
	{ BYTES("\x40"), ERR_FORBIDDEN, "PUBACK" },
	{ BYTES("\x50"), ERR_FORBIDDEN, "PUBREC" },
	{ BYTES("\x62"), ERR_FORBIDDEN, "PUBREL" },
	{ BYTES("\x70"), ERR_FORBIDDEN, "PUBCOMP" },
	{ BYTES("\x90"), ERR_FORBIDDEN, "SUBACK" },
	{ BYTES("\xB0"), ERR_FORBIDDEN, "UNSUBACK" },
	{ BYTES("\xD0"), ERR_FORBIDDEN, "PINGRESP" },
	/* the length */
	{ BYTES("\x30\x81\x40"), ERR_INVALID, "over 8192" },
	{ BYTES("\x30\xFF\xFF\xFF\x7F"), ERR_INVALID, "over 8192" },
	{ BYTES("\x30\x80\x80\x80\x80"), ERR_INVALID, "more than 4 bytes" },
	{ BYTES("\xC0\x01\0"), ERR_INVALID, "PINGREQ goes on" },
	{ BYTES("\xE0\x01\0"), ERR_INVALID, "DISCONNECT goes on" },
	/* CONNECT */
	{ BYTES("\x10\0"), ERR_INVALID, "not of the protocol" },
	{ BYTES("\x10\x06\0\4MQTT"), ERR_INVALID, "ends early" },
	{ BYTES("\x10\x0C\0\4mqtt\4\2\0\0\0\0"), ERR_INVALID, "not of the protocol" },
	{ BYTES("\x10\x0C\0\4HTTP\4\2\0\0\0\0"), ERR_INVALID, "not of the protocol" },
	{ BYTES("\x10\x0E\0\6MQIsdp\4\2\0\0\0\0"), ERR_INVALID, "name of MQTT 3.1" },
	{ BYTES("\x10\x0C" NAME "\3\0\0\0\0"), ERR_INVALID, "reserved" },
	{ BYTES("\x10\x0C" NAME "\x22\0\0\0\0"), ERR_INVALID, "no will" },
	{ BYTES("\x10\x0C" NAME "\x0A\0\0\0\0"), ERR_INVALID, "no will" },
	{ BYTES("\x10\x0C" NAME "\x42\0\0\0\0"), ERR_INVALID, "no user name" },
	{ BYTES("\x10\x0C" NAME "\x06\0\0\0\0"), ERR_FORBIDDEN, "will message" },
	{ BYTES("\x10\x07" NAME), ERR_INVALID, "ends early" },
	{ BYTES("\x10\x09" NAME "\2\0"), ERR_INVALID, "ends early" },
	{ BYTES("\x10\x0C" NAME "\2\0\0\0\1"), ERR_INVALID, "ends early" },
	{ BYTES("\x10\x0C" NAME "\x82\0\0\0\0"), ERR_INVALID, "ends early" },
	{ BYTES("\x10\x0E" NAME "\xC2\0\0\0\0\0\0"), ERR_INVALID, "ends early" },
	{ BYTES("\x10\x0D" NAME "\2\0\0\0\0!"), ERR_INVALID, "goes on" },
	{ BYTES("\x10\x0D" NAME "\2\0\0\0\1\0"), ERR_INVALID, "UTF-8" },
	{ BYTES("\x10\x0D" NAME "\2\0\0\0\1\xFF"), ERR_INVALID, "UTF-8" },
	{ BYTES("\x10\x0F" NAME "\2\0\0\0\3\xED\xA0\x80"), ERR_INVALID, "UTF-8" },
	{ BYTES("\x10\x0F" NAME "\x82\0\0\0\0\0\1\xC0"), ERR_INVALID, "UTF-8" },
	/* PUBLISH */
	{ BYTES("\x30\0"), ERR_INVALID, "ends early" },
	{ BYTES("\x30\2\0\0"), ERR_INVALID, "nothing for a topic" },
	{ BYTES("\x30\2\0\1"), ERR_INVALID, "ends early" },
	{ BYTES("\x30\5\0\xFF"
		"abc"),
		ERR_INVALID, "ends early" },
	{ BYTES("\x30\3\0\1+"), ERR_INVALID, "a filter for a topic" },
	{ BYTES("\x30\5\0\3a/#"), ERR_INVALID, "a filter for a topic" },
	{ BYTES("\x30\3\0\1\0"), ERR_INVALID, "UTF-8" },
	{ BYTES("\x30\3\0\1\x80"), ERR_INVALID, "UTF-8" },
	{ BYTES("\x32\3\0\1t"), ERR_INVALID, "ends early" },
	{ BYTES("\x32\4\0\1t\1"), ERR_INVALID, "ends early" },
	{ BYTES("\x32\5\0\1t\0\0"), ERR_INVALID, "identifier 0" },
};

static void
what_is_wrong_is_refused_with_its_reason(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
		const struct wrong *w = &wrongs[i];
		if (read_exactly(w->bytes, w->n) != w->err)
			fail_msg("%zu (%s): %d, used %zu, '%s'", i, w->says, why.code,
				used, why.sentence);
		assert_int_equal(used, 0);
		if (!strstr(why.sentence, w->says))
			fail_msg("'%s' does not say '%s'", why.sentence, w->says);
	}
}

static void
a_wrong_packet_is_refused_at_the_same_byte_however_it_comes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
		const struct wrong *w = &wrongs[i];
		enum err err = ERR_NONE;
		size_t n;
		for (n = 1; n <= w->n && !err; n++)
			err = read_exactly(w->bytes, n);
		assert_int_equal(err, w->err);
	}
}

static void
the_largest_packet_is_taken_and_one_byte_more_is_not(void **state)
{
	size_t n = MQTT_PACKET_MAX + 3;
	char *bytes = calloc(1, n + 1);
	(void)state;
	memcpy(bytes, BYTES("\x30\x80\x40\0\1t"));
	assert_int_equal(read_exactly(bytes, n), ERR_NONE);
	assert_int_equal(used, n);
	assert_int_equal(read_exactly(bytes, n - 1), ERR_NONE);
	assert_int_equal(used, 0);
	bytes[1] = (char)0x81;
	assert_int_equal(read_exactly(bytes, n + 1), ERR_INVALID);
	free(bytes);
}

static void
any_bytes_at_all_are_read_refused_or_waited_for(void **state)
{
	char bytes[64];
	unsigned seed = 1;
	(void)state;
	for (int round = 0; round < 200000; round++) {
		size_t n = (size_t)(rand_r(&seed) % (int)sizeof bytes);
		for (size_t i = 0; i < n; i++)
			bytes[i] = (char)rand_r(&seed);
		if (n > 1)
			bytes[0] = rand_r(&seed) % 2 ? 0x10 : 0x32;
		if (n > 2)
			bytes[1] = (char)(n - 2);
		if (n > 9 && rand_r(&seed) % 2)
			memcpy(bytes + 2, NAME, 7);
		if (read_exactly(bytes, n))
			assert_true(why.sentence[0] != '\0' && used == 0);
		else
			assert_true(used <= n);
	}
}

static void
replies_are_the_bytes_of_the_standard(void **state)
{
	void *life = mem_life(NULL);
	struct buf out;
	(void)state;
	buf_init(&out, life, BUF_NO_CAP);
	mqtt_write_connack(&out, MQTT_LEVEL, MQTT_ACCEPTED);
	mqtt_write_connack(&out, 3, MQTT_BAD_LEVEL);
	mqtt_write_connack(&out, MQTT_LEVEL_5, MQTT_BAD_LEVEL);
	mqtt_write_puback(&out, 0x1234);
	mqtt_write_pingresp(&out);
	assert_int_equal(out.len, 4 + 4 + 5 + 4 + 2);
	assert_memory_equal(out.data,
		"\x20\2\0\0\x20\2\0\1\x20\3\0\x84\0\x40\2\x12\x34\xD0\0", out.len);
	mem_free(life);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_connect_says_who_it_is),
		cmocka_unit_test(a_connect_may_go_without_user_password_and_client_id),
		cmocka_unit_test(other_levels_are_told_whatever_follows_them),
		cmocka_unit_test(a_publish_carries_what_it_says),
		cmocka_unit_test(a_publish_of_qos_0_has_no_identifier_and_may_be_empty),
		cmocka_unit_test(pings_and_farewells_are_two_bytes),
		cmocka_unit_test(a_packet_may_come_a_byte_at_a_time),
		cmocka_unit_test(what_follows_a_packet_is_left_alone),
		cmocka_unit_test(what_is_wrong_is_refused_with_its_reason),
		cmocka_unit_test(
			a_wrong_packet_is_refused_at_the_same_byte_however_it_comes),
		cmocka_unit_test(the_largest_packet_is_taken_and_one_byte_more_is_not),
		cmocka_unit_test(any_bytes_at_all_are_read_refused_or_waited_for),
		cmocka_unit_test(replies_are_the_bytes_of_the_standard),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
