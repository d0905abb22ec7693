#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "oneclick/base/mem.h"
#include "oneclick/ui/canvas.h"

static struct canvas *
small(void **state, int rows, int cols)
{
	struct canvas *canvas = canvas_new(*state, rows, cols);

	canvas->ascii = true;
	return canvas;
}

static const char *
dump(void **state, const struct canvas *canvas)
{
	struct buf out;

	buf_init(&out, *state, BUF_NO_CAP);
	canvas_dump(canvas, &out);
	return out.data;
}

static void
write_row(const struct canvas *canvas, int row, struct buf *out)
{
	const struct cell *cell = &canvas->cell[row * canvas->cols];
	int from = 0;

	for (int col = 1; col <= canvas->cols; col++) {
		if (col < canvas->cols && cell[col].role == cell[from].role)
			continue;
		if (cell[from].role != ROLE_TEXT)
			buf_format(out, "%d:%d-%d %s\n", row, from, col - 1,
				role_names()[cell[from].role]);
		from = col;
	}
}

/* Every run of cells whose role is not text, "ROW:FROM-TO role", and the cursor. */
static void
write_roles(const struct canvas *canvas, struct buf *out)
{
	for (int row = 0; row < canvas->rows; row++)
		write_row(canvas, row, out);
	if (canvas->cursor_row >= 0)
		buf_format(out, "cursor %d:%d\n", canvas->cursor_row, canvas->cursor_col);
}

static const char *
dump_roles(void **state, const struct canvas *canvas)
{
	struct buf out;

	buf_init(&out, *state, BUF_NO_CAP);
	write_roles(canvas, &out);
	return out.data;
}

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
text_is_put_where_it_is_asked_and_cut_with_a_mark(void **state)
{
	struct canvas *canvas = small(state, 2, 10);
	struct area all = canvas_area(canvas);

	assert_int_equal(canvas_put(canvas, area_sub(all, 1, 2, 1, 5), SAFE("lobby-2f"),
				 ROLE_TEXT),
		5);
	assert_string_equal(dump(state, canvas), "\n  lobb~\n");
}

static void
text_that_fits_exactly_is_not_cut(void **state)
{
	struct canvas *canvas = small(state, 1, 5);

	canvas_put(canvas, canvas_area(canvas), SAFE("exact"), ROLE_TEXT);
	assert_string_equal(dump(state, canvas), "exact\n");
}

static void
nothing_is_drawn_outside_the_canvas_or_the_area(void **state)
{
	struct canvas *canvas = small(state, 2, 4);

	canvas_put(canvas, (struct area){ -1, -3, 1, 50 }, SAFE("above"), ROLE_TEXT);
	canvas_put(canvas, (struct area){ 1, 2, 1, 50 }, SAFE("right"), ROLE_TEXT);
	canvas_put(canvas, (struct area){ 9, 0, 1, 50 }, SAFE("below"), ROLE_TEXT);
	canvas_fill(canvas, (struct area){ -5, -5, 6, 6 }, GLYPH_ACROSS, ROLE_TEXT);
	assert_string_equal(dump(state, canvas), "-\n  r~\n");
}

static void
a_wide_letter_takes_two_columns_and_is_never_split(void **state)
{
	struct canvas *canvas = small(state, 1, 6);

	canvas->ascii = false;
	assert_int_equal(canvas_put(canvas, area_slice(canvas_area(canvas), 0, 4),
				 SAFE("会議室"), ROLE_TEXT),
		3);
	assert_string_equal(dump(state, canvas), "会~\n");
}

static void
overwriting_half_of_a_wide_letter_leaves_a_blank(void **state)
{
	struct canvas *canvas = small(state, 1, 6);

	canvas->ascii = false;
	canvas_put(canvas, canvas_area(canvas), SAFE("会議"), ROLE_TEXT);
	canvas_put(canvas, area_slice(canvas_area(canvas), 1, 2), SAFE("ab"), ROLE_TEXT);
	assert_string_equal(dump(state, canvas), " ab\n");
}

static void
a_combining_mark_stays_on_its_base(void **state)
{
	struct canvas *canvas = small(state, 1, 3);

	canvas->ascii = false;
	canvas_put(canvas, canvas_area(canvas), SAFE("e\u0301te"), ROLE_TEXT);
	assert_string_equal(dump(state, canvas), "e\u0301te\n");
	assert_string_equal(canvas->cell[0].text, "e\u0301");
	assert_string_equal(canvas->cell[1].text, "t");
}

static void
an_ascii_canvas_shows_a_question_mark_a_column(void **state)
{
	struct canvas *canvas = small(state, 1, 10);

	canvas_put(canvas, canvas_area(canvas), SAFE("Münze 会"), ROLE_TEXT);
	assert_string_equal(dump(state, canvas), "M?nze ??\n");
}

