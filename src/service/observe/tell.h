/*
 * Answers of CloudWatch, told in the caller's protocol: XML as the query protocol has it,
 * or JSON 1.0.  Members by name; lists of structures, and of numbers and moments.
 */
#ifndef ONECLICK_SERVICE_OBSERVE_TELL_H
#define ONECLICK_SERVICE_OBSERVE_TELL_H

#include <stdbool.h>
#include <stdint.h>

#include "oneclick/data/json.h"

struct tell {
	struct buf *out;
	bool is_json;
	struct json j;
};

struct tell tell_to(struct buf *out, bool is_json);

void tell_list(struct tell *t, const char *name);
void tell_list_end(struct tell *t, const char *name);
/* A structure in a list. */
void tell_item(struct tell *t);
void tell_item_end(struct tell *t);
/* A member of a structure; name NULL: an item of a list. */
void tell_text(struct tell *t, const char *name, const char *text);
void tell_number(struct tell *t, const char *name, double number);
void tell_moment(struct tell *t, const char *name, int64_t at); /* whole seconds */

#endif
