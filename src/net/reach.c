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

/* ---- what an address is ---- */

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
			*out = address_inside(out, 12);
		return true;
	}
	return false;
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
			rule_has(rule, address) &&
			rule_has(block, &rule->network) && rule->bits >= block->bits)
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

/* Behind a gateway the connection ends at the address inside. */
static bool
is_own_refused(const struct reach *reach, const struct address *to)
{
	struct address inside;

	if (is_ours(reach, to))
		return !is_own_allowed(reach, to);
	return address_carried(to, &inside) && is_ours(reach, &inside);
}

const char *
reach_refuses(const struct reach *reach, const char *host, const struct sockaddr *address)
{
	const struct special *special;
	struct address to;

	if (!address_read(address, &to))
		return "it leads to no IP address";
	special = special_find(&to);
	if (special && !is_block_allowed(reach, &special->network, &to))
		return special->what;
	if (is_own_refused(reach, &to))
		return "our own service listens there";
	if (!special && reach->count > 0 && !is_allowed(reach, host, &to))
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
