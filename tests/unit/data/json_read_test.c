#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/data/json.h"

static int
begin(void **state)
{
	*state = mem_life(NULL);
	return 0;
}

static int
end(void **state)
{
	mem_free(*state);
	return 0;
}

/* The value written again, or the sentence it was refused with. */
static const char *
reread(void *life, const char *text, size_t n)
{
	const struct value *value = NULL;
	struct fault *why = mem_new(life, struct fault);
	struct buf out;
	struct json j = json_to(&out);

	if (json_parse(life, text, n, &value, why) != ERR_NONE) {
		assert_int_equal(why->code, ERR_INVALID);
		assert_null(value);
		return why->sentence;
	}
	buf_init(&out, life, BUF_NO_CAP);
	json_value(&j, value);
	return out.data;
}

struct row {
	const char *text, *result;
};

static void
expect(void *life, const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_string_equal(
			reread(life, rows[i].text, strlen(rows[i].text)), rows[i].result);
}
#define EXPECT(rows) expect(*state, rows, sizeof(rows) / sizeof *(rows))

static void
every_value_is_read(void **state)
{
	static const struct row rows[] = {
		{ "null", "null" },
		{ " true ", "true" },
		{ "\r\n\tfalse", "false" },
		{ "0", "0" },
		{ "-0", "0" },
		{ "12", "12" },
		{ "-9223372036854775808", "-9223372036854775808" },
		{ "9223372036854775807", "9223372036854775807" },
		{ "1.50", "1.5" },
		{ "-2E+2", "-200" },
		{ "\"\"", "\"\"" },
		{ "[]", "[]" },
		{ "{}", "{}" },
		{ "[ 1 , [ ] , { } ]", "[1,[],{}]" },
		{ "{\"b\":1,\"a\":{\"b\":[null,true]},\"\":\"x\"}",
			"{\"b\":1,\"a\":{\"b\":[null,true]},\"\":\"x\"}" },
	};

	EXPECT(rows);
}

static void
every_escape_is_read(void **state)
{
	static const struct row rows[] = {
		{ "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\\"\\\\/\\b\\f\\n\\r\\t\"" },
		{ "\"\\u0041\\u00fC\\u20ac\"", "\"A\xC3\xBC\xE2\x82\xAC\"" },
		{ "\"\\ud83D\\uDE00\"", "\"\xF0\x9F\x98\x80\"" },
		{ "\"\\u0001\x7f\"", "\"\\u0001\\u007f\"" },
		{ "{\"\\u00fc\":\"\xC3\xBC\"}", "{\"\xC3\xBC\":\"\xC3\xBC\"}" },
	};

	EXPECT(rows);
}

static void
a_whole_number_is_told_from_another(void **state)
{
	const struct value *list;

	assert_int_equal(json_parse(*state, "[1,1.0,1e0]", 11, &list, NULL), ERR_NONE);
	assert_int_equal(list->item[0].kind, VALUE_INT);
	assert_int_equal(list->item[1].kind, VALUE_NUMBER);
	assert_int_equal(list->item[2].kind, VALUE_NUMBER);
	assert_int_equal(list->line, 0);
}

static void
a_duplicate_key_is_refused(void **state)
{
	static const struct row rows[] = {
		{ "{\"a\":1,\"a\":2}", "line 1, column 8: the key \"a\" stands twice" },
		{ "{\n\"b\":{\"a\":1},\n \"c\":1, \"b\":2}",
			"line 3, column 9: the key \"b\" stands twice" },
		{ "{\"a\":1,\"\\u0061\":2}",
			"line 1, column 8: the key \"a\" stands twice" },
		{ "[{\"\xC3\xBC\":1,\"\xC3\xBC\":2}]",
			"line 1, column 9: the key \"\xC3\xBC\" stands twice" },
		{ "{\"a\":{\"a\":{\"a\":1}},\"b\":{\"a\":1}}",
			"{\"a\":{\"a\":{\"a\":1}},\"b\":{\"a\":1}}" },
		{ "{\"\\u001b\":1,\"\\u001B\":2}",
			"line 1, column 13: the key \"^[\" stands twice" },
	};

	EXPECT(rows);
}

static void
a_long_map_is_checked_too(void **state)
{
	struct buf text;
	struct json j = json_to(&text);
	char key[16];

	buf_init(&text, *state, BUF_NO_CAP);
	json_open(&j, '{');
	for (int i = 0; i < 5000; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		json_member_int(&j, key, i);
	}
	json_close(&j, '}');
	assert_string_equal(reread(*state, text.data, text.len), text.data);
	buf_drop(&text, 1);
	assert_non_null(
		strstr(reread(*state, mem_format(*state, "{\"k4999\":0,%s", text.data),
			       text.len + 11),
			"the key \"k4999\" stands twice"));
}

static void
numbers_out_of_range_are_refused(void **state)
{
	static const struct row rows[] = {
		{ "9223372036854775808",
			"line 1, column 1: the number does not fit into 64 bits" },
		{ "[1,-9223372036854775809]",
			"line 1, column 4: the number does not fit into 64 bits" },
		{ "99999999999999999999",
			"line 1, column 1: the number does not fit into 64 bits" },
		{ "1e400", "line 1, column 1: the number does not fit into 64 bits" },
	};

	EXPECT(rows);
}

