#include "profiles.h"

#define CLICK "clickType: {ptr: /c, map: {s: SINGLE, d: DOUBLE, l: LONG}}"
#define ID "deviceId: {topic: id}"

static void
placeholders_stand_for_levels(void **state)
{
	static const struct reading rows[] = {
		{ "{via: mqtt, topic: 'a/{id}', " ID ", " CLICK "}", "a/1",
			"{\"c\":\"s\"}", "TEST1 SINGLE" },
		{ "{via: mqtt, topic: 'a/{id}', " ID ", " CLICK "}", "a/1/2",
			"{\"c\":\"s\"}", "" },
		{ "{via: mqtt, topic: 'a/{id}', " ID ", " CLICK "}", "a/",
			"{\"c\":\"s\"}", "" },
		{ "{via: mqtt, topic: 'a/x-{id}.y/b', " ID ", " CLICK "}", "a/x-7.y/b",
			"{\"c\":\"d\"}", "TEST7 DOUBLE" },
		{ "{via: mqtt, topic: 'a/x-{id}.y/b', " ID ", " CLICK "}", "a/x-.y/b",
			"{\"c\":\"d\"}", "" },
		{ "{via: mqtt, topic: '{id}/s', " ID ", " CLICK "}", "$SYS/s",
			"{\"c\":\"s\"}", "" },
		{ "{via: mqtt, topic: 'a/{id...}', deviceId: {topic: id, strip: '/ "
		  "'}, " CLICK "}",
			"a/b c/d", "{\"c\":\"l\"}", "TESTbcd LONG" },
		{ "{via: mqtt, topic: 'a/{id...}', " ID ", " CLICK "}", "a",
			"{\"c\":\"s\"}", "" },
		{ "{via: mqtt, topic: '{p...}/e/{id}', " ID ", " CLICK "}", "x/y/e/9",
			"{\"c\":\"s\"}", "TEST9 SINGLE" },
		{ "{via: mqtt, topic: '{p...}/e/{id}', " ID ", " CLICK "}", "e/9",
			"{\"c\":\"s\"}", "" },
		{ "{via: mqtt, topic: '{p...}/e/{id}', " ID ", " CLICK "}",
			"1/2/3/4/5/6/e/9", "{\"c\":\"s\"}", "" },
	};

	EXPECT(*state, rows);
}

static void
topics_that_are_not_meant_are_skipped(void **state)
{
	static const char message[] =
		"{via: mqtt, topic: 'a/{id...}', skipTopics: [a/b/#, 'a/+/set', "
		"'a/{n...}/get'], deviceId: {topic: id, strip: '/'}, " CLICK "}";
	static const struct reading rows[] = {
		{ message, "a/b", "{\"c\":\"s\"}", "" },
		{ message, "a/b/c/d", "{\"c\":\"s\"}", "" },
		{ message, "a/bb", "{\"c\":\"s\"}", "TESTbb SINGLE" },
		{ message, "a/x/set", "{\"c\":\"s\"}", "" },
		{ message, "a/x/y/set", "{\"c\":\"s\"}", "TESTxyset SINGLE" },
		{ message, "a/x/y/get", "{\"c\":\"s\"}", "" },
	};

	EXPECT(*state, rows);
}

static void
steps_go_in_their_order(void **state)
{
	static const struct reading rows[] = {
		/* the pattern's group first, then strip, then case, then the map */
		{ "{via: mqtt, topic: 'a/{id}', deviceId: {map: {ABC: mapped}, case: "
		  "upper, strip: '-', re: '^x-(.*)$', topic: id}, " CLICK "}",
			"a/x-a-b-c", "{\"c\":\"s\"}", "TESTmapped SINGLE" },
		{ "{via: mqtt, topic: 'a/{id}', deviceId: {topic: id, case: "
		  "lower}, " CLICK "}",
			"a/ABC", "{\"c\":\"s\"}", "TESTabc SINGLE" },
		/* numbers and truths are texts to a map */
		{ "{via: mqtt, topic: 'a/{id}', " ID
		  ", clickType: {ptr: /n, map: {1: SINGLE, 2.5: DOUBLE, true: LONG}}}",
			"a/1", "{\"n\":1}", "TEST1 SINGLE" },
		{ "{via: mqtt, topic: 'a/{id}', " ID
		  ", clickType: {ptr: /n, map: {1: SINGLE, 2.5: DOUBLE, true: LONG}}}",
			"a/1", "{\"n\":2.5}", "TEST1 DOUBLE" },
		{ "{via: mqtt, topic: 'a/{id}', " ID
		  ", clickType: {ptr: /n, map: {1: SINGLE, 2.5: DOUBLE, true: LONG}}}",
			"a/1", "{\"n\":true}", "TEST1 LONG" },
		{ "{via: mqtt, topic: 'a/{id}', " ID
		  ", clickType: {ptr: /n, map: {'on': SINGLE}}}",
			"a/1", "{\"n\":\"on\"}", "TEST1 SINGLE" },
	};

	EXPECT(*state, rows);
}

