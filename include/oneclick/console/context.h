/*
 * A context: which service the console speaks to, as whom, and whether it may change
 * anything. Resolved once from flags, environment, configuration and AWS profile, in that
 * order; with no endpoint anywhere it is the local one, a service of our own.
 *
 * Read-only is the most restrictive of all its sources, and nothing lifts it afterwards.
 */
#ifndef ONECLICK_CONSOLE_CONTEXT_H
#define ONECLICK_CONSOLE_CONTEXT_H

#include <stdbool.h>

#include "oneclick/base/fault.h"
#include "oneclick/base/loop.h"
#include "oneclick/client/client.h"
#include "oneclick/client/creds.h"
#include "oneclick/console/config.h"

#define CONTEXT_REGION_DEFAULT "us-west-2"
#define CONTEXT_LOCAL "local"

struct context_flags { /* NULL and false: not given */
	const char *context, *endpoint, *region, *profile, *ca_file;
	bool read_only, plain;
};

struct context {
	const char *name;     /* "prod-eu", "local", "demo", or the endpoint's host */
	const char *endpoint; /* NULL: the local service's, known once it is started */
	const char *region;
	const char *profile; /* NULL: AWS's default */
	const char *account; /* as configured; NULL when not said */
	const char *theme;   /* the context's own; NULL when not said */
	const char *ca_file;
	const char *read_only_by; /* "--read-only", "config.yaml:5:3"; NULL: may write */
	struct creds creds;       /* neither access_key nor process: unsigned */
	bool plain;
};

/* `warning` (may be NULL) is filled, and ERR_NONE returned, when a credentials file can
 * be read by others. ERR_NOT_FOUND: no such context (the nearest is offered), or no
 * credentials for an endpoint that needs them. The creds are wiped when ctx goes. */
enum err context_resolve(const void *ctx, const struct config *config,
	const struct context_flags *flags, const struct context **out,
	struct fault *warning, struct fault *why);

bool context_is_local(const struct context *context);

/* A client of the context; `endpoint` NULL: the context's own. */
enum err context_client(const void *ctx, struct loop *loop, const struct context *context,
	const char *endpoint, struct client **out, struct fault *why);

#endif
