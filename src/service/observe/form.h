/* Members by name, as a form of AWS's query protocol has them (name=value&..., blanks as
 * '+'), or JSON. */
#ifndef ONECLICK_SERVICE_OBSERVE_FORM_H
#define ONECLICK_SERVICE_OBSERVE_FORM_H

#include <stddef.h>

#include "oneclick/base/fault.h"
#include "oneclick/data/pairs.h"
#include "oneclick/data/value.h"

enum { FORM_MEMBERS_MAX = 2000 };

/* The members, decoded, in their order; ERR_INVALID if one stands twice. */
enum err form_read(const void *ctx, const char *text, size_t n, struct pairs **out,
	struct fault *why);

/* The same of a JSON object, its members named as a form of AWS names them:
 * "Dimensions.member.1.Name". */
enum err form_of_json(
	const void *ctx, const struct value *map, struct pairs **out, struct fault *why);

/* How many members the list `name` has, as in name.member.1, name.member.2...; at most
 * max + 1 of them are looked for. */
size_t form_count(const struct pairs *form, const char *name, size_t max);
/* The value at this name, composed as by printf; NULL if there is none. */
const char *form_get(const struct pairs *form, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
