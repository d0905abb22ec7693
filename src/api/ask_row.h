/* The rows of ask.c and the words of ops.def, for the reader and the writer beside it. */
#ifndef ONECLICK_SRC_API_ASK_ROW_H
#define ONECLICK_SRC_API_ASK_ROW_H

#include <stdbool.h>

#include "oneclick/api/ask.h"

struct ask_word {
	const struct field *field;
	bool required;
};

/* The next word of a query or body list; moves *at behind it.  False at the end. */
bool ask_next_word(enum op_api api, const char **at, struct ask_word *word);
/* The next {label} of a template, after the literal text that *at begins with. */
const struct field *ask_next_label(enum op_api api, const char **at);

/* The members of deviceMethod, which are members of the ask as well. */
enum { ASK_METHOD_ROWS = 2 };
extern const struct field ask_method_rows[ASK_METHOD_ROWS];

/* Of maps and lists, the names in them. */
enum err ask_check_names(enum op_api api, const struct ask *ask, struct fault *why);

/* The text member of a row. */
const char *ask_text(const struct field *field, const struct ask *ask);

#endif
