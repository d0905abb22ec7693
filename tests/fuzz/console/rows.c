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
	struct buf out;
	enum err err = fleet_read_rows(life, fuzz_file(data, n), &fleet, &why);

	fuzz_check_fault(err, &why);
	if (err)
		return;
	buf_init(&out, life, BUF_NO_CAP);
	fleet_write_rows(&out, fleet);
	assert(!out.full);
}
