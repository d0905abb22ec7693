/* Percent encoding as RFC 3986 and SigV4 have it: only A-Z a-z 0-9 - _ . ~ stay. */
#ifndef ONECLICK_BASE_URI_H
#define ONECLICK_BASE_URI_H

#include <stdbool.h>
#include <stddef.h>

#include "oneclick/base/buf.h"

void uri_encode(struct buf *out, const char *bytes, size_t n);

/* The decoded bytes (NUL-terminated; *n their number, may be NULL), or NULL if an escape is
 * malformed or decodes to a NUL.  A '+' stays a '+'. */
char *uri_decoded(const void *ctx, const char *text, size_t text_len, size_t *n);

#endif
