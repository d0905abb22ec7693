#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "oneclick/base/mem.h"
#include "oneclick/ui/prompt.h"

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

static const char *const *
complete(void *arg, const void *ctx, const char *text, size_t at, size_t *from,
	size_t *count)
{
	static const char *const words[] = { "deliveries", "devices" };

	(void)arg;
	(void)ctx;
	*from = 0;
	*count = at > 0 && *text == 'd' ? 2 : 0;
	return words;
}

static void
press(struct prompt *prompt, int32_t key)
{
	struct chord chord = CHORD(key);

	assert_true(prompt_key(prompt, &chord));
}

static void
type(struct prompt *prompt, const char *text)
{
	for (; *text; text++)
		press(prompt, *text);
}

static void
enter_accepts_and_remembers_the_line(void **state)
{
	struct history history;
	struct prompt prompt;

	history_init(&history, *state);
	prompt_init(&prompt, *state, SAFE(":"), &history);
	type(&prompt, "devices");
	press(&prompt, CHORD_ENTER);
	assert_int_equal(prompt.state, PROMPT_ACCEPTED);
	assert_string_equal(prompt.edit.text, "devices");
	assert_int_equal(history.count, 1);
	history_add(&history, "devices");
	assert_int_equal(history.count, 1);
}

static void
esc_and_backspace_on_nothing_cancel(void **state)
{
	struct prompt prompt;

	prompt_init(&prompt, *state, SAFE("/"), NULL);
	type(&prompt, "a");
	press(&prompt, CHORD_BACKSPACE);
	assert_int_equal(prompt.state, PROMPT_OPEN);
	press(&prompt, CHORD_BACKSPACE);
	assert_int_equal(prompt.state, PROMPT_CANCELLED);
	prompt_init(&prompt, *state, SAFE("/"), NULL);
	press(&prompt, CHORD_ESC);
	assert_int_equal(prompt.state, PROMPT_CANCELLED);
}

static void
the_history_is_walked_and_the_draft_comes_back(void **state)
{
	struct history history;
	struct prompt prompt;

	history_init(&history, *state);
	history_add(&history, "one");
	history_add(&history, "two");
	prompt_init(&prompt, *state, SAFE(":"), &history);
	type(&prompt, "dra");
	press(&prompt, CHORD_UP);
	assert_string_equal(prompt.edit.text, "two");
	press(&prompt, CHORD_UP);
	press(&prompt, CHORD_UP);
	assert_string_equal(prompt.edit.text, "one");
	press(&prompt, CHORD_DOWN);
	press(&prompt, CHORD_DOWN);
	press(&prompt, CHORD_DOWN);
	assert_string_equal(prompt.edit.text, "dra");
}

static void
the_oldest_line_makes_room(void **state)
{
	struct history history;
	char line[32];

	history_init(&history, *state);
	for (int i = 0; i <= HISTORY_MAX; i++) {
		snprintf(line, sizeof(line), "line %d", i);
		history_add(&history, line);
	}
	assert_int_equal(history.count, HISTORY_MAX);
	assert_string_equal(history.line[0], "line 1");
}

static void
tab_completes_then_goes_through_the_words(void **state)
{
	struct canvas *canvas = small(state, 2, 24);
	struct chord back = CHORD_WITH(CHORD_SHIFT, CHORD_TAB);
	struct prompt prompt;

	prompt_init(&prompt, *state, SAFE(":"), NULL);
	prompt.complete = complete;
	type(&prompt, "d");
	press(&prompt, CHORD_TAB);
	assert_string_equal(prompt.edit.text, "de");
	prompt_draw(&prompt, canvas, canvas_area(canvas));
	assert_string_equal(dump(canvas), "deliveries  devices\n:de\n");
	press(&prompt, CHORD_TAB);
	assert_string_equal(prompt.edit.text, "deliveries");
	press(&prompt, CHORD_TAB);
	assert_string_equal(prompt.edit.text, "devices");
	assert_true(prompt_key(&prompt, &back));
	assert_string_equal(prompt.edit.text, "deliveries");
	type(&prompt, "x");
	assert_int_equal(prompt.found.count, 0);
	assert_string_equal(prompt.edit.text, "deliveriesx");
}

static void
the_cursor_rests_in_the_line(void **state)
{
	struct canvas *canvas = small(state, 1, 10);
	struct prompt prompt;

	prompt_init(&prompt, *state, SAFE("/"), NULL);
	type(&prompt, "ab");
	prompt_draw(&prompt, canvas, canvas_area(canvas));
	assert_int_equal(canvas->cursor_col, 3);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		T(enter_accepts_and_remembers_the_line),
		T(esc_and_backspace_on_nothing_cancel),
		T(the_history_is_walked_and_the_draft_comes_back),
		T(the_oldest_line_makes_room),
		T(tab_completes_then_goes_through_the_words),
		T(the_cursor_rests_in_the_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
