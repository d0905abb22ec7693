/* What reading and checking a field share: its member, and how to refuse. */
#ifndef DATA_RECORD_PARTS_H
#define DATA_RECORD_PARTS_H

#include "oneclick/data/record.h"

/* The member itself, of the type its kind says. */
static inline void *
field_member(const struct field *field, const void *record)
{
	return (char *)record + field->at;
}

/* "NAME takes THIS, not GOT." */
enum err field_refuse(const struct field *field, struct fault *why, const char *got, ...)
	__attribute__((format(printf, 3, 4)));

/* The same with a foreign text as what it got: quoted, cut and safe. */
enum err field_refuse_text(
	const struct field *field, struct fault *why, const char *text);

#endif
