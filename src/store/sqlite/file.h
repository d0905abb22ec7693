/* The directory and the file of a store on disk. */
#ifndef ONECLICK_STORE_SQLITE_FILE_H
#define ONECLICK_STORE_SQLITE_FILE_H

#include "oneclick/base/fault.h"

/* Makes what is missing of the directory (0700) and in it the file (0600), durably; *path
 * is the file's and lives as long as ctx. */
enum err file_make(
	const void *ctx, const char *dir, const char **path, struct fault *why);

#endif
