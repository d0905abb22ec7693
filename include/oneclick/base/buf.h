/*
 * A growing run of bytes that knows when to refuse.  Once a cap is passed the buffer is
 * `full`, keeps what it had and ignores all that follows, so that a writer checks once, at
 * the end.  The bytes are always followed by a NUL that len does not count.
 */
#ifndef ONECLICK_BASE_BUF_H
#define ONECLICK_BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct buf {
	char *data;  /* never NULL after buf_init; owned by the buf's ctx */
	size_t len;  /* bytes written */
	size_t room; /* bytes allocated */
	size_t cap;  /* len never passes this */
	bool full;   /* something did not fit */
	const void *ctx;
};

enum { BUF_NO_CAP = 0 }; /* a cap of 255 MiB: talloc gives out no piece over 256 */

void buf_init(struct buf *b, const void *ctx, size_t cap);
void buf_clear(struct buf *b); /* empty and not full; keeps the room */
void buf_release(struct buf *b);
char *buf_take(struct buf *b, const void *ctx); /* gives the text away; b is released */

void buf_add(struct buf *b, const void *bytes, size_t n);
void buf_text(struct buf *b, const char *text);
void buf_char(struct buf *b, char c);
void buf_format(struct buf *b, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void buf_vformat(struct buf *b, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));
void buf_drop(struct buf *b, size_t n); /* forgets the first n bytes */

#endif
