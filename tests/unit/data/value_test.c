#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/data/json.h"
#include "oneclick/data/value.h"

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

static const struct value *
read(void *life, const char *json)
{
	const struct value *value;

	assert_int_equal(json_parse(life, json, strlen(json), &value, NULL), ERR_NONE);
	return value;
}

static void
a_member_is_found_by_its_key(void **state)
{
	const struct value *map =
		read(*state, "{\"t\":\"x\",\"i\":7,\"n\":1.5,\"b\":true,\"z\":null}");

	assert_string_equal(value_text(map, "t"), "x");
	assert_int_equal(value_int(map, "i", -1), 7);
	assert_true(value_number(map, "n", -1) == 1.5);
	assert_true(value_number(map, "i", -1) == 7.0);
	assert_true(value_bool(map, "b", false));
	assert_int_equal(value_get(map, "z")->kind, VALUE_NULL);
	assert_null(value_get(map, "T"));
}

static void
a_member_of_another_kind_is_as_good_as_absent(void **state)
{
	const struct value *map = read(*state, "{\"t\":\"7\",\"i\":7,\"n\":1.5}");

	assert_null(value_text(map, "i"));
	assert_int_equal(value_int(map, "t", -1), -1);
	assert_int_equal(value_int(map, "n", -1), -1);
	assert_true(value_number(map, "t", -1) == -1);
	assert_true(value_bool(map, "i", true));
}

static void
null_and_what_is_no_map_have_no_members(void **state)
{
	assert_null(value_get(NULL, "a"));
	assert_null(value_text(NULL, "a"));
	assert_int_equal(value_int(NULL, "a", 3), 3);
	assert_null(value_get(read(*state, "[1]"), "a"));
	assert_null(value_get(read(*state, "\"a\""), "a"));
}

static void
a_map_of_texts_becomes_pairs(void **state)
{
	struct pairs *pairs =
		value_pairs(*state, read(*state, "{\"b\":\"1\",\"a\":\"2\"}"));

	assert_int_equal(pairs->count, 2);
	assert_string_equal(pairs->row[0].key, "b");
	assert_string_equal(pairs->row[1].value, "2");
	for (int i = 0; i < 20; i++)
		pairs_set(pairs, (char[]){ (char)('c' + i), '\0' }, "more");
	assert_int_equal(pairs->count, 22);
	pairs_set(pairs, "b", "3");
	assert_string_equal(pairs_get(pairs, "b"), "3");
}

static void
an_empty_map_becomes_pairs_that_grow(void **state)
{
	struct pairs *pairs = value_pairs(*state, read(*state, "{}"));

	assert_int_equal(pairs->count, 0);
	pairs_set(pairs, "a", "1");
	assert_string_equal(pairs_get(pairs, "a"), "1");
}

static void
anything_else_becomes_no_pairs(void **state)
{
	assert_null(value_pairs(*state, NULL));
	assert_null(value_pairs(*state, read(*state, "[\"a\"]")));
	assert_null(value_pairs(*state, read(*state, "{\"a\":\"1\",\"b\":2}")));
	assert_null(value_pairs(*state, read(*state, "{\"a\":null}")));
}

static void
each_kind_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (int a = VALUE_NULL; a <= VALUE_MAP; a++)
		for (int b = VALUE_NULL; b < a; b++)
			assert_string_not_equal(value_kind_name((enum value_kind)a),
				value_kind_name((enum value_kind)b));
	assert_string_equal(value_kind_name(VALUE_LIST), "a list");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_member_is_found_by_its_key, begin, end),
		cmocka_unit_test_setup_teardown(
			a_member_of_another_kind_is_as_good_as_absent, begin, end),
		cmocka_unit_test_setup_teardown(
			null_and_what_is_no_map_have_no_members, begin, end),
		cmocka_unit_test_setup_teardown(a_map_of_texts_becomes_pairs, begin, end),
		cmocka_unit_test_setup_teardown(
			an_empty_map_becomes_pairs_that_grow, begin, end),
		cmocka_unit_test_setup_teardown(
			anything_else_becomes_no_pairs, begin, end),
		cmocka_unit_test(each_kind_has_a_name_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
