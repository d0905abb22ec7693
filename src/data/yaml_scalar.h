/* What a plain YAML scalar is, by the core schema. */
#ifndef DATA_YAML_SCALAR_H
#define DATA_YAML_SCALAR_H

#include <stdbool.h>
#include <stddef.h>

#include "oneclick/data/value.h"

/* Fills kind and content of *out (a text is copied to ctx); false if it is a whole number
 * that 64 bits do not hold. */
bool yaml_scalar(const void *ctx, const char *text, size_t n, struct value *out);

#endif
