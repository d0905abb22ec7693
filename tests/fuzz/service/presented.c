/* Signatures as they are presented, in headers and in queries. */
#undef NDEBUG
#include <assert.h>

#include "../../../src/service/auth/presented.h"
#include "request.h"

void
fuzz(const void *life, const char *data, size_t n)
{
	struct request request = make_request(life, &data, &n);
	enum problem problem = PROBLEM_COUNT;
	struct presented got = { 0 };
	struct fault why;
	enum err err = presented_read(life, &request, &got, &problem, &why);

	fuzz_check_fault(err, &why);
	if (err)
		assert(problem < PROBLEM_COUNT);
	else
		assert(got.nothing || (got.credential && got.headers && got.signature));
}