static void
the_end_can_be_kept_instead_of_the_beginning(void **state)
{
	struct canvas *canvas = small(state, 2, 8);

	canvas_put_tail(canvas, area_row(canvas_area(canvas), 0),
		SAFE("G030PM045751107K"), ROLE_TEXT);
	canvas_put_right(
		canvas, area_row(canvas_area(canvas), 1), SAFE("412"), ROLE_TEXT);
	assert_string_equal(dump(state, canvas), "..51107K\n     412\n");
}

static void
long_text_is_wrapped_at_blanks(void **state)
{
	struct canvas *canvas = small(state, 4, 10);

	assert_int_equal(canvas_wrap(canvas, canvas_area(canvas), 0,
				 SAFE("They leave this account_for_good"), ROLE_TEXT),
		4);
	assert_string_equal(
		dump(state, canvas), "They leave\nthis\naccount_fo\nr_good\n");
}

static void
a_box_has_a_title_and_an_inside(void **state)
{
	struct canvas *canvas = small(state, 4, 20);
	struct area inside = canvas_box(canvas, canvas_area(canvas), SAFE("Unclaim"));

	canvas_put(canvas, inside, SAFE("a very long line of text"), ROLE_DIALOG);
	assert_string_equal(dump(state, canvas), "+-- Unclaim -------+\n"
						 "| a very long lin~ |\n"
						 "|                  |\n"
						 "+------------------+\n");
}

static void
a_box_in_no_room_is_harmless(void **state)
{
	struct canvas *canvas = small(state, 1, 3);

	assert_true(
		area_is_empty(canvas_box(canvas, canvas_area(canvas), SAFE("Title"))));
}

static void
roles_and_the_cursor_are_dumped_as_runs(void **state)
{
	struct canvas *canvas = small(state, 2, 10);

	canvas_put(canvas, canvas_area(canvas), SAFE("abc"), ROLE_HEADING);
	canvas_paint(canvas, (struct area){ 1, 8, 1, 9 }, ROLE_SELECTION);
	canvas_cursor(canvas, canvas_area(canvas), 1, 0);
	canvas_cursor(canvas, canvas_area(canvas), 2, 0);
	assert_string_equal(dump_roles(state, canvas),
		"0:0-2 heading\n1:8-9 selection\ncursor 1:0\n");
}

static void
pieces_follow_one_another(void **state)
{
	struct canvas *canvas = small(state, 1, 12);
	struct area rest = canvas_area(canvas);

	canvas_add(canvas, &rest, SAFE("Enter"), ROLE_HINT_KEY);
	canvas_add(canvas, &rest, SAFE(" details"), ROLE_HINT_TEXT);
	canvas_add(canvas, &rest, SAFE("more"), ROLE_TEXT);
	assert_string_equal(dump(state, canvas), "Enter detai~\n");
}

static void
a_canvas_without_a_theme_shows_the_default_words(void **state)
{
	struct canvas *canvas = small(state, 1, 1);

	assert_string_equal(canvas_word(canvas, ROLE_BATTERY_LOW).text, "LOW");
	assert_string_equal(canvas_symbol(canvas, ROLE_SILENT).text, "~");
}

static void
areas_are_cut_to_what_is_there(void **state)
{
	struct area rest = { 2, 3, 4, 10 };
	struct area top = area_cut_top(&rest, 1), left = area_cut_left(&rest, 4);
	struct area bottom = area_cut_bottom(&rest, 99);

	(void)state;
	assert_int_equal(top.row, 2);
	assert_int_equal(left.rows, 3);
	assert_int_equal(bottom.rows, 3);
	assert_int_equal(bottom.row, 3);
	assert_int_equal(bottom.col, 7);
	assert_true(area_is_empty(rest));
	assert_true(area_is_empty(area_cut_top(&rest, -3)));
	assert_int_equal(area_middle((struct area){ 0, 0, 24, 80 }, 4, 20).col, 30);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		T(text_is_put_where_it_is_asked_and_cut_with_a_mark),
		T(text_that_fits_exactly_is_not_cut),
		T(nothing_is_drawn_outside_the_canvas_or_the_area),
		T(a_wide_letter_takes_two_columns_and_is_never_split),
		T(overwriting_half_of_a_wide_letter_leaves_a_blank),
		T(a_combining_mark_stays_on_its_base),
		T(an_ascii_canvas_shows_a_question_mark_a_column),
		T(the_end_can_be_kept_instead_of_the_beginning),
		T(long_text_is_wrapped_at_blanks),
		T(a_box_has_a_title_and_an_inside),
		T(a_box_in_no_room_is_harmless),
		T(roles_and_the_cursor_are_dumped_as_runs),
		T(pieces_follow_one_another),
		T(a_canvas_without_a_theme_shows_the_default_words),
		T(areas_are_cut_to_what_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
