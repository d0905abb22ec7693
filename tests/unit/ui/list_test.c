#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "oneclick/base/mem.h"
#include "oneclick/ui/list.h"

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

static const char *
dump(const struct canvas *canvas)
{
	struct buf out;

	buf_init(&out, canvas, BUF_NO_CAP);
	canvas_dump(canvas, &out);
	return out.data;
}

static struct canvas *
small(void **state, int rows, int cols)
{
	struct canvas *canvas = canvas_new(*state, rows, cols);

	canvas->ascii = true;
	return canvas;
}

static const struct list_column columns[] = {
	{ .title = { "DEVICE ID" }, .min = 8, .max = 10, .keep_tail = true },
	{ .title = { "FL" }, .min = 2, .max = 2, .priority = 1 },
	{ .title = { "BATT" }, .min = 6, .max = 6, .priority = 2, .align = LIST_RIGHT },
	{ .title = { "PLACEMENT" }, .min = 9, .max = 20, .priority = 3 },
};
enum { COLUMNS = sizeof(columns) / sizeof(*columns) };

static void
cell(const void *arg, const void *ctx, size_t row, size_t column, struct list_cell *out)
{
	(void)arg;
	if (column == 0 && row == 3) {
		out->text = SAFE("---- stream lost, gap of 8 s filled");
		out->span = true;
	} else if (column == 0) {
		out->text = text_safe_format(ctx, "G030PM%04zu", row);
	} else if (column == 1 && row == 1) {
		out->text = SAFE("!");
		out->role = ROLE_BATTERY_LOW;
	} else if (column == 2) {
		out->text = text_safe_format(ctx, "%zu%%", row);
	} else if (column == 3) {
		out->text = SAFE("acme-hq/lobby-2f");
	}
}

static bool
marked(const void *arg, size_t row)
{
	(void)arg;
	return row == 2;
}

static void
prepare(struct list *list, size_t rows)
{
	list_init(list, columns, COLUMNS, cell, NULL);
	list->marked = marked;
	list_set_count(list, rows);
}

static void
a_list_shows_cursor_marks_and_columns(void **state)
{
	struct canvas *canvas = small(state, 5, 40);
	struct list list;

	prepare(&list, 3);
	list_draw(&list, canvas, canvas_area(canvas));
	assert_string_equal(dump(canvas), "   DEVICE ID  FL   BATT PLACEMENT\n"
					  ">  G030PM0000        0% acme-hq/lobby-2f\n"
					  "   G030PM0001 !      1% acme-hq/lobby-2f\n"
					  " + G030PM0002        2% acme-hq/lobby-2f\n"
					  "\n");
	assert_int_equal(canvas->cursor_row, 1);
	assert_int_equal(canvas->cursor_col, 0);
}

static void
columns_without_room_are_dropped_by_priority(void **state)
{
	struct canvas *canvas = small(state, 3, 22);
	struct list_slots slots;
	struct list list;

	prepare(&list, 2);
	list_draw(&list, canvas, canvas_area(canvas));
	assert_string_equal(dump(canvas), "   DEVICE ID FL   BAT>\n"
					  ">  ..0PM0000        0%\n"
					  "   ..0PM0001 !      1%\n");
	list_slots(&list, 22, &slots);
	assert_int_equal(slots.drops, 1);
	assert_int_equal(slots.dropped[0], 3);
}

static void
the_first_column_is_never_dropped(void **state)
{
	struct canvas *canvas = small(state, 2, 7);
	struct list list;

	prepare(&list, 2);
	list_draw(&list, canvas, canvas_area(canvas));
	assert_string_equal(dump(canvas), "   DEV>\n>  ..00\n");
}

static void
scrolling_sideways_keeps_the_first_column(void **state)
{
	struct canvas *canvas = small(state, 2, 26);
	struct list list;

	prepare(&list, 2);
	assert_true(list_move(&list, LIST_SCROLL_RIGHT));
	assert_true(list_move(&list, LIST_SCROLL_RIGHT));
	assert_false(list_move(&list, LIST_SCROLL_RIGHT));
	assert_int_equal(list.scroll, 2);
	list_draw(&list, canvas, canvas_area(canvas));
	assert_string_equal(dump(canvas), "   DEVICE ID <PLACEMENT\n"
					  ">  G030PM0000 acme-hq/lob~\n");
}

