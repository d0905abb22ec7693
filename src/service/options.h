/* Options: a table of rows says what a command line may have; one reader reads it, one
 * printer explains it. */
#ifndef ONECLICK_SERVICE_OPTIONS_H
#define ONECLICK_SERVICE_OPTIONS_H

#include <stddef.h>

#include "oneclick/base/fault.h"

enum option_kind {
	OPTION_TEXT, /* const char * */
	OPTION_WORD, /* the one bare word, const char *; its row's name is for --help */
	OPTION_ACCOUNT,  /* const char *, 12 digits */
	OPTION_REGION,   /* const char *, letters, digits and dashes */
	OPTION_DURATION, /* int64_t milliseconds; 90s, 15m, 12h, 400d */
	OPTION_FLAG,     /* bool, takes nothing */
};

struct option_row {
	const char *name; /* "--listen" */
	enum option_kind kind;
	size_t at;             /* offsetof the member */
	const char *otherwise; /* default, as one would type it; NULL: none */
	const char *takes;     /* "ADDRESS:PORT" */
	const char *help;      /* one sentence without its end */
};

/* Sets all defaults, then reads every word of argv; texts are borrowed from it. */
enum err options_read(const struct option_row *rows, size_t count, int argc, char **argv,
	void *out, struct fault *why);
void options_print(const struct option_row *rows, size_t count);

#endif
