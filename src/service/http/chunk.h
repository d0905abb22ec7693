/*
 * The chunked coding of a body (RFC 9112, 7.1), taken apart as its bytes come.  Sizes are
 * hexadecimal digits and nothing else; extensions and trailers are read past, up to a
 * length, since nobody here knows any.
 */
#ifndef ONECLICK_SERVICE_HTTP_CHUNK_H
#define ONECLICK_SERVICE_HTTP_CHUNK_H

#include <stddef.h>
#include <stdint.h>

#include "oneclick/base/buf.h"

enum chunk_state {
	CHUNK_SIZE,      /* digits are awaited; the zero value */
	CHUNK_EXTENSION, /* behind them, to the line's end */
	CHUNK_DATA,
	CHUNK_DATA_END, /* its CR LF */
	CHUNK_TRAILER,  /* behind the last chunk: lines, and an empty one */
	CHUNK_DONE,     /* the body is whole */
	CHUNK_BAD,      /* it is no chunked coding; nothing more is read */
};

struct chunks {
	enum chunk_state state;
	size_t left;   /* bytes of the chunk still to come, or its size so far */
	size_t digits; /* of its size */
	size_t line;   /* bytes of the line so far */
	size_t around; /* bytes of extensions and trailers, of the whole body */
	char last;     /* byte of the line: CR must come before LF, and there alone */
};

/* Takes up to n bytes, adding what they carry to `body`; how many it took. It stops behind
 * the body's last byte, and where it is bad. */
size_t chunks_take(struct chunks *chunks, const char *bytes, size_t n, struct buf *body);

#endif
