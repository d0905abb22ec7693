/* Whole files of the user's. Read: their size is capped, and what is no plain file (a pipe
 * that never ends, a terminal) is refused. Written: whole or not at all. */
#ifndef ONECLICK_BASE_FILE_H
#define ONECLICK_BASE_FILE_H

#include <stddef.h>

#include "oneclick/base/buf.h"
#include "oneclick/base/fault.h"

/* Fills `out`, which lives as long as ctx, with at most `cap` bytes; "-" is standard input,
 * whatever it is. ERR_NOT_FOUND if there is no such file, ERR_INVALID for all the rest, in
 * sentences that begin with "PATH: ". */
enum err file_read(const void *ctx, const char *path, size_t cap, struct buf *out,
	struct fault *why);
/* Beside its place first, then renamed; for its owner's eyes only. An older file stays until
 * then. "-" is standard output. */
enum err file_write(const char *path, const struct buf *text, struct fault *why);

#endif
