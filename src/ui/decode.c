#include "oneclick/ui/decode.h"

#include <stdlib.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/utf8.h"

enum {
	ESC = 0x1B,
	BEL = 0x07,
	DEL = 0x7F,
	PARAMS_MAX = 4,
	BURST_LEAST = 9,
	LINE_LEAST = 2
};
enum { HELD_MAX = 1 << 21, SEQUENCE_MAX = 256 }; /* bytes */

static const char paste_end[] = "\033[201~";
enum { PASTE_END_LEN = sizeof(paste_end) - 1 };

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

struct decode *
decode_new(const void *ctx)
{
	struct decode *decode = mem_new(ctx, struct decode);

	decode->ctx = decode;
	buf_init(&decode->bytes, decode, HELD_MAX);
	buf_init(&decode->paste, decode, DECODE_PASTE_MAX);
	return decode;
}

static void
emit(struct decode *decode, struct chord chord)
{
	if (decode->count == decode->room) {
		decode->room = decode->room ? 2 * decode->room : 64;
		decode->chord = mem_resize(
			decode->ctx, decode->chord, struct chord, decode->room);
	}
	decode->chord[decode->count++] = chord;
}

static void
emit_key(struct decode *decode, int32_t key, unsigned mods)
{
	emit(decode, CHORD_WITH(mods, key));
}

/* ---- text ------------------------------------------------------------------------- */

static void
emit_control(struct decode *decode, unsigned char byte, unsigned mods)
{
	switch (byte) {
	case 0:
		emit_key(decode, ' ', mods | CHORD_CTRL);
		break;
	case '\t':
		emit_key(decode, CHORD_TAB, mods);
		break;
	case '\r':
	case '\n':
		emit_key(decode, CHORD_ENTER, mods);
		break;
	case '\b':
	case DEL:
		emit_key(decode, CHORD_BACKSPACE, mods);
		break;
	default:
		emit_key(decode, byte <= 26 ? byte + 'a' - 1 : byte + '@',
			mods | CHORD_CTRL);
		break;
	}
}

static size_t
utf8_length(unsigned char lead)
{
	if (lead < 0xC2 || lead > 0xF4)
		return 1;
	return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

/* One letter or control; returns the bytes it took, 0 if more are needed. */
static size_t
read_letter(struct decode *decode, const char *at, size_t n, unsigned mods)
{
	unsigned char byte = (unsigned char)*at;
	size_t used;
	int32_t point;

	if (byte < ' ' || byte == DEL) {
		emit_control(decode, byte, mods);
		return 1;
	}
	if (n < utf8_length(byte))
		return 0;
	point = utf8_next(at, n, &used);
	if (point >= 0xA0 || (point >= ' ' && point < DEL))
		emit_key(decode, point, mods);
	return used;
}

/* ---- sequences -------------------------------------------------------------------- */

struct sequence {
	char lead; /* the first parameter byte if it is one of < = > ?, or 0 */
	int param[PARAMS_MAX];
	int params;
	char final;
};

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
			emit_key(decode, by_letter[i].key, mods);
}

static void
act_on_number(struct decode *decode, const struct sequence *seq)
{
	if (seq->param[0] == 200) {
		decode->pasting = true;
		buf_clear(&decode->paste);
		return;
	}
	for (size_t i = 0; i < sizeof(by_number) / sizeof(*by_number); i++)
		if (by_number[i].number == seq->param[0])
			emit_key(decode, by_number[i].key, mods_of(seq));
}

static void
act_on_mouse(struct decode *decode, const struct sequence *seq)
{
	int button = seq->param[0];

	if (seq->final != 'M' || seq->params < 3)
		return;
	if (button == 0)
		emit(decode, (struct chord){ .kind = CHORD_CLICK,
				     .col = seq->param[1] - 1,
				     .row = seq->param[2] - 1 });
	else if (button == 64 || button == 65)
		emit_key(decode, button == 64 ? CHORD_WHEEL_UP : CHORD_WHEEL_DOWN, 0);
}

