/* What the parts of reach share: reach.c decides, reach_rule.c reads a rule, and
 * reach_special.c knows the addresses that are no receiver's. */
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

/* A network out of reach unless a rule names a network inside it. */
struct special {
	struct rule network;
	const char *what; /* "multicast addresses are out of reach"; NULL: it is open */
};

/* The one the address is of; NULL: none.  An address that carries an IPv4 address is of
 * that one's. */
const struct special *special_find(const struct address *address);
/* True if a gateway leads on to an IPv4 address inside this one, which is *inside then. */
bool address_carried(const struct address *address, struct address *inside);
/* The IPv4 address that lies `at` bytes inside, with the same port. */
struct address address_inside(const struct address *from, int at);

#endif
