/* Placement templates read, written, changed and refused; tags checked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/model/project.h"

static void *life;

static int
begin(void **state)
{
	(void)state;
	life = mem_life(NULL);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	mem_free(life);
	return 0;
}

static enum err
try_read(const char *text, struct placement_template **out, struct fault *why)
{
	const struct value *tree;
	assert_int_equal(json_parse(life, text, strlen(text), &tree, NULL), ERR_NONE);
	return placement_template_read(life, tree, out, why);
}

static struct placement_template *
read_good(const char *text)
{
	struct placement_template *template = NULL;
	struct fault why = { 0 };
	if (try_read(text, &template, &why) != ERR_NONE)
		fail_msg("%s", why.sentence);
	return template;
}

static void
assert_writes(const struct placement_template *template, const char *expected)
{
	struct buf out;
	buf_init(&out, life, BUF_NO_CAP);
	struct json j = json_to(&out);
	placement_template_write(&j, template);
	assert_string_equal(out.data, expected);
}

static char *
repeat(char c, size_t n)
{
	char *text = mem_array(life, char, n + 1);
	memset(text, c, n);
	return text;
}

#define ROOM \
	"{\"defaultAttributes\":{\"room\":\"237\",\"floor\":\"\"},\"deviceTemplates\":" \
	"{\"up\":{\"deviceType\":\"button\",\"callbackOverrides\":" \
	"{\"onClickCallback\":\"arn:aws:lambda:us-west-2:123456789012:function:f\"}}," \
	"\"down\":{\"callbackOverrides\":{}}}}"

static void
what_is_read_is_written_back(void **state)
{
	(void)state;
	const struct placement_template *template = read_good(ROOM);
	assert_int_equal(template->count, 2);
	assert_string_equal(placement_template_find(template, "up")->type, "button");
	assert_null(placement_template_find(template, "down")->type);
	assert_null(placement_template_find(template, "sideways"));
	assert_writes(template, ROOM);
}

static void
everything_in_it_may_be_missing_or_null(void **state)
{
	(void)state;
	static const char *const texts[] = { "{}", "{\"deviceTemplates\":{}}",
		"{\"new\":1}", "{\"defaultAttributes\":null,\"deviceTemplates\":null}" };
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		const struct placement_template *template = read_good(texts[i]);
		assert_null(template->defaults);
		assert_int_equal(template->count, 0);
		assert_writes(
			template, "{\"defaultAttributes\":{},\"deviceTemplates\":{}}");
	}
	const struct placement_template *template =
		read_good("{\"deviceTemplates\":{\"a\":{},\"b\":{\"deviceType\":null,"
			  "\"callbackOverrides\":null}}}");
	assert_int_equal(template->templates[0].callbacks->count, 0);
	assert_int_equal(template->templates[1].callbacks->count, 0);
}

static void
what_passes_a_limit_is_refused_by_name(void **state)
{
	(void)state;
	const struct {
		const char *text, *says;
	} rows[] = {
		{ "[]", "placementTemplate must be an object" },
		{ "{\"defaultAttributes\":[]}", "defaultAttributes" },
		{ "{\"defaultAttributes\":{\"a\":1}}", "defaultAttributes" },
		{ "{\"defaultAttributes\":{\"\":\"x\"}}", "defaultAttributes" },
		{ mem_format(life, "{\"defaultAttributes\":{\"a\":\"%s\"}}",
			  repeat('x', 801)),
			"defaultAttributes" },
		{ mem_format(life, "{\"defaultAttributes\":{\"%s\":\"\"}}",
			  repeat('x', 129)),
			"defaultAttributes" },
		{ "{\"deviceTemplates\":7}", "deviceTemplates must be an object" },
		{ "{\"deviceTemplates\":{\"a\":\"b\"}}", "\"a\"" },
		{ "{\"deviceTemplates\":{\"a b\":{}}}", "\"a b\"" },
		{ "{\"deviceTemplates\":{\"\":{}}}", "deviceTemplates" },
		{ "{\"deviceTemplates\":{\"a\":{\"deviceType\":\"Button\"}}}",
			"deviceType must be" },
		{ "{\"deviceTemplates\":{\"a\":{\"deviceType\":true}}}",
			"deviceType must be" },
		{ "{\"deviceTemplates\":{\"a\":{\"callbackOverrides\":{\"k\":{}}}}}",
			"callbackOverrides" },
		{ mem_format(life,
			  "{\"deviceTemplates\":{\"a\":{\"callbackOverrides\":"
			  "{\"k\":\"%s\"}}}}",
			  repeat('x', 201)),
			"callbackOverrides" },
		{ "{\"deviceTemplates\":{\"1\":{},\"2\":{},\"3\":{},\"4\":{},\"5\":{},"
		  "\"6\":{}}}",
			"at most 5" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct placement_template *template = NULL;
		struct fault why = { 0 };
		assert_int_equal(try_read(rows[i].text, &template, &why), ERR_INVALID);
		if (strstr(why.sentence, rows[i].says) == NULL)
			fail_msg("%s: %s", rows[i].text, why.sentence);
		assert_null(template);
	}
	assert_int_equal(placement_template_read(life, NULL, NULL, NULL), ERR_INVALID);
}

static void
what_just_meets_a_limit_is_good(void **state)
{
	(void)state;
	read_good(mem_format(life, "{\"defaultAttributes\":{\"%s\":\"%s\"}}",
		repeat('k', 128), repeat('x', 800)));
	read_good(mem_format(life,
		"{\"deviceTemplates\":{\"%s\":{\"callbackOverrides\":{\"k\":\"%s\"}},"
		"\"2\":{},\"3\":{},\"4\":{},\"5\":{}}}",
		repeat('n', 128), repeat('x', 200)));
}

static void
an_update_changes_what_it_gives_and_keeps_the_rest(void **state)
{
	(void)state;
	struct placement_template *made = NULL;
	const struct placement_template *old = read_good(ROOM);
	const struct placement_template *change =
		read_good("{\"defaultAttributes\":{\"room\":\"\",\"wing\":\"east\"},"
			  "\"deviceTemplates\":"
			  "{\"down\":{\"deviceType\":\"button\",\"callbackOverrides\":{"
			  "\"x\":\"y\"}},"
			  "\"up\":{\"callbackOverrides\":{\"onClickCallback\":\"\"}}}}");
	assert_int_equal(
		placement_template_update(life, old, change, &made, NULL), ERR_NONE);
	assert_writes(made,
		"{\"defaultAttributes\":{\"floor\":\"\",\"wing\":\"east\"},"
		"\"deviceTemplates\":"
		"{\"up\":{\"deviceType\":\"button\",\"callbackOverrides\":{}},"
		"\"down\":{\"deviceType\":\"button\",\"callbackOverrides\":{\"x\":\"y\"}}"
		"}}");
	assert_writes(old, ROOM);
	assert_int_equal(
		placement_template_update(life, old, read_good("{}"), &made, NULL),
		ERR_NONE);
	assert_writes(made, ROOM);
}

static void
an_update_cannot_add_a_device_template(void **state)
{
	(void)state;
	struct placement_template *made = NULL;
	struct fault why = { 0 };
	const struct placement_template *change =
		read_good("{\"deviceTemplates\":{\"left\":{}}}");
	assert_int_equal(
		placement_template_update(life, read_good(ROOM), change, &made, &why),
		ERR_INVALID);
	assert_non_null(strstr(why.sentence, "\"left\""));
	assert_int_equal(
		placement_template_update(life, NULL, change, &made, NULL), ERR_INVALID);
	assert_null(made);
}

static void
a_project_without_a_template_can_get_default_attributes(void **state)
{
	(void)state;
	struct placement_template *made = NULL;
	assert_int_equal(
		placement_template_update(life, NULL,
			read_good("{\"defaultAttributes\":{\"a\":\"b\"}}"), &made, NULL),
		ERR_NONE);
	assert_writes(
		made, "{\"defaultAttributes\":{\"a\":\"b\"},\"deviceTemplates\":{}}");
}

static void
updates_cannot_grow_default_attributes_past_their_number(void **state)
{
	(void)state;
	struct placement_template old = { .defaults = pairs_new(life) };
	struct placement_template change = { .defaults = pairs_new(life) }, *made = NULL;
	for (int i = 0; i < ATTRIBUTES_MAX; i++)
		pairs_set(old.defaults, mem_format(life, "a%d", i), "x");
	pairs_set(change.defaults, "one-more", "x");
	assert_int_equal(
		placement_template_update(life, &old, &change, &made, NULL), ERR_INVALID);
	pairs_set(change.defaults, "a7", "");
	assert_int_equal(
		placement_template_update(life, &old, &change, &made, NULL), ERR_NONE);
	assert_int_equal(made->defaults->count, ATTRIBUTES_MAX);
}

static void
tags_have_limits_of_number_length_and_prefix(void **state)
{
	(void)state;
	struct pairs *tags = pairs_new(life);
	assert_int_equal(tags_check(tags, NULL), ERR_NONE);
	pairs_set(tags, "Driver Phone", "");
	pairs_set(tags, repeat('k', 128), repeat('v', 256));
	pairs_set(tags, "AWS:", "case counts");
	assert_int_equal(tags_check(tags, NULL), ERR_NONE);
	static const struct {
		size_t key, value;
	} sizes[] = { { 0, 1 }, { 129, 1 }, { 1, 257 } };
	for (size_t i = 0; i < 3; i++) {
		struct pairs *bad = pairs_new(life);
		pairs_set(bad, repeat('k', sizes[i].key), repeat('v', sizes[i].value));
		assert_int_equal(tags_check(bad, NULL), ERR_INVALID);
	}
	struct pairs *reserved = pairs_new(life);
	pairs_set(reserved, "aws:x", "");
	assert_int_equal(tags_check(reserved, NULL), ERR_INVALID);
	for (int i = 3; i < TAGS_MAX; i++)
		pairs_set(tags, mem_format(life, "t%d", i), "");
	assert_int_equal(tags_check(tags, NULL), ERR_NONE);
	pairs_set(tags, "one more", "");
	assert_int_equal(tags_check(tags, NULL), ERR_INVALID);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_read_is_written_back),
		TEST(everything_in_it_may_be_missing_or_null),
		TEST(what_passes_a_limit_is_refused_by_name),
		TEST(what_just_meets_a_limit_is_good),
		TEST(an_update_changes_what_it_gives_and_keeps_the_rest),
		TEST(an_update_cannot_add_a_device_template),
		TEST(a_project_without_a_template_can_get_default_attributes),
		TEST(updates_cannot_grow_default_attributes_past_their_number),
		TEST(tags_have_limits_of_number_length_and_prefix),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
