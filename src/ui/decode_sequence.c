/* What begins with an introducer: control sequences, keys of the keypad, strings. */
#include <string.h>

#include "decode_parts.h"
#include "oneclick/base/utf8.h"

enum { PARAMS_MAX = 4, SEQUENCE_MAX = 256 /* bytes */, X10_VALUES = 3 };

/* "ESC [ NUMBER ~", and what rxvt and VT220 send for the same keys. */
static const struct {
	int number;
	int32_t key;
} by_number[] = {
	{ 1, CHORD_HOME },
	{ 2, CHORD_INS },
	{ 3, CHORD_DEL },
	{ 4, CHORD_END },
	{ 5, CHORD_PGUP },
	{ 6, CHORD_PGDN },
	{ 7, CHORD_HOME },
	{ 8, CHORD_END },
	{ 11, CHORD_F1 },
	{ 12, CHORD_F1 + 1 },
	{ 13, CHORD_F1 + 2 },
	{ 14, CHORD_F1 + 3 },
	{ 15, CHORD_F1 + 4 },
	{ 17, CHORD_F1 + 5 },
	{ 18, CHORD_F1 + 6 },
	{ 19, CHORD_F1 + 7 },
	{ 20, CHORD_F1 + 8 },
	{ 21, CHORD_F1 + 9 },
	{ 23, CHORD_F1 + 10 },
	{ 24, CHORD_F12 },
};

/* "ESC [ LETTER", "ESC O LETTER", "ESC [ 1 ; MODIFIERS LETTER".  CSI R is left out: it is
 * how a terminal reports its cursor, too. */
static const struct {
	char letter;
	int32_t key;
} by_letter[] = {
	{ 'A', CHORD_UP },
	{ 'B', CHORD_DOWN },
	{ 'C', CHORD_RIGHT },
	{ 'D', CHORD_LEFT },
	{ 'F', CHORD_END },
	{ 'H', CHORD_HOME },
	{ 'M', CHORD_ENTER }, /* of the keypad, after ESC O only */
	{ 'P', CHORD_F1 },
	{ 'Q', CHORD_F1 + 1 },
	{ 'R', CHORD_F1 + 2 }, /* after ESC O only */
	{ 'S', CHORD_F1 + 3 },
};

/* A control sequence as read. */
struct sequence {
	char lead; /* the first parameter byte if it is one of < = > ?, or 0 */
	bool odd;  /* it has sub-parameters or intermediate bytes: of no key we know */
	int param[PARAMS_MAX];
	int params;
	char final;
};

static bool
is_one_of(const char *set, char byte)
{
	return byte != '\0' && strchr(set, byte);
}

bool
decode_is_string(char kind)
{
	return is_one_of("P]X^_", kind);
}

size_t
decode_introducer(const char *at, size_t n, char *kind)
{
	bool wide = n > 1 && (unsigned char)at[0] == 0xC2; /* C1 as UTF-8 */
	unsigned char c1 = (unsigned char)at[wide];

	if (at[0] == DECODE_ESC)
		*kind = n > 1 ? at[1] : '\0';
	else
		*kind = c1 >= 0x80 && c1 <= 0x9F ? (char)(c1 - 0x40) : '\0';
	if (*kind != '[' && *kind != 'O' && !decode_is_string(*kind))
		return 0;
	return at[0] == DECODE_ESC || wide ? 2 : 1;
}

/* True where another sequence begins, or this one is called off. */
static bool
is_cut(const char *at, size_t n)
{
	char kind;

	return *at == DECODE_ESC || *at == DECODE_CAN || *at == DECODE_SUB ||
	       decode_introducer(at, n, &kind) > 0;
}

/* CAN and SUB go with what they call off. */
static size_t
cut_at(const char *at, size_t i)
{
	return at[i] == DECODE_CAN || at[i] == DECODE_SUB ? i + 1 : i;
}

/* ---- keys and the mouse ------------------------------------------------------------ */

static unsigned
mods_of(const struct sequence *seq)
{
	int bits = seq->params > 1 && seq->param[1] > 1 ? seq->param[1] - 1 : 0;

	return (bits & 1 ? CHORD_SHIFT : 0u) | (bits & 2 ? CHORD_ALT : 0u) |
	       (bits & 4 ? CHORD_CTRL : 0u);
}

