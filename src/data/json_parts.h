/*
 * The two halves of reading JSON.  The scan is ours and strict: it refuses, counts, and
 * builds nothing.  Building is json-c's, whose names are ours too, so that its headers
 * and oneclick/data/json.h never meet in one file.
 */
#ifndef DATA_JSON_PARTS_H
#define DATA_JSON_PARTS_H

#include <stddef.h>

#include "oneclick/base/fault.h"
#include "oneclick/data/value.h"

/* Where a value stood (a member: its key), from 1. */
struct json_place {
	int line, column;
};

/* What the tree of a text will need. */
struct json_count {
	size_t values; /* all of them, the outermost too */
	size_t keys;
	struct json_place *place; /* of each, in their order; NULL: not asked for */
	size_t nulls;
};

/* ERR_INVALID with line and column if text is not one strict JSON value.  `letters` is
 * room for n + 1 bytes, scratch.  With a `life` count->place is filled, living as long. */
enum err json_scan(const void *life, const char *text, size_t n, char *letters,
	struct json_count *count, struct fault *why);

/* The tree of a text the scan has passed, at most `depth` levels deep, living as long as
 * `life`, its texts in `letters`. */
enum err json_build(const void *life, const char *text, size_t n, int depth,
	char *letters, const struct json_count *count, const struct value **out,
	struct fault *why);

#endif
