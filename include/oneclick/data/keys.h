/* Finding the key that stands twice, in a time that a long map does not square. */
#ifndef ONECLICK_DATA_KEYS_H
#define ONECLICK_DATA_KEYS_H

#include <stddef.h>

/* The place of the first key that equals an earlier one; count if all differ. */
size_t keys_repeat(const char *const *key, size_t count);

#endif
