/*
 * Heads of the audit records, sent away: to where section `audit-head` of the configuration
 * says, each hour and when the service ends; and kept beside the store each minute, so that
 * the next start sees what the store has lost since.  What cannot be sent is said, and tried
 * again; nothing waits for it but, a few seconds, the end.
 */
#ifndef ONECLICK_SERVICE_HEADS_H
#define ONECLICK_SERVICE_HEADS_H

#include "oneclick/service/config.h"
#include "oneclick/service/service.h"
#include "oneclick/store/audit.h"

/* Before the lanes have the store: ERR_CONFLICT says, in `why`, what it has lost. */
enum err heads_look_back(struct service *service, struct fault *why);

/* The part. */
enum err heads_open(struct service *service, struct fault *why);
void heads_reload(struct service *service);
void heads_close(struct service *service);
/* When the lanes have ended: the last head, which is waited for. */
void heads_end(struct service *service);

#endif
