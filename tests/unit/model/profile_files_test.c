#include <sys/stat.h>

#include "profiles.h"

#define CLICK "clickType: {ptr: /c, map: {s: SINGLE}}"
#define ID "deviceId: {topic: id}"

/* ---- files and directories ------------------------------------------------------------
 */

static const char *
named(struct place *place, const char *name, const char *path)
{
	return mem_format(place->life,
		"profile: %s\nmessages: [{via: http, path: %s, deviceId: {header: "
		"x}, " CLICK
		"}]\nsamples: [{path: %s, payload: '{}', expect: nothing}]\n",
		name, path, path);
}

static const char *
load_dir(struct place *place)
{
	struct fault *why = mem_new(place->life, struct fault);
	struct profiles *profiles = NULL;

	if (!profiles_load(place->life, place->dir, &profiles, why))
		return mem_format(place->life, "%zu", profiles_count(profiles));
	assert_null(profiles);
	return why->sentence;
}

static void
a_profile_of_ones_own_takes_the_place_of_a_shipped_one(void **state)
{
	struct place *place = *state;
	struct profiles *profiles;
	size_t shipped;
	bool found = false;

	assert_int_equal(profiles_load(place->life, NULL, &profiles, NULL), ERR_NONE);
	shipped = profiles_count(profiles);
	write_file(place, "a.yaml", named(place, "tasmota", "/ingest/tasmota"));
	write_file(place, "b.yaml", named(place, "mine", "/ingest/mine"));
	write_file(place, "README.txt", "no profile");
	write_file(place, ".hidden.yaml", "no profile either");
	assert_int_equal(
		profiles_load(place->life, place->dir, &profiles, NULL), ERR_NONE);
	assert_int_equal(profiles_count(profiles), shipped + 1);
	for (size_t i = 0; i < profiles_count(profiles); i++) {
		const struct profile *profile = profiles_at(profiles, i);

		if (strcmp(profile_name(profile), "tasmota") != 0)
			continue;
		assert_string_equal(profile_origin(profile),
			mem_format(place->life, "%s/a.yaml", place->dir));
		found = true;
	}
	assert_true(found);
}

static void
two_of_ones_own_need_two_names(void **state)
{
	struct place *place = *state;

	write_file(place, "a.yaml", named(place, "mine", "/ingest/a"));
	write_file(place, "b.yaml", named(place, "mine", "/ingest/b"));
	assert_string_equal(
		load_dir(place), mem_format(place->life,
					 "%s/b.yaml: profile: the name \"mine\" is that "
					 "of %s/a.yaml; give "
					 "each "
					 "its own",
					 place->dir, place->dir));
}

static void
a_path_belongs_to_one_profile(void **state)
{
	struct place *place = *state;

	write_file(place, "a.yaml", named(place, "mine", "/ingest/soracom"));
	assert_string_equal(load_dir(place),
		mem_format(place->life,
			"%s/a.yaml: messages[0].path: /ingest/soracom is taken by the "
			"profile "
			"soracom-button-enterprise already",
			place->dir));
}

static void
one_bad_profile_refuses_the_directory(void **state)
{
	struct place *place = *state;

	write_file(place, "a.yaml", named(place, "fine", "/ingest/fine"));
	write_file(place, "b.yaml", "profile: [\n");
	assert_non_null(strstr(load_dir(place), "/b.yaml:2:1: "));
}

static void
what_is_no_file_is_refused(void **state)
{
	struct place *place = *state;
	struct profiles *profiles;
	struct fault why;
	const char *path = mem_format(place->life, "%s/none", place->dir);

	assert_int_equal(
		profiles_load_file(place->life, path, &profiles, &why), ERR_NOT_FOUND);
	assert_non_null(strstr(why.sentence, path));
	assert_int_equal(
		profiles_load(place->life, path, &profiles, &why), ERR_NOT_FOUND);
	assert_non_null(strstr(why.sentence, path));
	assert_int_equal(profiles_load_file(place->life, place->dir, &profiles, &why),
		ERR_INVALID);
	assert_int_equal(
		mkfifo(mem_format(place->life, "%s/p.yaml", place->dir), 0600), 0);
	assert_non_null(strstr(load_dir(place), "p.yaml"));
}

/* ---- what is meant to hurt ------------------------------------------------------------
 */

static void
deep_and_long_yaml_is_refused(void **state)
{
	struct place *place = *state;
	char *deep = mem_array(place->life, char, 5001);
	struct buf many, hundred_thousand;

	memset(deep, '[', 5000);
	assert_string_equal(refusal(place, deep), "nested deeper than 32 levels");
	buf_init(&many, place->life, BUF_NO_CAP);
	for (int i = 0; i < 40; i++)
		buf_text(&many, "{via: mqtt, topic: '{id}', " ID ", " CLICK "}, ");
	assert_string_equal(refusal(place, wrap(place, many.data)),
		"messages: it has 40 items; 1 to 32 are taken");
	buf_init(&hundred_thousand, place->life, BUF_NO_CAP);
	buf_text(&hundred_thousand, "profile: x\nmessages: [");
	for (int i = 0; i < 100 * 1000; i++)
		buf_text(&hundred_thousand, "a,");
	buf_text(&hundred_thousand, "a]\n");
	assert_string_equal(refusal(place, hundred_thousand.data),
		"more than 100000 values; make it smaller");
}

