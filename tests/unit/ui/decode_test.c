/* Keys, reports and what else a terminal sends. */
#include "decode_bench.h"

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
a_letter_that_lost_its_rest_is_dropped(void **state)
{
	struct decode *decode = decode_new(*state);

	assert_string_equal(SENT("\xe2\x82"), "");
	assert_true(decode_is_waiting(decode));
	assert_string_equal(PAUSE, "");
	assert_string_equal(SENT("j"), "j");
}

static void
keys_among_bytes_no_terminal_sends_are_no_keys(void **state)
{
	struct decode *decode = decode_new(*state);
	static const char *const noise[] = { "a\xff\x62", "+\x85q", "\xc3+", "\xe2+",
		"\xf0\x9f+", "D\xc2\x85\r", "x\xf8\x88\x80\x80\x80y", "\x1b[5\xc3\xa9q" };

	for (size_t i = 0; i < sizeof(noise) / sizeof(*noise); i++) {
		assert_string_equal(names(decode, noise[i], strlen(noise[i])), "");
		assert_true(decode_is_waiting(decode));
		assert_string_equal(SENT("q+\r"), "");
		assert_string_equal(PAUSE, "");
		assert_string_equal(SENT("q"), "q");
	}
	assert_string_equal(SENT("\xff\x1b"), "");
	assert_string_equal(PAUSE, "");
	assert_string_equal(SENT("\xff\033[200~one\033[201~q"), "<one>");
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

/* What a terminal may send although nobody asked: modes left on, answers to others.  None of
 * them is a key, a click or the wheel. */
#define REPORT(bytes) \
	{ \
		bytes, sizeof(bytes) - 1 \
	}
static const struct {
	const char *bytes;
	size_t n;
} reports[] = {
	/* X10: release, motion, far away, and its last byte one of UTF-8 */
	REPORT("\033[M#+*"),
	REPORT("\033[MC+*"),
	REPORT("\033[M#\xff\xfe"),
	REPORT("\033[M#\0\0"),
	REPORT("\033[M#q\xe9"),
	/* the same as UTF-8 */
	REPORT("\033[M#\xc2\x80\xc3\xa9"),
	REPORT("\033[M\xc2\x80qD"),
	REPORT("\033[M#q\xc3\xa9"),
	/* SGR and urxvt */
	REPORT("\033[<35;81;3M"),
	REPORT("\033[<0;5;5m"),
	REPORT("\033[35;81;3M"),
	/* focus, cursor, colours, sizes, modes */
	REPORT("\033[I"),
	REPORT("\033[O"),
	REPORT("\033[12;40R"),
	REPORT("\033[?12;40;1R"),
	REPORT("\033[?997;1n"),
	REPORT("\033[48;24;80;600;800t"),
	REPORT("\033[8;24;80t"),
	REPORT("\033[?2026;2$y"),
	REPORT("\033[?64;1;2;6;9;15;22c"),
	REPORT("\033[>0;276;0c"),
	REPORT("\033[=1;0c"),
	REPORT("\033[3n"),
	REPORT("\033[?1u"),
	REPORT("\033[2;1;1;120;120;1;0x"),
	/* keys as kitty, xterm and Windows may report them */
	REPORT("\033[113;5u"),
	REPORT("\033[97:65;2:1;97u"),
	REPORT("\033[1;1:3A"),
	REPORT("\033[57399;129u"),
	REPORT("\033[27;5;113~"),
	REPORT("\033[201~"),
	REPORT("\033[68;32;68;1;0;1_"),
	REPORT("\033O2P"),
	REPORT("\033Oq"),
	/* strings */
	REPORT("\033]11;rgb:0000/0000/0000\007"),
	REPORT("\033]52;c;cXErRA==\033\\"),
	REPORT("\033]lq+D\r\n\303\251\xe2\x9c\x93q\033\\"),
	REPORT("\033]4;1;rgb:ff/00/00\x9c"),
	REPORT("\033P>|XTerm(370)\033\\"),
	REPORT("\033P1+r544e=787465726d\033\\"),
	REPORT("\033Pxxxxq+D\007q\r\033\\"),
	REPORT("\033Xq+D\r\007\033\\"),
	REPORT("\033^q+D\r\033\\"),
	REPORT("\033_Gi=1;OK\033\\"),
	REPORT("\033_q+D\033\\"),
	/* in 8 bits, raw and as UTF-8 */
	REPORT("\x9b<35;81;3M"),
	REPORT("\x9bM#q+"),
	REPORT("\x9b?64;1c"),
	REPORT("\xc2\x9b?64;1c"),
	REPORT("\x8fq"),
	REPORT("\x90q+D\x9c"),
	REPORT("\x98q+D\x9c"),
	REPORT("\x9dl q+D\x9c"),
	REPORT("\x9e q+D\x9c"),
	REPORT("\x9fq+D\xc2\x9c"),
	REPORT("\xc2\x9dlq+D\033\\"),
	/* character sets */
	REPORT("\033(B"),
	/* called off */
	REPORT("\033[1;2\x18"),
	REPORT("\033]lq+D\x1a"),
};

static void
reports_nobody_asked_for_are_no_keys(void **state)
{
	for (size_t i = 0; i < sizeof(reports) / sizeof(*reports); i++) {
		struct decode *decode = decode_new(*state);

		assert_string_equal(names(decode, reports[i].bytes, reports[i].n), "");
		assert_false(decode_is_waiting(decode));
		assert_int_equal(decode->state, DECODE_GROUND);
		assert_string_equal(SENT("\033[A"), "Up");
	}
}

static void
reports_cut_in_two_anywhere_are_no_keys_but_esc(void **state)
{
	for (size_t i = 0; i < sizeof(reports) / sizeof(*reports); i++)
		for (size_t at = 1; at < reports[i].n; at++) {
			struct decode *decode = decode_new(*state);
			const char *rest = reports[i].bytes + at;

			names(decode, reports[i].bytes, at);
			assert_string_equal(names(decode, rest, reports[i].n - at), "");
			assert_string_equal(SENT("\033[A"), "Up");
		}
}

/* What a hand cannot do: several bytes in one read. */
static void
the_rest_that_comes_late_is_no_key(void **state)
{
	for (size_t i = 0; i < sizeof(reports) / sizeof(*reports); i++)
		for (size_t at = 1; at + 1 < reports[i].n; at++) {
			struct decode *decode = decode_new(*state);
			const char *rest = reports[i].bytes + at;

			if (reports[i].bytes[1] == '(')
				continue;
			names(decode, reports[i].bytes, at);
			PAUSE;
			assert_string_equal(names(decode, rest, reports[i].n - at), "");
		}
}

static void
one_report_that_interrupts_another_is_no_key(void **state)
{
	for (size_t i = 0; i < sizeof(reports) / sizeof(*reports); i++)
		for (size_t at = 1; at < reports[i].n; at++) {
			struct decode *decode = decode_new(*state);
			char both[64];

			memcpy(both, reports[i].bytes, at);
			memcpy(both + at, "\033[?1;2c", 7);
			assert_null(strchr(names(decode, both, at + 7), '+'));
			PAUSE;
			assert_string_equal(SENT("\033[A"), "Up");
		}
}

static void
sequences_without_end_are_swallowed_to_their_end(void **state)
{
	static const char *const begun[] = { "\033[", "\033[<", "\033]", "\033P", "\x9f",
		"\033X" };
	char many[1000];

	memset(many, '1', sizeof(many));
	for (size_t i = 0; i < sizeof(begun) / sizeof(*begun); i++) {
		struct decode *decode = decode_new(*state);

		names(decode, begun[i], strlen(begun[i]));
		for (int k = 0; k < 100; k++)
			assert_string_equal(names(decode, many, sizeof(many)), "");
		assert_true(decode->bytes.len < 512);
		assert_string_equal(i < 2 ? SENT("M+") : SENT("q+\033\\+"), "+");
	}
}

static void
ctrl_c_by_hand_ends_what_is_unfinished(void **state)
{
	static const char *const begun[] = { "\033[", "\033[M", "\033]0;q", "\033Pq",
		"\033O" };
	struct decode *decode = decode_new(*state);

	for (size_t i = 0; i < sizeof(begun) / sizeof(*begun); i++) {
		assert_string_equal(names(decode, begun[i], strlen(begun[i])), "");
		assert_string_equal(SENT("\003"), "Ctrl-c");
		assert_string_equal(SENT("j"), "j");
	}
	assert_string_equal(SENT("\033[200~one"), "");
	assert_string_equal(SENT("\003"), "<one> Ctrl-c");
}

static void
letters_that_begin_strings_are_keys_with_alt_after_a_pause(void **state)
{
	struct decode *decode = decode_new(*state);

	assert_string_equal(SENT("\033P"), "");
	assert_true(decode_is_waiting(decode));
	assert_string_equal(PAUSE, "Alt-P");
	assert_string_equal(SENT("j"), "j");
}

static void
what_was_begun_and_left_is_what_it_looked_like(void **state)
{
	struct decode *decode = decode_new(*state);

	assert_string_equal(SENT("\033("), "");
	assert_true(decode_is_waiting(decode));
	assert_string_equal(PAUSE, "Alt-(");
	assert_string_equal(SENT("\033"), "");
	assert_string_equal(PAUSE, "Esc");
	assert_string_equal(SENT("xy"), "x y");
	assert_string_equal(SENT("\033]"), "");
	assert_string_equal(PAUSE, "Alt-]");
	assert_string_equal(SENT("11"), "1 1");
}

/* DEL is no control, no letter of a sequence, and ends none. */
static void
a_del_within_is_swallowed_with_it(void **state)
{
	static const char *const cut[] = { "\033[1\x7f"
					   "A",
		"\033O1\x7f"
		"A",
		"\033(\x7f" };

	for (size_t i = 0; i < sizeof(cut) / sizeof(*cut); i++) {
		struct decode *decode = decode_new(*state);

		names(decode, cut[i], strlen(cut[i]));
		PAUSE;
		assert_string_equal(SENT("j"), "j");
	}
}

static void
letters_with_alt_may_come_in_pieces(void **state)
{
	struct decode *decode = decode_new(*state);

	assert_string_equal(SENT("\033\xc3"), "");
	assert_true(decode_is_waiting(decode));
	assert_string_equal(SENT("\xa9"), "Alt-é");
	assert_string_equal(SENT("\033\xc3"), "");
	assert_string_equal(PAUSE, "");
	assert_string_equal(SENT("\xf0\x9f\x99"), "");
	assert_string_equal(PAUSE, "");
	assert_string_equal(SENT("j"), "j");
}

/* A string whose start was taken for a key, by each of its ends. */
static void
the_rest_of_a_string_ends_in_any_way(void **state)
{
	static const char *const rests[] = { "11;rgb:0\033\\", "11;rgb:0\007",
		"11;rgb:0\x9c", "11;rgb:0\x18", "11;rgb:0\x1a" };

	for (size_t i = 0; i < sizeof(rests) / sizeof(*rests); i++) {
		struct decode *decode = decode_new(*state);

		assert_string_equal(SENT("\033]"), "");
		assert_string_equal(PAUSE, "Alt-]");
		assert_string_equal(names(decode, rests[i], strlen(rests[i])), "");
		assert_string_equal(SENT("j"), "j");
	}
}

static void
sequences_too_long_are_skipped_to_their_end(void **state)
{
	static const char *const starts[] = { "\033[", "\033O" };
	char digits[300];

	memset(digits, '1', sizeof(digits));
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++) {
		struct decode *decode = decode_new(*state);

		assert_string_equal(SENT(""), "");
		assert_string_equal(names(decode, starts[i], 2), "");
		assert_string_equal(names(decode, digits, sizeof(digits)), "");
		assert_string_equal(SENT("11\x7f"), "");
		assert_string_equal(SENT("A"), "");
		assert_string_equal(SENT("j"), "j");
	}
}

