/* A fleet as a file tells it: a template or rows.  What is written again reads the same. */
#undef NDEBUG
#include <assert.h>
#include <string.h>

#include "../../../src/console/fleet/fleet.h"
#include "../fuzz.h"
#include "oneclick/base/buf.h"

static void
check_written(const void *life, const struct fleet *fleet)
{
	struct fleet *again;
	struct buf first, second;
	struct fault why;
	size_t passed;

	buf_init(&first, life, BUF_NO_CAP);
	fleet_write_template(&first, fleet);
	assert(fleet_read_template(life, fuzz_file(first.data, first.len), &again,
		       &passed, &why) == ERR_NONE);
	buf_init(&second, life, BUF_NO_CAP);
	fleet_write_template(&second, again);
	assert(strcmp(first.data, second.data) == 0);
}

void
fuzz(const void *life, const char *data, size_t n)
{
	struct fleet *fleet;
	struct fault why;
	size_t passed;
	enum err err =
		fleet_read_template(life, fuzz_file(data, n), &fleet, &passed, &why);

	fuzz_check_fault(err, &why);
	if (!err)
		check_written(life, fleet);
}
