/*
 * The tables a profile is compiled to, and what its rooms say to each other.
 *
 *   load     files, the shipped ones, what profiles have to agree on
 *   compile  a file's tree -> tables, over row_read, pick_read and keys
 *   topic    topics with {names}, and the filters that cover them
 *   read     a message -> sightings, over decode, bthome, pick and pointer
 *   sample   a profile's own messages, read and compared
 */
#ifndef ONECLICK_SRC_MODEL_PROFILE_INSIDE_H
#define ONECLICK_SRC_MODEL_PROFILE_INSIDE_H

#include "oneclick/data/pattern.h"
#include "oneclick/data/value.h"
#include "oneclick/model/profile.h"

/* ---- topics ---- */

enum {
	MESSAGES_MAX = 32, /* rows of a profile */
	TOPIC_MAX = 256,   /* bytes of a profile's topic */
	LEVELS_MAX = 16,
	BETWEEN_MAX = 5, /* levels that a {name...} before the end takes */
};

struct level {
	const char *name;           /* of the placeholder; NULL: a text */
	const char *before, *after; /* the text around it; before alone is a text */
	bool many;                  /* {name...} */
	size_t least;               /* levels that one takes: 1, or 0 of '#' */
};

struct topic {
	struct level level[LEVELS_MAX];
	size_t count;
	size_t many; /* which level takes many; LEVELS_MAX: none */
};

/* ERR_INVALID says what is wrong with it.  `is_filter`: + and # are taken as well. */
enum err topic_read(const void *ctx, const char *text, bool is_filter, struct topic *out,
	struct fault *why);
/* What stands for each placeholder goes to spans[level]; false if it does not match. */
bool topic_match(const struct topic *topic, const char *text,
	struct pattern_span spans[LEVELS_MAX]);
/* Adds the filters of the topic that nothing in the set covers, and takes out those they
 * cover. */
struct filters {
	const char **item;
	size_t count;
	const void *ctx;
};
void filters_add(struct filters *filters, const struct topic *topic);

/* ---- pointers (RFC 6901) ---- */

struct pointer {
	const char **token;
	size_t count;
	const char *text; /* as it was written */
};

enum err pointer_read(
	const void *ctx, const char *text, struct pointer *out, struct fault *why);
const struct value *pointer_find(const struct pointer *pointer, const struct value *in);
/* A scalar as text, NULL of null, lists and maps. */
const char *scalar_text(const void *ctx, const struct value *value);

/* ---- values ---- */

enum pick_source { PICK_PTR, PICK_ROOT, PICK_TOPIC, PICK_HEADER, PICK_KEY };
enum pick_case { CASE_AS_IS, CASE_UPPER, CASE_LOWER };
enum pick_alias { ALIAS_NONE, ALIAS_REQUIRED, ALIAS_OPTIONAL };
enum pick_unit { UNIT_NONE, UNIT_S, UNIT_MS, UNIT_RFC3339 };

/* How one value is picked from a message: a source, and steps in a fixed order. */
struct pick {
	const char *field; /* "messages[0].clickType", for sentences */
	enum pick_source source;
	struct pointer *ptr; /* the first one present counts */
	size_t ptrs;
	size_t index;       /* of PICK_TOPIC the level, of PICK_KEY the group */
	const char *header; /* in lower case */
	struct pattern *re;
	const char *strip;
	enum pick_case letters;
	enum pick_alias alias;
	const struct pairs *map;
	bool is_linear;
	double linear[4];
	enum pick_unit unit;
	struct pick *otherwise;
};

struct condition {
	struct pick *pick; /* its pattern is the condition */
	bool absent_ok;
};

struct conditions {
	struct condition *item;
	size_t count;
};

/* ---- rows ---- */

enum decoding { DECODE_JSON, DECODE_TEXT, DECODE_JSON_OR_TEXT, DECODE_BTHOME2 };
enum { DECODINGS = DECODE_BTHOME2 + 1 };
enum each_kind { EACH_NONE, EACH_ARRAY, EACH_OBJECT };

struct row {
	const char *field; /* "messages[0]" */
	enum profile_via via;
	struct topic topic;
	struct topic *skip;
	size_t skips;
	const char *path;
	enum profile_verify verify;
	bool takes_retained;
	enum decoding decoding;
	struct conditions where, when;
	enum each_kind each;
	struct pointer each_at;
	struct pattern *each_key;
	struct pick *alias_from, *alias_to;
	struct pick *device_id, *button, *click, *life, *online, *reported;
	struct pick **key;
	size_t keys;
	int64_t window;
};

struct profile {
	const char *name, *origin, *prefix; /* prefix "" when there is none */
	bool registers;
	int rated_clicks;
	struct row *row;
	size_t rows, samples;
};

struct profiles {
	struct profile **item;
	size_t count;
	struct filters filters;
};

/* ---- compiling ---- */

struct reading {
	const void *ctx;
	const char *file;
	struct profile *profile;
	const struct row *row; /* whose values are being read */
	struct fault *why;
};

/* "FILE:LINE:COLUMN: FIELD: sentence" */
enum err refuse_at(const struct reading *r, const struct value *at, const char *field,
	const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Every key of the map must be one of these. */
enum err check_keys(const struct reading *r, const struct value *map, const char *field,
	const char *const *keys, size_t count);
/* The member as a text, NULL when it is absent. */
enum err read_text(const struct reading *r, const struct value *map, const char *field,
	const char *key, const char **out);
/* The member as one of the words; *out stays when it is absent. */
enum err read_word(const struct reading *r, const struct value *map, const char *field,
	const char *key, const char *const *words, size_t count, unsigned *out);
/* "a, b or c" */
const char *list_words(const void *ctx, const char *const *words, size_t count);
enum err check_list(const struct reading *r, const struct value *list, const char *field,
	size_t least, size_t most);

enum err pick_read(const struct reading *r, const struct value *map, const char *field,
	struct pick **out);
enum err conditions_read(const struct reading *r, const struct value *list,
	const char *field, struct conditions *out);
enum err row_read(struct reading *r, const struct value *map, struct row *row);
/* The tree of a file becomes the tables of r->profile. */
enum err profile_compile(struct reading *r, const struct value *tree);
enum err samples_check(
	struct reading *r, const struct profiles *alone, const struct value *samples);

/* The shipped ones' texts. */
struct shipped {
	const char *name, *text;
};
const struct shipped *shipped_profiles(size_t *count);

/* ---- reading a message ---- */

/* One message under the eyes of one row. */
struct view {
	const void *ctx; /* of this message alone */
	const struct profile *profile;
	const struct row *row;
	const struct profile_message *message;
	const struct profile_reader *reader;
	const struct value *root, *item;
	struct pattern_span level[LEVELS_MAX];
	struct pattern_found key; /* of an object's member */
};

/* *out is NULL when the message has nothing there. */
enum err pick_run(const struct view *view, const struct pick *pick, const char **out,
	struct fault *why);
enum err conditions_hold(const struct view *view, const struct conditions *conditions,
	bool *hold, struct fault *why);

/* The payload as a tree; *out is NULL when it is empty. */
enum err payload_decode(const void *ctx, enum decoding decoding, const char *bytes,
	size_t n, const struct value **out, struct fault *why);
/* BTHome 2 service data: {"packet", "battery", "button", "buttons": [{"n", "event"}]}. */
enum err bthome_decode(const void *ctx, const unsigned char *bytes, size_t n,
	const struct value **out, struct fault *why);

#endif
