/* Rules and addresses in any spelling: what must never be reached is not, without a rule
 * that says so. */
#undef NDEBUG
#include <assert.h>
#include <string.h>

#include "../fuzz.h"
#include "oneclick/net/reach.h"

void
fuzz(const void *life, const char *data, size_t n)
{
	const char *rule = fuzz_line(life, &data, &n);
	const char *host = fuzz_line(life, &data, &n);
	struct reach *open = reach_new(life), *ruled = reach_new(life);
	struct fault why;
	enum err err = reach_allow(ruled, rule, &why);

	fuzz_check_fault(err, &why);
	reach_refuses_text(ruled, host, data, 443);
	reach_refuses_text(open, host, data, 80);
	assert(reach_refuses_text(open, host, "169.254.169.254", 80));
	assert(reach_refuses_text(open, host, "::ffff:169.254.169.254", 80));
	assert(reach_refuses_text(open, host, "0.0.0.0", 80));
}
