/*
 * A neutral tree of values, read from JSON or YAML.  Objects of the parsers never leave
 * their door; this does.  A tree lives as long as the ctx it was read into; borrowed
 * pointers into it live as long.
 */
#ifndef ONECLICK_DATA_VALUE_H
#define ONECLICK_DATA_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "oneclick/data/pairs.h"

enum value_kind {
	VALUE_NULL,
	VALUE_BOOL,
	VALUE_INT,
	VALUE_NUMBER,
	VALUE_TEXT,
	VALUE_LIST,
	VALUE_MAP
};

struct value {
	enum value_kind kind;
	int line, column;    /* where it stood (a member: its key), from 1; 0 when not
	                       * known (JSON, unless asked for) */
	bool bare_key;       /* of YAML: it is a member whose key had no quotes */
	const char *written; /* of YAML: a scalar without quotes that is no text, as it
	                         * stood (012, +15550100); NULL: another, or JSON */
	union {
		bool yes;
		int64_t whole;
		double number;
		const char *text;
		struct {
			struct value *item; /* lists and maps */
			const char **key;   /* maps only */
			size_t count;
		};
	};
};

/* All of these take NULL and answer as for an absent value. */
const struct value *value_get(const struct value *map, const char *key);
const char *value_text(const struct value *map, const char *key); /* NULL if not a text */
int64_t value_int(const struct value *map, const char *key, int64_t otherwise);
double value_number(const struct value *map, const char *key, double otherwise);
bool value_bool(const struct value *map, const char *key, bool otherwise);
/* A contract time (seconds since 1970, whole or not) as a moment; 0 if there is none, or one
 * beyond the year 9999. */
int64_t value_moment(const struct value *map, const char *key);
/* A number from 0 to 100, what is beyond taken for the nearer of them; 0 if there is none. */
float value_percent(const struct value *map, const char *key);
const char *value_kind_name(enum value_kind kind); /* "a text", "a list", ... */
/* What it is in a sentence: the number or word as it stood, or its kind. Living as long as
 * ctx; safe to show. */
const char *value_words(const void *ctx, const struct value *value);

/* A map of texts as pairs; NULL if it is not a map or some value is not a text. */
struct pairs *value_pairs(const void *ctx, const struct value *map);

#endif
