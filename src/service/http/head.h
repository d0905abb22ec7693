/*
 * The head of an HTTP/1 request, read as RFC 9112 has it and no more kindly: lines end
 * with CR LF, one blank parts the words of the first one, a name touches its colon, and no
 * line is folded.  Pure functions over bytes; what the words may say is the gate's.
 */
#ifndef ONECLICK_SERVICE_HTTP_HEAD_H
#define ONECLICK_SERVICE_HTTP_HEAD_H

#include <stdbool.h>
#include <stddef.h>

#include "oneclick/base/fault.h"
#include "oneclick/service/request.h"

enum {
	/* The first line, all header lines, and what ends them. */
	HEAD_MAX = REQUEST_TARGET_MAX + REQUEST_HEAD_MAX + 64,
};

enum head_found {
	HEAD_PART,  /* more of it is to come */
	HEAD_WHOLE, /* it is all here, with its empty line */
	HEAD_BAD,   /* a line ends without CR, there is a NUL, or the first is empty: no
		       more is read */
};

/* Looks for the end of a head in n bytes, of which the first *seen were looked at before;
 * moves *seen on, to the byte behind the head once it is whole. */
enum head_found head_find(const char *bytes, size_t n, size_t *seen);

/* Reads a whole head, n bytes, into method, target, header and header_count of the request,
 * and its version ("HTTP/1.1"). The texts stand in `head`, which is cut up for it; the
 * array of headers is the request's ctx's. ERR_INVALID: it is none. */
enum err head_read(const void *ctx, char *head, size_t n, struct request *request,
	const char **version, struct fault *why);

#endif
