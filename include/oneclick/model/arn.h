/* The two resource names of the service (guide, "AWS IoT 1-Click Resources and Operations"):
 * arn:aws:iot1click:REGION:ACCOUNT:devices/ID and …:projects/NAME. */
#ifndef ONECLICK_MODEL_ARN_H
#define ONECLICK_MODEL_ARN_H

#include "oneclick/base/fault.h"

enum arn_kind { ARN_DEVICE, ARN_PROJECT };

struct arn {
	enum arn_kind kind;
	char region[64];
	char account[13]; /* 12 digits */
	char name[129];   /* device id or project name */
};

/* ERR_INVALID says which part is wrong and shows the form it must have. */
enum err arn_parse(const char *text, struct arn *out, struct fault *why);
char *arn_format(const void *ctx, enum arn_kind kind, const char *region,
	const char *account, const char *name);

#endif
