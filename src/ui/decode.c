#include <assert.h>
#include <string.h>

#include "decode_parts.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/utf8.h"

enum { CTRL_C = 0x03, HELD_MAX = 1 << 21 /* bytes */ };

struct decode *
decode_new(const void *ctx)
{
	struct decode *decode = mem_new(ctx, struct decode);

	decode->ctx = decode;
	buf_init(&decode->bytes, decode, HELD_MAX);
	buf_init(&decode->paste, decode, DECODE_PASTE_MAX);
	return decode;
}

void
decode_emit(struct decode *decode, struct chord chord)
{
	if (decode->count == decode->room) {
		decode->room = decode->room ? 2 * decode->room : 64;
		decode->chord = mem_resize(
			decode->ctx, decode->chord, struct chord, decode->room);
	}
	decode->chord[decode->count++] = chord;
}

void
decode_emit_key(struct decode *decode, int32_t key, unsigned mods)
{
	decode_emit(decode, CHORD_WITH(mods, key));
}

/* ---- letters ---------------------------------------------------------------------- */

static void
emit_control(struct decode *decode, unsigned char byte, unsigned mods)
{
	switch (byte) {
	case 0:
		decode_emit_key(decode, ' ', mods | CHORD_CTRL);
		break;
	case '\t':
		decode_emit_key(decode, CHORD_TAB, mods);
		break;
	case '\r':
	case '\n':
		decode_emit_key(decode, CHORD_ENTER, mods);
		break;
	case '\b':
	case DECODE_DEL:
		decode_emit_key(decode, CHORD_BACKSPACE, mods);
		break;
	default:
		decode_emit_key(decode, byte <= 26 ? byte + 'a' - 1 : byte + '@',
			mods | CHORD_CTRL);
		break;
	}
}

