/* Whose account the service has us in: what AWS::AccountId stands for. */
#ifndef ONECLICK_SRC_CONSOLE_FLEET_ACCOUNT_H
#define ONECLICK_SRC_CONSOLE_FLEET_ACCOUNT_H

#include "oneclick/client/client.h"

/* `account` NULL: there is nothing yet whose ARN would tell it. */
typedef void (*account_fn)(void *arg, const char *account);

/* Asks a service of ours, and elsewhere looks at the ARNs of the account's projects and
 * devices; fn is called once, from the loop. */
void account_find(const void *ctx, struct client *client, account_fn fn, void *arg);

#endif