static void
act_on(struct decode *decode, const struct sequence *seq)
{
	if (seq->lead == '<')
		act_on_mouse(decode, seq);
	else if (seq->lead != 0)
		return;
	else if (seq->final == '~')
		act_on_number(decode, seq);
	else if (seq->final == 'n' && seq->param[0] == 0)
		decode->answers++;
	else if (seq->final == 'Z')
		emit_key(decode, CHORD_TAB, CHORD_SHIFT);
	else if (seq->final != 'R' && seq->final != 'M')
		emit_letter_key(decode, seq->final, mods_of(seq));
}

static void
add_digit(struct sequence *seq, char digit)
{
	int *param = &seq->param[seq->params < PARAMS_MAX ? seq->params : PARAMS_MAX - 1];

	if (*param < 10000)
		*param = 10 * *param + (digit - '0');
}

/* "ESC [ [ A" to E are the linux console's F1 to F5. */
static size_t
read_linux_key(struct decode *decode, const char *at, size_t n)
{
	if (n < 4)
		return 0;
	if (at[3] >= 'A' && at[3] <= 'E')
		emit_key(decode, CHORD_F1 + (at[3] - 'A'), 0);
	return 4;
}

/* From "ESC [" on: returns the bytes it took, 0 if more are needed.  A byte that cannot
 * be part of a sequence ends it and stays. */
static size_t
read_csi(struct decode *decode, const char *at, size_t n)
{
	struct sequence seq = { .lead = 0 };

	for (size_t i = 2; i < n; i++) {
		char byte = at[i];

		if (byte >= '0' && byte <= '9') {
			add_digit(&seq, byte);
		} else if (byte == ';') {
			seq.params++;
		} else if (i == 2 && byte >= '<' && byte <= '?') {
			seq.lead = byte;
		} else if (byte >= '@' && byte <= '~') {
			seq.params++;
			seq.final = byte;
			act_on(decode, &seq);
			return i + 1;
		} else if (byte < ' ' || byte > '~') {
			return i;
		}
	}
	return n > SEQUENCE_MAX ? n : 0;
}

static bool
is_one_of(const char *set, char byte)
{
	return byte != '\0' && strchr(set, byte);
}

/* What makes "ESC P" and its like a string from the terminal and not a key with Alt. */
static bool
begins_string(char kind, char next)
{
	if (kind == 'P')
		return is_one_of("0123456789;>!?=$+|", next);
	if (kind == ']')
		return is_one_of("0123456789lLI", next);
	return kind == '_' && next == 'G';
}

static size_t
read_escape(struct decode *decode, const char *at, size_t n)
{
	size_t used;

	if (n < 2)
		return 0;
	if (at[1] == ESC) {
		emit_key(decode, CHORD_ESC, 0);
		return 1;
	}
	if (n < 3 && is_one_of("[OP]_", at[1]))
		return 0;
	if (at[1] == '[')
		return at[2] == '[' ? read_linux_key(decode, at, n)
				    : read_csi(decode, at, n);
	if (at[1] == 'O') {
		emit_letter_key(decode, at[2], 0);
		return 3;
	}
	if (is_one_of("P]_", at[1])) {
		decode->swallowing = begins_string(at[1], at[2]);
		if (decode->swallowing)
			return 2;
	}
	used = read_letter(decode, at + 1, n - 1, CHORD_ALT);
	return used ? used + 1 : 0;
}

/* A string ends with BEL or ESC \; any other control shows that it was none. */
static size_t
swallow(struct decode *decode, const char *at, size_t n)
{
	size_t i = 0;

	while (i < n && (unsigned char)at[i] >= ' ')
		i++;
	if (i == n)
		return i;
	if (at[i] == ESC && i + 1 == n)
		return i;
	decode->swallowing = false;
	if (at[i] == BEL)
		return i + 1;
	return at[i] == ESC && at[i + 1] == '\\' ? i + 2 : i;
}

/* ---- pastes ----------------------------------------------------------------------- */

static void
add_pasted(struct buf *out, const char *at, size_t n)
{
	size_t used;

	for (size_t i = 0; i < n; i += used) {
		int32_t point = utf8_next(at + i, n - i, &used);

		if (point == '\r') {
			buf_char(out, '\n');
			if (i + 1 < n && at[i + 1] == '\n')
				used = 2;
		} else if (point == '\n' || point == '\t' || point >= 0xA0 ||
			   (point >= ' ' && point < DEL)) {
			buf_add(out, at + i, used);
		}
	}
}

