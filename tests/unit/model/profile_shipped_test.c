#include "oneclick/base/file.h"
#include "oneclick/data/json.h"
#include "oneclick/data/yaml.h"
#include "profiles.h"

#define PROFILES "profiles"

static const char *const products[] = { "aws-iot-button-gen1", "bthome-theengs",
	"chirpstack-milesight-ws101", "esphome", "flic-hub-mqtt", "homie5",
	"shelly-gen1-button1", "shelly-gen2", "soracom-button-enterprise",
	"soracom-lte-m-button-global", "tasmota", "thethingsstack-milesight-ws101",
	"zigbee2mqtt" };
enum { PRODUCTS = sizeof(products) / sizeof(*products) };

static const char *
path_of(struct place *place, size_t i)
{
	return mem_format(place->life, PROFILES "/%s.yaml", products[i]);
}

static void
every_product_is_built_in(void **state)
{
	struct place *place = *state;
	struct profiles *profiles;
	struct fault why;

	if (profiles_load(place->life, NULL, &profiles, &why))
		fail_msg("%s", why.sentence);
	assert_int_equal(profiles_count(profiles), PRODUCTS);
	for (size_t i = 0; i < PRODUCTS; i++) {
		assert_string_equal(profile_name(profiles_at(profiles, i)), products[i]);
		assert_string_equal(profile_origin(profiles_at(profiles, i)), "built-in");
	}
}

static void
a_built_in_one_is_found_by_its_name(void **state)
{
	struct place *place = *state;
	struct profiles *profiles;
	struct fault why;

	for (size_t i = 0; i < PRODUCTS; i++) {
		assert_int_equal(
			profiles_load_shipped(place->life, products[i], &profiles, &why),
			ERR_NONE);
		assert_int_equal(profiles_count(profiles), 1);
		assert_string_equal(profile_name(profiles_at(profiles, 0)), products[i]);
	}
	assert_int_equal(
		profiles_load_shipped(place->life, "zigbe2mqtt", &profiles, &why),
		ERR_NOT_FOUND);
	assert_string_equal(why.sentence,
		"there is no profile \"zigbe2mqtt\"; did you mean zigbee2mqtt");
}

/* ---- every sample, read by this test and not by the loader ---- */

static const char *
text_of(void *life, const struct value *value)
{
	struct buf out;
	struct json j;

	buf_init(&out, life, BUF_NO_CAP);
	j = json_to(&out);
	json_value(&j, value);
	return out.data;
}

struct heard {
	struct place *place;
	struct buf text;
	size_t clicks;
};

static void
hear_all(void *arg, const struct sighting *seen)
{
	struct heard *heard = arg;
	struct buf *out = &heard->text;
	char iso[MOMENT_ISO_SIZE];

	buf_text(out, out->len ? "; " : "");
	if (seen->alias_from) {
		pairs_set(heard->place->names, seen->alias_from, seen->alias_to);
		buf_format(out, "%s to %s", seen->alias_from, seen->alias_to);
		return;
	}
	heard->clicks += seen->is_click;
	buf_format(out, "%s %s %g %d", seen->device_id,
		seen->is_click ? event_kind_name(seen->kind) : "-", seen->life,
		seen->online);
	if (seen->reported_at) {
		moment_to_iso(seen->reported_at, iso);
		buf_format(out, " %.19s", iso);
	}
}

static const char *
find_name(void *arg, const char *profile, const char *name)
{
	(void)profile;
	return pairs_get(((struct heard *)arg)->place->names, name);
}

static void
write_expected(struct buf *out, const struct value *map)
{
	const struct value *online = value_get(map, "online");
	const char *click = value_text(map, "clickType");
	const char *at = value_text(map, "reportedTime");

	buf_text(out, out->len ? "; " : "");
	if (value_get(map, "alias"))
		buf_format(
			out, "%s to %s", value_text(map, "alias"), value_text(map, "to"));
	else
		buf_format(out, "%s %s %g %d", value_text(map, "deviceId"),
			click ? click : "-", value_number(map, "remainingLife", -1),
			online ? online->yes : -1);
	if (at)
		buf_format(out, " %.19s", at);
}

static const char *
tell_expected(void *life, const struct value *expect)
{
	struct buf out;

	buf_init(&out, life, BUF_NO_CAP);
	if (expect->kind == VALUE_MAP)
		write_expected(&out, expect);
	for (size_t i = 0; expect->kind == VALUE_LIST && i < expect->count; i++)
		write_expected(&out, &expect->item[i]);
	return out.data;
}

