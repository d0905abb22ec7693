#include "ground.h"

#include "oneclick/store/metrics.h"

#define HOUR INT64_C(3600000)

static bool
see_point(void *arg, const struct metric_point *point)
{
	char text[128];

	snprintf(text, sizeof text, "%lld:%lld/%g/%g/%g",
		(long long)(point->at / METRIC_MINUTE), (long long)point->count,
		point->sum, point->least, point->most);
	return see(arg, text);
}

static bool
see_metric(void *arg, const char *name, const char *dimensions, int64_t last)
{
	char text[256];

	snprintf(text, sizeof text, "%s?%s@%lld", name, dimensions,
		(long long)(last / METRIC_MINUTE));
	return see(arg, text);
}

static void
add(struct tx *tx, const char *name, const char *dimensions, int64_t at, double value)
{
	struct fault why;

	must(metrics_add(tx, OURS, name, dimensions, at, value, &why), &why);
}

static const char *
read_all(struct tx *tx, const char *name, const char *dimensions, struct seen *seen)
{
	struct fault why;

	*seen = (struct seen){ 0 };
	must(metrics_read(
		     tx, OURS, name, dimensions, 0, 1000 * HOUR, see_point, seen, &why),
		&why);
	return seen->text;
}

TX_TEST(values_of_one_minute_are_one_row)
{
	struct seen seen;

	add(tx, "Life", "A=1", 60000, 80);
	add(tx, "Life", "A=1", 119999, 20);
	add(tx, "Life", "A=1", 120000, 50);
	assert_string_equal(
		read_all(tx, "Life", "A=1", &seen), "1:2/100/20/80 2:1/50/50/50");
	return ERR_NONE;
}

TX_TEST(metrics_accounts_and_dimensions_are_told_apart)
{
	struct seen seen;

	add(tx, "Life", "A=1", 0, 1);
	add(tx, "Life", "A=2", 0, 2);
	add(tx, "Else", "A=1", 0, 3);
	must(metrics_add(tx, THEIRS, "Life", "A=1", 0, 4, why), why);
	assert_string_equal(read_all(tx, "Life", "A=1", &seen), "0:1/1/1/1");
	return ERR_NONE;
}

TX_TEST(a_reading_takes_minutes_that_began_in_it)
{
	struct seen seen = { 0 };

	for (int minute = 0; minute < 5; minute++)
		add(tx, "Life", "", minute * METRIC_MINUTE, minute);
	must(metrics_read(tx, OURS, "Life", "", METRIC_MINUTE, 3 * METRIC_MINUTE,
		     see_point, &seen, why),
		why);
	assert_string_equal(seen.text, "1:1/1/1/1 2:1/2/2/2");
	seen = (struct seen){ 0 };
	must(metrics_read(tx, OURS, "Life", "", METRIC_MINUTE + 1, 3 * METRIC_MINUTE + 1,
		     see_point, &seen, why),
		why);
	assert_string_equal(seen.text, "2:1/2/2/2 3:1/3/3/3");
	return ERR_NONE;
}

TX_TEST(a_list_names_each_metric_once_with_its_last_minute)
{
	struct seen seen = { 0 };

	for (int minute = 0; minute < 50; minute++)
		add(tx, "Total", "B=2", minute * METRIC_MINUTE, 1);
	add(tx, "Total", "A=1", 0, 1);
	add(tx, "Life", "B=2", 7 * METRIC_MINUTE, 1);
	must(metrics_list(tx, OURS, "", "", 10, see_metric, &seen, why), why);
	assert_string_equal(seen.text, "Life?B=2@7 Total?A=1@0 Total?B=2@49");
	seen = (struct seen){ 0 };
	must(metrics_list(tx, OURS, "Life", "B=2", 1, see_metric, &seen, why), why);
	assert_string_equal(seen.text, "Total?A=1@0");
	return ERR_NONE;
}

TX_TEST(old_minutes_are_folded_into_the_first_of_their_hour)
{
	struct seen seen;
	int folded;

	add(tx, "Life", "", 0, 10);
	add(tx, "Life", "", 5 * METRIC_MINUTE, 20);
	add(tx, "Life", "", 59 * METRIC_MINUTE, 30);
	add(tx, "Life", "", HOUR + METRIC_MINUTE, 40);
	must(metrics_fold(tx, HOUR, 1, &folded, why), why);
	assert_int_equal(folded, 1);
	must(metrics_fold(tx, HOUR, 100, &folded, why), why);
	assert_int_equal(folded, 1);
	assert_string_equal(
		read_all(tx, "Life", "", &seen), "0:3/60/10/30 61:1/40/40/40");
	must(metrics_fold(tx, HOUR, 100, &folded, why), why);
	assert_int_equal(folded, 0);
	return ERR_NONE;
}

TX_TEST(old_hours_are_removed_a_few_at_a_time)
{
	struct seen seen;
	int removed;

	for (int hour = 0; hour < 4; hour++)
		add(tx, "Life", "", hour * HOUR, hour);
	must(metrics_trim(tx, 3 * HOUR, 2, &removed, why), why);
	assert_int_equal(removed, 2);
	must(metrics_trim(tx, 3 * HOUR, 2, &removed, why), why);
	assert_int_equal(removed, 1);
	assert_string_equal(read_all(tx, "Life", "", &seen), "180:1/3/3/3");
	return ERR_NONE;
}

TX_TEST(dimensions_are_one_text_whatever_their_order_and_letters)
{
	struct pairs *a = pairs_new(life), *b = pairs_new(life), *back;
	struct seen seen = { 0 };

	pairs_set(a, "Project", "R&D=\"caf\303\251\"");
	pairs_set(a, "DeviceType", "button");
	pairs_set(b, "DeviceType", "button");
	pairs_set(b, "Project", "R&D=\"caf\303\251\"");
	assert_string_equal(metrics_dimensions(life, a), metrics_dimensions(life, b));
	back = metrics_dimensions_read(life, metrics_dimensions(life, a));
	add(tx, "Total", metrics_dimensions(life, a), 0, 1);
	must(metrics_list(tx, OURS, "", "", 1, see_metric, &seen, why), why);
	assert_string_equal(
		seen.text, "Total?DeviceType=button&Project=R%26D%3D%22caf%C3%A9%22@0");
	assert_int_equal(back->count, 2);
	assert_string_equal(pairs_get(back, "Project"), "R&D=\"caf\303\251\"");
	assert_string_equal(pairs_get(back, "DeviceType"), "button");
	assert_int_equal(metrics_dimensions_read(life, "")->count, 0);
	return ERR_NONE;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_of_one_minute_are_one_row),
		cmocka_unit_test(metrics_accounts_and_dimensions_are_told_apart),
		cmocka_unit_test(a_reading_takes_minutes_that_began_in_it),
		cmocka_unit_test(a_list_names_each_metric_once_with_its_last_minute),
		cmocka_unit_test(old_minutes_are_folded_into_the_first_of_their_hour),
		cmocka_unit_test(old_hours_are_removed_a_few_at_a_time),
		cmocka_unit_test(
			dimensions_are_one_text_whatever_their_order_and_letters),
	};

	return RUN_BOTH(tests);
}