static void
a_skipped_sequence_is_cut_by_another(void **state)
{
	struct decode *decode = decode_new(*state);
	char digits[300];

	memset(digits, '1', sizeof(digits));
	assert_string_equal(SENT("\033["), "");
	assert_string_equal(names(decode, digits, sizeof(digits)), "");
	assert_string_equal(SENT("1\033[Aj"), "Up j");
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
	assert_string_equal(
		SENT("\033[M %#\033[M`!!\033[Ma!!"), "@2,4 WheelUp WheelDown");
	assert_string_equal(SENT("\033[32;5;3M\033[96;1;1M"), "@2,4 WheelUp");
	assert_string_equal(SENT("\033[M \xc2\x85#\x9bM \xc2\xa0#"), "@2,100@2,127");
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
	const struct CMUnitTest tests[] = {
		T(letters_controls_and_utf8_are_keys),
		T(a_letter_cut_in_two_waits_for_its_rest),
		T(a_letter_that_lost_its_rest_is_dropped),
		T(keys_among_bytes_no_terminal_sends_are_no_keys),
		T(keys_of_the_common_terminals_are_known),
		T(modifiers_are_read),
		T(a_lone_esc_is_a_key_once_time_has_passed),
		T(an_arrow_in_pieces_is_still_an_arrow),
		T(reports_nobody_asked_for_are_no_keys),
		T(reports_cut_in_two_anywhere_are_no_keys_but_esc),
		T(the_rest_that_comes_late_is_no_key),
		T(one_report_that_interrupts_another_is_no_key),
		T(sequences_without_end_are_swallowed_to_their_end),
		T(ctrl_c_by_hand_ends_what_is_unfinished),
		T(letters_that_begin_strings_are_keys_with_alt_after_a_pause),
		T(what_was_begun_and_left_is_what_it_looked_like),
		T(a_del_within_is_swallowed_with_it),
		T(letters_with_alt_may_come_in_pieces),
		T(the_rest_of_a_string_ends_in_any_way),
		T(sequences_too_long_are_skipped_to_their_end),
		T(a_skipped_sequence_is_cut_by_another),
		T(answers_nobody_asked_for_are_no_keys),
		T(the_answer_to_the_question_is_counted),
		T(clicks_and_the_wheel_are_read),
		T(any_bytes_in_any_pieces_are_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
