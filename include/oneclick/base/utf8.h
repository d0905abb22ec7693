/*
 * UTF-8 and columns.  One width table (utf8proc's) serves measuring and drawing; what it
 * calls ambiguous is one column wide.
 */
#ifndef ONECLICK_BASE_UTF8_H
#define ONECLICK_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The code point at text[0..n) and its length in *used; -1 (and *used 1) if the bytes are
 * not UTF-8.  n must be at least 1. */
int32_t utf8_next(const char *text, size_t n, size_t *used);
bool utf8_is_valid(const char *text, size_t n);

/* Writes the code point; returns its length, 1 to 4. */
size_t utf8_put(int32_t point, char out[4]);

/* Columns the code point, or the text up to its NUL, takes; combining marks take 0. */
int utf8_point_width(int32_t point);
int utf8_width(const char *text);

/* How many bytes of text fit in `columns` without splitting a cluster (a base and its
 * marks); *width gets the columns they take. */
size_t utf8_clip(const char *text, int columns, int *width);

/* Where the cluster before / after byte offset `at` begins, for moving in a field. */
size_t utf8_before(const char *text, size_t at);
size_t utf8_after(const char *text, size_t at);

/* Number of code points: what the contract's string limits count. */
size_t utf8_count(const char *text);

#endif
