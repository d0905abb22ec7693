/* Pastes: in brackets, and as lines that come at once. */
#include "decode_bench.h"

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
a_long_paste_without_brackets_lasts_until_a_pause(void **state)
{
	struct decode *decode = decode_new(*state);
	char many[600];

	for (size_t i = 0; i < sizeof(many); i++)
		many[i] = "0123456789\r"[i % 11];
	many[0] = 'G';
	assert_string_equal(names(decode, many, sizeof(many)), "");
	assert_true(decode_is_waiting(decode));
	assert_string_equal(SENT("D\r"), "");
	assert_true(strncmp(PAUSE, "<G123456789\n0123456789\n", 23) == 0);
	assert_string_equal(SENT("D"), "D");
}

static void
a_paste_tells_what_it_had_no_room_for(void **state)
{
	struct decode *decode = decode_new(*state);
	size_t n = DECODE_PASTE_MAX + 10;
	char *many = mem_array(*state, char, n);
	const struct chord *chord;

	memset(many, 'x', n);
	decode_feed(decode, "\033[200~", 6, &chord);
	for (size_t at = 0; at < n; at += 60000)
		decode_feed(decode, many + at, n - at < 60000 ? n - at : 60000, &chord);
	assert_int_equal(decode_feed(decode, "\033[201~", 6, &chord), 1);
	assert_int_equal(chord->kind, CHORD_PASTE);
	assert_int_equal(chord->len + chord->lost, n);
	assert_true(chord->lost >= 10);
}

static void
broken_letters_of_a_paste_do_not_vanish(void **state)
{
	struct decode *decode = decode_new(*state);

	assert_string_equal(SENT("\033[200~G0\xff"
				 "30\033[201~"),
		"<G0\xEF\xBF\xBD"
		"30>");
}

static void
of_a_paste_tabs_and_line_ends_stay_and_other_controls_do_not(void **state)
{
	struct decode *decode = decode_new(*state);

	assert_string_equal(SENT("\033[200~a\tb\x01\x7f\xc2\x85"
				 "c\nd\033[201~"),
		"<a\tbc\nd>");
	assert_string_equal(SENT("\033[200~\033[201~j"), "j");
	assert_string_equal(SENT("\033[200~\xf0\x9f"), "");
	assert_string_equal(SENT("\x99\x82\033[201~"), "<\xf0\x9f\x99\x82>");
}

static void
a_burst_ends_with_ctrl_c_and_begins_with_no_line_end(void **state)
{
	struct decode *decode = decode_new(*state);
	char many[600];

	for (size_t i = 0; i < sizeof(many); i++)
		many[i] = i % 30 == 29 ? '\n' : 'x';
	assert_string_equal(names(decode, many, sizeof(many)), "");
	assert_true(decode_is_waiting(decode));
	assert_non_null(strstr(SENT("\003"), "xxx"));
	assert_string_equal(SENT("j"), "j");
	assert_null(strchr(SENT("\rone\rtwo\rthree"), '<'));
	assert_null(strchr(SENT("one\rtwo\rthree"), '<'));
}

static void
line_ends_of_two_bytes_are_one(void **state)
{
	struct decode *decode = decode_new(*state);

	assert_non_null(strchr(SENT("one two\r\nthree four\r\n"), '<'));
	assert_string_equal(SENT("\033[200~\x80\x80\x80\x80\x80\x80"), "");
	assert_non_null(strchr(SENT("\033[201~"), '<'));
}

static void
keys_sent_at_once_are_keys(void **state)
{
	struct decode *decode = decode_new(*state);
	const struct chord *chord;

	assert_int_equal(decode_feed(decode, "jjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjj",
				 40, &chord),
		40);
	for (int i = 0; i < 3; i++)
		assert_int_equal(decode_feed(decode,
					 "jjjjjjjjjjkkkkkkkkkkjjjjjjjjjjkkkkkkkkkk"
					 "jjjjjjjjjjkkkkkkkkkkjjjjjjjjjjkkkkkkkkkk",
					 80, &chord),
			80);
	assert_int_equal(decode_feed(decode, ":devices\r", 9, &chord), 9);
	assert_int_equal(decode_feed(decode, ":devices\rjjj", 12, &chord), 12);
	assert_int_equal(decode_feed(decode, "\r\r\r\r\r\r\r\r\r\r", 10, &chord), 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_paste_is_one_chord_without_controls),
		T(a_paste_in_pieces_is_one_chord),
		T(lines_sent_at_once_without_brackets_are_a_paste),
		T(a_long_paste_without_brackets_lasts_until_a_pause),
		T(a_paste_tells_what_it_had_no_room_for),
		T(broken_letters_of_a_paste_do_not_vanish),
		T(of_a_paste_tabs_and_line_ends_stay_and_other_controls_do_not),
		T(a_burst_ends_with_ctrl_c_and_begins_with_no_line_end),
		T(line_ends_of_two_bytes_are_one),
		T(keys_sent_at_once_are_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
