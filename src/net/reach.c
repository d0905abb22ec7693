#include "oneclick/net/reach.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/text_safe.h"
#include "reach_parts.h"

enum { SHOWN_MAX = 80 };

struct reach {
	struct rule *rule;
	size_t count;
	struct address *own; /* where we listen */
	size_t own_count;
};

static const struct rule refused_blocks[] = {
	{ .network = { AF_INET, { 169, 254 }, 0 }, .bits = 16 },
	{ .network = { AF_INET6, { 0xfe, 0x80 }, 0 }, .bits = 10 },
	{ .network = { AF_INET6, { 0xfd, 0x00, 0x0e, 0xc2, [14] = 0x02, [15] = 0x54 },
		  0 },
		.bits = 128 },
	{ .network = { AF_INET, { 224 }, 0 }, .bits = 4 },
	{ .network = { AF_INET6, { 0xff }, 0 }, .bits = 8 },
	{ .network = { AF_INET, { 0 }, 0 }, .bits = 8 },
	{ .network = { AF_INET6, { 0 }, 0 }, .bits = 128 },
};

/* Networks of IPv6 whose gateways lead on to the IPv4 address inside, and where in them
 * it lies: compatible (RFC 4291), NAT64 (RFC 6052), 6to4 (RFC 3056). */
static const struct {
	unsigned char prefix[16];
	int bits, at;
} carriers[] = {
	{ { 0 }, 96, 12 },
	{ { 0x00, 0x64, 0xff, 0x9b }, 96, 12 },
	{ { 0x20, 0x02 }, 16, 2 },
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool
has_prefix(const unsigned char *address, const unsigned char *prefix, int bits)
{
	int whole = bits / 8, rest = bits % 8;

	if (memcmp(address, prefix, (size_t)whole) != 0)
		return false;
	return rest == 0 || (address[whole] ^ prefix[whole]) >> (8 - rest) == 0;
}

/* ---- what an address is ---- */

static struct address
take_out_v4(const struct address *from, int at)
{
	struct address inside = { .family = AF_INET, .port = from->port };

	memcpy(inside.byte, from->byte + at, 4);
	return inside;
}

bool
address_read(const struct sockaddr *from, struct address *out)
{
	*out = (struct address){ .family = from->sa_family };
	if (from->sa_family == AF_INET) {
		const struct sockaddr_in *v4 = (const struct sockaddr_in *)from;

		memcpy(out->byte, &v4->sin_addr, 4);
		out->port = ntohs(v4->sin_port);
		return true;
	}
	if (from->sa_family == AF_INET6) {
		const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)from;

		memcpy(out->byte, &v6->sin6_addr, 16);
		out->port = ntohs(v6->sin6_port);
		if (IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr))
			*out = take_out_v4(out, 12);
		return true;
	}
	return false;
}

bool
rule_has(const struct rule *network, const struct address *address)
{
	return address->family == network->network.family &&
	       has_prefix(address->byte, network->network.byte, network->bits);
}

static bool
is_unspecified(const struct address *address)
{
	static const unsigned char zero[16];

	return memcmp(address->byte, zero, sizeof zero) == 0;
}

static bool
is_same(const struct address *a, const struct address *b)
{
	return a->family == b->family && memcmp(a->byte, b->byte, sizeof a->byte) == 0;
}

/* Asked of the system each time, because addresses come and go; if it does not say, every
 * address might be ours. */
static bool
is_of_this_machine(const struct address *address)
{
	struct ifaddrs *all;
	struct address one;
	bool found = address->family == AF_INET && address->byte[0] == 127;

	if (getifaddrs(&all))
		return true;
	for (struct ifaddrs *at = all; at && !found; at = at->ifa_next)
		found = at->ifa_addr && address_read(at->ifa_addr, &one) &&
			is_same(&one, address);
	freeifaddrs(all);
	return found;
}

static bool
is_ours(const struct reach *reach, const struct address *address)
{
	for (size_t i = 0; i < reach->own_count; i++) {
		const struct address *own = &reach->own[i];

		if (own->port != address->port)
			continue;
		if (is_unspecified(own) ? is_of_this_machine(address)
					: is_same(own, address))
			return true;
	}
	return false;
}

static enum err
refuse(struct fault *why, const char *text, const char *problem)
{
	void *life = mem_life(NULL);
	enum err err = fault(why, ERR_INVALID,
		"The rule \"%s\" %s: write ADDRESS/BITS:PORT, [ADDRESS]/BITS:PORT, "
		"HOST:PORT or *.DOMAIN:PORT, without /BITS and :PORT where all are "
		"meant.",
		text_safe(life, text, strnlen(text, SHOWN_MAX)).text, problem);

	mem_free(life);
	return err;
}