static void
emit_letter_key(struct decode *decode, char letter, unsigned mods)
{
	for (size_t i = 0; i < sizeof(by_letter) / sizeof(*by_letter); i++)
		if (by_letter[i].letter == letter)
			decode_emit_key(decode, by_letter[i].key, mods);
}

static void
act_on_number(struct decode *decode, const struct sequence *seq)
{
	if (seq->param[0] == 200) {
		decode_paste_begin(decode, DECODE_PASTING);
		return;
	}
	for (size_t i = 0; i < sizeof(by_number) / sizeof(*by_number); i++)
		if (by_number[i].number == seq->param[0])
			decode_emit_key(decode, by_number[i].key, mods_of(seq));
}

/* The left button and the wheel; column and row count from 1. */
static void
act_on_mouse(struct decode *decode, int button, int col, int row)
{
	if (button == 0)
		decode_emit(decode, (struct chord){ .kind = CHORD_CLICK,
					    .col = col - 1,
					    .row = row - 1 });
	else if (button == 64 || button == 65)
		decode_emit_key(decode,
			button == 64 ? CHORD_WHEEL_UP : CHORD_WHEEL_DOWN, 0);
}

/* Of urxvt, whose buttons count from 32 as those of X10 do; SGR's from 0. */
static void
act_on_mouse_sequence(struct decode *decode, const struct sequence *seq)
{
	int from = seq->lead == '<' ? 0 : ' ';

	if (seq->final == 'M' && seq->params >= 3)
		act_on_mouse(decode, seq->param[0] - from, seq->param[1], seq->param[2]);
}

static void
act_on(struct decode *decode, const struct sequence *seq)
{
	if (seq->odd)
		return;
	if (seq->lead == '<' || (seq->lead == 0 && seq->final == 'M'))
		act_on_mouse_sequence(decode, seq);
	else if (seq->lead != 0)
		return;
	else if (seq->final == '~')
		act_on_number(decode, seq);
	else if (seq->final == 'n' && seq->param[0] == 0)
		decode->answers++;
	else if (seq->final == 'Z')
		decode_emit_key(decode, CHORD_TAB, CHORD_SHIFT);
	else if (seq->final != 'R')
		emit_letter_key(decode, seq->final, mods_of(seq));
}

/* ---- control sequences ------------------------------------------------------------- */

/* "ESC [ [ A" to E are the linux console's F1 to F5. */
static size_t
read_linux_key(struct decode *decode, size_t skip, const char *at, size_t n)
{
	if (n < skip + 2)
		return 0;
	if (at[skip + 1] >= 'A' && at[skip + 1] <= 'E')
		decode_emit_key(decode, CHORD_F1 + (at[skip + 1] - 'A'), 0);
	return skip + 2;
}

/* One value of an X10 report: a byte, or a letter of two bytes where the terminal was told
 * to send UTF-8.  Where both fit it is the letter, which takes more. */
static size_t
read_x10_value(const char *at, size_t n, int *value)
{
	unsigned char lead = (unsigned char)*at;
	size_t used = 1;

	*value = lead;
	if (decode_letter_length(lead) != 2)
		return 1;
	if (n < 2)
		return 0;
	if (((unsigned char)at[1] & 0xC0) == 0x80)
		*value = utf8_next(at, n, &used);
	return used;
}

/* After "ESC [ M": button, column, row, each with 32 (and 1) added. */
static size_t
read_x10(struct decode *decode, size_t skip, const char *at, size_t n)
{
	int value[X10_VALUES];

	for (int i = 0; i < X10_VALUES; i++) {
		size_t used;

		if (skip >= n)
			return 0;
		if (at[skip] == DECODE_ESC)
			return skip;
		used = read_x10_value(at + skip, n - skip, &value[i]);
		if (used == 0)
			return 0;
		skip += used;
	}
	act_on_mouse(decode, value[0] - ' ', value[1] - ' ', value[2] - ' ');
	return skip;
}

static void
add_parameter_byte(struct sequence *seq, char byte, bool first)
{
	int *param = &seq->param[seq->params < PARAMS_MAX ? seq->params : PARAMS_MAX - 1];

	if (byte == ';')
		seq->params++;
	else if (first && byte >= '<')
		seq->lead = byte;
	else if (byte < '0' || byte > '9')
		seq->odd = true;
	else if (*param < 10000)
		*param = 10 * *param + (byte - '0');
}

