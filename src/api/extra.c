#include "oneclick/api/extra.h"

#include <string.h>

#include "oneclick/api/op.h"

#define ACCESS(access) (OP_##access == OP_WRITE)

static const struct extra_info rows[EXTRA_COUNT] = {
#define EXTRA(id, name, method, path, access, action) \
	[EXTRA_##id] = { #name, #method, path, action, ACCESS(access) },
#include "oneclick/api/extras.def"
#undef EXTRA
};

const struct extra_info *
extra_info(enum extra extra)
{
	return &rows[extra];
}

enum extra
extra_find(const char *path)
{
	for (size_t i = 0; i < EXTRA_COUNT; i++)
		if (strcmp(rows[i].path, path) == 0)
			return (enum extra)i;
	return EXTRA_NONE;
}
