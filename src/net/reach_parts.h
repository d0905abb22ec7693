/* What the two halves of reach share: reach.c decides, reach_rule.c reads a rule. */
#ifndef ONECLICK_SRC_NET_REACH_PARTS_H
#define ONECLICK_SRC_NET_REACH_PARTS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "oneclick/base/fault.h"

/* An address as bytes in network order; an IPv4 one mapped into IPv6 is IPv4. */
struct address {
	int family;
	unsigned char byte[16];
	uint16_t port;
};

/* Host names or one network, and the port. */
struct rule {
	const char *host; /* NULL: a network; a leading '.': every name that ends so */
	struct address network;
	int bits;
	uint16_t port; /* 0: any */
};

/* False if it is of neither family. */
bool address_read(const struct sockaddr *from, struct address *out);
/* Whether the address is in the rule's network. */
bool rule_has(const struct rule *network, const struct address *address);

/* What is wrong with the text, or NULL; the rule lives as long as ctx. */
const char *rule_read(const void *ctx, const char *text, struct rule *out);

#endif
