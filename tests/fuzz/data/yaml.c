/* Bombs, loops of aliases and deep nests are refused; every value of a tree can be visited. */
#undef NDEBUG
#include <assert.h>
#include <string.h>

#include "../fuzz.h"
#include "oneclick/data/yaml.h"

static size_t
visit(const struct value *value, int depth)
{
	size_t count = 1;

	assert(depth <= 64);
	if (value->kind == VALUE_TEXT)
		count += strlen(value->text) == 0;
	for (size_t i = 0; value->kind >= VALUE_LIST && i < value->count; i++) {
		if (value->kind == VALUE_MAP)
			assert(value->key[i]);
		count += visit(&value->item[i], depth + 1);
	}
	return count;
}

void
fuzz(const void *life, const char *data, size_t n)
{
	const struct value *tree;
	struct fault why;
	enum err err = yaml_parse(life, "fuzz.yaml", data, n, &tree, &why);

	fuzz_check_fault(err, &why);
	if (!err)
		assert(visit(tree, 0) > 0);
	err = yaml_parse_tagged(life, "fuzz.yaml", data, n, &tree, &why);
	fuzz_check_fault(err, &why);
	if (!err)
		assert(visit(tree, 0) > 0);
}
