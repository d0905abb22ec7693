/* A filter as it is typed, over a row of any text. */
#undef NDEBUG
#include <assert.h>
#include <string.h>

#include "../fuzz.h"
#include "oneclick/console/filter.h"

static const char *
find_text(const void *arg, size_t row, size_t field)
{
	(void)row;
	return field == 0 ? arg : "";
}

static double
find_number(const void *arg, size_t row, size_t field)
{
	(void)row;
	(void)field;
	return (double)strlen(arg);
}

void
fuzz(const void *life, const char *data, size_t n)
{
	static const struct filter_field fields[] = { { "id", FILTER_TEXT },
		{ "battery", FILTER_NUMBER }, { "seen", FILTER_AGE } };
	const char *typed = fuzz_line(life, &data, &n);
	struct filter_rows rows = { fields, 3, find_text, find_number, data };
	struct filter *filter;
	struct fault why;
	enum err err = filter_parse(life, typed, fields, 3, &filter, &why);

	fuzz_check_fault(err, &why);
	if (!err && filter_is_empty(filter))
		assert(filter_match(filter, &rows, 0));
	else if (!err)
		filter_match(filter, &rows, 0);
}
