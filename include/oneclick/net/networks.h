/* A list of networks and addresses, as an operator writes it: "10.0.0.0/8, 127.0.0.1,
 * 2001:db8::/32". */
#ifndef ONECLICK_NET_NETWORKS_H
#define ONECLICK_NET_NETWORKS_H

#include <stdbool.h>
#include <sys/socket.h>

#include "oneclick/base/fault.h"

struct networks;

/* Reads the list, with commas or blanks between, into *out, which is ctx's. ERR_INVALID
 * names what is no network. */
enum err networks_read(
	const void *ctx, const char *text, struct networks **out, struct fault *why);
/* An IPv4 address that came mapped into IPv6 is IPv4. NULL has none. */
bool networks_have(const struct networks *networks, const struct sockaddr *address);
/* The same of "192.0.2.1" or "2001:db8::1"; false if it is neither. */
bool networks_have_text(const struct networks *networks, const char *address);

#endif
