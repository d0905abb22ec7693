/* Policies that were read, kept for the next request that has the same text: reading one of
 * a few kilobytes takes longer than all else a request needs.  The text is what they are
 * found by, so that none is ever stale.  Any thread may ask. */
#ifndef ONECLICK_SERVICE_AUTH_POLICY_SHELF_H
#define ONECLICK_SERVICE_AUTH_POLICY_SHELF_H

#include "oneclick/service/policy.h"

/* As policy_parse; it stays until it is given back. */
enum err policy_borrow(const char *text, const struct policy **out, struct fault *why);
void policy_return(const struct policy *policy);
/* Nothing is kept any more; when none is borrowed. */
void policy_shelf_clear(void);

#endif
