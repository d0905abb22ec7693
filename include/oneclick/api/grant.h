/* Grants: the action and resource a call needs, worded once for policy, audit and console
 * (guide, "API Permissions: Actions, Permissions, and Resources Reference"). */
#ifndef ONECLICK_API_GRANT_H
#define ONECLICK_API_GRANT_H

#include <stddef.h>

#include "oneclick/api/ask.h"
#include "oneclick/api/op.h"

/* "iot1click:ListDevices" */
const char *grant_action(enum op op);
/* The ARN the call acts on, or "*"; a CreateProject's is that of the project to be. */
char *grant_resource(const void *ctx, enum op op, const struct ask *ask,
	const char *region, const char *account);
/* "User: ARN is not authorized to perform: iot1click:X on resource: Y", with `because`
 * ("no statement allows it") after it. */
char *grant_refusal(const void *ctx, const char *who, const char *action,
	const char *resource, const char *because);

/* The operation a policy's action word means: its name, or one of the four spellings the
 * guide uses by mistake (InitializeDeviceClaim, ClaimDeviceByClaimCode,
 * DissociateDeviceFromPlacement, DissacociateDeviceFromPlacement); NULL if neither.
 * Matching ignores case.  `word` is without the prefix. */
const char *grant_real_name(const char *word);
/* The n-th of the guide's own spellings of an action, prefix included, or NULL: a policy's
 * pattern that fits one means the action. */
const char *grant_spelling(const char *action, size_t n);

/* The live stream is guarded by this action, on resource "*". */
#define GRANT_STREAM_ACTION "iot1click:ListDeviceEvents"

#endif
