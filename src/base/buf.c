#include "oneclick/base/buf.h"

#include <stdio.h>
#include <string.h>

#include "oneclick/base/mem.h"

enum { FIRST_ROOM = 256, LARGEST_CAP = 255 * 1024 * 1024 };

void
buf_init(struct buf *b, const void *ctx, size_t cap)
{
	if (cap == BUF_NO_CAP || cap > LARGEST_CAP)
		cap = LARGEST_CAP;
	*b = (struct buf){ .ctx = ctx, .cap = cap };
	b->room = cap < FIRST_ROOM ? cap + 1 : FIRST_ROOM;
	b->data = mem_resize(ctx, NULL, char, b->room);
	b->data[0] = '\0';
}

void
buf_clear(struct buf *b)
{
	b->len = 0;
	b->full = false;
	b->data[0] = '\0';
}

void
buf_release(struct buf *b)
{
	mem_free(b->data);
	*b = (struct buf){ .ctx = b->ctx };
}

char *
buf_take(struct buf *b, const void *ctx)
{
	char *text = mem_move(ctx, b->data);

	*b = (struct buf){ .ctx = b->ctx };
	return text;
}

static bool
grow(struct buf *b, size_t n)
{
	size_t room = b->room;

	if (b->full || n > b->cap - b->len) {
		b->full = true;
		return false;
	}
	while (room - b->len <= n)
		room *= 2;
	if (room > b->cap + 1)
		room = b->cap + 1;
	if (room != b->room) {
		b->data = mem_resize(b->ctx, b->data, char, room);
		b->room = room;
	}
	return true;
}

/* True if n more bytes (and the NUL) have room now; otherwise b is full. */
static inline bool
make_room(struct buf *b, size_t n)
{
	return (n < b->room - b->len && !b->full) || grow(b, n);
}

void
buf_add(struct buf *b, const void *bytes, size_t n)
{
	if (n == 0 || !make_room(b, n))
		return;
	memcpy(b->data + b->len, bytes, n);
	b->len += n;
	b->data[b->len] = '\0';
}

void
buf_text(struct buf *b, const char *text)
{
	if (text)
		buf_add(b, text, strlen(text));
}

void
buf_char(struct buf *b, char c)
{
	if (!make_room(b, 1))
		return;
	b->data[b->len++] = c;
	b->data[b->len] = '\0';
}

void
buf_format(struct buf *b, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	buf_vformat(b, format, args);
	va_end(args);
}

void
buf_vformat(struct buf *b, const char *format, va_list args)
{
	size_t left = b->room - b->len;
	va_list again;
	int n;

	if (b->full)
		return;
	va_copy(again, args);
	n = vsnprintf(b->data + b->len, left, format, args);
	if (n > 0 && (size_t)n >= left) {
		b->data[b->len] = '\0';
		if (make_room(b, (size_t)n))
			vsnprintf(b->data + b->len, (size_t)n + 1, format, again);
		else
			n = 0;
	}
	va_end(again);
	if (n > 0)
		b->len += (size_t)n;
}

void
buf_drop(struct buf *b, size_t n)
{
	if (n > b->len)
		n = b->len;
	b->len -= n;
	memmove(b->data, b->data + n, b->len + 1);
}
