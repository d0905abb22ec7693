/*
 * INI, one section of it: an AWS credentials or configuration file.  Capped, opened
 * O_CLOEXEC, and wiped after use.  Of a key written twice the last one counts, as in the
 * AWS tools.
 */
#ifndef ONECLICK_DATA_INI_H
#define ONECLICK_DATA_INI_H

#include "oneclick/base/fault.h"

enum { INI_SIZE_MAX = 256 * 1024 };

struct ini_file;

/* Keeps section [heading] of the file, empty when either does not exist; ERR_INVALID says
 * FILE:LINE; `path` NULL is a file that does not exist. `warning` (may be NULL) is filled
 * when others may read it. */
enum err ini_read(const void *ctx, const char *path, const char *heading,
	struct ini_file **out, struct fault *warning, struct fault *why);
const char *ini_get(const struct ini_file *file, const char *key); /* NULL: none */
const char *ini_path(const struct ini_file *file);
void ini_wipe(struct ini_file *file); /* NULL is fine */

#endif
