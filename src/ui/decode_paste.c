/* Pastes: between brackets, or told from typing by their looks. */
#include <string.h>

#include "decode_parts.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/utf8.h"

enum { BURST_LEAST = 9, LINE_LEAST = 2 };

static const char paste_end[] = "\033[201~";
enum { PASTE_END_LEN = sizeof(paste_end) - 1 };

void
decode_paste_begin(struct decode *decode, enum decode_state state)
{
	decode->state = state;
	decode->paste_lost = 0;
	buf_clear(&decode->paste);
}

static void
add_text(struct decode *decode, const char *text, size_t n)
{
	if (decode->paste_lost || n > decode->paste.cap - decode->paste.len)
		decode->paste_lost += n;
	else
		buf_add(&decode->paste, text, n);
}

/* A byte that is no UTF-8 stays visible as U+FFFD: left out, it would join what it stood
 * between. */
void
decode_paste_add(struct decode *decode, const char *at, size_t n)
{
	static const char broken[] = "\xEF\xBF\xBD";
	size_t used;

	for (size_t i = 0; i < n; i += used) {
		int32_t point = utf8_next(at + i, n - i, &used);

		if (point == '\r') {
			add_text(decode, "\n", 1);
			if (i + 1 < n && at[i + 1] == '\n')
				used = 2;
		} else if (point < 0) {
			add_text(decode, broken, sizeof(broken) - 1);
		} else if (point == '\n' || point == '\t' || point >= 0xA0 ||
			   (point >= ' ' && point < DECODE_DEL)) {
			add_text(decode, at + i, used);
		}
	}
}

void
decode_paste_end(struct decode *decode)
{
	decode->state = DECODE_GROUND;
	if (decode->paste.len > 0)
		decode_emit(decode,
			(struct chord){ .kind = CHORD_PASTE,
				.text = mem_textn(decode->life, decode->paste.data,
					decode->paste.len),
				.len = decode->paste.len,
				.lost = decode->paste_lost });
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
	if (lead > 0 &&
		n - (lead - 1) < decode_letter_length((unsigned char)at[lead - 1]))
		return lead - 1;
	return n;
}

size_t
decode_pasted(struct decode *decode, const char *at, size_t n)
{
	bool burst = decode->state == DECODE_BURST;
	const char *end = burst ? NULL : memmem(at, n, paste_end, PASTE_END_LEN);
	size_t text = end     ? (size_t)(end - at)
		      : burst ? n
			      : n - measure_tail(at, n);

	if (!end)
		text = measure_whole(at, text);
	decode_paste_add(decode, at, text);
	if (!end)
		return text;
	decode_paste_end(decode);
	return text + PASTE_END_LEN;
}

static bool
is_line_end(char byte)
{
	return byte == '\r' || byte == '\n';
}

bool
decode_looks_pasted(const char *at, size_t n)
{
	size_t line = 0, lines = 0;

	if (n < BURST_LEAST)
		return false;
	for (size_t i = 0; i < n; i++) {
		unsigned char byte = (unsigned char)at[i];

		if (!is_line_end(at[i])) {
			if (byte == DECODE_DEL || (byte < ' ' && byte != '\t'))
				return false;
			line++;
		} else if (i == 0 || !is_line_end(at[i - 1])) {
			if (line < LINE_LEAST)
				return false;
			lines++;
			line = 0;
		}
	}
	return lines >= 2 && (line == 0 || n >= DECODE_BURST_GOES_ON);
}
