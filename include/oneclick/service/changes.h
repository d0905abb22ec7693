/* Changes: what was changed by a call, told to whoever looks at it live.  They are not in
 * the log: who was not listening loads anew. */
#ifndef ONECLICK_SERVICE_CHANGES_H
#define ONECLICK_SERVICE_CHANGES_H

#include "oneclick/api/ask.h"
#include "oneclick/service/hub.h"

/* {"operation", and what it was asked about: "projectName", "placementName",
 * "deviceTemplateName", "deviceId", "resourceArn"}, after the change is committed. */
void changes_tell(
	struct hub *hub, enum op op, const struct ask *ask, const char *account);

#endif
