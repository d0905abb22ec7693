#include "oneclick/api/grant.h"

#include <string.h>
#include <strings.h>

#include "oneclick/base/mem.h"
#include "oneclick/model/arn.h"

static const char *const actions[OP_COUNT] = {
#define OP(id, word, ...) [OP_##id] = "iot1click:" #word,
#include "oneclick/api/ops.def"
#undef OP
};

static const struct {
	const char *guide;
	enum op op;
} aliases[] = {
	{ "iot1click:InitializeDeviceClaim", OP_INITIATE_DEVICE_CLAIM },
	{ "iot1click:ClaimDeviceByClaimCode", OP_CLAIM_DEVICES_BY_CLAIM_CODE },
	{ "iot1click:DissociateDeviceFromPlacement",
		OP_DISASSOCIATE_DEVICE_FROM_PLACEMENT },
	{ "iot1click:DissacociateDeviceFromPlacement",
		OP_DISASSOCIATE_DEVICE_FROM_PLACEMENT },
};
enum { ALIASES = sizeof aliases / sizeof *aliases, PREFIX = sizeof "iot1click:" - 1 };

const char *
grant_action(enum op op)
{
	return actions[op];
}

char *
grant_resource(const void *ctx, enum op op, const struct ask *ask, const char *region,
	const char *account)
{
	switch (op_info(op)->resource) {
	case OP_RESOURCE_DEVICE:
		return arn_format(ctx, ARN_DEVICE, region, account, ask->device_id);
	case OP_RESOURCE_PROJECT:
		return arn_format(ctx, ARN_PROJECT, region, account, ask->project_name);
	case OP_RESOURCE_ARN:
		return mem_text(ctx, ask->resource_arn);
	case OP_RESOURCE_ANY:
		break;
	}
	return mem_text(ctx, "*");
}

char *
grant_refusal(const void *ctx, const char *who, const char *action, const char *resource,
	const char *because)
{
	return mem_format(ctx,
		"User: %s is not authorized to perform: %s on resource: %s because %s",
		who, action, resource, because);
}

const char *
grant_real_name(const char *word)
{
	for (enum op op = 0; op < OP_COUNT; op++)
		if (strcasecmp(word, op_info(op)->name) == 0)
			return op_info(op)->name;
	for (size_t i = 0; i < ALIASES; i++)
		if (strcasecmp(word, aliases[i].guide + PREFIX) == 0)
			return op_info(aliases[i].op)->name;
	return NULL;
}

const char *
grant_spelling(const char *action, size_t n)
{
	for (size_t i = 0; i < ALIASES; i++)
		if (strcmp(action, actions[aliases[i].op]) == 0 && n-- == 0)
			return aliases[i].guide;
	return NULL;
}
