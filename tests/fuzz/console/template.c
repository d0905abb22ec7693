/* A fleet as a file tells it: a template or rows.  What is written again reads the same. */
#undef NDEBUG
#include <assert.h>
#include <string.h>

#include "../../../src/console/fleet/fleet.h"
#include "../fuzz.h"
#include "oneclick/base/buf.h"

static enum err
read_text(const void *life, const struct buf *text, struct fleet **out, struct fault *why)
{
	static const struct template_place place = { .region = "us-west-2" };
	size_t passed;

	return fleet_read_template(life, "fleet.yaml", text, &place, out, &passed, why);
}

static void
check_written(const void *life, const struct fleet *fleet)
{
	struct fleet *again;
	struct buf first, second;
	struct fault why;

	buf_init(&first, life, BUF_NO_CAP);
	fleet_write_template(&first, fleet);
	assert(read_text(life, &first, &again, &why) == ERR_NONE);
	buf_init(&second, life, BUF_NO_CAP);
	fleet_write_template(&second, again);
	assert(strcmp(first.data, second.data) == 0);
}

void
fuzz(const void *life, const char *data, size_t n)
{
	struct fleet *fleet;
	struct fault why;
	struct buf text;
	enum err err;

	buf_init(&text, life, BUF_NO_CAP);
	buf_add(&text, data, n);
	err = read_text(life, &text, &fleet, &why);
	fuzz_check_fault(err, &why);
	if (!err)
		check_written(life, fleet);
}
