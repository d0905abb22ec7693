#include "../../../src/service/observe/series.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "oneclick/base/mem.h"

static const double edges[] = { 1, 10 };

static void
equal_labels_are_one_row_and_the_order_is_that_of_coming(void **state)
{
	void *life = mem_life(NULL);
	struct series *series = series_new(life, 2, NULL, 0);
	const char *const ab[] = { "a", "b" }, *const ba[] = { "b", "a" };
	const struct series_row *row;

	(void)state;
	series_add(series, ab, 1);
	series_add(series, ba, 1);
	series_add(series, ab, 1);
	row = series_rows(series);
	assert_string_equal(row->label[0], "a");
	assert_int_equal(row->count, 2);
	assert_string_equal(row->next->label[0], "b");
	assert_int_equal(row->next->count, 1);
	assert_null(row->next->next);
	mem_free(life);
}

static void
labels_do_not_run_into_each_other(void **state)
{
	void *life = mem_life(NULL);
	struct series *series = series_new(life, 2, NULL, 0);
	const char *const one[] = { "a", "bc" }, *const other[] = { "ab", "c" };

	(void)state;
	series_add(series, one, 1);
	series_add(series, other, 1);
	assert_int_equal(series_rows(series)->count, 1);
	assert_non_null(series_rows(series)->next);
	mem_free(life);
}

static void
a_value_falls_under_the_first_edge_that_holds_it(void **state)
{
	void *life = mem_life(NULL);
	struct series *series = series_new(life, 1, edges, 2);
	const char *label = "x";
	const struct series_row *row;

	(void)state;
	series_add(series, &label, 1);
	series_add(series, &label, 1.5);
	series_add(series, &label, 10);
	series_add(series, &label, 11);
	row = series_rows(series);
	assert_int_equal(row->count, 4);
	assert_int_equal(row->under[0], 1);
	assert_int_equal(row->under[1], 2);
	assert_true(row->sum == 23.5);
	series_merge(series, &label, 2, 3, (const uint64_t[]){ 1, 1 });
	assert_int_equal(row->count, 6);
	assert_int_equal(row->under[0], 2);
	assert_int_equal(row->under[1], 3);
	mem_free(life);
}

static void
names_beyond_the_most_are_other_and_those_known_stay(void **state)
{
	void *life = mem_life(NULL);
	struct roster *roster = roster_new(life, 2);

	(void)state;
	assert_string_equal(roster_keep(roster, "a"), "a");
	assert_string_equal(roster_keep(roster, "b"), "b");
	assert_string_equal(roster_keep(roster, "c"), "other");
	assert_string_equal(roster_keep(roster, "a"), "a");
	assert_ptr_equal(roster_keep(roster, "b"), roster_keep(roster, "b"));
	mem_free(life);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			equal_labels_are_one_row_and_the_order_is_that_of_coming),
		cmocka_unit_test(labels_do_not_run_into_each_other),
		cmocka_unit_test(a_value_falls_under_the_first_edge_that_holds_it),
		cmocka_unit_test(names_beyond_the_most_are_other_and_those_known_stay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
