#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/data/pairs.h"

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

static void
order_is_that_of_first_setting(void **state)
{
	struct pairs *pairs = pairs_new(*state);

	pairs_set(pairs, "b", "1");
	pairs_set(pairs, "a", "2");
	pairs_set(pairs, "b", "3");
	assert_int_equal(pairs->count, 2);
	assert_string_equal(pairs->row[0].key, "b");
	assert_string_equal(pairs->row[0].value, "3");
	assert_string_equal(pairs->row[1].key, "a");
	assert_string_equal(pairs_get(pairs, "a"), "2");
	assert_null(pairs_get(pairs, "c"));
	assert_null(pairs_get(NULL, "c"));
}

static void
keys_and_values_are_copied(void **state)
{
	struct pairs *pairs = pairs_new(*state);
	char key[] = "k", value[] = "v";

	pairs_set(pairs, key, value);
	key[0] = value[0] = 'x';
	assert_string_equal(pairs_get(pairs, "k"), "v");
	pairs_set(pairs, "k", pairs_get(pairs, "k"));
	assert_string_equal(pairs_get(pairs, "k"), "v");
}

static void
many_pairs_fit(void **state)
{
	struct pairs *pairs = pairs_new(*state);
	char key[16];

	for (int i = 0; i < 100; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		pairs_set(pairs, key, key + 1);
	}
	assert_int_equal(pairs->count, 100);
	for (int i = 0; i < 100; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		assert_string_equal(pairs->row[i].key, key);
		assert_string_equal(pairs_get(pairs, key), key + 1);
	}
}

static void
a_removed_pair_leaves_the_others_in_order(void **state)
{
	struct pairs *pairs = pairs_new(*state);

	pairs_set(pairs, "a", "1");
	pairs_set(pairs, "b", "2");
	pairs_set(pairs, "c", "3");
	assert_true(pairs_remove(pairs, "b"));
	assert_false(pairs_remove(pairs, "b"));
	assert_int_equal(pairs->count, 2);
	assert_string_equal(pairs->row[0].key, "a");
	assert_string_equal(pairs->row[1].key, "c");
	assert_true(pairs_remove(pairs, "c"));
	assert_true(pairs_remove(pairs, "a"));
	assert_int_equal(pairs->count, 0);
	pairs_set(pairs, "d", "4");
	assert_string_equal(pairs_get(pairs, "d"), "4");
}

static void
a_copy_stands_alone(void **state)
{
	void *first = mem_life(*state);
	struct pairs *pairs = pairs_new(first), *copy;

	pairs_set(pairs, "a", "1");
	copy = pairs_copy(*state, pairs);
	mem_free(first);
	assert_string_equal(pairs_get(copy, "a"), "1");
	assert_int_equal(pairs_copy(*state, NULL)->count, 0);
}

static void
merging_sets_what_lies_over(void **state)
{
	struct pairs *under = pairs_new(*state), *over = pairs_new(*state);

	pairs_set(under, "room", "none");
	pairs_set(under, "floor", "1");
	pairs_set(over, "phone", "7");
	pairs_set(over, "room", "4-021");
	pairs_merge(under, over);
	pairs_merge(under, NULL);
	assert_int_equal(under->count, 3);
	assert_string_equal(under->row[0].value, "4-021");
	assert_string_equal(under->row[1].value, "1");
	assert_string_equal(under->row[2].key, "phone");
	assert_int_equal(over->count, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			order_is_that_of_first_setting, begin, end),
		cmocka_unit_test_setup_teardown(keys_and_values_are_copied, begin, end),
		cmocka_unit_test_setup_teardown(many_pairs_fit, begin, end),
		cmocka_unit_test_setup_teardown(
			a_removed_pair_leaves_the_others_in_order, begin, end),
		cmocka_unit_test_setup_teardown(a_copy_stands_alone, begin, end),
		cmocka_unit_test_setup_teardown(merging_sets_what_lies_over, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
