#include "../../../src/service/observe/expose.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "oneclick/base/mem.h"

static const struct family counter = {
	.name = "presses", .kind = FAMILY_COUNTER, .label = { "kind", "project" }
};
static const struct family histogram = {
	.name = "wait_seconds", .kind = FAMILY_HISTOGRAM, .label = { "op" }
};
static const struct family gauge = { .name = "waiting", .kind = FAMILY_GAUGE };

static void
labels_are_escaped_and_counters_end_in_total(void **state)
{
	void *life = mem_life(NULL);
	struct series *series = series_new(life, 2, NULL, 0);
	const char *const labels[] = { "a\"b\\c\nd", "caf\303\251" };
	struct buf out;
	struct exposition x = { .out = &out, .family = &counter };

	(void)state;
	buf_init(&out, life, BUF_NO_CAP);
	series_add(series, labels, 1);
	series_add(series, labels, 1);
	expose_series(&x, series);
	assert_string_equal(out.data,
		"presses_total{kind=\"a\\\"b\\\\c\\nd\",project=\"caf\303\251\"} 2\n");
	mem_free(life);
}

static void
a_histogram_counts_up_to_each_edge_and_beyond(void **state)
{
	static const double edges[] = { 0.5, 10 };
	void *life = mem_life(NULL);
	struct series *series = series_new(life, 1, edges, 2);
	const char *label = "x";
	struct buf out;
	struct exposition x = { .out = &out, .family = &histogram };

	(void)state;
	buf_init(&out, life, BUF_NO_CAP);
	series_add(series, &label, 0.25);
	series_add(series, &label, 1);
	series_add(series, &label, 100);
	expose_series(&x, series);
	assert_string_equal(out.data, "wait_seconds_bucket{op=\"x\",le=\"0.5\"} 1\n"
				      "wait_seconds_bucket{op=\"x\",le=\"10.0\"} 2\n"
				      "wait_seconds_bucket{op=\"x\",le=\"+Inf\"} 3\n"
				      "wait_seconds_sum{op=\"x\"} 101.25\n"
				      "wait_seconds_count{op=\"x\"} 3\n");
	mem_free(life);
}

static void
a_value_without_labels_has_no_braces_and_all_its_digits(void **state)
{
	void *life = mem_life(NULL);
	struct buf out;
	struct exposition x = { .out = &out, .family = &gauge };

	(void)state;
	buf_init(&out, life, BUF_NO_CAP);
	expose_value(&x, NULL, 1795442190.125);
	assert_string_equal(out.data, "waiting 1795442190.125\n");
	mem_free(life);
}

static void
every_family_has_a_name_of_its_own_and_a_help(void **state)
{
	(void)state;
	for (size_t i = 0; i < family_count; i++) {
		const struct family *family = &family_table[i];

		assert_true(strlen(family->help) > 10);
		assert_non_null(family->write);
		assert_null(strstr(family->name, "_total"));
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(family->name, family_table[k].name);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(labels_are_escaped_and_counters_end_in_total),
		cmocka_unit_test(a_histogram_counts_up_to_each_edge_and_beyond),
		cmocka_unit_test(a_value_without_labels_has_no_braces_and_all_its_digits),
		cmocka_unit_test(every_family_has_a_name_of_its_own_and_a_help),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
