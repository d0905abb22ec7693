/* Whole files of the user's. Read: their size is capped. Written: whole or not at all, in
 * place of a regular file only; what else a name may lead to is written through (a pipe, a
 * device) or refused (a directory, a socket), and links are followed. */
#ifndef ONECLICK_BASE_FILE_H
#define ONECLICK_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "oneclick/base/buf.h"
#include "oneclick/base/fault.h"

/* Fills `out`, which lives as long as ctx, with at most `cap` bytes of a plain file, so that
 * nothing is waited for; "-" is standard input, whatever it is. ERR_NOT_FOUND if there is no
 * such file, ERR_INVALID for all the rest, in sentences that begin with "PATH: ". */
enum err file_read(const void *ctx, const char *path, size_t cap, struct buf *out,
	struct fault *why);
/* The same for what a person names to a command: pipes (`<(...)`, /dev/stdin, a FIFO) and
 * devices are read as well, and waited for as long as it takes. Not for a loop's thread. */
enum err file_read_input(const void *ctx, const char *path, size_t cap, struct buf *out,
	struct fault *why);
/* True if the name says nothing of what it holds: "-", /dev/stdin, /dev/fd/63. */
bool file_is_nameless(const char *path);

/*
 * A file on its way.  It is written beside its place and put there by file_commit: until
 * then an older one stays, and if it never comes (the struct is freed), nothing is left.
 * An older one's permissions and owner stay; a new one is its owner's alone.
 */
struct file_out;
/* "-" is standard output. ERR_INVALID, as of all below, if it cannot be written. */
enum err file_create(
	const void *ctx, const char *path, struct file_out **out, struct fault *why);
enum err file_add(struct file_out *out, const void *bytes, size_t n, struct fault *why);
/* On disk once this has returned. */
enum err file_commit(struct file_out *out, struct fault *why);
/* Where a library that opens files by name may write it: beside its place. NULL if it is
 * written through, which such a library cannot. */
const char *file_beside(const struct file_out *out);
int file_descriptor(const struct file_out *out);

/* All of it at once. */
enum err file_write(const char *path, const struct buf *text, struct fault *why);

/* So that a name that was given or taken in path's directory outlasts a loss of power; -1
 * and errno if that cannot be. */
int file_sync_directory(const char *path);

#endif
