/*
 * YAML, capped: 256 KiB, 32 levels, 100,000 nodes, no recursive aliases; refused beyond,
 * on libyaml's events, before memory or time is spent.  Plain scalars are null, bools and
 * numbers as in YAML's core schema; quoted ones are texts.  Every value knows its line
 * and column, and a duplicate key is a fault.
 */
#ifndef ONECLICK_DATA_YAML_H
#define ONECLICK_DATA_YAML_H

#include <stddef.h>

#include "oneclick/base/fault.h"
#include "oneclick/data/value.h"

enum { YAML_SIZE_MAX = 256 * 1024 };

/* `name` begins each sentence ("NAME:LINE:COLUMN: ..."). An empty document is an empty
 * map. */
enum err yaml_parse(const void *ctx, const char *name, const char *text, size_t n,
	const struct value **out, struct fault *why);
/* The same, where local tags mean something: "!Ref X" is read as the map {"!Ref": X}. */
enum err yaml_parse_tagged(const void *ctx, const char *name, const char *text, size_t n,
	const struct value **out, struct fault *why);
/* ERR_NOT_FOUND if there is no such file; only a plain file is read, as file_read does; or
 * what a person names to a command, as file_read_input does. */
enum err yaml_read_file(
	const void *ctx, const char *path, const struct value **out, struct fault *why);
enum err yaml_read_input(
	const void *ctx, const char *path, const struct value **out, struct fault *why);

/* The same for who wants to hear of every fault ("PATH:LINE:COLUMN: ..."): *out is what can
 * be read beside them, and only a file that cannot be read at all is a failure. */
typedef void (*yaml_tell_fn)(void *arg, const char *sentence);
enum err yaml_read_each(const void *ctx, const char *path, yaml_tell_fn tell, void *arg,
	const struct value **out, struct fault *why);

#endif
