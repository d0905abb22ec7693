/*
 * Words: texts that occur many times (IDs, names), each kept once in one arena and known
 * by a number.  What is put in is made safe for the screen; so all that comes out is.  Takes
 * 80 MiB at most: the names of a million devices.
 */
#ifndef ONECLICK_CONSOLE_WORDS_H
#define ONECLICK_CONSOLE_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "oneclick/base/text_safe.h"

enum { WORD_NONE = 0 }; /* the empty text */

struct words;

struct words *words_new(const void *ctx);
/* The text's number; NULL is WORD_NONE, and so is a new text once words_are_full. One of more
 * than 1,024 bytes is cut, and ends with three dots. */
uint32_t words_put(struct words *words, const char *text);
bool words_are_full(const struct words *words); /* some text had no room */
/* The same without putting it in: WORD_NONE if it is not there. */
uint32_t words_find(const struct words *words, const char *text);
/* Good until the next words_put. */
const char *words_text(const struct words *words, uint32_t word);
struct safe_text words_safe(const struct words *words, uint32_t word);

#endif
