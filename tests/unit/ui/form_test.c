#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "oneclick/base/mem.h"
#include "oneclick/ui/form.h"

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

static const struct safe_text actions[] = { { "Send SMS" }, { "Send email" } };
static const struct safe_text buttons[] = { { "Back" }, { "Create" } };

enum { NAME, ACTION, PHONE, ATTRIBUTES, PRESS };

static void
fill(void **state, struct form *form)
{
	form_init(form, *state);
	form_add_text(form, SAFE("Name"), "clinic", 128);
	form_add_choice(form, SAFE("Action"), actions, 2, 0);
	form_add_text(form, SAFE("Phone"), "", 20);
	form_add_rows(form, SAFE("Attributes"), SAFE("+ add another"), 3);
	form_rows_column(form, ATTRIBUTES, SAFE("Attribute key"), 14);
	form_rows_column(form, ATTRIBUTES, SAFE("Default value"), 10);
	form_add_buttons(form, buttons, 2);
}

static bool
press(struct form *form, struct chord chord)
{
	return form_key(form, &chord);
}

static bool
key(struct form *form, int32_t code)
{
	return press(form, CHORD(code));
}

static bool
back(struct form *form)
{
	return press(form, CHORD_WITH(CHORD_SHIFT, CHORD_TAB));
}

static void
type(struct form *form, const char *text)
{
	for (; *text; text++)
		assert_true(key(form, *text));
}

static void
a_form_shows_its_fields(void **state)
{
	struct canvas *canvas = small(state, 15, 64);
	const char *const room[] = { "Room", "" };
	struct form form;

	fill(state, &form);
	form.field[NAME].width = 20;
	form.field[NAME].hint = SAFE("letters, digits, - _");
	form_check(&form, NAME, FORM_GOOD, SAFE("not used yet"));
	form_check(&form, ACTION, FORM_BAD, SAFE("needs a number"));
	form_rows_add(&form, ATTRIBUTES, room);
	form_draw(&form, canvas, canvas_area(canvas));
	assert_string_equal(dump(canvas),
		"  Name    [clinic______________]  letters, digits, - _\n"
		"          ok: not used yet\n"
		"\n"
		"  Action  [Send SMS   v]\n"
		"          ! needs a number\n"
		"\n"
		"  Phone   [________________________________________]\n"
		"\n"
		"  Attributes\n"
		"     Attribute key    Default value\n"
		"    [Room__________] [__________]\n"
		"    + add another\n"
		"\n"
		"    [ Back ]   [ Create ]\n"
		"\n");
	assert_int_equal(canvas->cursor_row, 0);
	assert_int_equal(canvas->cursor_col, 17);
}

static void
keys_type_into_the_field_in_focus(void **state)
{
	struct form form;

	fill(state, &form);
	type(&form, "-nw");
	assert_string_equal(form.field[NAME].edit.text, "clinic-nw");
	assert_true(form.changed);
}

static void
tab_goes_forward_and_shift_tab_back(void **state)
{
	struct form form;

	fill(state, &form);
	key(&form, CHORD_TAB);
	assert_int_equal(form.focus, ACTION);
	key(&form, CHORD_DOWN);
	assert_int_equal(form.focus, PHONE);
	back(&form);
	assert_int_equal(form.focus, ACTION);
	key(&form, CHORD_UP);
	assert_int_equal(form.focus, NAME);
	assert_int_equal(form.state, FORM_OPEN);
}

static void
back_is_possible_whatever_a_field_holds(void **state)
{
	struct form form;

	fill(state, &form);
	form_check(&form, NAME, FORM_BAD, SAFE("taken"));
	back(&form);
	assert_int_equal(form.state, FORM_BACK);
	assert_int_equal(form_first_bad(&form), NAME);
}

static void
enter_asks_to_go_on_and_esc_to_leave(void **state)
{
	struct form form;

	fill(state, &form);
	key(&form, CHORD_ENTER);
	assert_int_equal(form.state, FORM_NEXT);
	key(&form, CHORD_ESC);
	assert_int_equal(form.state, FORM_LEAVE);
}

static void
a_choice_is_changed_with_the_arrows(void **state)
{
	struct form form;

	fill(state, &form);
	form_go(&form, ACTION);
	key(&form, CHORD_LEFT);
	assert_false(form.changed);
	key(&form, CHORD_RIGHT);
	key(&form, CHORD_RIGHT);
	assert_int_equal(form.field[ACTION].chosen, 1);
	key(&form, ' ');
	assert_int_equal(form.field[ACTION].chosen, 0);
	assert_true(form.changed);
}

static void
options_in_a_column_are_gone_through_up_and_down_and_left_at_the_ends(void **state)
{
	struct form form;

	fill(state, &form);
	form.field[ACTION].tall = true;
	form_go(&form, ACTION);
	key(&form, CHORD_DOWN);
	assert_int_equal(form.field[ACTION].chosen, 1);
	assert_int_equal(form.focus, ACTION);
	key(&form, CHORD_DOWN);
	assert_int_equal(form.focus, PHONE);
	key(&form, CHORD_UP);
	key(&form, CHORD_UP);
	assert_int_equal(form.field[ACTION].chosen, 0);
	assert_int_equal(form.focus, ACTION);
	key(&form, CHORD_UP);
	assert_int_equal(form.focus, NAME);
}

