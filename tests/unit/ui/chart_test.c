#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "oneclick/base/mem.h"
#include "oneclick/ui/chart.h"

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

static const struct chart_row hours[] = {
	{.label = { "06" },       .value = { 400, 12 }},
	{		 .label = { "07" }, .value = { 1000, 640 }                   },
	{ .label = { "08" }, .value = { 0 },                    .note = { "(so far)" } },
};

static struct chart
chart_of(enum chart_look look)
{
	return (struct chart){
		.title = SAFE("Clicks"),
		.series = {SAFE("SINGLE"), SAFE("DOUBLE")},
		.series_count = 2,
		.row = hours,
		.count = 3,
		.look = look
	};
}

static void
bars_have_their_numbers_beside_them(void **state)
{
	struct canvas *canvas = small(state, 4, 40);
	struct chart chart = chart_of(CHART_BARS);

	chart_draw(&chart, canvas, canvas_area(canvas));
	assert_string_equal(dump(canvas), "Clicks  SINGLE #  DOUBLE =\n"
					  "06 |#####                   412\n"
					  "07 |#############======== 1,640\n"
					  "08 |                          0 (so far)\n");
}

static void
the_table_has_the_same_numbers(void **state)
{
	struct canvas *canvas = small(state, 5, 40);
	struct chart chart = chart_of(CHART_TABLE);

	chart_draw(&chart, canvas, canvas_area(canvas));
	assert_string_equal(dump(canvas), "Clicks\n"
					  "    SINGLE  DOUBLE\n"
					  "06     400      12\n"
					  "07   1,000     640\n"
					  "08       0       0 (so far)\n");
}

static void
columns_grow_up_above_their_numbers(void **state)
{
	static const struct chart_row weeks[] = {
		{.label = { "09-01" },  .value = { 100 }},
		{ .label = { "09-08" }, .value = { 50 } },
		{ .label = { "09-15" }, .value = { 1 }  },
	};
	struct canvas *canvas = small(state, 6, 24);
	struct chart chart = { .title = SAFE(""),
		.series_count = 1,
		.row = weeks,
		.count = 3,
		.look = CHART_COLUMNS };

	chart_draw(&chart, canvas, canvas_area(canvas));
	assert_string_equal(dump(canvas), "  |     #\n"
					  "  |     #\n"
					  "  |     #     #\n"
					  "  |     #     #     #\n"
					  "      100    50     1\n"
					  "    09-01 09-08 09-15\n");
}

static void
rows_without_room_are_counted(void **state)
{
	struct canvas *canvas = small(state, 3, 40);
	struct chart chart = chart_of(CHART_BARS);

	chart_draw(&chart, canvas, canvas_area(canvas));
	assert_non_null(strstr(dump(canvas), "\n2 more\n"));
}

static void
a_bar_shows_how_much_is_done(void **state)
{
	struct canvas *canvas = small(state, 1, 12);

	bar_draw(canvas, canvas_area(canvas), 45, 90, ROLE_CHART);
	assert_string_equal(dump(canvas), "[#####.....]\n");
	bar_draw(canvas, canvas_area(canvas), 0, 0, ROLE_CHART);
	assert_string_equal(dump(canvas), "[..........]\n");
}

static void
numbers_are_grouped_in_threes(void **state)
{
	char text[CHART_NUMBER_SIZE];

	(void)state;
	chart_number(0, text);
	assert_string_equal(text, "0");
	chart_number(1640, text);
	assert_string_equal(text, "1,640");
	chart_number(-123456, text);
	assert_string_equal(text, "-123,456");
	chart_number(INT64_MIN, text);
	assert_string_equal(text, "-9,223,372,036,854,775,808");
}

static void
any_size_is_drawn(void **state)
{
	for (int look = CHART_BARS; look <= CHART_TABLE; look++)
		for (int rows = 1; rows < 6; rows++)
			for (int cols = 1; cols < 30; cols++) {
				struct canvas *canvas = small(state, rows, cols);
				struct chart chart = chart_of((enum chart_look)look);

				chart_draw(&chart, canvas, canvas_area(canvas));
				assert_non_null(dump(canvas));
			}
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		T(bars_have_their_numbers_beside_them),
		T(the_table_has_the_same_numbers),
		T(columns_grow_up_above_their_numbers),
		T(rows_without_room_are_counted),
		T(a_bar_shows_how_much_is_done),
		T(numbers_are_grouped_in_threes),
		T(any_size_is_drawn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
