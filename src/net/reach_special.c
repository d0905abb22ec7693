/*
 * Special-purpose addresses: those of IANA's two registries (RFC 6890) that no receiver of
 * callbacks has, and those where clouds hand out credentials.  Loopback and the private
 * networks are left open: a service of one's own calls its neighbours.
 */
#include <string.h>
#include <sys/socket.h>

#include "reach_parts.h"

#define OUT(kind) kind " addresses are out of reach"
#define V4(length, what_, ...) \
	{ \
		.network = { .network = { AF_INET, { __VA_ARGS__ }, 0 }, \
			.bits = (length) }, \
		.what = (what_) \
	}
#define V6(length, what_, ...) \
	{ \
		.network = { .network = { AF_INET6, { __VA_ARGS__ }, 0 }, \
			.bits = (length) }, \
		.what = (what_) \
	}

/* The longest prefix decides, and the first of two rows as long. */
static const struct special rows[] = {
	V4(8, OUT("\"this network\""), 0),
	V4(10, OUT("shared address space"), 100, 64),
	V4(16, OUT("link-local"), 169, 254),
	V4(24, OUT("protocol assignment"), 192, 0, 0),
	V4(24, OUT("documentation"), 192, 0, 2),
	V4(24, OUT("6to4 relay"), 192, 88, 99),
	V4(15, OUT("benchmarking"), 198, 18),
	V4(24, OUT("documentation"), 198, 51, 100),
	V4(24, OUT("documentation"), 203, 0, 113),
	V4(4, OUT("multicast"), 224),
	V4(4, OUT("reserved"), 240),
	V4(32, OUT("cloud metadata"), 168, 63, 129, 16),

	/* Only 2000::/3 is given out; of the rest the loopback, private networks and NAT64
	 * (RFC 6052) are in use. */
	V6(3, OUT("reserved"), 0),
	V6(128, OUT("unspecified"), 0),
	V6(128, NULL, [15] = 1),
	V6(64, OUT("discard-only"), 0x01, 0),
	V6(2, OUT("reserved"), 0x40),
	V6(1, OUT("reserved"), 0x80),
	V6(7, NULL, 0xfc),
	V6(10, OUT("link-local"), 0xfe, 0x80),
	V6(10, OUT("site-local"), 0xfe, 0xc0),
	V6(8, OUT("multicast"), 0xff),
	V6(23, OUT("protocol assignment"), 0x20, 0x01),
	V6(32, OUT("Teredo"), 0x20, 0x01),
	V6(32, OUT("documentation"), 0x20, 0x01, 0x0d, 0xb8),
	V6(20, OUT("documentation"), 0x3f, 0xff),
	V6(32, OUT("cloud metadata"), 0xfd, 0x00, 0x0e, 0xc2),
	V6(32, OUT("cloud metadata"), 0xfd, 0x20, 0x00, 0xce),
	V6(128, OUT("cloud metadata"), 0xfd, 0x00, 0x00, 0x42, [15] = 0x42),
	V6(128, OUT("cloud metadata"), 0xfd, 0x00, 0x00, 0xc1, [12] = 0xa9, 0xfe, 0xa9,
		0xfe),
};

/* Networks of IPv6 whose gateways lead on to an IPv4 address inside, and where it lies in
 * them.  NAT64's local prefix (RFC 8215) is reserved above: where its addresses lie is the
 * network's own choice. */
static const struct {
	struct special network;
	int at;
} carriers[] = {
	{ V6(96, NULL, 0x00, 0x64, 0xff, 0x9b), 12 },
	{ V6(16, NULL, 0x20, 0x02), 2 },
};

/* What a gateway could be led to behind its own back: RFC 6052 (3.1) and RFC 3056 (2)
 * forbid both to carry addresses that are not global. */
static const struct special own_networks[] = {
	V4(8, OUT("translated loopback"), 127),
	V4(8, OUT("translated private"), 10),
	V4(12, OUT("translated private"), 172, 16),
	V4(16, OUT("translated private"), 192, 168),
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

bool
rule_has(const struct rule *rule, const struct address *address)
{
	return address->family == rule->network.family &&
	       has_prefix(address->byte, rule->network.byte, rule->bits);
}

struct address
address_inside(const struct address *from, int at)
{
	struct address inside = { .family = AF_INET, .port = from->port };

	memcpy(inside.byte, from->byte + at, 4);
	return inside;
}

bool
address_carried(const struct address *address, struct address *inside)
{
	for (size_t i = 0; i < COUNT(carriers); i++) {
		if (!rule_has(&carriers[i].network.network, address))
			continue;
		*inside = address_inside(address, carriers[i].at);
		return true;
	}
	return false;
}

static const struct special *
find_longest(const struct address *address)
{
	const struct special *found = NULL;

	for (size_t i = 0; i < COUNT(rows); i++)
		if (rule_has(&rows[i].network, address) &&
			(!found || rows[i].network.bits > found->network.bits))
			found = &rows[i];
	return found && found->what ? found : NULL;
}

static const struct special *
find_carried(const struct address *inside)
{
	for (size_t i = 0; i < COUNT(own_networks); i++)
		if (rule_has(&own_networks[i].network, inside))
			return &own_networks[i];
	return find_longest(inside);
}

const struct special *
special_find(const struct address *address)
{
	struct address inside;

	if (address_carried(address, &inside))
		return find_carried(&inside);
	return find_longest(address);
}
