/*
 * Reach: which addresses requests of ours may connect to.  It looks at the address a
 * connection is about to be made to, each time, after the name was resolved: no spelling
 * of an address and no resolver that changes its mind gets past it.
 *
 * Never reached, unless a rule allows exactly that: addresses that IANA's registries set
 * aside for something else than hosts (link-local, multicast, reserved, documentation,
 * Teredo, ...), the metadata services of clouds, and the ports our own service listens on.
 * An address that carries an IPv4 one (mapped, NAT64, 6to4) is what that one is.  When
 * there are rules, only what they allow is reached; without rules, all the rest is, the
 * loopback and private networks too.
 */
#ifndef ONECLICK_NET_REACH_H
#define ONECLICK_NET_REACH_H

#include <stdbool.h>
#include <sys/socket.h>

#include "oneclick/base/fault.h"

struct reach;

struct reach *reach_new(const void *ctx);
/* "10.0.0.0/8", "10.1.2.3:443", "[2001:db8::]/32:443", "hooks.example.com:443",
 * "*.example.com": addresses are matched as numbers, a host by the name asked for. */
enum err reach_allow(struct reach *reach, const char *rule, struct fault *why);
void reach_keep_off(
	struct reach *reach, const struct sockaddr *own); /* we listen there */

/* NULL if it may be connected to; else why not, static. `host` is the name asked for. */
const char *reach_refuses(
	const struct reach *reach, const char *host, const struct sockaddr *address);
/* The same of an address written as the system writes it, without brackets. */
const char *reach_refuses_text(
	const struct reach *reach, const char *host, const char *address, int port);

#endif
