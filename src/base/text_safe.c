#include "oneclick/base/text_safe.h"

#include <string.h>

#include <utf8proc.h>

#include "oneclick/base/buf.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/utf8.h"

enum { MARKS_MAX = 2 };

enum fate {
	FATE_STAYS,
	FATE_CARET, /* ^X */
	FATE_HEX,   /* \xNN */
	FATE_POINT, /* <U+XXXX> */
	FATE_EXTRA, /* a mark too many: counted, and shown as +N */
};

/* Marks on the last base; NO_BASE before the first. */
enum { NO_BASE = -1 };

/* What shows as nothing although its category says letter or mark. */
static const struct {
	int32_t first, last;
} hidden[] = {
	{ 0x034F, 0x034F },   /* combining grapheme joiner */
	{ 0x115F, 0x1160 },   /* Hangul fillers */
	{ 0x17B4, 0x17B5 },   /* Khmer inherent vowels */
	{ 0x180B, 0x180F },   /* Mongolian selectors and separator */
	{ 0x3164, 0x3164 },   /* Hangul filler */
	{ 0xFE00, 0xFE0F },   /* variation selectors */
	{ 0xFFA0, 0xFFA0 },   /* halfwidth Hangul filler */
	{ 0xE0100, 0xE01EF }, /* variation selectors supplement */
};

bool
text_point_is_hidden(int32_t point)
{
	if (point < 0x80)
		return false;
	for (size_t i = 0; i < sizeof(hidden) / sizeof(*hidden); i++)
		if (point >= hidden[i].first && point <= hidden[i].last)
			return true;
	switch ((int)utf8proc_category(point)) {
	case UTF8PROC_CATEGORY_CF: /* bidi controls, zero-width, tags */
	case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_CO:
	case UTF8PROC_CATEGORY_CN: /* noncharacters, and what has no known width yet */
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return true;
	default:
		return false;
	}
}

static enum fate
judge_mark(int *marks)
{
	if (*marks == NO_BASE) {
		*marks = 0; /* it would sit on whatever is drawn before the text */
		return FATE_POINT;
	}
	if (*marks == MARKS_MAX)
		return FATE_EXTRA;
	++*marks;
	return FATE_STAYS;
}

static enum fate
judge(int32_t point, int *marks)
{
	enum fate fate = FATE_STAYS;

	if (point < 0 || (point >= 0x80 && point < 0xA0))
		fate = FATE_HEX;
	else if (point < 0x20 || point == 0x7F)
		fate = FATE_CARET;
	else if (text_point_is_hidden(point))
		fate = FATE_POINT;
	else if (point > 0x7F && utf8_point_width(point) == 0)
		return judge_mark(marks);
	*marks = 0;
	return fate;
}

static void
write_fate(struct buf *out, enum fate fate, int32_t point, const char *bytes, size_t used)
{
	switch (fate) {
	case FATE_STAYS:
		buf_add(out, bytes, used);
		break;
	case FATE_CARET:
		buf_format(out, "^%c", (char)(point ^ 0x40));
		break;
	case FATE_HEX:
		buf_format(out, "\\x%02x",
			point < 0 ? (unsigned)(unsigned char)*bytes : (unsigned)point);
		break;
	case FATE_POINT:
		buf_format(out, "<U+%04X>", (unsigned)point);
		break;
	case FATE_EXTRA:
		break;
	}
}

static void
write_safe(struct buf *out, const char *bytes, size_t n)
{
	size_t used, extra = 0;
	int marks = NO_BASE;

	for (size_t i = 0; i < n; i += used) {
		int32_t point = utf8_next(bytes + i, n - i, &used);
		enum fate fate = judge(point, &marks);

		extra += fate == FATE_EXTRA;
		if (extra > 0 && fate != FATE_EXTRA) {
			buf_format(out, "+%zu", extra);
			extra = 0;
		}
		write_fate(out, fate, point, bytes + i, used);
	}
	if (extra > 0)
		buf_format(out, "+%zu", extra);
}

bool
text_is_safe(const char *bytes, size_t n)
{
	int marks = NO_BASE;
	size_t used;

	for (size_t i = 0; i < n; i += used)
		if (judge(utf8_next(bytes + i, n - i, &used), &marks) != FATE_STAYS)
			return false;
	return true;
}

struct safe_text
text_safe(const void *ctx, const char *bytes, size_t n)
{
	struct buf out;

	if (text_is_safe(bytes, n))
		return (struct safe_text){ mem_textn(ctx, bytes, n) };
	buf_init(&out, ctx, BUF_NO_CAP);
	write_safe(&out, bytes, n);
	return (struct safe_text){ buf_take(&out, ctx) };
}

struct safe_text
text_safe_z(const void *ctx, const char *text)
{
	return text ? text_safe(ctx, text, strlen(text)) : (struct safe_text){ NULL };
}

struct safe_text
text_safe_format(const void *ctx, const char *format, ...)
{
	struct safe_text safe;
	va_list args;
	char *raw;

	va_start(args, format);
	raw = mem_vformat(ctx, format, args);
	va_end(args);
	safe = text_safe_z(ctx, raw);
	mem_free(raw);
	return safe;
}
