#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "oneclick/base/mem.h"
#include "oneclick/ui/decode.h"

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

/* The names of the chords that bytes become, a blank between two. */
static const char *
names(struct decode *decode, const char *bytes, size_t n)
{
	static char all[4096];
	const struct chord *chord;
	size_t count = decode_feed(decode, bytes, n, &chord);

	all[0] = '\0';
	for (size_t i = 0; i < count; i++) {
		char name[CHORD_NAME_MAX];

		chord_name(&chord[i], name);
		if (chord[i].kind == CHORD_PASTE)
			snprintf(all + strlen(all), sizeof(all) - strlen(all), "<%s>",
				chord[i].text);
		else if (chord[i].kind == CHORD_CLICK)
			snprintf(all + strlen(all), sizeof(all) - strlen(all), "@%d,%d",
				chord[i].row, chord[i].col);
		strcat(all, *all && *name ? " " : "");
		strcat(all, name);
	}
	return all;
}

#define SENT(bytes) names(decode, bytes, sizeof(bytes) - 1)

static void
letters_controls_and_utf8_are_keys(void **state)
{
	struct decode *decode = decode_new(*state);

	assert_string_equal(SENT("jG \r\t\x7f\x04+\xc3\xa9"),
		"j G Space Enter Tab Backspace Ctrl-d + é");
	assert_string_equal(SENT("\x03\x1a"), "Ctrl-c Ctrl-z");
	assert_string_equal(names(decode, "\0\x1c", 2), "Ctrl-Space Ctrl-\\");
}

static void
a_letter_cut_in_two_waits_for_its_rest(void **state)
{
	struct decode *decode = decode_new(*state);

	assert_string_equal(SENT("\xe4\xbc"), "");
	assert_string_equal(SENT("\x9ax"), "会 x");
}

static void
broken_utf8_and_c1_are_dropped(void **state)
{
	struct decode *decode = decode_new(*state);

	assert_string_equal(SENT("a\xff\x9b\xc2\x9b\x62"), "a b");
}

static void
keys_of_the_common_terminals_are_known(void **state)
{
	struct decode *decode = decode_new(*state);

	assert_string_equal(SENT("\033[A\033OB\033[C\033OD\033[H\033[4~\033[5~\033[6~"),
		"Up Down Right Left Home End PgUp PgDn");
	assert_string_equal(SENT("\033OP\033[11~\033[[A\033[15~\033[24~\033OR"),
		"F1 F1 F1 F5 F12 F3");
	assert_string_equal(
		SENT("\033[3~\033[2~\033[Z\033OM"), "Del Ins Shift-Tab Enter");
}

static void
modifiers_are_read(void **state)
{
	struct decode *decode = decode_new(*state);

	assert_string_equal(SENT("\033[1;5A\033[1;2D\033[3;5~\033x"),
		"Ctrl-Up Shift-Left Ctrl-Del Alt-x");
}

static void
a_lone_esc_is_a_key_once_time_has_passed(void **state)
{
	struct decode *decode = decode_new(*state);

	assert_string_equal(SENT("\033"), "");
	assert_true(decode_is_waiting(decode));
	assert_string_equal(names(decode, "", 0), "Esc");
	assert_false(decode_is_waiting(decode));
	assert_string_equal(SENT("\033\033"), "Esc");
	assert_string_equal(names(decode, "", 0), "Esc");
}

static void
an_arrow_in_pieces_is_still_an_arrow(void **state)
{
	struct decode *decode = decode_new(*state);

	assert_string_equal(SENT("\033"), "");
	assert_string_equal(SENT("["), "");
	assert_false(decode_is_waiting(decode));
	assert_string_equal(names(decode, "", 0), "");
	assert_string_equal(SENT("A"), "Up");
}

static void
a_paste_is_one_chord_without_controls(void **state)
{
	struct decode *decode = decode_new(*state);

	assert_string_equal(
		SENT("a\033[200~q\r\nD\033[31m\x07\n\033[201~b"), "a<q\nD[31m\n> b");
}

