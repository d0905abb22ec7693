/*
 * Destinations: which sink the ARN of a callback stands for.  A list in the configuration;
 * the first whose pattern matches is taken:
 *
 *   destinations:
 *     - match: "arn:aws:lambda:*:123456789012:function:*"   # '*' and '?', all else is meant
 *       webhook: {url: "https://hooks.example.com/clicks", secret-file: /etc/oneclick/hook}
 *       max-in-flight: 8    # attempts at a time
 *       timeout: 15s        # of one attempt
 *       max-age: 6h         # of an event that is tried again
 *       ordered: none       # or device: its later events wait for its earlier ones
 *
 * A destination has one member that names a sink (service/sink.h) and holds what that reads.
 * `match` may be left out where the sink knows which ARNs it is for.
 */
#ifndef ONECLICK_SERVICE_DESTINATIONS_H
#define ONECLICK_SERVICE_DESTINATIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "oneclick/base/fault.h"
#include "oneclick/data/value.h"
#include "oneclick/net/reach.h"
#include "oneclick/service/config.h"
#include "oneclick/service/sink.h"

struct destination {
	const char *match; /* its name too: no two of a table have the same */
	const struct sink_class *class;
	void *sink;
	int in_flight_max;
	int64_t timeout, max_age; /* ms */
	bool ordered;             /* by device */
};
struct destinations {
	struct destination *row;
	size_t count;
};

/* Reads the section (NULL: an empty list); ERR_INVALID with "line L, column C". With `world`
 * NULL it is only checked, and nothing is opened. The table lives as long as ctx; it is to
 * be closed before that ends. */
enum err destinations_read(const void *ctx, const struct value *value,
	const struct sink_world *world, struct destinations **out, struct fault *why);
void destinations_close(struct destinations *table);

/* The destination of an ARN, NULL when none matches. */
struct destination *destinations_find(const struct destinations *table, const char *arn);

/* The section `callbacks`: {allow: [RULE, ...]}, what callbacks may reach (net/reach.h). */
enum err callbacks_read(const void *ctx, const struct value *value, struct reach **out,
	struct fault *why);

/* The rows of config.c. */
void destinations_check(const void *ctx, const struct value *section,
	const struct value *file, struct config_check *check);
void callbacks_check(const void *ctx, const struct value *section,
	const struct value *file, struct config_check *check);

#endif
