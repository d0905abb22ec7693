#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
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

static struct json
new_writer(void *life)
{
	struct buf *out = mem_new(life, struct buf);

	buf_init(out, life, BUF_NO_CAP);
	return json_to(out);
}

static void
write_sample(struct json *j)
{
	json_open(j, '{');
	json_member_text(j, "text", "x");
	json_member_int(j, "int", -5);
	json_member_bool(j, "bool", true);
	json_key(j, "list");
	json_open(j, '[');
	json_number(j, 0.5);
	json_null(j);
	json_open(j, '{');
	json_close(j, '}');
	json_raw(j, "[1]");
	json_close(j, ']');
	json_member_text(j, "none", NULL);
	json_close(j, '}');
}

static void
the_writer_places_the_commas(void **state)
{
	struct json j = new_writer(*state);

	write_sample(&j);
	assert_string_equal(j.out->data, "{\"text\":\"x\",\"int\":-5,\"bool\":true,"
					 "\"list\":[0.5,null,{},[1]],\"none\":null}");
}

static void
spaced_has_a_blank_after_comma_and_colon(void **state)
{
	struct json j = new_writer(*state);

	j.spaced = true;
	write_sample(&j);
	assert_string_equal(j.out->data,
		"{\"text\": \"x\", \"int\": -5, \"bool\": true, "
		"\"list\": [0.5, null, {}, [1]], \"none\": null}");
}

static void
what_a_text_may_not_hold_is_escaped(void **state)
{
	struct json j = new_writer(*state);

	json_open(&j, '[');
	json_text(&j, "\"\\/\b\f\n\r\t\x01\x1f\x7f\xC2\x9B\xC2\xA0");
	json_text(&j, "\xC3\xBC\xF0\x9F\x98\x80");
	json_text(&j, "a\xFF\xC3(\xED\xA0\x80");
	json_textn(&j, "a\0b", 3);
	json_textn(&j, "\xC3\xBC", 1);
	json_close(&j, ']');
	assert_string_equal(j.out->data,
		"[\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\\u007f\\u009b\xC2\xA0\","
		"\"\xC3\xBC\xF0\x9F\x98\x80\","
		"\"a\\ufffd\\ufffd(\\ufffd\\ufffd\\ufffd\","
		"\"a\\u0000b\",\"\\ufffd\"]");
}

static void
a_key_is_escaped_too(void **state)
{
	struct json j = new_writer(*state);

	json_open(&j, '{');
	json_member_int(&j, "a\"b\n", 1);
	json_close(&j, '}');
	assert_string_equal(j.out->data, "{\"a\\\"b\\n\":1}");
}

static void
numbers_are_whole_or_shortest_or_null(void **state)
{
	struct json j = new_writer(*state);

	json_open(&j, '[');
	json_int(&j, INT64_MIN);
	json_int(&j, INT64_MAX);
	json_number(&j, 97);
	json_number(&j, 0.1);
	json_number(&j, NAN);
	json_number(&j, -INFINITY);
	json_close(&j, ']');
	assert_string_equal(j.out->data,
		"[-9223372036854775808,9223372036854775807,97,0.1,null,null]");
}

static void
pairs_go_there_and_back(void **state)
{
	struct pairs *pairs = pairs_new(*state), *back;
	char *text;

	pairs_set(pairs, "b\n", "\"1\"");
	pairs_set(pairs, "a", "");
	text = json_write_pairs(*state, pairs);
	assert_string_equal(text, "{\"b\\n\":\"\\\"1\\\"\",\"a\":\"\"}");
	back = json_read_pairs(*state, text);
	assert_int_equal(back->count, 2);
	assert_string_equal(back->row[0].key, "b\n");
	assert_string_equal(back->row[0].value, "\"1\"");
	assert_string_equal(json_write_pairs(*state, NULL), "{}");
	assert_int_equal(json_read_pairs(*state, "{}")->count, 0);
}

static void
what_is_no_object_of_texts_is_no_pairs(void **state)
{
	assert_null(json_read_pairs(*state, NULL));
	assert_null(json_read_pairs(*state, ""));
	assert_null(json_read_pairs(*state, "[]"));
	assert_null(json_read_pairs(*state, "{\"a\":1}"));
	assert_null(json_read_pairs(*state, "{\"a\":\"1\",\"a\":\"2\"}"));
}

static void
no_value_is_null(void **state)
{
	struct json j = new_writer(*state);

	json_value(&j, NULL);
	assert_string_equal(j.out->data, "null");
}

/* Bidi controls, what has no width, private use, tags, and an emoji of two halves. */
static const char unseen[] =
	"a\u202Eb\u200Bc\uE000d\uFEFF\u2028\U000E0041\U0001F600\u00e9";

static void
what_would_not_be_seen_is_escaped_for_people_and_reads_back(void **state)
{
	struct json j = new_writer(*state);
	const struct value *read;

	j.seen = true;
	json_open(&j, '{');
	json_member_text(&j, unseen, unseen);
	json_close(&j, '}');
	assert_string_equal(j.out->data, "{\"a\\u202eb\\u200bc\\ue000d\\ufeff\\u2028\\udb"
					 "40\\udc41\U0001F600\u00e9\":"
					 "\"a\\u202eb\\u200bc\\ue000d\\ufeff\\u2028\\udb4"
					 "0\\udc41\U0001F600\u00e9\"}");
	assert_int_equal(json_parse(*state, j.out->data, j.out->len, &read, NULL), 0);
	assert_string_equal(value_text(read, unseen), unseen);
}

static void
on_the_wire_it_stays_as_it_is(void **state)
{
	struct json j = new_writer(*state);
	struct buf seen;

	json_text(&j, unseen);
	assert_int_equal(j.out->len, strlen(unseen) + 2);
	buf_init(&seen, *state, BUF_NO_CAP);
	json_see(&seen, j.out->data, j.out->len);
	assert_string_equal(seen.data, "\"a\\u202eb\\u200bc\\ue000d\\ufeff\\u2028\\udb40"
				       "\\udc41\U0001F600\u00e9\"");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_writer_places_the_commas, begin, end),
		cmocka_unit_test_setup_teardown(
			spaced_has_a_blank_after_comma_and_colon, begin, end),
		cmocka_unit_test_setup_teardown(
			what_a_text_may_not_hold_is_escaped, begin, end),
		cmocka_unit_test_setup_teardown(a_key_is_escaped_too, begin, end),
		cmocka_unit_test_setup_teardown(
			numbers_are_whole_or_shortest_or_null, begin, end),
		cmocka_unit_test_setup_teardown(pairs_go_there_and_back, begin, end),
		cmocka_unit_test_setup_teardown(
			what_is_no_object_of_texts_is_no_pairs, begin, end),
		cmocka_unit_test_setup_teardown(no_value_is_null, begin, end),
		cmocka_unit_test_setup_teardown(
			what_would_not_be_seen_is_escaped_for_people_and_reads_back,
			begin, end),
		cmocka_unit_test_setup_teardown(
			on_the_wire_it_stays_as_it_is, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
