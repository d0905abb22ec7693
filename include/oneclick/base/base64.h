/* Base64 with its padding (RFC 4648, section 4). */
#ifndef ONECLICK_BASE_BASE64_H
#define ONECLICK_BASE_BASE64_H

#include <stdbool.h>
#include <stddef.h>

#include "oneclick/base/buf.h"

void base64_encode(struct buf *out, const void *bytes, size_t n);
/* False, with some of it in `out`, if the text is anything else. */
bool base64_decode(struct buf *out, const char *text, size_t n);

#endif
