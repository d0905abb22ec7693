/* The directory and the file of a store on disk. */
#ifndef ONECLICK_STORE_SQLITE_FILE_H
#define ONECLICK_STORE_SQLITE_FILE_H

#include "oneclick/base/fault.h"

/* Makes what is missing of the directory (0700) and in it the file (0600), durably; *path
 * is the file's and lives as long as ctx. */
enum err file_make(
	const void *ctx, const char *dir, const char **path, struct fault *why);

/* Its first half: the directory alone. ERR_INVALID, too, when others than its owner may
 * write to it, or its owner is neither this user nor, for root, anyone. */
enum err file_make_directory(const void *ctx, const char *dir, struct fault *why);
/* Whether file_make would do, of a directory that may not be there yet; leaves nothing. */
enum err file_try(const void *ctx, const char *dir, struct fault *why);
/* Says which directories above it everyone may write to: without the sticky bit, what lies
 * there can be renamed. */
void file_warn_of_parents(const void *ctx, const char *dir);
/* Where the store of a directory lies; lives as long as ctx. */
const char *file_path(const void *ctx, const char *dir);
/* A new name is only safe once the directory that holds it is on disk; -1 (errno). */
int file_sync_name(const void *ctx, const char *path);

#endif
