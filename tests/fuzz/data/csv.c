/* Rows come to an end, and a field that was written is the field that is read. */
#undef NDEBUG
#include <assert.h>
#include <string.h>

#include "../fuzz.h"
#include "oneclick/data/csv.h"

/* But for the ' that keeps a spreadsheet from running it. */
static void
check_written(const void *life, const char *field)
{
	const char *const *fields = NULL;
	size_t count = 0;
	struct buf out;
	struct csv csv;

	buf_init(&out, life, BUF_NO_CAP);
	buf_text(&out, "start,");
	csv_write(&out, field);
	buf_text(&out, ",end\n");
	csv = csv_over(out.data, out.len);
	assert(csv_next(&csv, life, &fields, &count, NULL) == ERR_NONE && count == 3);
	assert(strcmp(csv_plain(fields[1]), field) == 0);
}

void
fuzz(const void *life, const char *data, size_t n)
{
	struct csv csv = csv_over(data, n);
	const char *const *fields;
	size_t count;
	struct fault why;
	int line = 0;

	for (;;) {
		enum err err = csv_next(&csv, life, &fields, &count, &why);

		fuzz_check_fault(err, &why);
		if (err || !fields)
			return;
		assert(csv.line > line && count > 0 && count <= 256);
		line = csv.line;
		for (size_t i = 0; i < count; i++)
			check_written(life, fields[i]);
	}
}
