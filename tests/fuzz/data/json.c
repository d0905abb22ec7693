/* What is read can be written, and what was written reads as the same. */
#undef NDEBUG
#include <assert.h>
#include <string.h>

#include "../fuzz.h"
#include "oneclick/base/utf8.h"
#include "oneclick/data/json.h"

static struct buf
write_out(const void *life, const struct value *tree)
{
	struct buf out;
	struct json j;

	buf_init(&out, life, BUF_NO_CAP);
	j = json_to(&out);
	json_value(&j, tree);
	return out;
}

void
fuzz(const void *life, const char *data, size_t n)
{
	const struct value *tree, *again;
	struct buf first, second;
	struct fault why;
	enum err err = json_parse(life, data, n, &tree, &why);

	fuzz_check_fault(err, &why);
	if (err)
		return;
	assert(utf8_is_valid(data, n));
	first = write_out(life, tree);
	assert(json_parse(life, first.data, first.len, &again, &why) == ERR_NONE);
	second = write_out(life, again);
	assert(strcmp(first.data, second.data) == 0);
}
