/*
 * Words: texts that occur many times (IDs, names), each kept once in one arena and known
 * by a number.  What is put in is made safe for the screen; so all that comes out is.
 */
#ifndef ONECLICK_CONSOLE_WORDS_H
#define ONECLICK_CONSOLE_WORDS_H

#include <stdint.h>

#include "oneclick/base/text_safe.h"

enum { WORD_NONE = 0 }; /* the empty text */

struct words;

struct words *words_new(const void *ctx);
/* The text's number; NULL is WORD_NONE. */
uint32_t words_put(struct words *words, const char *text);
/* The same without putting it in: WORD_NONE if it is not there. */
uint32_t words_find(const struct words *words, const char *text);
/* Good until the next words_put. */
const char *words_text(const struct words *words, uint32_t word);
struct safe_text words_safe(const struct words *words, uint32_t word);

#endif
