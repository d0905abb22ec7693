#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "reach_parts.h"

enum { BITS_V4 = 32, BITS_V6 = 128 };

/* A number from 0 to max; *at then stands behind it. */
static bool
read_number(const char **at, long max, long *out)
{
	char *end;

	if (**at < '0' || **at > '9')
		return false;
	*out = strtol(*at, &end, 10);
	*at = end;
	return *out <= max;
}

static const char *
read_network(const char *text, size_t n, const char *rest, struct rule *out)
{
	char literal[INET6_ADDRSTRLEN];
	int most = *text == '[' ? BITS_V6 : BITS_V4;
	long bits = most;

	if (most == BITS_V6) {
		text++;
		n -= 2;
	}
	if (n >= sizeof literal)
		return "holds no address";
	memcpy(literal, text, n);
	literal[n] = '\0';
	out->network.family = most == BITS_V6 ? AF_INET6 : AF_INET;
	if (inet_pton(out->network.family, literal, out->network.byte) != 1)
		return "holds no address";
	if (most == BITS_V6 && IN6_IS_ADDR_V4MAPPED((struct in6_addr *)out->network.byte))
		return "names an IPv4 address inside IPv6";
	if (*rest == '/' && (rest++, !read_number(&rest, most, &bits)))
		return "has more bits than its address";
	out->bits = (int)bits;
	for (long i = bits; i < most; i++)
		if (out->network.byte[i / 8] & (0x80 >> i % 8))
			return "names an address inside its network, not the network";
	return NULL;
}

static const char *
read_host(const void *ctx, const char *text, size_t n, struct rule *out)
{
	bool is_glob = n > 2 && text[0] == '*' && text[1] == '.';
	char *host = mem_textn(ctx, text + is_glob, n - is_glob);

	if (n == 0 || host[strspn(host, "abcdefghijklmnopqrstuvwxyz"
					"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._")])
		return "holds no name";
	out->host = host;
	return NULL;
}

static bool
looks_numeric(const char *text, size_t n)
{
	return strspn(text, "0123456789.") >= n;
}

const char *
rule_read(const void *ctx, const char *text, struct rule *out)
{
	bool brackets = *text == '[';
	size_t n = brackets ? strcspn(text, "]") : strcspn(text, ":/");
	const char *rest = text + n, *problem;
	long port = 0;

	if (brackets && *rest++ != ']')
		return "lacks its ]";
	n = (size_t)(rest - text);
	if (brackets || (n > 0 && looks_numeric(text, n)))
		problem = read_network(text, n, rest, out);
	else
		problem = read_host(ctx, text, n, out);
	if (problem)
		return problem;
	if (*rest == '/' && !out->host)
		rest += 1 + strspn(rest + 1, "0123456789");
	if (*rest == ':' && (rest++, !read_number(&rest, 65535, &port) || port == 0))
		return "has no port behind its colon";
	out->port = (uint16_t)port;
	return *rest ? "goes on where it should end" : NULL;
}
