/* Templates filled with what a placement says. */
#include "sinks.h"

static const char *
filled(const char *text)
{
	struct buf out;

	buf_init(&out, rig.life, BUF_NO_CAP);
	parcel_fill(&out, text, &rig.parcel);
	return out.data;
}

static void
attributes_take_the_place_of_their_names(void **state)
{
	static const char *const row[][2] = {
		{ "", "" },
		{ "plain", "plain" },
		{ "{{Name}}", "Ann" },
		{ "a {{Name}}, {{Room}}!", "a Ann, 237!" },
		{ "{{Name}}{{Room}}", "Ann237" },
		{ "{{nobody}}", "" },
		{ "{{name}}", "" },
		{ "{{}}", "" },
		{ "{{Name", "{{Name" },
		{ "Name}}", "Name}}" },
		{ "{Name}", "{Name}" },
		{ "{{{Name}}}", "{Ann}" },
		{ "{{a {{Name}}", "{{a Ann" },
		{ "{{ Name }}", "" },
		{ "{{*}}", "{\"Name\":\"Ann\",\"Room\":\"237\",\"q\":\"\\\"\"}" },
		{ "{{", "{{" },
		{ "}}{{", "}}{{" },
	};

	(void)state;
	pairs_set(rig.attributes, "Name", "Ann");
	pairs_set(rig.attributes, "Room", "237");
	pairs_set(rig.attributes, "q", "\"");
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		assert_string_equal(filled(row[i][0]), row[i][1]);
}

static void
what_was_put_in_is_not_looked_at_again(void **state)
{
	(void)state;
	pairs_set(rig.attributes, "a", "{{b}}");
	pairs_set(rig.attributes, "b", "{{a}}{{*}}");
	pairs_set(rig.attributes, "open", "{{");
	pairs_set(rig.attributes, "close", "b}}");
	assert_string_equal(filled("{{a}} {{b}}"), "{{b}} {{a}}{{*}}");
	assert_string_equal(filled("{{open}}{{close}}"), "{{b}}");
}

static void
the_event_stands_in_for_attributes_of_its_names(void **state)
{
	(void)state;
	assert_string_equal(
		filled("{{deviceId}} {{clickType}} {{projectName}} {{placementName}}"),
		DEVICE " SINGLE Dumpsters customer217");
	pairs_set(rig.attributes, "deviceId", "mine");
	assert_string_equal(filled("{{deviceId}}"), "mine");
	rig.parcel.project = rig.parcel.placement = NULL;
	assert_string_equal(filled("{{projectName}}"), "");
}

static void
a_message_ends_with_the_device_and_its_click(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, rig.life, BUF_NO_CAP);
	parcel_sign_off(&out, &rig.parcel);
	assert_string_equal(out.data, "\n(DSN: " DEVICE ", SINGLE)");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SINK_TEST(attributes_take_the_place_of_their_names),
		SINK_TEST(what_was_put_in_is_not_looked_at_again),
		SINK_TEST(the_event_stands_in_for_attributes_of_its_names),
		SINK_TEST(a_message_ends_with_the_device_and_its_click),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
