/* The proxy of the environment, chosen as the aws command chooses it: HTTP_PROXY and
 * HTTPS_PROXY by the endpoint's scheme, not for what NO_PROXY names. */
#ifndef ONECLICK_SRC_CLIENT_PROXY_H
#define ONECLICK_SRC_CLIENT_PROXY_H

#include "oneclick/base/fault.h"
#include "oneclick/net/transfer.h"

/* Sets origin->proxy, living as long as ctx; NULL: none, as for a Unix socket always.
 * ERR_FORBIDDEN: requests to http:// would go to another machine in the clear, and `plain`
 * does not ask for it. */
enum err proxy_choose(const void *ctx, bool plain, struct transfer_origin *origin,
	struct fault *why);

#endif
