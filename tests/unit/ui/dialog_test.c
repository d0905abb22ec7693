#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "oneclick/base/mem.h"
#include "oneclick/ui/dialog.h"

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

static const struct safe_text lines[] = { { "G030PM045751188A  acme-hq/wc" },
	{ "They leave this account." } };

static void
open_dialog(void **state, struct dialog *dialog, const char *word)
{
	dialog_init(
		dialog, *state, SAFE("Unclaim 2 devices"), lines, 2, SAFE("Unclaim 2"));
	dialog->word = word;
	dialog->ask = SAFE("Type 2:");
}

static bool
press(struct dialog *dialog, int32_t key)
{
	struct chord chord = CHORD(key);

	return dialog_key(dialog, &chord);
}

static void
a_dialog_opens_with_cancel_chosen(void **state)
{
	struct canvas *canvas = small(state, 8, 50);
	struct dialog dialog;

	open_dialog(state, &dialog, NULL);
	dialog_draw(&dialog, canvas, canvas_area(canvas));
	assert_string_equal(dump(canvas),
		"\n"
		"     +-- Unclaim 2 devices -----------------+\n"
		"     | G030PM045751188A  acme-hq/wc         |\n"
		"     | They leave this account.             |\n"
		"     |                                      |\n"
		"     |    > [ Cancel ]     [ Unclaim 2 ]    |\n"
		"     +--------------------------------------+\n"
		"\n");
	press(&dialog, CHORD_ENTER);
	assert_int_equal(dialog.state, DIALOG_CANCELLED);
}

static void
accepting_takes_a_move_and_enter(void **state)
{
	struct dialog dialog;

	open_dialog(state, &dialog, NULL);
	press(&dialog, CHORD_TAB);
	assert_int_equal(dialog.state, DIALOG_OPEN);
	press(&dialog, CHORD_ENTER);
	assert_int_equal(dialog.state, DIALOG_ACCEPTED);
}

static void
without_the_word_the_button_is_off(void **state)
{
	struct dialog dialog;

	open_dialog(state, &dialog, "2");
	assert_false(dialog_can_accept(&dialog));
	for (int i = 0; i < 5; i++) {
		press(&dialog, CHORD_TAB);
		assert_int_not_equal(dialog.focus, DIALOG_ACCEPT);
	}
	assert_int_equal(dialog.focus, DIALOG_WORD);
	press(&dialog, '1');
	press(&dialog, CHORD_ENTER);
	assert_int_equal(dialog.focus, DIALOG_CANCEL);
	assert_int_equal(dialog.state, DIALOG_OPEN);
}

static void
the_word_then_enter_then_enter_accepts(void **state)
{
	struct dialog dialog;

	open_dialog(state, &dialog, "2");
	press(&dialog, CHORD_TAB);
	press(&dialog, '2');
	press(&dialog, CHORD_ENTER);
	assert_int_equal(dialog.state, DIALOG_OPEN);
	assert_int_equal(dialog.focus, DIALOG_ACCEPT);
	press(&dialog, CHORD_ENTER);
	assert_int_equal(dialog.state, DIALOG_ACCEPTED);
}

static void
the_word_may_be_typed_at_once(void **state)
{
	struct dialog dialog;

	open_dialog(state, &dialog, "2");
	assert_int_equal(dialog.focus, DIALOG_CANCEL);
	press(&dialog, '1');
	assert_int_equal(dialog.focus, DIALOG_WORD);
	press(&dialog, CHORD_BACKSPACE);
	press(&dialog, '2');
	press(&dialog, CHORD_ENTER);
	assert_int_equal(dialog.focus, DIALOG_ACCEPT);
	assert_int_equal(dialog.state, DIALOG_OPEN);
}

static void
a_paste_never_answers(void **state)
{
	struct chord paste = { .kind = CHORD_PASTE, .text = "2\n", .len = 2 };
	struct dialog dialog;

	open_dialog(state, &dialog, "2");
	press(&dialog, CHORD_TAB);
	assert_true(dialog_key(&dialog, &paste));
	assert_string_equal(dialog.typed.text, "");
	assert_int_equal(dialog.state, DIALOG_OPEN);
}

static void
esc_cancels_from_anywhere(void **state)
{
	struct dialog dialog;

	open_dialog(state, &dialog, "2");
	press(&dialog, CHORD_TAB);
	press(&dialog, CHORD_ESC);
	assert_int_equal(dialog.state, DIALOG_CANCELLED);
}

static void
a_blocked_dialog_cannot_be_accepted(void **state)
{
	struct canvas *canvas = small(state, 8, 60);
	struct dialog dialog;

	open_dialog(state, &dialog, NULL);
	dialog.blocked = true;
	press(&dialog, CHORD_TAB);
	assert_int_equal(dialog.focus, DIALOG_CANCEL);
	dialog_draw(&dialog, canvas, canvas_area(canvas));
	assert_non_null(strstr(dump(canvas), "[ Unclaim 2 ] (off)"));
}

static void
options_are_chosen_with_the_arrows(void **state)
{
	static const struct safe_text ways[] = { { "only check" }, { "delete all" } };
	struct canvas *canvas = small(state, 12, 60);
	struct dialog dialog;

	open_dialog(state, &dialog, NULL);
	dialog.option = ways;
	dialog.options = 2;
	press(&dialog, CHORD_TAB);
	press(&dialog, CHORD_TAB);
	assert_int_equal(dialog.focus, DIALOG_OPTIONS);
	press(&dialog, CHORD_DOWN);
	press(&dialog, CHORD_DOWN);
	assert_int_equal(dialog.chosen, 1);
	dialog_draw(&dialog, canvas, canvas_area(canvas));
	assert_non_null(strstr(dump(canvas), "( ) only check"));
	assert_non_null(strstr(dump(canvas), "(*) delete all"));
}

static void
other_keys_are_left_to_the_caller(void **state)
{
	struct dialog dialog;

	open_dialog(state, &dialog, NULL);
	assert_false(press(&dialog, 'd'));
	open_dialog(state, &dialog, "2");
	assert_false(press(&dialog, ' '));
	assert_false(press(&dialog, CHORD_HOME));
}

static void
any_size_is_drawn(void **state)
{
	struct dialog dialog;

	open_dialog(state, &dialog, "2");
	for (int rows = 1; rows < 12; rows++)
		for (int cols = 1; cols < 60; cols += 3) {
			struct canvas *canvas = small(state, rows, cols);

			dialog_draw(&dialog, canvas, canvas_area(canvas));
			assert_int_equal(strlen(dump(canvas)) > 0, 1);
		}
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		T(a_dialog_opens_with_cancel_chosen),
		T(accepting_takes_a_move_and_enter),
		T(without_the_word_the_button_is_off),
		T(the_word_then_enter_then_enter_accepts),
		T(the_word_may_be_typed_at_once),
		T(a_paste_never_answers),
		T(esc_cancels_from_anywhere),
		T(a_blocked_dialog_cannot_be_accepted),
		T(options_are_chosen_with_the_arrows),
		T(other_keys_are_left_to_the_caller),
		T(any_size_is_drawn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