/* Of n bytes without an end: more may come, or it is none and skipped to where it ends. */
static size_t
wait_or_skip(struct decode *decode, size_t n)
{
	if (n <= SEQUENCE_MAX)
		return 0;
	decode->state = DECODE_SKIPPING;
	return n;
}

/* A control within is swallowed with it, as terminals themselves do not end it there. */
static size_t
read_csi(struct decode *decode, size_t skip, const char *at, size_t n)
{
	struct sequence seq = { .lead = 0 };

	for (size_t i = skip; i < n; i++) {
		char byte = at[i];

		if (byte >= '@' && byte <= '~') {
			if (byte == 'M' && i == skip)
				return read_x10(decode, i + 1, at, n);
			seq.params++;
			seq.final = byte;
			act_on(decode, &seq);
			return i + 1;
		}
		if (is_cut(at + i, n - i))
			return cut_at(at, i);
		if ((unsigned char)byte >= 0x80) {
			decode->noisy = true;
			return i + 1;
		}
		if (byte >= ' ' && byte <= '?')
			add_parameter_byte(&seq, byte, i == skip);
	}
	return wait_or_skip(decode, n);
}

size_t
decode_skip(struct decode *decode, const char *at, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool final = at[i] >= '@' && at[i] <= '~';

		if (!final && !is_cut(at + i, n - i))
			continue;
		decode->state = DECODE_GROUND;
		return final ? i + 1 : cut_at(at, i);
	}
	return n;
}

/* Old terminals put the modifiers' number before the letter: such a key is not known. */
static size_t
read_keypad(struct decode *decode, size_t skip, const char *at, size_t n)
{
	for (size_t i = skip; i < n; i++) {
		if (at[i] >= '@' && at[i] <= '~') {
			if (i == skip)
				emit_letter_key(decode, at[i], 0);
			return i + 1;
		}
		if (is_cut(at + i, n - i))
			return cut_at(at, i);
	}
	return wait_or_skip(decode, n);
}

/* ---- strings ----------------------------------------------------------------------- */

/* A byte above 0x7F inside a string: of a letter, or a terminator or introducer in 8 bits.
 * Returns the bytes that belong to the string, 0 if more are needed to tell; *over says
 * that it ends with them. */
static size_t
read_high(const char *at, size_t n, bool *over)
{
	size_t length = decode_letter_length((unsigned char)*at), used;
	int32_t point;
	char kind;

	if (n < length)
		return 0;
	point = utf8_next(at, n, &used);
	*over = point == 0x9C || (unsigned char)*at == 0x9C;
	if (*over || point > 0x9F || !decode_introducer(at, n, &kind))
		return used;
	*over = true;
	return 0;
}

size_t
decode_string(struct decode *decode, const char *at, size_t n)
{
	bool over = false;
	size_t i = 0;

	while (i < n && !over) {
		if (at[i] == DECODE_ESC && i + 1 == n)
			return i;
		if ((unsigned char)at[i] >= 0x80) {
			size_t used = read_high(at + i, n - i, &over);

			if (used == 0 && !over)
				return i;
			i += used;
		} else if (at[i] == DECODE_BEL && decode->bell_ends) {
			over = true;
			i++;
		} else if (is_cut(at + i, n - i)) {
			over = true;
			i = at[i] == DECODE_ESC && at[i + 1] == '\\' ? i + 2
								      : cut_at(at, i);
		} else {
			i++;
		}
	}
	if (over)
		decode->state = DECODE_GROUND;
	return i;
}

size_t
decode_introduced(struct decode *decode, char kind, size_t skip, const char *at, size_t n)
{
	if (decode_is_string(kind)) {
		/* the first two bytes alone are a key with Alt if nothing follows */
		if (n == skip && *at == DECODE_ESC)
			return 0;
		decode->state = DECODE_STRING;
		decode->bell_ends = kind == ']';
		return skip;
	}
	if (n == skip)
		return 0;
	if (kind == 'O')
		return read_keypad(decode, skip, at, n);
	return at[skip] == '[' ? read_linux_key(decode, skip, at, n)
			       : read_csi(decode, skip, at, n);
}