size_t
decode_letter_length(unsigned char lead)
{
	if (lead < 0xC2 || lead > 0xF4)
		return 1;
	return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

/* True if at[0..n) is the beginning of a letter and more of it may follow. */
static bool
is_part_of_letter(const char *at, size_t n)
{
	assert(n > 0);
	if (n >= decode_letter_length((unsigned char)*at))
		return false;
	for (size_t i = 1; i < n; i++)
		if (((unsigned char)at[i] & 0xC0) != 0x80)
			return false;
	return true;
}

/* Of a letter that is broken off: its bytes after the first begin nothing of their own, as
 * 0x9F would, a control of 8 bits. What breaks it off is among the n. */
static size_t
measure_broken(const char *at, size_t n)
{
	size_t whole = decode_letter_length((unsigned char)*at), used = 1;

	while (used < whole && ((unsigned char)at[used] & 0xC0) == 0x80)
		used++;
	assert(used <= n);
	return used;
}

/* One letter or control; returns the bytes it took, 0 if more are needed. */
static size_t
read_letter(struct decode *decode, const char *at, size_t n, unsigned mods)
{
	unsigned char byte = (unsigned char)*at;
	size_t used;
	int32_t point;

	if (byte < ' ' || byte == DECODE_DEL) {
		emit_control(decode, byte, mods);
		return 1;
	}
	if (is_part_of_letter(at, n))
		return 0;
	point = utf8_next(at, n, &used);
	if (point >= 0xA0 || (point >= ' ' && point < DECODE_DEL))
		decode_emit_key(decode, point, mods);
	else
		decode->noisy = true;
	return point < 0 ? measure_broken(at, n) : used;
}

static bool
is_intermediate(char byte)
{
	return byte >= ' ' && byte <= '/';
}

/* ESC and what is no introducer: a key with Alt, or a sequence with an intermediate byte,
 * which no hand types in one read. */
static size_t
read_escape(struct decode *decode, const char *at, size_t n)
{
	size_t used;

	if (n < 2)
		return 0;
	if (at[1] == DECODE_ESC) {
		decode_emit_key(decode, CHORD_ESC, 0);
		return 1;
	}
	if (is_intermediate(at[1]) && (n == 2 || (at[2] >= '0' && at[2] <= '~')))
		return n == 2 ? 0 : 3;
	used = read_letter(decode, at + 1, n - 1, CHORD_ALT);
	return used ? used + 1 : 0;
}

static size_t
read_ground(struct decode *decode, const char *at, size_t n)
{
	char kind;
	size_t skip = decode_introducer(at, n, &kind);

	if (skip)
		return decode_introduced(decode, kind, skip, at, n);
	if (*at == DECODE_ESC)
		return read_escape(decode, at, n);
	return read_letter(decode, at, n, 0);
}

/* ---- the whole -------------------------------------------------------------------- */

static size_t
read_one(struct decode *decode, const char *at, size_t n)
{
	switch (decode->state) {
	case DECODE_GROUND:
		return read_ground(decode, at, n);
	case DECODE_SKIPPING:
		return decode_skip(decode, at, n);
	case DECODE_STRING:
		return decode_string(decode, at, n);
	case DECODE_PASTING:
	case DECODE_BURST:
		break;
	}
	return decode_pasted(decode, at, n);
}

static void
read_all(struct decode *decode)
{
	size_t at = 0, used;

	while (at < decode->bytes.len) {
		enum decode_state before = decode->state;

		used = read_one(decode, decode->bytes.data + at, decode->bytes.len - at);
		at += used;
		if (used == 0 && decode->state == before)
			break;
	}
	buf_drop(&decode->bytes, at);
}

/* Of what was read with noise only pastes are left: they have brackets. */
static void
drop_keys(struct decode *decode)
{
	size_t kept = 0;

	for (size_t i = 0; i < decode->count; i++)
		if (decode->chord[i].kind == CHORD_PASTE)
			decode->chord[kept++] = decode->chord[i];
	decode->count = kept;
}

/* Held, and with the next byte either a sequence or, if none comes, a key. */
static bool
is_undecided(const struct decode *decode)
{
	const char *at = decode->bytes.data;
	size_t n = decode->bytes.len;
	bool escaped = n > 0 && at[0] == DECODE_ESC;

	if (decode->state != DECODE_GROUND || n == 0)
		return false;
	if (escaped && n == 2 && (decode_is_string(at[1]) || is_intermediate(at[1])))
		return true;
	if (escaped && n == 1)
		return true;
	return is_part_of_letter(at + escaped, n - escaped);
}

bool
decode_is_waiting(const struct decode *decode)
{
	return decode->noisy || decode->state == DECODE_BURST || is_undecided(decode);
}

/* What was held is decided: a key, or a letter that lost its rest. */
static void
decide(struct decode *decode)
{
	const char *at = decode->bytes.data;
	size_t n = decode->bytes.len;

	if (!decode->noisy && n <= 2 && at[0] == DECODE_ESC) {
		if (n == 1)
			decode_emit_key(decode, CHORD_ESC, 0);
		else if (decode_is_string(at[1]) || is_intermediate(at[1]))
			decode_emit_key(decode, at[1], CHORD_ALT);
		if (decode->count)
			memcpy(decode->late, at, n + 1);
	}
	buf_clear(&decode->bytes);
}

static void
end_paste(struct decode *decode)
{
	decode_paste_add(decode, decode->bytes.data, decode->bytes.len);
	buf_clear(&decode->bytes);
	decode_paste_end(decode);
}

static void
take_pause(struct decode *decode)
{
	if (decode->state == DECODE_BURST)
		end_paste(decode);
	else if (is_undecided(decode))
		decide(decode);
	decode->noisy = false;
}

static bool
has_terminator(const char *bytes, size_t n)
{
	return memmem(bytes, n, "\033\\", 2) || memchr(bytes, DECODE_BEL, n) ||
	       memchr(bytes, 0x9C, n) || memchr(bytes, DECODE_CAN, n) ||
	       memchr(bytes, DECODE_SUB, n);
}

/* A sequence may have been cut right behind what was taken for a key.  Its rest comes as
 * several bytes in one read, which no hand types; of a string, as all of it. */
static bool
is_rest_of(const char *late, const char *bytes, size_t n)
{
	char kind = late[0] && late[1] ? late[1] : bytes[0];

	if (!*late || n < 2 || bytes[0] == DECODE_ESC)
		return false;
	return decode_is_string(kind) ? has_terminator(bytes, n)
				      : kind == '[' || kind == 'O';
}

/* Ctrl-c by hand ends what is unfinished, or a lost terminator would leave the keyboard
 * dead. */
static void
give_up(struct decode *decode)
{
	if (decode->state == DECODE_PASTING || decode->state == DECODE_BURST)
		end_paste(decode);
	decode->state = DECODE_GROUND;
	decode->noisy = false;
	buf_clear(&decode->bytes);
}

/* True if all of it is a paste; of a long one more may follow. */
static bool
take_burst(struct decode *decode, const char *bytes, size_t n)
{
	bool idle = decode->state == DECODE_GROUND && !decode->bytes.len;

	if (!idle || decode->noisy || !decode_looks_pasted(bytes, n))
		return false;
	decode_paste_begin(decode, DECODE_BURST);
	buf_add(&decode->bytes, bytes, n);
	if (n < DECODE_BURST_GOES_ON)
		end_paste(decode);
	else
		read_all(decode);
	return true;
}

static void
take_bytes(struct decode *decode, const char *bytes, size_t n)
{
	if (n == 1 && bytes[0] == CTRL_C)
		give_up(decode);
	if (decode->bytes.len == 0 && is_rest_of(decode->late, bytes, n))
		buf_text(&decode->bytes, decode->late);
	decode->late[0] = '\0';
	if (take_burst(decode, bytes, n))
		return;
	buf_add(&decode->bytes, bytes, n);
	read_all(decode);
	if (decode->noisy)
		drop_keys(decode);
}

size_t
decode_feed(
	struct decode *decode, const char *bytes, size_t n, const struct chord **chords)
{
	decode->count = 0;
	mem_free(decode->life);
	decode->life = mem_life(decode->ctx);
	if (n > 0)
		take_bytes(decode, bytes, n);
	else
		take_pause(decode);
	*chords = decode->chord;
	return decode->count;
}