static void
what_is_not_strict_json_is_refused(void **state)
{
	static const char *const rows[] = { "", " ", "nul", "True", "NaN", "Infinity",
		"-Infinity", "'a'", "{'a':1}", "{a:1}", "[1,]", "[,1]", "[1 2]",
		"{\"a\":1,}", "{\"a\"}", "{\"a\":}", "{\"a\" 1}", "{1:2}", "[", "{", "]",
		"[}", "\"a", "\"a\\", "\"\\", "01", "1.", ".5", "+1", "-", "1e", "0x10",
		"1_000", "[1]x", "{}{}", "// c\n1", "/* c */ 1", "1 //", "\xEF\xBB\xBF{}",
		"\"\\x41\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\a\"", "\"\\0\"" };

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *said = reread(*state, rows[i], strlen(rows[i]));

		if (strncmp(said, "line 1, column ", 15) != 0 &&
			strncmp(said, "line 2, column ", 15) != 0)
			fail_msg("%s was read as %s", rows[i], said);
	}
}

static void
texts_that_hide_something_are_refused(void **state)
{
	static const struct row rows[] = {
		{ "\"a\tb\"", "line 1, column 3: the control character \\u0009 must be "
			      "escaped" },
		{ "\"a\nb\"", "line 1, column 3: the control character \\u000a must be "
			      "escaped" },
		{ "\"\\ud800\"",
			"line 1, column 2: half of a surrogate pair stands alone" },
		{ "\"\\ud800x\"",
			"line 1, column 2: half of a surrogate pair stands alone" },
		{ "\"\\udc00\"",
			"line 1, column 2: half of a surrogate pair stands alone" },
		{ "\"\\ud800\\u0041\"",
			"line 1, column 2: half of a surrogate pair stands alone" },
		{ "\"a\\u0000b\"", "line 1, column 3: \\u0000 is not taken: no text may "
				   "hold a NUL" },
		{ "{\"\\u0000\":1}", "line 1, column 3: \\u0000 is not taken: no text "
				     "may hold a NUL" },
		{ "\"\xC3\xBC\xFF\"", "line 1, column 3: the byte \\xff is not UTF-8" },
		{ "\"\xED\xA0\x80\"", "line 1, column 2: the byte \\xed is not UTF-8" },
		{ "\"\xC0\x80\"", "line 1, column 2: the byte \\xc0 is not UTF-8" },
		{ "[\x1b]", "line 1, column 2: '^[' stands where a value should be" },
	};

	EXPECT(rows);
	assert_string_equal(reread(*state, "\"a\0b\"", 5),
		"line 1, column 3: the control character \\u0000 must be escaped");
	assert_string_equal(reread(*state, "1\0", 2),
		"line 1, column 2: '^@' stands where the end should be");
}

static void
only_the_length_ends_the_text(void **state)
{
	assert_string_equal(reread(*state, "12345", 2), "12");
	assert_string_equal(reread(*state, "[1]]", 3), "[1]");
	assert_string_equal(reread(*state, "trueish", 4), "true");
	assert_string_equal(reread(*state, "\"ab\"", 3),
		"line 1, column 4: the text ends inside a string");
	assert_string_equal(reread(*state, "\"\xC3\xBC\"", 2),
		"line 1, column 2: the byte \\xc3 is not UTF-8");
}

static char *
nest(void *life, int levels)
{
	char *text = mem_array(life, char, (size_t)levels * 2 + 1);

	memset(text, '[', (size_t)levels);
	memset(text + levels, ']', (size_t)levels);
	return text;
}

static void
nesting_ends_at_the_cap(void **state)
{
	char *most = nest(*state, JSON_DEPTH_MAX),
	     *more = nest(*state, JSON_DEPTH_MAX + 1);
	char *bomb = nest(*state, 200000);

	assert_string_equal(reread(*state, most, strlen(most)), most);
	assert_string_equal(reread(*state, more, strlen(more)),
		"line 1, column 33: nested deeper than 32 levels");
	assert_string_equal(reread(*state, bomb, strlen(bomb)),
		"line 1, column 33: nested deeper than 32 levels");
}

static void
a_tree_outlives_its_text(void **state)
{
	char text[] = "{\"key\":\"value\"}";
	const struct value *map;

	assert_int_equal(json_parse(*state, text, strlen(text), &map, NULL), ERR_NONE);
	memset(text, '#', sizeof(text));
	assert_string_equal(value_text(map, "key"), "value");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_value_is_read, begin, end),
		cmocka_unit_test_setup_teardown(every_escape_is_read, begin, end),
		cmocka_unit_test_setup_teardown(
			a_whole_number_is_told_from_another, begin, end),
		cmocka_unit_test_setup_teardown(a_duplicate_key_is_refused, begin, end),
		cmocka_unit_test_setup_teardown(a_long_map_is_checked_too, begin, end),
		cmocka_unit_test_setup_teardown(
			numbers_out_of_range_are_refused, begin, end),
		cmocka_unit_test_setup_teardown(
			what_is_not_strict_json_is_refused, begin, end),
		cmocka_unit_test_setup_teardown(
			texts_that_hide_something_are_refused, begin, end),
		cmocka_unit_test_setup_teardown(
			only_the_length_ends_the_text, begin, end),
		cmocka_unit_test_setup_teardown(nesting_ends_at_the_cap, begin, end),
		cmocka_unit_test_setup_teardown(a_tree_outlives_its_text, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
