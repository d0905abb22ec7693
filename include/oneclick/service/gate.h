/*
 * The gate: what a request must be before anything else looks at it.  It sees the first
 * line and the headers, decides before any of the body is read, and refuses all that two
 * readers could read in two ways; the connection of a refused request is closed.  Lines
 * that are folded, end without CR LF or hold a NUL were refused before it (http/head.h).
 */
#ifndef ONECLICK_SERVICE_GATE_H
#define ONECLICK_SERVICE_GATE_H

#include "oneclick/api/problem.h"
#include "oneclick/base/fault.h"
#include "oneclick/service/request.h"

/* Passes or refuses by method, target, path, query, header and header_count; `version` is
 * "HTTP/1.1" or what else the first line ended with.  A refusal fills problem and why. */
enum err gate_check(const struct request *request, const char *version,
	enum problem *problem, struct fault *why);

#endif