static void
what_is_not_listed_or_not_there_is_no_event(void **state)
{
	static const char message[] = "{via: mqtt, topic: 'a/{id}', " ID ", " CLICK "}";
	static const struct reading rows[] = {
		{ message, "a/1", "{\"c\":\"release\"}", "" },
		{ message, "a/1", "{\"c\":null}", "" },
		{ message, "a/1", "{\"c\":\"\"}", "" },
		{ message, "a/1", "{\"c\":{\"s\":1}}", "" },
		{ message, "a/1", "{}", "" },
		{ message, "a/1", "[]", "" },
		{ message, "a/1", "", "" },
		{ "{via: mqtt, topic: 'a/{id}', " ID ", clickType: {ptr: /c}}", "a/1",
			"{\"c\":\"CLAIMED\"}", "" },
	};

	EXPECT(*state, rows);
}

static void
another_way_is_tried_where_one_gave_nothing(void **state)
{
	static const char message[] =
		"{via: mqtt, topic: 'a/{id}', deviceId: {topic: id, re: "
		"'_([0-9A-F]{6})$', "
		"else: {ptr: /mac, else: {topic: id, case: upper}}}, " CLICK "}";
	static const struct reading rows[] = {
		{ message, "a/t_A1B2C3", "{\"c\":\"s\"}", "TESTA1B2C3 SINGLE" },
		{ message, "a/bench", "{\"c\":\"s\",\"mac\":\"77\"}", "TEST77 SINGLE" },
		{ message, "a/bench", "{\"c\":\"s\"}", "TESTBENCH SINGLE" },
	};

	EXPECT(*state, rows);
}

static void
pointers_are_those_of_rfc_6901(void **state)
{
	static const struct reading rows[] = {
		{ "{via: mqtt, topic: 'a/{id}', deviceId: {ptr: ['/x', "
		  "'/l/1/a~1b~0']}, " CLICK "}",
			"a/1", "{\"c\":\"s\",\"l\":[0,{\"a/b~\":\"deep\"}]}",
			"TESTdeep SINGLE" },
		{ "{via: mqtt, topic: 'a/{id}', deviceId: {ptr: ['/x', '/l']}, " CLICK
		  "}",
			"a/1", "{\"c\":\"s\",\"l\":12,\"x\":null}", "TEST12 SINGLE" },
		{ "{via: mqtt, topic: 'a/{id}', deviceId: {ptr: '/l/7'}, " CLICK "}",
			"a/1", "{\"c\":\"s\",\"l\":[1]}",
			"! test messages[0].deviceId: \"\" is no ID: the message has "
			"none "
			"there" },
		{ "{via: mqtt, topic: 'a/{id}', decode: text, " ID
		  ", clickType: {ptr: '', map: {go: SINGLE}}}",
			"a/1", "go", "TEST1 SINGLE" },
	};

	EXPECT(*state, rows);
}

static void
conditions_hold_on_the_whole_and_on_each_item(void **state)
{
	static const char where[] = "{via: mqtt, topic: 'a/{id}', where: [{ptr: /m, re: "
				    "'^E$'}, {ptr: /b, re: "
				    "'^false$', absent: ok}], " ID ", " CLICK "}";
	static const char when[] =
		"{via: mqtt, topic: 'a/{id}', forEach: {array: /l}, when: [{ptr: /k, re: "
		"y}], " ID ", button: {ptr: /n}, " CLICK "}";
	static const struct reading rows[] = {
		{ where, "a/1", "{\"m\":\"E\",\"c\":\"s\"}", "TEST1 SINGLE" },
		{ where, "a/1", "{\"m\":\"E\",\"b\":false,\"c\":\"s\"}", "TEST1 SINGLE" },
		{ where, "a/1", "{\"m\":\"E\",\"b\":true,\"c\":\"s\"}", "" },
		{ where, "a/1", "{\"m\":\"F\",\"c\":\"s\"}", "" },
		{ where, "a/1", "{\"c\":\"s\"}", "" },
		{ when, "a/1",
			"{\"l\":[{\"k\":\"y\",\"n\":1,\"c\":\"s\"},{\"k\":\"z\",\"n\":2,"
			"\"c\":\"s\"},{\"k\":\"y\",\"n\":3,\"c\":\"l\"}]}",
			"TEST1.1 SINGLE; TEST1.3 LONG" },
		{ when, "a/1", "{\"l\":{\"k\":\"y\"}}", "" },
		{ when, "a/1", "{}", "" },
	};

	EXPECT(*state, rows);
}

