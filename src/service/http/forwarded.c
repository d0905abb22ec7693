/*
 * Who asks through a proxy.  Only a proxy the operator trusts is believed, only the one
 * header he says it sets (any other may have come from the client), and of that header only
 * what trusted proxies wrote: its end, up to the first address that is none of theirs.  Of a
 * prefix, which changes nothing but what a signature is computed over, any is believed.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>

#include "http.h"
#include "oneclick/base/mem.h"

/* "192.0.2.1", "192.0.2.1:80", "2001:db8::1", "[2001:db8::1]:80", in quotes or not, as the
 * system writes the address; NULL if it is none. */
static const char *
read_address(const void *ctx, const char *text, size_t n)
{
	unsigned char bytes[sizeof(struct in6_addr)];
	char *copy = mem_textn(ctx, text, n), *end;
	int family;

	if (*copy == '"')
		copy++;
	copy[strcspn(copy, "\"")] = '\0';
	if (*copy == '[') {
		copy++;
		copy[strcspn(copy, "]")] = '\0';
	} else if ((end = strchr(copy, ':')) != NULL && end == strrchr(copy, ':')) {
		*end = '\0';
	}
	family = strchr(copy, ':') ? AF_INET6 : AF_INET;
	if (inet_pton(family, copy, bytes) != 1)
		return NULL;
	return inet_ntop(
		family, bytes, mem_array(ctx, char, INET6_ADDRSTRLEN), INET6_ADDRSTRLEN);
}

/* What stands between `at` and `end`, without blanks around it. */
static const char *
trim(const char *at, const char *end, size_t *n)
{
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	while (end > at && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	*n = (size_t)(end - at);
	return at;
}

/* The value of a parameter of an element of Forwarded (RFC 7239): "for=...;proto=...". */
static const char *
find_parameter(const char *element, size_t n, const char *name, size_t *size)
{
	const char *end = element + n;
	size_t length = strlen(name);

	for (const char *at = element, *next; at < end; at = next + 1) {
		const char *semicolon = memchr(at, ';', (size_t)(end - at));

		next = semicolon ? semicolon : end;
		at = trim(at, next, &n);
		if (n > length && at[length] == '=' &&
			strncasecmp(at, name, length) == 0) {
			*size = n - length - 1;
			return at + length + 1;
		}
	}
	return NULL;
}

/* A value may stand in quotes. */
static bool
is_https(const char *value, size_t n)
{
	if (n >= 2 && value[0] == '"' && value[n - 1] == '"') {
		value++;
		n -= 2;
	}
	return n == strlen("https") && strncasecmp(value, "https", n) == 0;
}

static const char *
read_element(const struct server *server, const void *ctx, const char *at, size_t n)
{
	size_t size = n;

	if (server->proxy_header == PROXY_FORWARDED)
		at = find_parameter(at, n, "for", &size);
	return at ? read_address(ctx, at, size) : NULL;
}

/* All lines of the header as one list, as a proxy may add one of its own. */
static const char *
join(const void *ctx, const struct request *request, const char *name)
{
	const char *all = NULL;

	for (size_t h = 0; h < request->header_count; h++)
		if (strcasecmp(request->header[h].name, name) == 0)
			all = all ? mem_format(
					    ctx, "%s,%s", all, request->header[h].value)
				  : request->header[h].value;
	return all;
}

/* Where the last element of the list before `end` begins, without blanks around it. */
static const char *
find_last(const char *list, const char *end, size_t *n)
{
	const char *at = end;

	while (at > list && at[-1] != ',')
		at--;
	return trim(at, end, n);
}

/* From the end: each trusted proxy names the one before it. */
static const char *
find_client(const struct server *server, const void *ctx, const char *list)
{
	const char *end = list + strlen(list), *client = NULL;

	while (end > list) {
		size_t n;
		const char *at = find_last(list, end, &n);
		const char *named = read_element(server, ctx, at, n);

		if (!named)
			break;
		client = named;
		if (!networks_have_text(server->proxies, named))
			break;
		while (at > list && at[-1] != ',')
			at--;
		end = at > list ? at - 1 : list;
	}
	return client;
}

/* What the nearest proxy says of its own client's connection. */
static bool
came_by_tls(const struct server *server, const struct request *request, const char *list)
{
	const char *proto = request_header(request, "X-Forwarded-Proto");
	size_t n;

	if (server->proxy_header == PROXY_X_FORWARDED_FOR)
		return proto && is_https(proto, strlen(proto));
	list = find_last(list, list + strlen(list), &n);
	list = find_parameter(list, n, "proto", &n);
	return list && is_https(list, n);
}

/* Below which path the proxy offers us: what its client signed begins with it. */
static const char *
read_prefix(const void *ctx, const struct request *request)
{
	const char *prefix = request_header(request, "X-Forwarded-Prefix");
	size_t n = prefix && *prefix == '/' ? strlen(prefix) : 0;

	while (n > 0 && prefix[n - 1] == '/')
		n--;
	return n > 0 ? mem_textn(ctx, prefix, n) : NULL;
}

/* Whether the proxy took it off the path or left it there. */
static void
take_prefix(const void *ctx, struct request *request)
{
	size_t n;

	request->prefix = read_prefix(ctx, request);
	n = request->prefix ? strlen(request->prefix) : 0;
	if (n > 0 && strncmp(request->path, request->prefix, n) == 0 &&
		request->path[n] == '/')
		request->path += n;
}

void
forwarded_read(struct http *http)
{
	static const char *const names[] = {
		[PROXY_X_FORWARDED_FOR] = "X-Forwarded-For",
		[PROXY_FORWARDED] = "Forwarded",
	};
	const struct server *server = http->connection->server;
	struct request *request = &http->exchange.request;
	const char *list = join(http, request, names[server->proxy_header]), *client;

	take_prefix(http, request);
	if (!list)
		return;
	client = find_client(server, http, list);
	if (client)
		request->peer = client;
	request->secure = request->secure || came_by_tls(server, request, list);
}
