#include "rig.h"

/* A page of devices id, id + 1, ... */
static const struct value *
page(const void *ctx, int from, int count, const char *token)
{
	const struct value *value = NULL;
	struct buf text;

	buf_init(&text, ctx, BUF_NO_CAP);
	buf_text(&text, "{\"devices\":[");
	for (int i = from; i < from + count; i++)
		buf_format(&text,
			"%s{\"deviceId\":\"G030PM%07d\",\"enabled\":%s,\"remainingLife\":"
			"%d,"
			"\"attributes\":{\"projectName\":\"p%d\",\"placementName\":\"at-%"
			"d\","
			"\"deviceTemplateName\":\"t\"}}",
			i > from ? "," : "", i, i % 2 ? "true" : "false", i * 37 % 101,
			i % 3, i);
	buf_format(&text, "]%s%s%s}", token ? ",\"nextToken\":\"" : "",
		token ? token : "", token ? "\"" : "");
	assert_int_equal(json_parse(ctx, text.data, text.len, &value, NULL), ERR_NONE);
	return value;
}

static const char *
id_at(const struct table *table, size_t i)
{
	return table->class->text(table, table->row[i], 0);
}

static struct state *
fleet(int count)
{
	struct state *state = state_new(NULL);

	shelf_begin(&state->devices.shelf);
	devices_page(state, page(state, 0, count, NULL));
	devices_end(state);
	return state;
}

static void
rows_come_in_the_order_of_the_service(void **arg)
{
	struct state *state = fleet(100);
	struct table *table = table_new(state, devices_pane.table, state, WORD_NONE);

	(void)arg;
	table_refresh(table);
	assert_int_equal(table->count, 100);
	assert_string_equal(id_at(table, 0), "G030PM0000000");
	assert_string_equal(id_at(table, 99), "G030PM0000099");
	mem_free(state);
}

/* Page by page, the table must be as if it had been sorted whole. */
static void
pages_are_merged_into_the_order(void **arg)
{
	struct state *state = state_new(NULL);
	struct table *table = table_new(state, devices_pane.table, state, WORD_NONE);
	int column = table_column_find(table, "battery");

	(void)arg;
	table_sort(table, column, false);
	shelf_begin(&state->devices.shelf);
	for (int from = 0; from < 600; from += 100) {
		devices_page(state, page(state, from, 100, NULL));
		table_refresh(table);
		assert_int_equal(table->count, (size_t)from + 100);
		for (size_t i = 1; i < table->count; i++) {
			const struct device_row *a =
				&state->devices.row[table->row[i - 1]];
			const struct device_row *b = &state->devices.row[table->row[i]];

			assert_true(a->life < b->life ||
				    (a->life == b->life &&
					    table->row[i - 1] < table->row[i]));
		}
	}
	mem_free(state);
}

static void
texts_are_sorted_both_ways(void **arg)
{
	struct state *state = fleet(60);
	struct table *table = table_new(state, devices_pane.table, state, WORD_NONE);

	(void)arg;
	table_refresh(table);
	table_sort(table, table_column_find(table, "placement"), true);
	assert_string_equal(id_at(table, 0), "G030PM0000009");
	assert_string_equal(id_at(table, 59), "G030PM0000000");
	table_sort(table, table_column_find(table, "placement"), false);
	assert_string_equal(id_at(table, 0), "G030PM0000000");
	mem_free(state);
}

static void
the_unknown_comes_last_in_both_orders(void **arg)
{
	struct state *state = fleet(3);
	struct table *table = table_new(state, devices_pane.table, state, WORD_NONE);

	(void)arg;
	state->devices.row[1].seen = 5000;
	table->times.now = 10000;
	table_refresh(table);
	table_sort(table, table_column_find(table, "seen"), false);
	assert_string_equal(id_at(table, 0), "G030PM0000001");
	table_sort(table, table_column_find(table, "seen"), true);
	assert_string_equal(id_at(table, 0), "G030PM0000001");
	mem_free(state);
}

