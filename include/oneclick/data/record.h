/*
 * Field tables: one row says what a member is called, of what kind, where it lies in its
 * struct and what it must satisfy.  Requests, configuration and forms are read and checked
 * from the same rows.
 */
#ifndef ONECLICK_DATA_RECORD_H
#define ONECLICK_DATA_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "oneclick/base/fault.h"
#include "oneclick/data/value.h"

enum field_kind {
	FIELD_TEXT,   /* const char *, NULL when absent */
	FIELD_FLAG,   /* int: 0, 1, or -1 when absent */
	FIELD_INT,    /* int64_t, INT64_MIN when absent */
	FIELD_NUMBER, /* double, NaN when absent */
	FIELD_TIME,   /* int64_t moment, INT64_MIN when absent; ISO text in */
	FIELD_PAIRS,  /* struct pairs *, NULL when absent */
	FIELD_TEXTS,  /* struct texts, items NULL when absent */
	FIELD_TREE,   /* const struct value *, a map, NULL when absent */
};

/* Which letters a text may have; its limits count code points. */
enum field_letters {
	LETTERS_ANY,
	LETTERS_NAME,    /* ^[a-zA-Z0-9_-]+$ (project, placement and template names) */
	LETTERS_TAG_KEY, /* ^(?!aws:)[a-zA-Z+-=._:/]+$ */
};

struct texts {
	const char **item;
	size_t count;
};

struct field {
	const char *name;
	enum field_kind kind;
	size_t at;        /* offsetof the member */
	int64_t min, max; /* of a text its length, of a number its value, of a map or
	                         * list its count; 0, 0: no limit */
	enum field_letters letters; /* of a text, or of each key of pairs */
	int64_t value_max;          /* of each value of pairs, its length; 0: no limit */
};

#define FIELD_ABSENT_INT INT64_MIN

/* Sets the member to "absent". */
void field_clear(const struct field *field, void *record);
int field_is_given(const struct field *field, const void *record);
/* Reads a tree's value, or a text (query, path, flag), into the member and checks it; the
 * sentence names the field, what it got and what it takes.  JSON null is "absent". */
enum err field_read(const void *ctx, const struct field *field, const struct value *value,
	void *record, struct fault *why);
enum err field_read_text(const void *ctx, const struct field *field, const char *text,
	void *record, struct fault *why);
enum err field_check(const struct field *field, const void *record, struct fault *why);

/* Reads every member of the map by its row.  A key without a row is ERR_INVALID with the
 * nearest name ("did you mean ..."), and with its line and column when it has one. */
enum err record_read(const void *ctx, const struct field *rows, size_t count,
	const struct value *map, void *record, struct fault *why);

/* The candidate nearest to `word`, or NULL when none is near. */
const char *nearest_word(const char *word, const char *const *candidates, size_t count);

#endif
