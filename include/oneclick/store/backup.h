/*
 * A whole store as one file, and back.  A backup is taken beside a running service, as it
 * was at one moment, without holding its writer up; a restore needs the store to itself.
 * Either leaves all of its result or nothing: what is written goes beside its place, is
 * checked, is on disk, and only then gets its name.
 */
#ifndef ONECLICK_STORE_BACKUP_H
#define ONECLICK_STORE_BACKUP_H

#include <stdbool.h>
#include <stdint.h>

#include "oneclick/base/fault.h"

/* Hears how far the copy is, every now and then; false stops it (ERR_PRECONDITION). */
typedef bool (*backup_fn)(void *arg, int64_t done, int64_t total);

/* Copies the store in `dir` to `file` (0600), over one that is there. ERR_NOT_FOUND: no
 * store there; ERR_INVALID: the file is no regular one; ERR_BROKEN: it cannot be read or
 * written, or the copy is damaged. */
enum err backup_write(
	const char *dir, const char *file, backup_fn fn, void *arg, struct fault *why);

/* Makes `dir` hold what the backup does. ERR_CONFLICT: it holds a store, and that was not
 * to be replaced; ERR_INVALID: the file is no backup, or of a newer program. */
enum err backup_restore(const char *file, const char *dir, bool replace, backup_fn fn,
	void *arg, struct fault *why);

/* Gives the room back that removed rows have left in the store's file, which otherwise new
 * ones take. It needs the store to itself, and as much free disk as the store takes.
 * ERR_NOT_FOUND: no store there; ERR_CONFLICT: another program has it open. */
enum err backup_compact(const char *dir, struct fault *why);

#endif
