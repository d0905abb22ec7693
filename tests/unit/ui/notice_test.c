#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "oneclick/base/mem.h"
#include "oneclick/ui/notice.h"

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

static void
hints_that_do_not_fit_are_left_out_but_the_last_stays(void **state)
{
	const struct hint hints[] = {
		{ .key = "Enter", .text = SAFE("detail") },
		{ .key = "D", .text = SAFE("unclaim..") },
		{ .key = "?", .text = SAFE("help") },
	};
	struct canvas *canvas = small(state, 1, 40);

	hints_draw(hints, 3, canvas, canvas_area(canvas));
	assert_string_equal(dump(canvas), "Enter detail  D unclaim..  ? help\n");
	canvas = small(state, 1, 22);
	hints_draw(hints, 3, canvas, canvas_area(canvas));
	assert_string_equal(dump(canvas), "Enter detail  ? help\n");
}

static void
a_hint_refused_at_present_is_dim(void **state)
{
	const struct hint hint = { .key = "+", .text = SAFE("enable"), .off = true };
	struct canvas *canvas = small(state, 1, 20);

	hints_draw(&hint, 1, canvas, canvas_area(canvas));
	assert_int_equal(canvas->cell[0].role, ROLE_DIM);
}

static void
a_new_notice_replaces_the_whole_line(void **state)
{
	struct canvas *canvas = small(state, 1, 30);
	struct notice notice = { .text = SAFE("a rather long first notice") };

	notice_draw(&notice, canvas, canvas_area(canvas));
	notice = (struct notice){ .level = NOTICE_ERROR, .text = SAFE("Not sent") };
	notice_draw(&notice, canvas, canvas_area(canvas));
	assert_string_equal(dump(canvas), "Not sent\n");
	assert_int_equal(canvas->cell[0].role, ROLE_NOTICE_ERROR);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		T(hints_that_do_not_fit_are_left_out_but_the_last_stays),
		T(a_hint_refused_at_present_is_dim),
		T(a_new_notice_replaces_the_whole_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
