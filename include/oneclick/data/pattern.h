/*
 * Regular expressions over foreign text, and the only door to PCRE2.  A pattern is
 * compiled once and costs little however it was written: a search that takes too many
 * steps gives up, and says so.  Patterns are interpreted, not compiled to machine code:
 * that would cost more at start than it saves on texts of this size, and a hardened
 * service may make no memory executable.
 */
#ifndef ONECLICK_DATA_PATTERN_H
#define ONECLICK_DATA_PATTERN_H

#include <stddef.h>

#include "oneclick/base/fault.h"

enum {
	PATTERN_LENGTH_MAX = 512, /* bytes of a pattern */
	PATTERN_TEXT_MAX = 4096,  /* bytes of a text that is searched */
	PATTERN_GROUPS = 10, /* the whole, and nine groups; further ones are refused */
};

/* A run of bytes inside the text that was searched; text NULL: the group took no part. */
struct pattern_span {
	const char *text;
	size_t n;
};

struct pattern_found {
	struct pattern_span group[PATTERN_GROUPS]; /* [0] is all that matched */
	size_t count;                              /* 0: the pattern is not in the text */
};

struct pattern;
/* Lives as long as ctx; ERR_INVALID says what is wrong and at which letter. */
enum err pattern_compile(
	const void *ctx, const char *text, struct pattern **out, struct fault *why);
/* The same where the case of letters makes no difference. */
enum err pattern_compile_caseless(
	const void *ctx, const char *text, struct pattern **out, struct fault *why);
/* Searches text[0..n), which may be used by several threads at once.  ERR_INVALID when the
 * text is too long or the search takes too many steps; a text that is no UTF-8 matches
 * nothing. */
enum err pattern_find(const struct pattern *pattern, const char *text, size_t n,
	struct pattern_found *out, struct fault *why);
/* The first group that took part, or the whole where the pattern has no groups. */
struct pattern_span pattern_first(const struct pattern_found *found);

#endif
