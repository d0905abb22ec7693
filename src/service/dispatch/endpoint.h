/* Endpoints: the URL a sink posts to, taken apart once, when the configuration is read. */
#ifndef ONECLICK_SRC_SERVICE_DISPATCH_ENDPOINT_H
#define ONECLICK_SRC_SERVICE_DISPATCH_ENDPOINT_H

#include <stdbool.h>

#include "oneclick/base/fault.h"
#include "oneclick/net/transfer.h"

struct endpoint_options {
	const char *ca_file; /* NULL: the system's */
	bool plain;          /* http:// beyond loopback is meant */
};

struct endpoint {
	struct transfer_origin origin;
	const char *target; /* path and query, "/" when the URL has none */
};

/* "https://HOST[:PORT][/PATH][?QUERY]"; all of it lives as long as ctx. */
enum err endpoint_read(const void *ctx, const char *url,
	const struct endpoint_options *options, struct endpoint *out, struct fault *why);

#endif
