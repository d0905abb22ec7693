/* What passes the gate can be read in one way only. */
#undef NDEBUG
#include <assert.h>
#include <strings.h>

#include "oneclick/service/gate.h"
#include "request.h"

static int
count(const struct request *request, const char *name)
{
	int found = 0;

	for (size_t i = 0; i < request->header_count; i++)
		found += strcasecmp(request->header[i].name, name) == 0;
	return found;
}

void
fuzz(const void *life, const char *data, size_t n)
{
	const char *version = fuzz_line(life, &data, &n);
	struct request request = make_request(life, &data, &n);
	enum problem problem = PROBLEM_COUNT;
	struct fault why;
	enum err err = gate_check(&request, version, &problem, &why);

	fuzz_check_fault(err, &why);
	if (err) {
		assert(problem < PROBLEM_COUNT);
		return;
	}
	assert(request.path[0] == '/' && !strstr(request.path, "/../"));
	assert(count(&request, "Host") <= 1 && count(&request, "Authorization") <= 1);
	assert(count(&request, "Content-Length") + count(&request, "Transfer-Encoding") <=
		1);
}
