#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "oneclick/base/mem.h"
#include "oneclick/ui/edit.h"

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
press(struct edit *edit, struct chord chord)
{
	assert_true(edit_key(edit, &chord));
}

static void
type(struct edit *edit, const char *text)
{
	for (; *text; text++)
		press(edit, CHORD(*text));
}

static void
letters_go_in_where_the_cursor_is(void **state)
{
	struct edit edit;

	edit_init(&edit, *state, 0);
	type(&edit, "lobby");
	press(&edit, CHORD(CHORD_HOME));
	type(&edit, "x-");
	assert_string_equal(edit.text, "x-lobby");
	press(&edit, CHORD_WITH(CHORD_CTRL, 'e'));
	type(&edit, "!");
	assert_string_equal(edit.text, "x-lobby!");
}

static void
deleting_takes_whole_letters(void **state)
{
	struct edit edit;

	edit_init(&edit, *state, 0);
	edit_set(&edit, "ae\u0301会");
	press(&edit, CHORD(CHORD_BACKSPACE));
	assert_string_equal(edit.text, "ae\u0301");
	press(&edit, CHORD(CHORD_LEFT));
	press(&edit, CHORD(CHORD_DEL));
	assert_string_equal(edit.text, "a");
	press(&edit, CHORD(CHORD_DEL));
	press(&edit, CHORD(CHORD_BACKSPACE));
	press(&edit, CHORD(CHORD_BACKSPACE));
	assert_string_equal(edit.text, "");
}

static void
a_word_or_the_line_goes_at_once(void **state)
{
	struct edit edit;

	edit_init(&edit, *state, 0);
	edit_set(&edit, "goto wc-4f  ");
	press(&edit, CHORD_WITH(CHORD_CTRL, 'w'));
	assert_string_equal(edit.text, "goto ");
	press(&edit, CHORD_WITH(CHORD_CTRL, 'u'));
	assert_string_equal(edit.text, "");
}

static void
a_paste_is_text_and_its_line_ends_are_blanks(void **state)
{
	struct edit edit;

	edit_init(&edit, *state, 0);
	press(&edit, (struct chord){ .kind = CHORD_PASTE, .text = "q\nD\n", .len = 4 });
	assert_string_equal(edit.text, "q D");
}

static void
a_text_is_never_cut_and_tells_how_much_too_long_it_is(void **state)
{
	struct chord paste = { .kind = CHORD_PASTE, .text = "one, two", .len = 8 };
	struct edit edit;

	edit_init(&edit, *state, 3);
	edit_set(&edit, "äöü");
	assert_int_equal(edit_excess(&edit), 0);
	type(&edit, "x");
	assert_int_equal(edit_excess(&edit), 1);
	press(&edit, paste);
	assert_string_equal(edit.text, "äöüxone, two");
	assert_int_equal(edit_excess(&edit), 9);
}

/* As fast as a short one: what is drawn is measured, not all there is. */
static void
a_very_long_text_is_drawn_around_its_cursor(void **state)
{
	size_t n = 2 << 20;
	char *many = mem_array(*state, char, n);
	struct chord paste = { .kind = CHORD_PASTE, .text = many, .len = n };
	struct canvas *canvas = small(state, 1, 20);
	struct edit edit;

	memset(many, 'a', n);
	many[n - 1] = 'z';
	edit_init(&edit, *state, 0);
	press(&edit, paste);
	assert_int_equal(edit.len, n);
	for (int i = 0; i < 100; i++)
		edit_draw(&edit, canvas, canvas_area(canvas), ROLE_FIELD, false, true);
	assert_non_null(strstr(dump(canvas), "aaaz"));
	press(&edit, CHORD(CHORD_HOME));
	edit_draw(&edit, canvas, canvas_area(canvas), ROLE_FIELD, false, true);
	assert_int_equal(canvas->cursor_col, 0);
}

static void
other_keys_are_left_to_others(void **state)
{
	struct chord tab = CHORD(CHORD_TAB), f4 = CHORD(CHORD_F1 + 3);
	struct edit edit;

	edit_init(&edit, *state, 0);
	assert_false(edit_key(&edit, &tab));
	assert_false(edit_key(&edit, &f4));
}

static void
a_line_too_long_scrolls_to_its_cursor(void **state)
{
	struct canvas *canvas = small(state, 1, 6);
	struct edit edit;

	edit_init(&edit, *state, 0);
	edit_set(&edit, "0123456789");
	edit_draw(&edit, canvas, canvas_area(canvas), ROLE_FIELD, true, true);
	assert_string_equal(dump(canvas), "56789_\n");
	assert_int_equal(canvas->cursor_col, 5);
	press(&edit, CHORD(CHORD_HOME));
	edit_draw(&edit, canvas, canvas_area(canvas), ROLE_FIELD, true, true);
	assert_string_equal(dump(canvas), "01234~\n");
	assert_int_equal(canvas->cursor_col, 0);
}

static void
a_secret_is_never_shown(void **state)
{
	struct canvas *canvas = small(state, 1, 10);
	struct edit edit;

	edit_init(&edit, *state, 0);
	edit_set(&edit, "geheim");
	edit.hidden = true;
	edit_draw(&edit, canvas, canvas_area(canvas), ROLE_FIELD, false, true);
	assert_string_equal(dump(canvas), "******\n");
}

static void
what_cannot_be_shown_is_written_out(void **state)
{
	struct canvas *canvas = small(state, 1, 16);
	struct edit edit;

	edit_init(&edit, *state, 0);
	edit_set(&edit, "a\u202Eb");
	edit_draw(&edit, canvas, canvas_area(canvas), ROLE_FIELD, false, true);
	assert_string_equal(dump(canvas), "a<U+202E>b\n");
	assert_int_equal(canvas->cursor_col, 10);
}

static const char *const *
complete(void *arg, const void *ctx, const char *text, size_t at, size_t *from,
	size_t *count)
{
	static const char *const words[] = { "devices", "deliveries" };

	(void)arg;
	(void)ctx;
	(void)text;
	*from = at > 2 ? at - 2 : 0;
	*count = 2;
	return words;
}

static void
completion_goes_as_far_as_the_words_agree(void **state)
{
	struct completion found;
	struct edit edit;

	edit_init(&edit, *state, 0);
	edit_set(&edit, "d");
	assert_true(edit_complete(&edit, complete, NULL, *state, &found));
	assert_string_equal(edit.text, "de");
	assert_int_equal(found.count, 2);
	assert_false(edit_complete(&edit, complete, NULL, *state, &found));
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		T(letters_go_in_where_the_cursor_is),
		T(deleting_takes_whole_letters),
		T(a_word_or_the_line_goes_at_once),
		T(a_paste_is_text_and_its_line_ends_are_blanks),
		T(a_text_is_never_cut_and_tells_how_much_too_long_it_is),
		T(a_very_long_text_is_drawn_around_its_cursor),
		T(other_keys_are_left_to_others),
		T(a_line_too_long_scrolls_to_its_cursor),
		T(a_secret_is_never_shown),
		T(what_cannot_be_shown_is_written_out),
		T(completion_goes_as_far_as_the_words_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