static void
a_catastrophic_pattern_gives_up(void **state)
{
	struct place *place = *state;
	struct fault why;
	const struct profiles *profiles = load(place,
		wrap(place, "{via: mqtt, topic: 'a/{id}', " ID
			    ", clickType: {ptr: /c, re: '^(a+)+$'}, online: {ptr: /o}}"),
		&why);
	struct buf payload;

	buf_init(&payload, place->life, BUF_NO_CAP);
	buf_text(&payload, "{\"o\":true,\"c\":\"");
	for (int i = 0; i < 2000; i++)
		buf_char(&payload, 'a');
	buf_text(&payload, "!\"}");
	assert_string_equal(read_text(place, profiles, "a/1", payload.data),
		"TEST1 online! test messages[0].clickType: the pattern ^(a+)+$ takes too "
		"many "
		"steps over this text; make it simpler");
}

static const char *
read_items(struct place *place, const struct profiles *profiles, const char *topic,
	size_t count)
{
	struct buf payload;

	buf_init(&payload, place->life, BUF_NO_CAP);
	buf_char(&payload, '[');
	for (size_t i = 0; i < count; i++)
		buf_format(&payload, "%s{\"c\":\"s\",\"n\":%zu}", i ? "," : "", i);
	buf_char(&payload, ']');
	return read_text(place, profiles, topic, payload.data);
}

static void
items_beyond_count_are_refused_whole(void **state)
{
	struct place *place = *state;
	struct fault why;
	const struct profiles *profiles = load(place,
		wrap(place,
			"{via: mqtt, topic: a, forEach: {array: ''}, deviceId: {ptr: "
			"/n}, " CLICK "}, {via: mqtt, topic: b, forEach: {array: ''}, "
			"alias: {from: {ptr: /n}, to: {ptr: /n}}}"),
		&why);
	const char *all = read_items(place, profiles, "a", 256);

	assert_non_null(strstr(all, "TEST0 SINGLE; TEST1 SINGLE; "));
	assert_non_null(strstr(all, "; TEST255 SINGLE"));
	assert_string_equal(read_items(place, profiles, "a", 257),
		"! test messages[0].forEach: 257 items; at most 256 are taken");
	assert_non_null(
		strstr(read_items(place, profiles, "b", 10 * 1000), "9999 = 9999"));
	assert_string_equal(read_items(place, profiles, "b", 100 * 1000),
		"! test messages[1].forEach: 100000 items; at most 10000 are taken");
}

static void
topics_and_payloads_of_any_bytes_do_no_harm(void **state)
{
	static const char *const topics[] = { "", "/", "a", "a/", "//", "a//b", "a/\xff",
		"$SYS/a", "zigbee2mqtt/", "zigbee2mqtt//", "x/events/rpc",
		"stat/_/RESULT", "flic/\xc3\xa9/action",
		"shellies/shellybutton1-/input_event/0" };
	static const char *const payloads[] = { "", "\xff", "[", "[]", "{}", "null",
		"true", "0", "\"\"", "{\"action\":[]}", "{\"action\":{\"action\":1}}",
		"click",
		"{\"params\":{\"events\":[null,1,[],{}]},\"method\":\"NotifyEvent\"}",
		"{\"Button1\":null,\"Button2\":[]}",
		"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[" };
	struct place *place = *state;
	struct profiles *profiles;

	assert_int_equal(profiles_load(place->life, NULL, &profiles, NULL), ERR_NONE);
	for (size_t i = 0; i < sizeof(topics) / sizeof(*topics); i++)
		for (size_t k = 0; k < sizeof(payloads) / sizeof(*payloads); k++) {
			struct ear ear = { .place = place };
			struct profile_reader deaf = { .saw = hear, .arg = &ear };
			struct profile_message message = { .topic = topics[i],
				.payload = payloads[k],
				.size = strlen(payloads[k]) };
			int matched;
			enum err err;

			buf_init(&ear.heard, place->life, BUF_NO_CAP);
			err = profiles_read(
				profiles, place->life, &message, &deaf, &matched, NULL);
			assert_true(err == ERR_NONE || err == ERR_INVALID);
			assert_null(strstr(ear.heard.data, "SINGLE"));
		}
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(a_profile_of_ones_own_takes_the_place_of_a_shipped_one),
		TEST(two_of_ones_own_need_two_names),
		TEST(a_path_belongs_to_one_profile),
		TEST(one_bad_profile_refuses_the_directory),
		TEST(what_is_no_file_is_refused),
		TEST(deep_and_long_yaml_is_refused),
		TEST(a_catastrophic_pattern_gives_up),
		TEST(items_beyond_count_are_refused_whole),
		TEST(topics_and_payloads_of_any_bytes_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
