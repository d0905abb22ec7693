/* Parcels beyond what service/sink.h says of them: templates that several sinks fill. */
#ifndef ONECLICK_SRC_SERVICE_DISPATCH_PARCEL_H
#define ONECLICK_SRC_SERVICE_DISPATCH_PARCEL_H

#include "oneclick/service/sink.h"

/* The parcel with one attribute, a text of the user's with {{...}} in it, filled, and
 * signed off when `sign`; it and what is new in it live as long as ctx.  The same parcel
 * when there is no such attribute. */
struct parcel parcel_with_filled(
	const void *ctx, const struct parcel *parcel, const char *attribute, bool sign);

/* The first of the names (NULL ends them) that the text mentions and that has no value;
 * NULL when none is. */
const char *parcel_lacks(
	const struct parcel *parcel, const char *text, const char *const *names);
/* "Placement P of project Q", "Device ID", or an event without attributes: where an attribute would have to stand. */
char *parcel_place(const void *ctx, const struct parcel *parcel);

#endif