/* Clicks that it gave. */
static size_t
try_sample(struct place *place, const struct profiles *profiles, const char *name,
	const struct value *sample)
{
	const struct value *payload = value_get(sample, "payload");
	const struct value *expect = value_get(sample, "expect");
	const char *topic = value_text(sample, "topic");
	struct profile_message message = { .via = topic ? VIA_MQTT : VIA_HTTP,
		.topic = topic ? topic : value_text(sample, "path"),
		.payload = payload->kind == VALUE_TEXT ? payload->text
						       : text_of(place->life, payload),
		.retained = value_bool(sample, "retained", false),
		.headers = value_pairs(place->life, value_get(sample, "headers")) };
	struct heard heard = { .place = place };
	struct profile_reader reader = {
		.saw = hear_all, .alias = find_name, .arg = &heard
	};
	bool refused = expect->kind == VALUE_TEXT && !strcmp(expect->text, "refused");
	struct fault why;
	int matched;
	enum err err;

	message.size = strlen(message.payload);
	buf_init(&heard.text, place->life, BUF_NO_CAP);
	err = profiles_read(profiles, place->life, &message, &reader, &matched, &why);
	if (refused != (err == ERR_INVALID) ||
		strcmp(heard.text.data, tell_expected(place->life, expect)) != 0)
		fail_msg("%s:%d: %s%s", name, sample->line, heard.text.data,
			err ? why.sentence : "");
	return heard.clicks;
}

/* Where all the shipped profiles listen at once, as they do in the service. */
static void
every_sample_of_every_profile_gives_what_it_says(void **state)
{
	struct place *place = *state;
	struct profiles *profiles;

	assert_int_equal(profiles_load(place->life, NULL, &profiles, NULL), ERR_NONE);
	for (size_t i = 0; i < PRODUCTS; i++) {
		const struct value *tree, *samples;
		size_t clicks = 0, silent = 0;

		assert_int_equal(
			yaml_read_file(place->life, path_of(place, i), &tree, NULL),
			ERR_NONE);
		samples = value_get(tree, "samples");
		assert_int_equal(
			samples->count, profile_samples(profiles_at(profiles, i)));
		for (size_t k = 0; k < samples->count; k++) {
			const struct value *expect =
				value_get(&samples->item[k], "expect");

			clicks += try_sample(
				place, profiles, products[i], &samples->item[k]);
			silent += expect->kind == VALUE_TEXT;
		}
		assert_true(clicks >= 3); /* each of the three types */
		assert_true(silent >= 1);
	}
}

/* The files themselves, as `profile check` reads them. */
static void
every_file_passes_as_one_of_the_operators_own(void **state)
{
	struct place *place = *state;

	for (size_t i = 0; i < PRODUCTS; i++) {
		struct profiles *profiles;
		struct fault why;

		if (profiles_load_file(place->life, path_of(place, i), &profiles, &why))
			fail_msg("%s", why.sentence);
		assert_string_equal(profile_name(profiles_at(profiles, 0)), products[i]);
		assert_string_equal(
			profile_origin(profiles_at(profiles, 0)), path_of(place, i));
	}
}

/* A sample that expects something else must be noticed in each of them. */
static void
a_wrong_expectation_is_noticed_in_every_file(void **state)
{
	struct place *place = *state;

	for (size_t i = 0; i < PRODUCTS; i++) {
		struct buf text;
		char *at;
		struct profiles *profiles;
		struct fault why;

		assert_int_equal(
			file_read(place->life, path_of(place, i), 1 << 18, &text, &why),
			ERR_NONE);
		at = strstr(text.data, "clickType: SINGLE");
		assert_non_null(at);
		memcpy(at, "clickType: DOUBLE", strlen("clickType: DOUBLE"));
		assert_int_equal(
			profiles_load_file(place->life,
				write_file(place, "p.yaml", text.data), &profiles, &why),
			ERR_INVALID);
		assert_non_null(strstr(why.sentence, ": samples["));
		assert_non_null(strstr(why.sentence, ", clickType DOUBLE"));
	}
}

/* What a broker is asked for: nothing twice, and never all there is. */
static void
the_filters_ask_for_no_more_than_is_read(void **state)
{
	struct place *place = *state;
	struct profiles *profiles;
	const char *const *filter;
	size_t count;

	assert_int_equal(profiles_load(place->life, NULL, &profiles, NULL), ERR_NONE);
	filter = profiles_filters(profiles, &count);
	assert_true(count > PRODUCTS / 2);
	for (size_t i = 0; i < count; i++) {
		assert_string_not_equal(filter[i], "#");
		assert_null(strchr(filter[i], '{'));
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(filter[i], filter[k]);
	}
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(every_product_is_built_in),
		TEST(a_built_in_one_is_found_by_its_name),
		TEST(every_sample_of_every_profile_gives_what_it_says),
		TEST(every_file_passes_as_one_of_the_operators_own),
		TEST(a_wrong_expectation_is_noticed_in_every_file),
		TEST(the_filters_ask_for_no_more_than_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
