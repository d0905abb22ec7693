#include "oneclick/base/utf8.h"

#include <string.h>

#include <utf8proc.h>

int32_t
utf8_next(const char *text, size_t n, size_t *used)
{
	utf8proc_int32_t point;
	utf8proc_ssize_t len;

	*used = 1;
	if ((unsigned char)*text < 0x80)
		return *text;
	len = utf8proc_iterate((const utf8proc_uint8_t *)text,
		(utf8proc_ssize_t)(n < 4 ? n : 4), &point);
	if (len <= 0)
		return -1;
	*used = (size_t)len;
	return point;
}

bool
utf8_is_valid(const char *text, size_t n)
{
	size_t used;

	for (size_t i = 0; i < n; i += used)
		if (utf8_next(text + i, n - i, &used) < 0)
			return false;
	return true;
}

size_t
utf8_put(int32_t point, char out[4])
{
	return (size_t)utf8proc_encode_char(point, (utf8proc_uint8_t *)out);
}

/* The vowels and finals that join the Hangul letter before them. */
static bool
is_joining_jamo(int32_t point)
{
	return (point >= 0x1160 && point <= 0x11FF) ||
	       (point >= 0xD7B0 && point <= 0xD7FB);
}

/* In two places terminals and the C library agree with one another against utf8proc: a
 * spacing mark has a column of its own, a joining jamo has none. */
int
utf8_point_width(int32_t point)
{
	if (point >= 0x20 && point < 0x7F)
		return 1;
	if (is_joining_jamo(point))
		return 0;
	if (utf8proc_category(point) == UTF8PROC_CATEGORY_MC)
		return 1;
	return utf8proc_charwidth(point);
}

/* Columns of what stands at text (a byte that is no UTF-8 takes one); its length in
 * *used. */
static int
measure_next(const char *text, size_t left, size_t *used)
{
	int32_t point = utf8_next(text, left, used);

	return point < 0 ? 1 : utf8_point_width(point);
}

int
utf8_width(const char *text)
{
	size_t left = strlen(text), used;
	int width = 0;

	for (; left > 0; text += used, left -= used)
		width += measure_next(text, left, &used);
	return width;
}

/* The length of the cluster at text, and the columns it takes; left is at least 1. */
static size_t
measure_cluster(const char *text, size_t left, int *width)
{
	size_t len, used;

	*width = measure_next(text, left, &len);
	while (len < left && measure_next(text + len, left - len, &used) == 0)
		len += used;
	return len;
}

size_t
utf8_clip(const char *text, int columns, int *width)
{
	size_t at = 0, left = strlen(text);

	*width = 0;
	while (at < left) {
		int wide;
		size_t len = measure_cluster(text + at, left - at, &wide);

		if (*width + wide > columns)
			break;
		*width += wide;
		at += len;
	}
	return at;
}

size_t
utf8_before(const char *text, size_t at)
{
	size_t left = strlen(text), start = 0, next = 0;
	int width;

	while (next < at && next < left) {
		start = next;
		next += measure_cluster(text + next, left - next, &width);
	}
	return start;
}

size_t
utf8_after(const char *text, size_t at)
{
	size_t left = strlen(text);
	int width;

	return at < left ? at + measure_cluster(text + at, left - at, &width) : left;
}

size_t
utf8_count(const char *text)
{
	size_t left = strlen(text), used, count = 0;

	for (; left > 0; text += used, left -= used, count++)
		utf8_next(text, left, &used);
	return count;
}