struct reach *
reach_new(const void *ctx)
{
	return mem_new(ctx, struct reach);
}

enum err
reach_allow(struct reach *reach, const char *rule, struct fault *why)
{
	struct rule read = { 0 };
	const char *problem = rule_read(reach, rule, &read);

	if (problem)
		return refuse(why, rule, problem);
	reach->rule = mem_resize(reach, reach->rule, struct rule, reach->count + 1);
	reach->rule[reach->count++] = read;
	return ERR_NONE;
}

void
reach_keep_off(struct reach *reach, const struct sockaddr *own)
{
	struct address address;

	if (!address_read(own, &address))
		return;
	reach->own = mem_resize(reach, reach->own, struct address, reach->own_count + 1);
	reach->own[reach->own_count++] = address;
}

/* ---- the decision ---- */

/* A last dot only says that the name is complete. */
static bool
is_named(const struct rule *rule, const char *host)
{
	size_t n = strlen(host), m = strlen(rule->host);

	if (n > 0 && host[n - 1] == '.')
		n--;
	if (rule->host[0] != '.')
		return n == m && strncasecmp(host, rule->host, n) == 0;
	return n > m && strncasecmp(host + n - m, rule->host, m) == 0;
}

static bool
is_allowed(const struct reach *reach, const char *host, const struct address *address)
{
	for (size_t i = 0; i < reach->count; i++) {
		const struct rule *rule = &reach->rule[i];

		if (rule->port != 0 && rule->port != address->port)
			continue;
		if (rule->host ? is_named(rule, host) : rule_has(rule, address))
			return true;
	}
	return false;
}

/* A name may come to lead anywhere, and 0.0.0.0/0 was not written with this block in
 * mind: only a network inside the block means it. */
static bool
is_block_allowed(const struct reach *reach, const struct rule *block,
	const struct address *address)
{
	for (size_t i = 0; i < reach->count; i++) {
		const struct rule *rule = &reach->rule[i];

		if (!rule->host && (rule->port == 0 || rule->port == address->port) &&
			rule_has(rule, address) && rule_has(block, &rule->network) &&
			rule->bits >= block->bits)
			return true;
	}
	return false;
}

/* Our own ports take one address with its port, written out. */
static bool
is_own_allowed(const struct reach *reach, const struct address *address)
{
	for (size_t i = 0; i < reach->count; i++) {
		const struct rule *rule = &reach->rule[i];

		if (!rule->host && rule->port == address->port &&
			rule->bits == (address->family == AF_INET ? 32 : 128) &&
			is_same(&rule->network, address))
			return true;
	}
	return false;
}

static const struct rule *
find_block(const struct address *address)
{
	for (size_t i = 0; i < COUNT(refused_blocks); i++)
		if (rule_has(&refused_blocks[i], address))
			return &refused_blocks[i];
	return NULL;
}

/* ::1 is itself, and no IPv4 address anybody answers at begins with a zero. */
static bool
carries_refused(const struct address *address)
{
	for (size_t i = 0; i < COUNT(carriers); i++) {
		struct address inside = take_out_v4(address, carriers[i].at);

		if (address->family == AF_INET6 && inside.byte[0] != 0 &&
			has_prefix(address->byte, carriers[i].prefix, carriers[i].bits) &&
			find_block(&inside))
			return true;
	}
	return false;
}

const char *
reach_refuses(const struct reach *reach, const char *host, const struct sockaddr *address)
{
	const struct rule *block;
	struct address to;

	if (!address_read(address, &to))
		return "it leads to no IP address";
	block = find_block(&to);
	if (carries_refused(&to) || (block && !is_block_allowed(reach, block, &to)))
		return "link-local, multicast and unspecified addresses are out of reach";
	if (is_ours(reach, &to) && !is_own_allowed(reach, &to))
		return "our own service listens there";
	if (!block && reach->count > 0 && !is_allowed(reach, host, &to))
		return "no rule of what may be reached allows it";
	return NULL;
}

const char *
reach_refuses_text(
	const struct reach *reach, const char *host, const char *address, int port)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
	char bare[INET6_ADDRSTRLEN] = "";

	v4.sin_port = v6.sin6_port = htons((uint16_t)port);
	if (inet_pton(AF_INET, address, &v4.sin_addr) == 1)
		return reach_refuses(reach, host, (const struct sockaddr *)&v4);
	snprintf(bare, sizeof bare, "%.*s", (int)strcspn(address, "%"), address);
	if (inet_pton(AF_INET6, bare, &v6.sin6_addr) == 1)
		return reach_refuses(reach, host, (const struct sockaddr *)&v6);
	return "it leads to no IP address";
}