static void
rows_are_added_filled_and_removed(void **state)
{
	struct form form;

	fill(state, &form);
	form_go(&form, ATTRIBUTES);
	key(&form, CHORD_ENTER);
	type(&form, "Room");
	key(&form, CHORD_ENTER);
	type(&form, "1");
	key(&form, CHORD_TAB);
	key(&form, CHORD_ENTER);
	type(&form, "Ward");
	assert_int_equal(form.field[ATTRIBUTES].rows.rows, 2);
	assert_string_equal(form_rows_text(&form, ATTRIBUTES, 0, 0), "Room");
	assert_string_equal(form_rows_text(&form, ATTRIBUTES, 0, 1), "1");
	assert_string_equal(form_rows_text(&form, ATTRIBUTES, 1, 0), "Ward");
	key(&form, CHORD_UP);
	press(&form, CHORD_WITH(CHORD_CTRL, 'x'));
	assert_int_equal(form.field[ATTRIBUTES].rows.rows, 1);
	assert_string_equal(form_rows_text(&form, ATTRIBUTES, 0, 0), "Ward");
}

static void
rows_end_at_their_most(void **state)
{
	const char *const row[] = { "k", "v" };
	struct form form;

	fill(state, &form);
	assert_true(form_rows_add(&form, ATTRIBUTES, row));
	assert_true(form_rows_add(&form, ATTRIBUTES, row));
	assert_true(form_rows_add(&form, ATTRIBUTES, row));
	assert_false(form_rows_add(&form, ATTRIBUTES, row));
}

static void
tab_walks_through_rows_and_out(void **state)
{
	const char *const row[] = { "k", "v" };
	struct form form;

	fill(state, &form);
	form_rows_add(&form, ATTRIBUTES, row);
	form_go(&form, ATTRIBUTES);
	key(&form, CHORD_TAB);
	assert_int_equal(form.field[ATTRIBUTES].rows.col, 1);
	key(&form, CHORD_TAB);
	assert_int_equal(form.field[ATTRIBUTES].rows.row, 1);
	key(&form, CHORD_TAB);
	assert_int_equal(form.focus, PRESS);
	back(&form);
	assert_int_equal(form.focus, ATTRIBUTES);
}

static void
a_pasted_list_fills_rows(void **state)
{
	struct chord paste = { .kind = CHORD_PASTE, .text = "a\nb\n\nc\nd\n", .len = 9 };
	struct form form;

	fill(state, &form);
	form_go(&form, ATTRIBUTES);
	press(&form, paste);
	assert_int_equal(form.field[ATTRIBUTES].rows.rows, 3);
	assert_string_equal(form_rows_text(&form, ATTRIBUTES, 2, 0), "c");
}

static void
a_button_is_pressed_with_enter(void **state)
{
	struct form form;

	fill(state, &form);
	form_go(&form, PRESS);
	key(&form, CHORD_RIGHT);
	key(&form, CHORD_ENTER);
	assert_int_equal(form.state, FORM_PRESSED);
	assert_int_equal(form.field[PRESS].chosen, 1);
}

static void
hidden_and_disabled_fields_are_passed_over(void **state)
{
	struct form form;

	fill(state, &form);
	form.field[ACTION].hide = true;
	form.field[PHONE].off = true;
	key(&form, CHORD_TAB);
	assert_int_equal(form.focus, ATTRIBUTES);
}

static void
the_field_in_focus_is_always_in_sight(void **state)
{
	struct form form;

	fill(state, &form);
	for (size_t field = 0; field <= PRESS; field++) {
		struct canvas *canvas = small(state, 5, 20);

		form_go(&form, field);
		form_draw(&form, canvas, canvas_area(canvas));
		assert_true(canvas->cursor_row >= 0);
	}
}

static const char *const *
complete(void *arg, const void *ctx, const char *text, size_t at, size_t *from,
	size_t *count)
{
	static const char *const words[] = { "clinic-nw" };

	(void)arg;
	(void)ctx;
	(void)text;
	(void)at;
	*from = 0;
	*count = 1;
	return words;
}

static void
tab_completes_first_and_moves_on_then(void **state)
{
	struct form form;

	fill(state, &form);
	form.field[NAME].complete = complete;
	key(&form, CHORD_TAB);
	assert_string_equal(form.field[NAME].edit.text, "clinic-nw");
	assert_int_equal(form.focus, NAME);
	key(&form, CHORD_TAB);
	assert_int_equal(form.focus, ACTION);
}

static void
a_form_of_notes_alone_can_be_left(void **state)
{
	struct form form;

	form_init(&form, *state);
	form_add_note(&form, SAFE("The name cannot be changed later."));
	back(&form);
	assert_int_equal(form.state, FORM_BACK);
	key(&form, CHORD_ENTER);
	assert_int_equal(form.state, FORM_NEXT);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		T(a_form_shows_its_fields),
		T(keys_type_into_the_field_in_focus),
		T(tab_goes_forward_and_shift_tab_back),
		T(back_is_possible_whatever_a_field_holds),
		T(enter_asks_to_go_on_and_esc_to_leave),
		T(a_choice_is_changed_with_the_arrows),
		T(options_in_a_column_are_gone_through_up_and_down_and_left_at_the_ends),
		T(rows_are_added_filled_and_removed),
		T(rows_end_at_their_most),
		T(tab_walks_through_rows_and_out),
		T(a_pasted_list_fills_rows),
		T(a_button_is_pressed_with_enter),
		T(hidden_and_disabled_fields_are_passed_over),
		T(the_field_in_focus_is_always_in_sight),
		T(tab_completes_first_and_moves_on_then),
		T(a_form_of_notes_alone_can_be_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
