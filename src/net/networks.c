/* Networks by which peers are told apart; see networks.h. */
#include "oneclick/net/networks.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "reach_parts.h"

#define BETWEEN ", \t"

struct networks {
	struct rule *network;
	size_t count;
};

/* An IPv6 network stands in brackets in a rule, which a port may follow. */
static const char *
read_one(const void *ctx, const char *text, size_t n, struct rule *out)
{
	bool wide = memchr(text, ':', n) != NULL;
	size_t address = strcspn(text, "/");
	const char *problem;

	if (address > n)
		address = n;
	*out = (struct rule){ 0 };
	problem = rule_read(ctx,
		mem_format(ctx, "%s%.*s%s%.*s", wide ? "[" : "", (int)address, text,
			wide ? "]" : "", (int)(n - address), text + address),
		out);
	if (problem)
		return problem;
	return out->host || out->port ? "is no address and no network" : NULL;
}

enum err
networks_read(const void *ctx, const char *text, struct networks **out, struct fault *why)
{
	struct networks *networks = mem_new(ctx, struct networks);
	const char *at = text + strspn(text, BETWEEN);

	while (*at) {
		size_t n = strcspn(at, BETWEEN);
		struct rule rule;
		const char *problem = read_one(networks, at, n, &rule);

		if (problem)
			return fault(why, ERR_INVALID,
				"'%.*s' %s; write ADDRESS or ADDRESS/BITS, with commas "
				"between.",
				n > 60 ? 60 : (int)n, at, problem);
		networks->network = mem_resize(
			networks, networks->network, struct rule, networks->count + 1);
		networks->network[networks->count++] = rule;
		at += n;
		at += strspn(at, BETWEEN);
	}
	*out = networks;
	return ERR_NONE;
}

bool
networks_have(const struct networks *networks, const struct sockaddr *from)
{
	struct address address;

	if (!networks || !address_read(from, &address))
		return false;
	for (size_t i = 0; i < networks->count; i++)
		if (rule_has(&networks->network[i], &address))
			return true;
	return false;
}

bool
networks_have_text(const struct networks *networks, const char *text)
{
	struct sockaddr_in four = { .sin_family = AF_INET };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };

	if (inet_pton(AF_INET, text, &four.sin_addr) == 1)
		return networks_have(networks, (const struct sockaddr *)&four);
	return inet_pton(AF_INET6, text, &six.sin6_addr) == 1 &&
	       networks_have(networks, (const struct sockaddr *)&six);
}
