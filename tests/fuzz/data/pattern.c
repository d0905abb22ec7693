/* No pattern costs more than its limit, and what it finds lies inside the text. */
#undef NDEBUG
#include <assert.h>

#include "../fuzz.h"
#include "oneclick/data/pattern.h"

void
fuzz(const void *life, const char *data, size_t n)
{
	const char *text = fuzz_line(life, &data, &n);
	struct pattern *pattern;
	struct pattern_found found;
	struct fault why;
	enum err err = pattern_compile(life, text, &pattern, &why);

	fuzz_check_fault(err, &why);
	if (err)
		return;
	err = pattern_find(pattern, data, n, &found, &why);
	fuzz_check_fault(err, &why);
	if (err)
		return;
	assert(found.count <= PATTERN_GROUPS);
	for (size_t i = 0; i < found.count; i++) {
		const struct pattern_span *group = &found.group[i];

		if (group->text)
			assert(group->text >= data && group->text + group->n <= data + n);
	}
}
