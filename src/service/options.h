/* Options: a table of rows says what a command line may have; one reader reads it, one
 * printer explains it.  The same rows are read from the environment and from the
 * configuration file. */
#ifndef ONECLICK_SERVICE_OPTIONS_H
#define ONECLICK_SERVICE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "oneclick/base/fault.h"
#include "oneclick/data/value.h"

enum option_kind {
	OPTION_TEXT, /* const char * */
	OPTION_WORD, /* the one bare word, const char *; its row's name is for --help */
	OPTION_ACCOUNT,  /* const char *, 12 digits */
	OPTION_REGION,   /* const char *, letters, digits and dashes */
	OPTION_PLACE,    /* const char *, ADDRESS:PORT or fd:NAME */
	OPTION_NETWORKS, /* const char *, addresses and networks with commas between */
	OPTION_CHOICE,   /* const char *, one of what its row takes, as A|B */
	OPTION_BROKER,   /* const char *, mqtt[s]://... */
	OPTION_DURATION, /* int64_t milliseconds; 90s, 15m, 12h, 400d */
	OPTION_COUNT,    /* int64_t, 0 to 1,000,000 */
	OPTION_FLAG,     /* bool, takes nothing */
};

enum option_scope {
	SCOPE_START, /* said anywhere, and holds until the service ends */
	SCOPE_LIVE,  /* said anywhere; a reload changes it */
	SCOPE_WORDS, /* of the command line alone */
};

struct option_row {
	const char *name; /* "--listen" */
	enum option_kind kind;
	size_t at;             /* offsetof the member */
	const char *otherwise; /* default, as one would type it; NULL: none */
	const char *takes;     /* "ADDRESS:PORT" */
	const char *help;      /* one sentence without its end */
	enum option_scope scope;
};

/* Sets all defaults, then reads every word of argv; texts are borrowed from it. */
enum err options_read(const struct option_row *rows, size_t count, int argc, char **argv,
	void *out, struct fault *why);

/* The layers of it one by one, each over those before. */
void options_set_defaults(const struct option_row *rows, size_t count, void *out);
enum err options_read_words(const struct option_row *rows, size_t count, int argc,
	char **argv, void *out, struct fault *why);
/* The same, word by word to the end: hears of each row that was set (why NULL), and of what
 * is wrong. */
typedef void (*options_hear_fn)(
	void *arg, const struct option_row *row, const struct fault *why);
void options_read_each(const struct option_row *rows, size_t count, int argc, char **argv,
	void *out, options_hear_fn hear, void *arg);
/* What the row's variable is called. */
#define OPTION_VARIABLE_PREFIX "ONECLICKD_"
enum { OPTION_VARIABLE_SIZE = 64 };
void options_name_variable(
	const struct option_row *row, char out[OPTION_VARIABLE_SIZE]);
/* Of the variable ONECLICKD_CLAIM_WINDOW for the row "--claim-window"; one that is not set
 * or empty changes nothing. Its text is borrowed. */
enum err options_read_variable(
	const struct option_row *row, void *out, struct fault *why);
/* Of the file's `claim-window:`; null changes nothing. Its text lives as long as ctx. */
enum err options_read_value(const void *ctx, const struct option_row *row,
	const struct value *value, void *out, struct fault *why);

/* Whether two that were read say the same of this row; and the one's made the other's. */
bool options_agree(const struct option_row *row, const void *a, const void *b);
void options_copy(const struct option_row *row, const void *from, void *to);

void options_print(const struct option_row *rows, size_t count);

#endif