static void
members_of_an_object_are_items_by_their_key(void **state)
{
	static const char message[] =
		"{via: mqtt, topic: 'a/{id}', forEach: {object: /b, key: '^B(\\d+)$'}, "
		"deviceId: {root: /mac}, button: {key: 1}, " CLICK "}";
	static const struct reading rows[] = {
		{ message, "a/1",
			"{\"mac\":\"77\",\"b\":{\"B1\":{\"c\":\"s\"},\"X2\":{\"c\":\"s\"}"
			","
			"\"B3\":{\"c\":\"d\"}}}",
			"TEST77.1 SINGLE; TEST77.3 DOUBLE" },
		{ message, "a/1", "{\"mac\":\"77\",\"b\":[{\"c\":\"s\"}]}", "" },
		{ "{via: mqtt, topic: 'a/{id}', forEach: {object: '', key: 'B'}, " ID
		  ", button: {key: 0}, " CLICK "}",
			"a/1", "{\"B9\":{\"c\":\"s\"}}", "TEST1.B SINGLE" },
	};

	EXPECT(*state, rows);
}

static void
names_lead_to_ids(void **state)
{
	static const char messages[] =
		"{via: mqtt, topic: b/devices, retained: accept, forEach: {array: ''}, "
		"alias: "
		"{from: {ptr: /name}, to: {ptr: /mac, re: '^0x(.*)$', case: upper}}}, "
		"{via: mqtt, topic: 'b/n/{id...}', deviceId: {topic: id, alias: "
		"required}, " CLICK ", remainingLife: {ptr: /b}}, "
		"{via: mqtt, topic: 'b/o/{id...}', deviceId: {topic: id, alias: "
		"optional}, " CLICK "}";
	static const struct reading rows[] = {
		{ messages, "b/devices",
			"[{\"name\":\"Hall/door 1\",\"mac\":\"0xab\"},{\"name\":\"x\"},"
			"{\"name\":\"y\",\"mac\":\"zz\"}]",
			"Hall/door 1 = AB" },
		{ messages, "b/n/Hall/door 1", "{\"c\":\"s\"}", "TESTAB SINGLE" },
		{ messages, "b/n/Porch", "{\"c\":\"s\"}",
			"! test messages[1].deviceId: no ID is known for the name "
			"\"Porch\" "
			"(yet)" },
		/* a sensor nobody ever named is no failure */
		{ messages, "b/n/Porch", "{\"b\":90}", "" },
		{ messages, "b/o/Hall/door 1", "{\"c\":\"s\"}", "TESTAB SINGLE" },
		{ messages, "b/o/porch", "{\"c\":\"s\"}", "TESTporch SINGLE" },
	};
	struct place *place = *state;

	pairs_set(place->names, "Hall/door 1", "AB");
	EXPECT(place, rows);
}

static void
several_rows_may_read_one_message(void **state)
{
	static const struct reading rows[] = {
		{ "{via: mqtt, topic: 'a/{id}', " ID ", " CLICK "}, "
		  "{via: mqtt, topic: '{x}/{id}', " ID ", remainingLife: {ptr: /b}}",
			"a/1", "{\"c\":\"s\",\"b\":50}", "TEST1 SINGLE; TEST1 50%" },
		/* what is no JSON to one may be text to the other */
		{ "{via: mqtt, topic: 'a/{id}', " ID ", " CLICK "}, "
		  "{via: mqtt, topic: '{x}/{id}', decode: text, " ID
		  ", online: {ptr: '', map: {up: true}}}",
			"a/1", "up", "TEST1 online" },
	};

	EXPECT(*state, rows);
}