static void
the_column_sorted_by_is_marked(void **state)
{
	struct canvas *canvas = small(state, 1, 40);
	struct list list;

	prepare(&list, 0);
	list.sort = 2;
	list.descending = true;
	list_draw(&list, canvas, canvas_area(canvas));
	assert_string_equal(dump(canvas), "   DEVICE ID  FL BATT v PLACEMENT\n");
}

static void
a_row_may_span_all_columns(void **state)
{
	struct canvas *canvas = small(state, 2, 40);
	struct list list;

	prepare(&list, 4);
	list.no_heading = true;
	list_fit(&list, canvas_area(canvas));
	list_go(&list, 3);
	list_draw(&list, canvas, canvas_area(canvas));
	assert_string_equal(dump(canvas), " + G030PM0002        2% acme-hq/lobby-2f\n"
					  ">  ---- stream lost, gap of 8 s filled\n");
}

static void
only_the_first_cell_is_selected_unless_asked(void **state)
{
	struct canvas *canvas = small(state, 2, 40);
	struct list list;

	prepare(&list, 1);
	list_draw(&list, canvas, canvas_area(canvas));
	assert_int_equal(canvas->cell[40 + 3].role, ROLE_SELECTION);
	assert_int_equal(canvas->cell[40 + 0].role, ROLE_TEXT);
	assert_int_equal(canvas->cell[40 + 30].role, ROLE_TEXT);
	list.highlight = LIST_ROW;
	list_draw(&list, canvas, canvas_area(canvas));
	assert_int_equal(canvas->cell[40 + 30].role, ROLE_SELECTION);
}

static void
the_cursor_moves_and_stays_inside(void **state)
{
	struct list list;

	(void)state;
	prepare(&list, 100);
	list_fit(&list, (struct area){ 0, 0, 21, 80 });
	assert_int_equal(list.page, 20);
	assert_false(list_move(&list, LIST_UP));
	list_move(&list, LIST_PAGE_DOWN);
	assert_int_equal(list.cursor, 19);
	list_move(&list, LIST_PAGE_DOWN);
	assert_int_equal(list.cursor, 38);
	assert_int_equal(list.top, 19);
	list_move(&list, LIST_LAST);
	assert_int_equal(list.cursor, 99);
	assert_int_equal(list.top, 80);
	assert_false(list_move(&list, LIST_DOWN));
	list_move(&list, LIST_HALF_UP);
	assert_int_equal(list.cursor, 89);
	assert_int_equal(list.top, 80);
	list_move(&list, LIST_FIRST);
	assert_int_equal(list.cursor, 0);
	assert_int_equal(list.top, 0);
}

static void
fewer_rows_pull_the_cursor_back(void **state)
{
	struct list list;

	(void)state;
	prepare(&list, 100);
	list_fit(&list, (struct area){ 0, 0, 21, 80 });
	list_go(&list, 99);
	list_set_count(&list, 30);
	assert_int_equal(list.cursor, 29);
	assert_int_equal(list.top, 10);
	list_set_count(&list, 0);
	assert_int_equal(list.cursor, 0);
	assert_false(list_move(&list, LIST_DOWN));
}

static void
a_click_finds_its_row(void **state)
{
	struct area area = { 2, 0, 11, 80 };
	struct list list;
	size_t row = 77;

	(void)state;
	prepare(&list, 15);
	list_fit(&list, area);
	list_go(&list, 12);
	assert_true(list_row_at(&list, area, 3, &row));
	assert_int_equal(row, 3);
	assert_false(list_row_at(&list, area, 2, &row));
	assert_false(list_row_at(&list, area, 13, &row));
}

static void
any_size_is_drawn(void **state)
{
	struct list list;

	prepare(&list, 1000);
	list_go(&list, 500);
	for (int rows = 1; rows < 6; rows++)
		for (int cols = 1; cols < 50; cols++) {
			struct canvas *canvas = small(state, rows, cols);

			list_draw(&list, canvas, canvas_area(canvas));
			if (rows > 1)
				assert_true(canvas->cursor_row > 0);
		}
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		T(a_list_shows_cursor_marks_and_columns),
		T(columns_without_room_are_dropped_by_priority),
		T(the_first_column_is_never_dropped),
		T(scrolling_sideways_keeps_the_first_column),
		T(the_column_sorted_by_is_marked),
		T(a_row_may_span_all_columns),
		T(only_the_first_cell_is_selected_unless_asked),
		T(the_cursor_moves_and_stays_inside),
		T(fewer_rows_pull_the_cursor_back),
		T(a_click_finds_its_row),
		T(any_size_is_drawn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
