/* A request out of fuzzed lines: method, target, version, then headers up to an empty one. */
#ifndef ONECLICK_TESTS_FUZZ_REQUEST_H
#define ONECLICK_TESTS_FUZZ_REQUEST_H

#include <string.h>

#include "../fuzz.h"
#include "oneclick/base/mem.h"
#include "oneclick/service/request.h"

static inline struct request
make_request(const void *life, const char **data, size_t *n)
{
	struct request request = {
		.method = fuzz_line(life, data, n),
		.target = fuzz_line(life, data, n),
		.header = mem_array(life, struct sign_header, REQUEST_HEADERS_MAX),
		.peer = "192.0.2.1",
		.at = 1525476393747,
	};
	size_t path = strcspn(request.target, "?");
	const char *line;

	request.path = mem_textn(life, request.target, path);
	request.query = request.target[path] ? request.target + path + 1 : NULL;
	while (request.header_count<REQUEST_HEADERS_MAX && * n> 0 &&
		*(line = fuzz_line(life, data, n))) {
		size_t name = strcspn(line, ":");

		request.header[request.header_count++] =
			(struct sign_header){ mem_textn(life, line, name),
				line + name + (line[name] == ':') };
	}
	return request;
}

#endif
