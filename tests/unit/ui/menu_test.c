#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "oneclick/base/mem.h"
#include "oneclick/ui/menu.h"

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

static const struct safe_text columns[] = { { "battery" }, { "seen" }, { "state" } };

static void
press(struct menu *menu, int32_t key)
{
	struct chord chord = CHORD(key);

	assert_true(menu_key(menu, &chord));
}

static void
a_menu_is_a_frame_with_a_pointer(void **state)
{
	struct canvas *canvas = small(state, 5, 30);
	struct menu menu;

	menu_init(&menu, SAFE("Sort by"), columns, 3);
	press(&menu, CHORD_DOWN);
	menu_draw(&menu, canvas, canvas_area(canvas));
	assert_string_equal(dump(canvas), "       +-- Sort by --+\n"
					  "       |   battery   |\n"
					  "       | > seen      |\n"
					  "       |   state     |\n"
					  "       +-------------+\n");
	assert_int_equal(canvas->cursor_row, 2);
}

static void
enter_chooses_and_esc_cancels(void **state)
{
	struct menu menu;

	(void)state;
	menu_init(&menu, SAFE("Sort by"), columns, 3);
	press(&menu, CHORD_END);
	press(&menu, CHORD_DOWN);
	press(&menu, CHORD_ENTER);
	assert_int_equal(menu.state, MENU_CHOSEN);
	assert_int_equal(menu.cursor, 2);
	press(&menu, CHORD_ESC);
	assert_int_equal(menu.state, MENU_CANCELLED);
}

static void
a_letter_goes_to_the_next_item_with_it(void **state)
{
	struct menu menu;

	(void)state;
	menu_init(&menu, SAFE("Sort by"), columns, 3);
	press(&menu, 's');
	assert_int_equal(menu.cursor, 1);
	press(&menu, 'S');
	assert_int_equal(menu.cursor, 2);
	press(&menu, 's');
	assert_int_equal(menu.cursor, 1);
	press(&menu, 'z');
	assert_int_equal(menu.cursor, 1);
}

static void
an_empty_menu_chooses_nothing(void **state)
{
	struct chord enter = CHORD(CHORD_ENTER);
	struct menu menu;

	(void)state;
	menu_init(&menu, SAFE("Methods"), columns, 0);
	press(&menu, 'b');
	assert_false(menu_key(&menu, &enter));
	assert_int_equal(menu.state, MENU_OPEN);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		T(a_menu_is_a_frame_with_a_pointer),
		T(enter_chooses_and_esc_cancels),
		T(a_letter_goes_to_the_next_item_with_it),
		T(an_empty_menu_chooses_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
