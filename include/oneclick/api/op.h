/* The operations: what ops.def says of each, for whoever derives from it. */
#ifndef ONECLICK_API_OP_H
#define ONECLICK_API_OP_H

#include <stdbool.h>

enum op {
#define OP(id, ...) OP_##id,
#include "oneclick/api/ops.def"
#undef OP
	OP_COUNT,
	OP_NONE = -1
};

enum op_api { OP_API_DEVICES, OP_API_PROJECTS };
enum op_access { OP_READ, OP_WRITE };
enum op_repeat { OP_AGAIN, OP_ONCE };
enum op_resource {
	OP_RESOURCE_ANY,
	OP_RESOURCE_DEVICE,
	OP_RESOURCE_PROJECT,
	OP_RESOURCE_ARN
};

struct op_info {
	enum op op;
	const char *name; /* as the models and policies write it */
	enum op_api api;
	const char *method; /* "PUT" */
	const char *uri;
	int status;
	enum op_access access;
	enum op_repeat repeat;
	enum op_resource resource;
	const char *query, *body; /* the rows' member lists */
};

const struct op_info *op_info(enum op op); /* op must be one of the rows */
bool op_is_write(enum op op);

#endif