static void
a_paste_in_pieces_is_one_chord(void **state)
{
	struct decode *decode = decode_new(*state);

	assert_string_equal(SENT("\033[200~one\xe4"), "");
	assert_string_equal(SENT("\xbc\x9a two\033[2"), "");
	assert_string_equal(SENT("01~"), "<one会 two>");
}

static void
lines_sent_at_once_without_brackets_are_a_paste(void **state)
{
	struct decode *decode = decode_new(*state);

	assert_string_equal(
		SENT("G030AA\rG030BB\rG030CC\r"), "<G030AA\nG030BB\nG030CC\n>");
}

static void
keys_sent_at_once_are_keys(void **state)
{
	struct decode *decode = decode_new(*state);
	const struct chord *chord;

	assert_int_equal(decode_feed(decode, "jjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjj",
				 40, &chord),
		40);
	assert_int_equal(decode_feed(decode, ":devices\r", 9, &chord), 9);
	assert_int_equal(decode_feed(decode, ":devices\rjjj", 12, &chord), 12);
	assert_int_equal(decode_feed(decode, "\r\r\r\r\r\r\r\r\r\r", 10, &chord), 10);
}

static void
answers_nobody_asked_for_are_no_keys(void **state)
{
	struct decode *decode = decode_new(*state);

	assert_string_equal(SENT("\033[?64;1;2c\033[12;40R\033[>0;276;0c\033[Ij"), "j");
	assert_string_equal(SENT("\033P>|XTerm(370)\033\\k"), "k");
	assert_string_equal(SENT("\033]11;rgb:0000/00"), "");
	assert_string_equal(SENT("00/0000\007l"), "l");
}

static void
the_answer_to_the_question_is_counted(void **state)
{
	struct decode *decode = decode_new(*state);

	assert_string_equal(SENT("j\033[0nk"), "j k");
	assert_int_equal(decode->answers, 1);
}

static void
clicks_and_the_wheel_are_read(void **state)
{
	struct decode *decode = decode_new(*state);

	assert_string_equal(SENT("\033[<0;5;3M\033[<0;5;3m\033[<64;1;1M\033[<65;1;1M"),
		"@2,4 WheelUp WheelDown");
}

static void
any_bytes_in_any_pieces_are_survived(void **state)
{
	struct decode *decode = decode_new(*state);
	const struct chord *chord;
	uint32_t seed = 12345;

	for (int round = 0; round < 20000; round++) {
		static const char likely[] = "\033[]OP;<0123456789~MR\r\nA\x9b\xc3\xff";
		char bytes[7];
		size_t n;

		seed = seed * 1664525 + 1013904223;
		n = 1 + (seed >> 28) % sizeof(bytes);
		for (size_t i = 0; i < n; i++) {
			seed = seed * 1664525 + 1013904223;
			bytes[i] = likely[(seed >> 16) % sizeof(likely)];
		}
		decode_feed(decode, bytes, n, &chord);
		assert_true(decode->bytes.len < 512);
	}
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		T(letters_controls_and_utf8_are_keys),
		T(a_letter_cut_in_two_waits_for_its_rest),
		T(broken_utf8_and_c1_are_dropped),
		T(keys_of_the_common_terminals_are_known),
		T(modifiers_are_read),
		T(a_lone_esc_is_a_key_once_time_has_passed),
		T(an_arrow_in_pieces_is_still_an_arrow),
		T(a_paste_is_one_chord_without_controls),
		T(a_paste_in_pieces_is_one_chord),
		T(lines_sent_at_once_without_brackets_are_a_paste),
		T(keys_sent_at_once_are_keys),
		T(answers_nobody_asked_for_are_no_keys),
		T(the_answer_to_the_question_is_counted),
		T(clicks_and_the_wheel_are_read),
		T(any_bytes_in_any_pieces_are_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
