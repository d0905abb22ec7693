/*
 * From the raw request target to an operation.  Works on the bytes as they were signed:
 * splits first, decodes each segment afterwards, and refuses what could name one resource
 * in two ways (dot segments, empty segments, backslashes, escaped NULs).
 */
#ifndef ONECLICK_API_ROUTE_H
#define ONECLICK_API_ROUTE_H

#include "oneclick/api/op.h"
#include "oneclick/base/fault.h"
#include "oneclick/data/pairs.h"

struct route {
	enum op op;           /* OP_NONE: no such path, or not with this method */
	bool path_known;      /* the path exists with another method */
	struct pairs *labels; /* "deviceId" -> decoded text */
};

/* `path` is raw and without the query. ERR_INVALID: it is no path to trust at all.  Of
 * /tags/{arn} the ARN's kind chooses the API; whether it is an ARN, ask_read() says. */
enum err route_find(const void *ctx, const char *method, const char *path,
	struct route *out, struct fault *why);
/* The guard alone, for paths that are not operations. */
enum err route_check_path(const char *path, struct fault *why);

#endif
