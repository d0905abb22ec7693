/*
 * Filters: which rows a list shows, as typed after `/`.
 *
 *   word           some text of the row contains it (letter case does not matter)
 *   /regex/        some text matches (data/pattern's, letter case does not matter)
 *   ~fuzzy         some text has its letters in this order
 *   battery<20     a field compared: = != < <= > >=; texts take * for anything, times
 * take ages (30s, 5m, 12h, 7d): seen>7d is "not seen for seven days" !term          the
 * opposite of any of them Terms stand side by side and all must hold.  A value with
 * blanks goes in "quotes".
 */
#ifndef ONECLICK_CONSOLE_FILTER_H
#define ONECLICK_CONSOLE_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "oneclick/base/fault.h"

enum filter_kind {
	FILTER_TEXT,
	FILTER_NUMBER,
	FILTER_AGE, /* milliseconds since */
};

struct filter_field {
	const char *name;
	enum filter_kind kind;
};

/* How a filter sees rows: texts never NULL, numbers NaN when not known. */
struct filter_rows {
	const struct filter_field *field;
	size_t fields;
	const char *(*text)(const void *arg, size_t row, size_t field);
	double (*number)(const void *arg, size_t row, size_t field);
	const void *arg;
};

struct filter;

/* ERR_INVALID names the term at fault, the field nearest to an unknown one, or what is
 * wrong with a value. */
enum err filter_parse(const void *ctx, const char *text, const struct filter_field *field,
	size_t fields, struct filter **out, struct fault *why);
/* A pass over rows begins; NULL is fine. */
void filter_begin(struct filter *filter);
/* NULL matches every row. */
bool filter_match(struct filter *filter, const struct filter_rows *rows, size_t row);
/* ERR_INVALID if a pattern took too long over a row, or the pass over all (a second): from
 * then on it matches nothing. */
enum err filter_gave_up(const struct filter *filter, struct fault *why);
bool filter_is_empty(const struct filter *filter);

#endif
