/* Reading a sink's part of the configuration: what field tables do not say by themselves. */
#ifndef ONECLICK_SRC_SERVICE_DISPATCH_SINK_READ_H
#define ONECLICK_SRC_SERVICE_DISPATCH_SINK_READ_H

#include "oneclick/base/fault.h"
#include "oneclick/data/record.h"
#include "oneclick/data/value.h"

/* A row of a sink's field table. */
#define SINK_ROW(type, label, what, member, low, high) \
	{ \
		.name = (label), .kind = (what), .at = offsetof(type, member), \
		.min = (low), .max = (high) \
	}

/* Puts "line L, column C: " of the member (of the section when it is absent) before the
 * sentence; ERR_NONE stays what it is. */
enum err sink_place(
	const struct value *section, const char *member, enum err err, struct fault *why);
/* ERR_INVALID at that place. */
enum err sink_refuse(const struct value *section, const char *member, struct fault *why,
	const char *format, ...) __attribute__((format(printf, 4, 5)));
/* ERR_INVALID if the member has no value. */
enum err sink_need(const struct value *section, const char *member, struct fault *why);

/* The secret of file `path` that stands at `member`; `*out` stays NULL when path is. */
enum err sink_secret(const void *ctx, const struct value *section, const char *member,
	const char *path, const char **out, struct fault *why);

/* A header of the configuration: refused unless it is one line of visible ASCII. */
enum err sink_check_header(const struct value *section, const char *member,
	const char *name, const char *value, struct fault *why);

#endif