static void
the_cursor_stays_on_its_device(void **arg)
{
	struct state *state = fleet(50);
	struct table *table = table_new(state, devices_pane.table, state, WORD_NONE);

	(void)arg;
	table_refresh(table);
	list_go(&table->list, 20);
	table_note_cursor(table);
	table_sort(table, table_column_find(table, "battery"), true);
	assert_false(table_refresh(table));
	assert_string_equal(id_at(table, table->list.cursor), "G030PM0000020");
	devices_drop(state, devices_find(state, "G030PM0000005"));
	assert_false(table_refresh(table));
	assert_string_equal(id_at(table, table->list.cursor), "G030PM0000020");
	mem_free(state);
}

static void
a_row_that_a_new_filter_hides_is_not_told_as_gone(void **arg)
{
	struct state *state = fleet(5);
	struct table *table = table_new(state, devices_pane.table, state, WORD_NONE);

	(void)arg;
	table_refresh(table);
	list_go(&table->list, 2);
	table_note_cursor(table);
	assert_int_equal(table_filter(table, "!0000002", NULL), ERR_NONE);
	assert_false(table_refresh(table));
	devices_drop(state, devices_find(state, id_at(table, table->list.cursor)));
	assert_true(table_refresh(table));
	mem_free(state);
}

static void
a_row_that_goes_under_the_cursor_is_told(void **arg)
{
	struct state *state = fleet(5);
	struct table *table = table_new(state, devices_pane.table, state, WORD_NONE);

	(void)arg;
	table_refresh(table);
	list_go(&table->list, 2);
	table_note_cursor(table);
	devices_drop(state, devices_find(state, "G030PM0000002"));
	assert_true(table_refresh(table));
	assert_string_equal(id_at(table, table->list.cursor), "G030PM0000003");
	mem_free(state);
}

static void
a_change_moves_one_row_in_and_out_of_the_filter(void **arg)
{
	struct state *state = fleet(50);
	struct table *table = table_new(state, devices_pane.table, state, WORD_NONE);
	uint32_t row = devices_find(state, "G030PM0000010");
	size_t before;

	(void)arg;
	assert_int_equal(table_filter(table, "state=enabled", NULL), ERR_NONE);
	table_refresh(table);
	before = table->count;
	devices_flag(state, row, ROW_ENABLED, true);
	table_refresh(table);
	assert_int_equal(table->count, before + 1);
	for (size_t i = 1; i < table->count; i++)
		assert_true(table->row[i - 1] < table->row[i]);
	devices_flag(state, row, ROW_ENABLED, false);
	table_refresh(table);
	assert_int_equal(table->count, before);
	mem_free(state);
}

static void
a_bad_filter_changes_nothing(void **arg)
{
	struct state *state = fleet(9);
	struct table *table = table_new(state, devices_pane.table, state, WORD_NONE);
	struct fault why;

	(void)arg;
	assert_int_equal(table_filter(table, "battery<50", NULL), ERR_NONE);
	assert_int_equal(table_filter(table, "battery<x", &why), ERR_INVALID);
	assert_string_equal(table->filter_text, "battery<50");
	mem_free(state);
}

static void
marks_survive_sorting_and_filtering(void **arg)
{
	struct state *state = fleet(30);
	struct table *table = table_new(state, devices_pane.table, state, WORD_NONE);
	size_t count;
	uint32_t *chosen;

	(void)arg;
	table_refresh(table);
	table_mark(table, true);
	table_mark(table, true);
	table_sort(table, table_column_find(table, "battery"), true);
	table_filter(table, "G030PM0000029", NULL);
	table_refresh(table);
	assert_int_equal(table->marks, 2);
	chosen = table_chosen(table, state, &count);
	assert_int_equal(count, 2);
	assert_string_equal(words_text(state->words, state->devices.row[chosen[1]].id),
		"G030PM0000001");
	table_unmark(table);
	table_refresh(table);
	assert_int_equal(table->marks, 0);
	mem_free(state);
}

