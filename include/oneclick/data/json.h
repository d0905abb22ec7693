/*
 * JSON, strictly.  Reading: our scanner first refuses what json-c would let through
 * (duplicate keys, NaN, single quotes, raw controls, lone surrogates, escaped NUL, numbers
 * out of range, trailing bytes), with the line and column; json-c then builds the tree.
 * Writing: straight into a buffer, commas placed by the writer.
 */
#ifndef ONECLICK_DATA_JSON_H
#define ONECLICK_DATA_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "oneclick/base/buf.h"
#include "oneclick/base/fault.h"
#include "oneclick/data/pairs.h"
#include "oneclick/data/value.h"

enum { JSON_DEPTH_MAX = 32 };

/* The one value of `text`, living as long as ctx; ERR_INVALID says what and where. */
enum err json_parse(const void *ctx, const char *text, size_t n, const struct value **out,
	struct fault *why);
/* The same, where each value knows its line and column; for what a person wrote. */
enum err json_parse_placed(const void *ctx, const char *text, size_t n,
	const struct value **out, struct fault *why);

/* The same of a text that a stranger may have made: ERR_INVALID too when it holds more
 * than `most` values, each of which would take some 200 bytes. */
enum err json_parse_capped(const void *ctx, const char *text, size_t n, size_t most,
	const struct value **out, struct fault *why);

/* A writer over a buffer.  Members: json_key before each value inside an object.
 * `spaced` puts a blank after ':' and ',' (what the contract's samples do in stdEvent);
 * `seen` escapes what would not be seen as it is (text_point_is_hidden), for what people
 * read or keep. Both read back the same. */
struct json {
	struct buf *out;
	bool spaced, seen;
	bool comma; /* the next value or key needs one */
};

struct json json_to(struct buf *out);
struct json json_seen_to(struct buf *out);     /* one that is `seen` */
void json_open(struct json *j, char bracket);  /* '{' or '[' */
void json_close(struct json *j, char bracket); /* '}' or ']' */
void json_key(struct json *j, const char *key);
void json_text(struct json *j, const char *text); /* NULL writes null */
void json_textn(struct json *j, const char *text, size_t n);
void json_int(struct json *j, int64_t whole);
void json_number(struct json *j, double number); /* shortest that reads back the same */
void json_bool(struct json *j, bool yes);
void json_null(struct json *j);
void json_raw(struct json *j, const char *json); /* text that is JSON already */
void json_pairs(struct json *j, const struct pairs *pairs); /* NULL writes {} */
/* JSON text that was written elsewhere, as a writer that is `seen` would have written it. */
void json_see(struct buf *out, const char *json, size_t n);
void json_value(struct json *j, const struct value *value);

/* Key and value at once, the common case. */
void json_member_text(struct json *j, const char *key, const char *text);
void json_member_int(struct json *j, const char *key, int64_t whole);
void json_member_bool(struct json *j, const char *key, bool yes);

/* A JSON object of texts (as stored in a column) read back; NULL if it is not one. */
struct pairs *json_read_pairs(const void *ctx, const char *text);
char *json_write_pairs(const void *ctx, const struct pairs *pairs);

#endif