static void
a_payload_that_cannot_be_read_is_told(void **state)
{
	static const char json[] = "{via: mqtt, topic: 'a/{id}', " ID ", " CLICK "}";
	static const char text[] = "{via: mqtt, topic: 'a/{id}', decode: text, " ID
				   ", online: {ptr: '', map: {up: true}}}";
	static const struct reading rows[] = {
		{ json, "a/1", "{\"c\":",
			"! the payload is no JSON: line 1, column 6: the text ends where "
			"a "
			"value should be" },
		{ json, "a/1", "single",
			"! the payload is no JSON: line 1, column 1: 's' stands where a "
			"value "
			"should be" },
		{ json, "b/1", "single", "" },
		{ text, "a/1", "\xff\xfe", "! the payload is no UTF-8 text" },
	};

	EXPECT(*state, rows);
}

static void
retained_messages_are_read_only_where_accepted(void **state)
{
	static const char messages[] =
		"{via: mqtt, topic: 'a/{id}', " ID ", " CLICK "}, "
		"{via: mqtt, topic: 'a/{id}', retained: accept, " ID
		", remainingLife: {ptr: /b}}";
	struct place *place = *state;
	struct profile_message message = { .topic = "a/1",
		.payload = "{\"c\":\"s\",\"b\":50}",
		.size = 16,
		.retained = true };
	struct fault why;
	const struct profiles *profiles = load(place, wrap(place, messages), &why);
	int matched;

	assert_string_equal(
		read_message(place, profiles, &message, &matched), "TEST1 50%");
	assert_int_equal(matched, 2);
	message.retained = false;
	assert_string_equal(read_message(place, profiles, &message, &matched),
		"TEST1 SINGLE; TEST1 50%");
	assert_int_equal(matched, 2);
}

static void
http_is_read_by_its_path_and_headers(void **state)
{
	struct place *place = *state;
	struct pairs *headers = pairs_new(place->life);
	struct profile_message message = { .via = VIA_HTTP,
		.topic = "/ingest/x",
		.payload = "{\"c\":\"s\"}",
		.size = 9,
		.headers = headers };
	const struct profiles *profiles = load(place,
		"profile: test\nmessages: [{via: http, path: /ingest/x, verify: basic, "
		"deviceId: {header: X-Id}, " CLICK "}]\n"
		"samples: [{path: /ingest/x, payload: '{}', expect: nothing}]\n",
		&(struct fault){ 0 });
	enum profile_verify verify;
	int matched;

	assert_string_equal(read_message(place, profiles, &message, &matched),
		"! test messages[0].deviceId: \"\" is no ID: the message has none there");
	pairs_set(headers, "x-id", "440101234567890");
	assert_string_equal(read_message(place, profiles, &message, &matched),
		"440101234567890 SINGLE");
	message.via = VIA_MQTT;
	assert_string_equal(read_message(place, profiles, &message, &matched), "");
	assert_int_equal(matched, 0);
	assert_ptr_equal(profiles_at_path(profiles, "/ingest/x", &verify),
		profiles_at(profiles, 0));
	assert_int_equal(verify, VERIFY_BASIC);
	assert_null(profiles_at_path(profiles, "/ingest/y", &verify));
}

static void
bthome_is_read_raw_and_in_hexadecimal(void **state)
{
	static const char message[] =
		"{via: mqtt, topic: 'a/{id}', decode: bthome2, forEach: {array: "
		"/buttons}, " ID
		", button: {ptr: /n}, clickType: {ptr: /event, map: {1: SINGLE, 2: "
		"DOUBLE, 4: LONG, 128: LONG}}, remainingLife: {root: /battery}, dedupe: "
		"{key: [{root: /packet}], windowSeconds: 30}}";
	static const struct reading rows[] = {
		{ message, "a/1", "44000c015a3a01", "TEST1.1 SINGLE 90% key 12 30000" },
		{ message, "a/1", "D2FC44000C015A3A04", "TEST1.1 LONG 90% key 12 30000" },
		{ message, "a/1", "\x44\x01\x5a\x3a\x02", "TEST1.1 DOUBLE 90%" },
		/* a thermometer's objects lie before; the second of two buttons */
		{ message, "a/1", "4002c409 03bf13",
			"! the payload is no BTHome version 2" },
		{ message, "a/1", "4402c40903bf133a003a01", "TEST1.2 SINGLE" },
		/* a dimmer behind it, unknown objects, nothing pressed */
		{ message, "a/1", "443a013c0103", "TEST1.1 SINGLE" },
		{ message, "a/1", "443a0154ffffff", "TEST1.1 SINGLE" },
		{ message, "a/1", "443a00", "" },
		{ message, "a/1", "44", "" },
		{ message, "a/1", "443a", "! the BTHome object 0x3A is cut off" },
		{ message, "a/1", "4402c4", "! the BTHome object 0x02 is cut off" },
		{ message, "a/1", "453a01aabbccdd",
			"! the BTHome device encrypts what it says; turn its encryption "
			"off, "
			"or take it through a gateway that has its key" },
		{ message, "a/1", "243a01", "! the payload is no BTHome version 2" },
	};

	EXPECT(*state, rows);
}

