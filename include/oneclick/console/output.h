/*
 * Output without a screen: answers as JSON, CSV, tab-separated text or a table. Lists go
 * out item by item as their pages come, and nothing is kept. JSON reads back as the service
 * said it, with what would not be seen escaped; the other three are made safe for a
 * terminal first.
 */
#ifndef ONECLICK_CONSOLE_OUTPUT_H
#define ONECLICK_CONSOLE_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "oneclick/api/op.h"
#include "oneclick/base/fault.h"
#include "oneclick/data/value.h"

enum output_format { OUTPUT_JSON, OUTPUT_TEXT, OUTPUT_CSV, OUTPUT_TABLE };

/* ERR_INVALID names the four. */
enum err output_format_read(const char *word, enum output_format *out, struct fault *why);

/* The member of a page that holds them, of a paged operation. */
const char *output_items(enum op op);

struct output;
struct output *output_new(const void *ctx, enum output_format format);

/* The answers of a paged operation: its items, from all its pages, between two calls. */
void output_begin(struct output *output, enum op op);
/* The same of what is no operation's: "profiles" or "sightings". */
void output_begin_list(struct output *output, const char *items);
void output_page(struct output *output, const struct value *body);
void output_end(struct output *output);

/* One answer that is no list; of an empty one only a person is told. */
void output_answer(struct output *output, const struct value *body);
/* One event of the live stream, a line of its own, sent at once. */
void output_event(
	struct output *output, int64_t pos, const char *kind, const struct value *data);
/* False when the reader has gone, or the disk is full: nothing more is written then. */
bool output_flush(struct output *output);
/* The same with its reason. */
enum err output_check(struct output *output, struct fault *why);

#endif
