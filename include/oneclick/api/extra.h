/* The calls beside the contract: what extras.def says of each. */
#ifndef ONECLICK_API_EXTRA_H
#define ONECLICK_API_EXTRA_H

#include <stdbool.h>

enum extra {
#define EXTRA(id, ...) EXTRA_##id,
#include "oneclick/api/extras.def"
#undef EXTRA
	EXTRA_COUNT,
	EXTRA_NONE = -1
};

struct extra_info {
	const char *name, *method, *path, *action;
	bool is_write;
};

const struct extra_info *extra_info(enum extra extra);
/* The row with this path, whatever its method, or EXTRA_NONE. */
enum extra extra_find(const char *path);

#endif
