/* A fleet as CSV tells it. */
#undef NDEBUG
#include <assert.h>

#include "../../../src/console/fleet/fleet.h"
#include "../fuzz.h"
#include "oneclick/base/buf.h"

void
fuzz(const void *life, const char *data, size_t n)
{
	struct fleet *fleet;
	struct fault why;
	struct buf text, out;
	enum err err;

	buf_init(&text, life, BUF_NO_CAP);
	buf_add(&text, data, n);
	err = fleet_read_rows(life, "fleet.csv", &text, &fleet, &why);
	fuzz_check_fault(err, &why);
	if (err)
		return;
	buf_init(&out, life, BUF_NO_CAP);
	fleet_write_rows(&out, fleet);
	assert(!out.full);
}
