/* A form as browsers and AWS's query protocol send it: name=value&..., blanks as '+'. */
#ifndef ONECLICK_SERVICE_OBSERVE_FORM_H
#define ONECLICK_SERVICE_OBSERVE_FORM_H

#include <stddef.h>

#include "oneclick/base/fault.h"
#include "oneclick/data/pairs.h"

enum { FORM_MEMBERS_MAX = 2000 };

/* The members, decoded, in their order; ERR_INVALID if one stands twice. */
enum err form_read(const void *ctx, const char *text, size_t n, struct pairs **out,
	struct fault *why);

/* How many members the list `name` has, as in name.member.1, name.member.2...; at most
 * max + 1 of them are looked for. */
size_t form_count(const struct pairs *form, const char *name, size_t max);
/* The value at this name, composed as by printf; NULL if there is none. */
const char *form_get(const struct pairs *form, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
