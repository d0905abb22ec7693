#include "proxy.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "oneclick/base/mem.h"

/* The lower-case spelling counts more, and empty it takes the other's word back. In a CGI
 * program HTTP_PROXY is a header of whoever asks. */
static const char *
variable(const char *lower, const char *upper)
{
	const char *value = getenv(lower);

	if (!value && !(getenv("REQUEST_METHOD") && !strcmp(lower, "http_proxy")))
		value = getenv(upper);
	return value && *value ? value : NULL;
}

/* Whether `host` is `name`, or ends with it behind a dot. */
static bool
is_below(const char *host, size_t n, const char *name, size_t len)
{
	if (n < len || strncasecmp(host + n - len, name, len) != 0)
		return false;
	return n == len || host[n - len - 1] == '.';
}

/* `host` may end with a port, and so may a name. */
static bool
is_excepted(const char *host, const char *names)
{
	size_t whole = strlen(host), bare = whole;
	const char *colon = strrchr(host, ':');

	if (colon && !colon[1 + strspn(colon + 1, "0123456789")])
		bare = (size_t)(colon - host);
	while (*names) {
		size_t n = strcspn(names, ","), len;
		const char *name = names;

		while (n > 0 && strchr(" \t", *name))
			name++, n--;
		while (n > 0 && *name == '.')
			name++, n--;
		len = n;
		while (len > 0 && strchr(" \t", name[len - 1]))
			len--;
		if (len > 0 && (is_below(host, bare, name, len) ||
				       is_below(host, whole, name, len)))
			return true;
		names = name + n + (name[n] == ',');
	}
	return false;
}

static char *
with_scheme(const void *ctx, const char *proxy)
{
	if (strstr(proxy, "://"))
		return mem_text(ctx, proxy);
	return mem_format(ctx, "http://%s", proxy + strspn(proxy, "/"));
}

enum err
proxy_choose(
	const void *ctx, bool plain, struct transfer_origin *origin, struct fault *why)
{
	bool is_https = !strncmp(origin->base, "https:", 6);
	const char *proxy = is_https ? variable("https_proxy", "HTTPS_PROXY")
				     : variable("http_proxy", "HTTP_PROXY");
	const char *names = variable("no_proxy", "NO_PROXY");

	origin->proxy = NULL;
	if (origin->socket || !proxy ||
		(names && (!strcmp(names, "*") || is_excepted(origin->host, names))))
		return ERR_NONE;
	proxy = with_scheme(ctx, proxy);
	if (!is_https && !plain && !transfer_is_loopback(ctx, proxy))
		return fault(why, ERR_FORBIDDEN,
			"HTTP_PROXY names another machine, to which everything for %s "
			"would go in the clear: use https://, set NO_PROXY=%s, or ask for "
			"it (--plain, in a file plain: true).",
			origin->endpoint, origin->host);
	origin->proxy = proxy;
	return ERR_NONE;
}