static void
clicks_are_rated_where_no_battery_is_reported(void **state)
{
	static const struct {
		const char *line, *messages;
		int rated;
		bool registers;
	} rows[] = {
		{ "", "{via: mqtt, topic: '{id}', " ID ", " CLICK "}", 2000, false },
		{ "register: auto\n",
			"{via: mqtt, topic: '{id}', " ID ", remainingLife: {ptr: /b}}", 0,
			true },
		{ "ratedClicks: 500\nregister: manual\n",
			"{via: mqtt, topic: '{id}', " ID ", " CLICK
			", remainingLife: {ptr: /b}}",
			500, false },
	};
	struct place *place = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct profiles *profiles = load(place,
			mem_format(place->life, "%s%s", rows[i].line,
				wrap(place, rows[i].messages)),
			&(struct fault){ 0 });
		const struct profile *profile = profiles_at(profiles, 0);

		assert_string_equal(profile_name(profile), "test");
		assert_int_equal(profile_rated_clicks(profile), rows[i].rated);
		assert_int_equal(profile_registers(profile), rows[i].registers);
		assert_int_equal(profile_messages(profile), 1);
		assert_int_equal(profile_samples(profile), 1);
	}
}

static const char *
list_filters(struct place *place, const char *topics)
{
	char *copy = mem_text(place->life, topics), *save,
	     *messages = mem_text(place->life, "");
	const struct profiles *profiles;
	const char *const *filter;
	size_t count;
	char *out = mem_text(place->life, "");

	for (char *t = strtok_r(copy, " ", &save); t; t = strtok_r(NULL, " ", &save))
		messages = mem_format(place->life,
			"%s{via: mqtt, topic: '%s', deviceId: {ptr: /i}, " CLICK "}, ",
			messages, t);
	profiles = load(place, wrap(place, messages), &(struct fault){ 0 });
	filter = profiles_filters(profiles, &count);
	for (size_t i = 0; i < count; i++)
		out = mem_format(place->life, "%s%s%s", out, i ? " " : "", filter[i]);
	return out;
}

static void
filters_cover_all_topics_and_not_each_other(void **state)
{
	static const struct {
		const char *topics, *filters;
	} rows[] = {
		{ "a/{x}/c", "a/+/c" },
		{ "a/b/c a/{x}/c", "a/+/c" },
		{ "a/{x}/c a/b/c", "a/+/c" },
		{ "a/x-{m}/c", "a/+/c" },
		{ "a/{r...} a/{x} a a/b/{r...} b", "a/# b" },
		{ "a/b/c a/{x}/d", "a/b/c a/+/d" },
		{ "{p...}/e b/e", "+/e +/+/e +/+/+/e +/+/+/+/e +/+/+/+/+/e" },
		{ "{x} $dev", "+ $dev" }, /* no wildcard covers what begins with $ */
		{ "{r...} a/b", "#" },
		{ "a/{x} a/{x}/b", "a/+ a/+/b" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_string_equal(
			list_filters(*state, rows[i].topics), rows[i].filters);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(placeholders_stand_for_levels),
		TEST(topics_that_are_not_meant_are_skipped),
		TEST(steps_go_in_their_order),
		TEST(what_is_not_listed_or_not_there_is_no_event),
		TEST(another_way_is_tried_where_one_gave_nothing),
		TEST(pointers_are_those_of_rfc_6901),
		TEST(conditions_hold_on_the_whole_and_on_each_item),
		TEST(members_of_an_object_are_items_by_their_key),
		TEST(names_lead_to_ids),
		TEST(several_rows_may_read_one_message),
		TEST(a_payload_that_cannot_be_read_is_told),
		TEST(retained_messages_are_read_only_where_accepted),
		TEST(http_is_read_by_its_path_and_headers),
		TEST(bthome_is_read_raw_and_in_hexadecimal),
		TEST(clicks_are_rated_where_no_battery_is_reported),
		TEST(filters_cover_all_topics_and_not_each_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
