/*
 * Numbers as text, the same in every locale: JSON, YAML, queries and forms all read and
 * write them here.
 */
#ifndef ONECLICK_DATA_NUMBER_H
#define ONECLICK_DATA_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NUMBER_SIZE = 32 };

/* Digits, a '-' before them or not, and nothing else; false also if 64 bits do not hold
 * it. */
bool number_read_int(const char *text, size_t n, int64_t *whole);

/* A decimal number as JSON writes it; false also if a double does not hold it. */
bool number_read(const char *text, size_t n, double *number);

/* The length of the JSON number text[0..n) starts with, 0 if with none; *is_whole says
 * that it has neither fraction nor exponent. */
size_t number_span(const char *text, size_t n, bool *is_whole);

/* The shortest text that reads back the same; the number must be finite. */
void number_write(double number, char out[NUMBER_SIZE]);

#endif
