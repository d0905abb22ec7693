#include "profiles.h"

#define CLICK "clickType: {ptr: /c, map: {s: SINGLE, d: DOUBLE, l: LONG}}"
#define ID "deviceId: {topic: id}"

static void
a_key_says_what_is_a_repetition_and_for_how_long(void **state)
{
	static const char message[] =
		"{via: mqtt, topic: 'a/{id}', " ID ", " CLICK
		", dedupe: {key: [{ptr: /n}, {ptr: /m}], windowSeconds: 30}}";
	static const struct reading rows[] = {
		{ message, "a/1", "{\"c\":\"s\",\"n\":7,\"m\":\"x\"}",
			"TEST1 SINGLE key 7/x 30000" },
		{ message, "a/1", "{\"c\":\"s\",\"m\":\"x\"}",
			"TEST1 SINGLE key /x 30000" },
		{ message, "a/1", "{\"c\":\"s\"}", "TEST1 SINGLE" },
		{ "{via: mqtt, topic: 'a/{id}', " ID ", " CLICK
		  ", dedupe: {key: [{ptr: /n}]}}",
			"a/1", "{\"c\":\"s\",\"n\":7}", "TEST1 SINGLE key 7 0" },
		/* a key longer than 128 bytes is told by its digest */
		{ "{via: mqtt, topic: 'a/{id}', " ID ", " CLICK
		  ", dedupe: {key: [{ptr: /n}, {ptr: /n}, {ptr: /n}]}}",
			"a/1",
			"{\"c\":\"s\",\"n\":"
			"\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\""
			"}",
			"TEST1 SINGLE key "
			"859a632a1b1c2fdfe76a738ee4a86da3e4564b3a80f96925d1d4a2ec1d6cfd75"
			" 0" },
	};

	EXPECT(*state, rows);
}

static void
life_is_a_percent_or_on_a_line(void **state)
{
	static const char plain[] = "{via: mqtt, topic: 'a/{id}', " ID ", " CLICK
				    ", remainingLife: {ptr: /b}}";
	static const char line[] = "{via: mqtt, topic: 'a/{id}', " ID
				   ", remainingLife: {ptr: /b, linear: [1100, 0, 1700, "
				   "100]}}";
	static const struct reading rows[] = {
		{ plain, "a/1", "{\"b\":87.5}", "TEST1 87.5%" },
		{ plain, "a/1", "{\"b\":0}", "TEST1 0%" },
		{ plain, "a/1", "{\"b\":\"12\",\"c\":\"s\"}", "TEST1 SINGLE 12%" },
		{ line, "a/1", "{\"b\":1547}", "TEST1 74.5%" },
		{ line, "a/1", "{\"b\":1300}", "TEST1 33.33%" },
		{ line, "a/1", "{\"b\":900}", "TEST1 0%" },
		{ line, "a/1", "{\"b\":9e9}", "TEST1 100%" },
	};

	EXPECT(*state, rows);
}

/* What the message says otherwise is told all the same. */
static void
a_click_is_not_lost_for_a_bad_battery(void **state)
{
	static const char message[] =
		"{via: mqtt, topic: 'a/{id}', " ID ", " CLICK
		", remainingLife: {ptr: /b}, reportedTime: {ptr: /t}}";
	static const struct reading rows[] = {
		{ message, "a/1", "{\"c\":\"s\",\"b\":\"full\"}",
			"TEST1 SINGLE! test messages[0].remainingLife: \"full\" is no "
			"percent, "
			"0 to 100" },
		{ message, "a/1", "{\"c\":\"s\",\"b\":101}",
			"TEST1 SINGLE! test messages[0].remainingLife: \"101\" is no "
			"percent, "
			"0 to 100" },
		{ message, "a/1", "{\"c\":\"s\",\"b\":-1}",
			"TEST1 SINGLE! test messages[0].remainingLife: \"-1\" is no "
			"percent, "
			"0 to 100" },
		{ message, "a/1", "{\"c\":\"s\",\"t\":\"noon\"}",
			"TEST1 SINGLE! test messages[0].reportedTime: \"noon\" is no "
			"time" },
	};

	EXPECT(*state, rows);
}

