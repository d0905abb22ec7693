#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "oneclick/base/mem.h"
#include "oneclick/ui/detail.h"

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
fill(void **state, struct detail *detail)
{
	detail_init(detail, *state);
	detail_heading(detail, SAFE("lobby-2f"));
	detail_pair(detail, SAFE("Template"), SAFE("front-desk"), ROLE_TEXT);
	detail_pair(detail, SAFE("Device"), SAFE("G030PM045751107K and more"), ROLE_TEXT);
	detail_blank(detail);
	detail_text(detail, SAFE("Building"), ROLE_DIM, 2);
}

static void
labels_and_values_stand_in_two_columns(void **state)
{
	struct canvas *canvas = small(state, 5, 24);
	struct detail detail;

	fill(state, &detail);
	detail_draw(&detail, canvas, canvas_area(canvas));
	assert_string_equal(dump(canvas), "lobby-2f\n"
					  "Template  front-desk\n"
					  "Device    G030PM0457511~\n"
					  "\n"
					  "  Building\n");
}

static void
wrapped_values_go_on_below(void **state)
{
	struct canvas *canvas = small(state, 5, 28);
	struct detail detail;

	fill(state, &detail);
	detail.wrap = true;
	detail_draw(&detail, canvas, canvas_area(canvas));
	assert_string_equal(dump(canvas), "lobby-2f\n"
					  "Template  front-desk\n"
					  "Device    G030PM045751107K\n"
					  "          and more\n"
					  "\n");
}

static void
keys_scroll_and_stop_at_the_ends(void **state)
{
	struct chord down = CHORD('j'), last = CHORD('G'), first = CHORD('g'),
		     other = CHORD('x');
	struct detail detail;

	fill(state, &detail);
	detail_fit(&detail, (struct area){ 0, 0, 3, 20 });
	assert_true(detail_key(&detail, &down));
	assert_int_equal(detail.top, 1);
	detail_key(&detail, &last);
	assert_int_equal(detail.top, 2);
	detail_key(&detail, &down);
	assert_int_equal(detail.top, 2);
	detail_key(&detail, &first);
	assert_int_equal(detail.top, 0);
	assert_false(detail_key(&detail, &other));
}

static void
a_search_goes_round_in_both_directions(void **state)
{
	struct detail detail;

	fill(state, &detail);
	detail_fit(&detail, (struct area){ 0, 0, 2, 20 });
	assert_true(detail_find(&detail, "BUILD", false));
	assert_int_equal(detail.found, 4);
	assert_int_equal(detail.top, 3);
	assert_true(detail_find(&detail, "e", false));
	assert_int_equal(detail.found, 1);
	assert_true(detail_find(&detail, "build", true));
	assert_int_equal(detail.found, 4);
	assert_false(detail_find(&detail, "nowhere", false));
	assert_false(detail_find(&detail, "", false));
}

static void
clearing_forgets_everything(void **state)
{
	struct canvas *canvas = small(state, 1, 20);
	struct detail detail;

	fill(state, &detail);
	detail_clear(&detail);
	detail_draw(&detail, canvas, canvas_area(canvas));
	assert_string_equal(dump(canvas), "\n");
	assert_false(detail_find(&detail, "a", false));
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		T(labels_and_values_stand_in_two_columns),
		T(wrapped_values_go_on_below),
		T(keys_scroll_and_stop_at_the_ends),
		T(a_search_goes_round_in_both_directions),
		T(clearing_forgets_everything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
