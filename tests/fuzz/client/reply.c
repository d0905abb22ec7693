/* What a service answers when it refuses, and the address it is at. */
#undef NDEBUG
#include <assert.h>
#include <string.h>

#include "../../../src/client/inside.h"
#include "../fuzz.h"
#include "oneclick/base/text_safe.h"

void
fuzz(const void *life, const char *data, size_t n)
{
	const struct transfer_origin_options options = { 0 };
	const char *endpoint = fuzz_line(life, &data, &n);
	const char *type = fuzz_line(life, &data, &n), *problem = NULL;
	const struct transfer_reply reply = {
		.status = 400 + (int)(n % 200),
		.body = data,
		.len = n,
		.error_type = *type ? type : NULL,
		.retry_after = -1,
	};
	struct transfer_origin origin;
	struct fault why = { .code = ERR_NONE };
	enum err err = transfer_origin_read(life, endpoint, &options, &origin, &why);

	fuzz_check_fault(err, &why);
	err = client_read_refusal(life, &reply, &problem, &why);
	assert(err);
	fuzz_check_fault(err, &why);
	if (problem)
		assert(text_is_safe(problem, strlen(problem)));
}
