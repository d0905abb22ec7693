#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "oneclick/base/mem.h"
#include "oneclick/ui/chord.h"

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
a_name_and_its_chord_are_the_same_thing(void **state)
{
	static const char *const names[] = { "j", "Ctrl-d", "PgDn", "Shift-Tab", "F1",
		"F12", "+", "-", "Space", "Alt-x", "Ctrl-Left", "Ctrl-Space", "Ctrl-\\",
		"é", "Alt-Shift-Up", "Esc" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct chord chord;
		char name[CHORD_NAME_MAX];

		assert_int_equal(chord_parse(names[i], &chord, NULL), ERR_NONE);
		chord_name(&chord, name);
		assert_string_equal(name, names[i]);
	}
}

static void
refused(const char *name, const char *what)
{
	struct chord chord;
	struct fault why = { .sentence = "" };

	assert_int_equal(chord_parse(name, &chord, &why), ERR_INVALID);
	if (!strstr(why.sentence, what))
		fail_msg("%s", why.sentence);
}

static void
names_that_mean_nothing_are_refused(void **state)
{
	(void)state;
	refused("PgDwn", "PgDn");
	refused("", "no key");
	refused("jk", "no key");
	refused("\x01", "no key");
}

static void
keys_a_terminal_cannot_tell_apart_are_refused(void **state)
{
	(void)state;
	refused("Ctrl-i", "Tab");
	refused("Ctrl-M", "Enter");
	refused("Ctrl-[", "Esc");
	refused("Shift-j", "letter");
	refused("Ctrl-+", "Ctrl goes");
}

static void
only_plain_letters_are_typed(void **state)
{
	struct chord letter = CHORD('a'), ctrl = CHORD_WITH(CHORD_CTRL, 'a'),
		     up = CHORD(CHORD_UP), paste = { .kind = CHORD_PASTE };

	(void)state;
	assert_true(chord_is_letter(&letter));
	assert_false(chord_is_letter(&ctrl));
	assert_false(chord_is_letter(&up));
	assert_false(chord_is_letter(&paste));
	assert_false(chord_is(&ctrl, 'a'));
	assert_true(chord_is_ctrl(&ctrl, 'a'));
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		T(a_name_and_its_chord_are_the_same_thing),
		T(names_that_mean_nothing_are_refused),
		T(keys_a_terminal_cannot_tell_apart_are_refused),
		T(only_plain_letters_are_typed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
