#include "oneclick/api/op.h"

#include <assert.h>

static const struct op_info infos[OP_COUNT] = {
#define OP(id, word, family, verb, path, code, mode, again, target, params, members) \
	[OP_##id] = { \
		.op = OP_##id, \
		.name = #word, \
		.api = OP_API_##family, \
		.method = #verb, \
		.uri = path, \
		.status = code, \
		.access = OP_##mode, \
		.repeat = OP_##again, \
		.resource = OP_RESOURCE_##target, \
		.query = params, \
		.body = members, \
	},
#include "oneclick/api/ops.def"
#undef OP
};

const struct op_info *
op_info(enum op op)
{
	assert(op >= 0 && op < OP_COUNT);
	return &infos[op];
}

bool
op_is_write(enum op op)
{
	return op_info(op)->access == OP_WRITE;
}
