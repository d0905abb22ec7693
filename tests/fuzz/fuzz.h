/*
 * A fuzz target is one file with one function: it does with foreign bytes what the product
 * does, and asserts what must hold of the outcome whatever they are.  With CFG=fuzz it is a
 * program of libFuzzer; in every other build it replays the files it is given, which is how
 * `make check` keeps what was once found.
 */
#ifndef ONECLICK_TESTS_FUZZ_H
#define ONECLICK_TESTS_FUZZ_H

#include <stddef.h>

#include "oneclick/base/fault.h"

/* The target.  `data` is followed by a NUL that n does not count; `life` ends afterwards. */
void fuzz(const void *life, const char *data, size_t n);

/* Takes the text up to the next line feed, or the rest, off the front of the input: for
 * targets that need several.  It is NUL-terminated and lives as long as `life`. */
const char *fuzz_line(const void *life, const char **data, size_t *n);

/* The path of a file with these contents, good until the next call. */
const char *fuzz_file(const char *data, size_t n);

/* That a failure has a sentence. */
void fuzz_check_fault(enum err err, const struct fault *why);

#endif