static void
emit_paste(struct decode *decode)
{
	char *text = mem_textn(decode->life, decode->paste.data, decode->paste.len);

	if (decode->paste.len > 0)
		emit(decode, (struct chord){ .kind = CHORD_PASTE,
				     .text = text,
				     .len = decode->paste.len });
	buf_clear(&decode->paste);
}

/* Bytes at the end of at[0..n) with which the end mark may begin. */
static size_t
measure_tail(const char *at, size_t n)
{
	size_t tail = n < PASTE_END_LEN ? n : PASTE_END_LEN - 1;

	while (tail > 0 && memcmp(at + n - tail, paste_end, tail) != 0)
		tail--;
	return tail;
}

/* Bytes up to the last whole letter, or to a CR whose LF may follow: the rest waits. */
static size_t
measure_whole(const char *at, size_t n)
{
	size_t lead = n;

	if (n > 0 && at[n - 1] == '\r')
		return n - 1;
	while (lead > 0 && n - lead < 4 && ((unsigned char)at[lead - 1] & 0xC0) == 0x80)
		lead--;
	if (lead > 0 && n - (lead - 1) < utf8_length((unsigned char)at[lead - 1]))
		return lead - 1;
	return n;
}

static size_t
read_paste(struct decode *decode, const char *at, size_t n)
{
	const char *end = memmem(at, n, paste_end, PASTE_END_LEN);
	size_t text = end ? (size_t)(end - at) : n - measure_tail(at, n);

	if (!end)
		text = measure_whole(at, text);
	add_pasted(&decode->paste, at, text);
	if (!end)
		return text;
	decode->pasting = false;
	emit_paste(decode);
	return text + PASTE_END_LEN;
}

static bool
is_line_end(char byte)
{
	return byte == '\r' || byte == '\n';
}

/* The rule in decode.h for terminals without bracketed paste. */
static bool
looks_pasted(const char *at, size_t n)
{
	size_t line = 0, lines = 0;

	if (n < BURST_LEAST)
		return false;
	for (size_t i = 0; i < n; i++) {
		unsigned char byte = (unsigned char)at[i];

		if (!is_line_end(at[i])) {
			if (byte == DEL || (byte < ' ' && byte != '\t'))
				return false;
			line++;
		} else if (i == 0 || !is_line_end(at[i - 1])) {
			if (line < LINE_LEAST)
				return false;
			lines++;
			line = 0;
		}
	}
	return lines >= 2 && line == 0;
}

/* ---- the whole -------------------------------------------------------------------- */

static size_t
read_one(struct decode *decode, const char *at, size_t n)
{
	if (decode->pasting)
		return read_paste(decode, at, n);
	if (decode->swallowing)
		return swallow(decode, at, n);
	if (*at == ESC)
		return read_escape(decode, at, n);
	return read_letter(decode, at, n, 0);
}

static void
read_all(struct decode *decode)
{
	size_t at = 0, used;

	while (at < decode->bytes.len) {
		bool swallowing = decode->swallowing;

		used = read_one(decode, decode->bytes.data + at, decode->bytes.len - at);
		at += used;
		if (used == 0 && swallowing == decode->swallowing)
			break;
	}
	buf_drop(&decode->bytes, at);
}

size_t
decode_feed(
	struct decode *decode, const char *bytes, size_t n, const struct chord **chords)
{
	decode->count = 0;
	mem_free(decode->life);
	decode->life = mem_life(decode->ctx);
	if (n == 0 && decode_is_waiting(decode)) {
		buf_clear(&decode->bytes);
		emit_key(decode, CHORD_ESC, 0);
	} else if (decode->bytes.len == 0 && !decode->pasting && looks_pasted(bytes, n)) {
		add_pasted(&decode->paste, bytes, n);
		emit_paste(decode);
	} else {
		buf_add(&decode->bytes, bytes, n);
		read_all(decode);
	}
	*chords = decode->chord;
	return decode->count;
}

bool
decode_is_waiting(const struct decode *decode)
{
	return !decode->pasting && decode->bytes.len == 1 && decode->bytes.data[0] == ESC;
}
