/* The directory and the file of a store on disk. */
#ifndef ONECLICK_STORE_SQLITE_FILE_H
#define ONECLICK_STORE_SQLITE_FILE_H

#include "oneclick/base/fault.h"

/* Makes what is missing of the directory (0700) and in it the file (0600), durably; *path
 * is the file's and lives as long as ctx. */
enum err file_make(
	const void *ctx, const char *dir, const char **path, struct fault *why);

/* Its first half: the directory alone. */
enum err file_make_directory(const void *ctx, const char *dir, struct fault *why);
/* Where the store of a directory lies; lives as long as ctx. */
const char *file_path(const void *ctx, const char *dir);
/* A new name is only safe once the directory that holds it is on disk; -1 (errno). */
int file_sync_name(const void *ctx, const char *path);

#endif
