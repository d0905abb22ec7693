/*
 * INI, one section of it: an AWS credentials or configuration file, read as the AWS tools
 * read it: keys in any case, KEY = VALUE or KEY: VALUE, what is indented below a key goes on
 * with its value. Capped, opened O_CLOEXEC, and wiped after use. More lenient than they are:
 * a byte order mark is passed over, and of a key or section written twice the last counts.
 */
#ifndef ONECLICK_DATA_INI_H
#define ONECLICK_DATA_INI_H

#include <stdbool.h>
#include <stddef.h>

#include "oneclick/base/fault.h"

enum { INI_SIZE_MAX = 256 * 1024 };

struct ini_file;

/* Keeps section [heading] of the file, empty when either does not exist; ERR_INVALID says
 * FILE:LINE; `path` NULL is a file that does not exist. `warning` (may be NULL) is filled
 * when others may read it. */
enum err ini_read(const void *ctx, const char *path, const char *heading,
	struct ini_file **out, struct fault *warning, struct fault *why);
/* The same of a configuration file, whose sections are [profile NAME], NAME in quotes when it
 * holds blanks, and [default]. */
enum err ini_read_profile(const void *ctx, const char *path, const char *profile,
	struct ini_file **out, struct fault *warning, struct fault *why);
bool ini_has_section(const struct ini_file *file); /* the one that was wanted */
/* The names of all its sections or profiles, those of other headings left out. */
size_t ini_headings(const struct ini_file *file, const char *const **names);
/* `key` in lower case. */
const char *ini_get(const struct ini_file *file, const char *key); /* NULL: none */
/* A value that can hold no blank, without the comment that may stand behind it (the AWS tools
 * take that for a part of the value, which is then good for nothing); NULL for NULL. */
char *ini_word(const void *ctx, const char *value);
const char *ini_path(const struct ini_file *file);
void ini_wipe(struct ini_file *file); /* NULL is fine */

#endif