static void
a_range_is_marked_from_its_key(void **arg)
{
	struct state *state = fleet(10);
	struct table *table = table_new(state, devices_pane.table, state, WORD_NONE);

	(void)arg;
	table_refresh(table);
	list_go(&table->list, 2);
	table_note_cursor(table);
	table_mark_range(table);
	list_go(&table->list, 6);
	table_note_cursor(table);
	table_mark_range(table);
	table_refresh(table);
	assert_int_equal(table->marks, 5);
	assert_false(table->has_anchor);
	mem_free(state);
}

static void
a_scope_shows_one_project(void **arg)
{
	struct state *state = fleet(30);
	struct table *table = table_new(
		state, devices_pane.table, state, words_put(state->words, "p1"));

	(void)arg;
	table_refresh(table);
	assert_int_equal(table->count, 10);
	assert_int_equal(table->scoped, 10);
	devices_place(state, devices_find(state, "G030PM0000001"), "p2", "x", "t");
	table_refresh(table);
	assert_int_equal(table->count, 9);
	mem_free(state);
}

static void
a_load_drops_what_it_did_not_name(void **arg)
{
	struct state *state = fleet(30);
	struct table *table = table_new(state, devices_pane.table, state, WORD_NONE);

	(void)arg;
	table_refresh(table);
	shelf_begin(&state->devices.shelf);
	devices_page(state, page(state, 10, 10, NULL));
	table_refresh(table);
	assert_int_equal(table->count, 30); /* until the load is whole */
	devices_end(state);
	table_refresh(table);
	assert_int_equal(table->count, 10);
	assert_int_equal(devices_find(state, "G030PM0000000"), NO_ROW);
	assert_int_not_equal(devices_find(state, "G030PM0000015"), NO_ROW);
	mem_free(state);
}

static void
a_hundred_thousand_devices_stay_small(void **arg)
{
	struct state *state = state_new(NULL);
	struct table *table = table_new(state, devices_pane.table, state, WORD_NONE);
	void *life;

	(void)arg;
	shelf_begin(&state->devices.shelf);
	for (int from = 0; from < 100000; from += 250) {
		life = mem_life(NULL);
		devices_page(state, page(life, from, 250, NULL));
		table_refresh(table);
		mem_free(life);
	}
	devices_end(state);
	table_refresh(table);
	assert_int_equal(table->count, 100000);
	table_sort(table, table_column_find(table, "battery"), false);
	assert_int_equal(table_filter(table, "battery<20 project=p1", NULL), ERR_NONE);
	assert_true(table->count > 1000);
	assert_true(talloc_total_size(state) < 16 * 1024 * 1024);
	mem_free(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_come_in_the_order_of_the_service),
		cmocka_unit_test(pages_are_merged_into_the_order),
		cmocka_unit_test(texts_are_sorted_both_ways),
		cmocka_unit_test(the_unknown_comes_last_in_both_orders),
		cmocka_unit_test(the_cursor_stays_on_its_device),
		cmocka_unit_test(a_row_that_a_new_filter_hides_is_not_told_as_gone),
		cmocka_unit_test(a_row_that_goes_under_the_cursor_is_told),
		cmocka_unit_test(a_change_moves_one_row_in_and_out_of_the_filter),
		cmocka_unit_test(a_bad_filter_changes_nothing),
		cmocka_unit_test(marks_survive_sorting_and_filtering),
		cmocka_unit_test(a_range_is_marked_from_its_key),
		cmocka_unit_test(a_scope_shows_one_project),
		cmocka_unit_test(a_load_drops_what_it_did_not_name),
		cmocka_unit_test(a_hundred_thousand_devices_stay_small),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