static void
times_come_in_three_units(void **state)
{
	static const char format[] = "{via: mqtt, topic: 'a/{id}', " ID ", " CLICK
				     ", reportedTime: {ptr: /t%s}}";
	struct place *place = *state;
	const struct reading rows[] = {
		{ mem_format(place->life, format, ", unit: s"), "a/1",
			"{\"c\":\"s\",\"t\":1778751000.25}",
			"TEST1 SINGLE at 2026-05-14T09:30:00.250Z" },
		{ mem_format(place->life, format, ", unit: ms"), "a/1",
			"{\"c\":\"s\",\"t\":1778751000250}",
			"TEST1 SINGLE at 2026-05-14T09:30:00.250Z" },
		{ mem_format(place->life, format, ", unit: rfc3339"), "a/1",
			"{\"c\":\"s\",\"t\":\"2026-05-14T11:30:00+02:00\"}",
			"TEST1 SINGLE at 2026-05-14T09:30:00.000Z" },
		{ mem_format(place->life, format, ""), "a/1",
			"{\"c\":\"s\",\"t\":\"2026-05-14T09:30:00Z\"}",
			"TEST1 SINGLE at 2026-05-14T09:30:00.000Z" },
		{ mem_format(place->life, format, ", unit: s"), "a/1",
			"{\"c\":\"s\",\"t\":1e300}",
			"TEST1 SINGLE! test messages[0].reportedTime: \"1e+300\" is no "
			"time" },
		{ mem_format(place->life, format, ", unit: s"), "a/1",
			"{\"c\":\"s\",\"t\":-5}",
			"TEST1 SINGLE! test messages[0].reportedTime: \"-5\" is no "
			"time" },
	};

	EXPECT(place, rows);
}

static void
online_is_true_or_false(void **state)
{
	static const char message[] =
		"{via: mqtt, topic: 'a/{id}', decode: json-or-text, " ID
		", online: {ptr: [/state, ''], map: {up: true, down: false, true: "
		"true}}}";
	static const struct reading rows[] = {
		{ message, "a/1", "up", "TEST1 online" },
		{ message, "a/1", "{\"state\":\"down\"}", "TEST1 offline" },
		{ message, "a/1", "true", "TEST1 online" },
		{ message, "a/1", "sideways", "" },
		{ "{via: mqtt, topic: 'a/{id}', decode: text, " ID ", online: {ptr: ''}}",
			"a/1", "maybe",
			"! test messages[0].online: \"maybe\" is neither true nor "
			"false" },
	};

	EXPECT(*state, rows);
}

static void
ids_are_checked_whole(void **state)
{
	static const char message[] =
		"{via: mqtt, topic: 'a/{id...}', " ID ", button: {ptr: /n}, " CLICK "}";
	static const struct reading rows[] = {
		{ message, "a/1234567890123456789012345678", "{\"c\":\"s\"}",
			"TEST1234567890123456789012345678 SINGLE" },
		{ message, "a/1234567890123456789012345678", "{\"c\":\"s\",\"n\":1}",
			"! test messages[0].deviceId: A device ID has at most 32 "
			"letters; "
			"this one has 34." },
		{ message, "a/two words", "{\"c\":\"s\"}",
			"! test messages[0].deviceId: A device ID has only letters, "
			"digits, "
			"'-', '_', '.' and ':'; 'TESTtwo words' has others." },
		{ message, "a/one/two", "{\"c\":\"s\"}",
			"! test messages[0].deviceId: A device ID has only letters, "
			"digits, "
			"'-', '_', '.' and ':'; 'TESTone/two' has others." },
		{ message, "a/one/two", "{\"c\":\"nothing\"}", "" },
	};

	EXPECT(*state, rows);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(a_key_says_what_is_a_repetition_and_for_how_long),
		TEST(life_is_a_percent_or_on_a_line),
		TEST(a_click_is_not_lost_for_a_bad_battery),
		TEST(times_come_in_three_units),
		TEST(online_is_true_or_false),
		TEST(ids_are_checked_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
