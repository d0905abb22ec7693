/* CSV as RFC 4180 has it, one row at a time, from a text held whole. */
#ifndef ONECLICK_DATA_CSV_H
#define ONECLICK_DATA_CSV_H

#include <stddef.h>

#include "oneclick/base/buf.h"
#include "oneclick/base/fault.h"

struct csv {
	const char *at, *end;
	int line; /* of the row last read, from 1 */
	int next; /* of the row to come */
};

struct csv csv_over(const char *text, size_t n);
/* The next row's fields (an array of *count texts, living as long as ctx), or *fields NULL
 * at the end; empty lines are passed over.  ERR_INVALID for a quote unclosed or where none
 * belongs, a NUL, or more than 256 fields. */
enum err csv_next(struct csv *csv, const void *ctx, const char *const **fields,
	size_t *count, struct fault *why);

/* One field, quoted when it must be.  What a spreadsheet would run (it begins with = + - @, a
 * tab or a line's end, or the wide forms of those signs) gets a ' before it; so does what
 * begins with ' and such a sign already, so that csv_plain gives back exactly what was
 * written. */
void csv_write(struct buf *out, const char *field);
/* Less the ' that csv_write puts before a field; part of the field. */
const char *csv_plain(const char *field);

#endif
