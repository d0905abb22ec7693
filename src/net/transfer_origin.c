#include <curl/curl.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/net/transfer.h"

static enum err
read_socket(
	const void *ctx, const char *path, struct transfer_origin *out, struct fault *why)
{
	size_t room = sizeof(((struct sockaddr_un *)NULL)->sun_path);

	if (path[0] != '/')
		return fault(why, ERR_INVALID, "The path after unix: must be absolute.");
	if (strlen(path) >= room)
		return fault(why, ERR_INVALID,
			"The socket's path is longer than the %zu bytes the system "
			"takes.",
			room - 1);
	out->socket = mem_text(ctx, path);
	out->base = "http://localhost";
	out->host = "localhost";
	out->path = "";
	return ERR_NONE;
}

/* A copy of one part, or NULL when the URL has none, as of a port that goes without saying:
 * it stands in no Host header either. */
static char *
part(const void *ctx, CURLU *url, CURLUPart what)
{
	char *text, *copy;

	if (curl_url_get(url, what, &text, CURLU_NO_DEFAULT_PORT))
		return NULL;
	copy = mem_text(ctx, text);
	curl_free(text);
	return copy;
}

/* Names and spellings that cannot lead elsewhere; curl resolves "localhost" by itself. */
static bool
is_loopback(const char *host)
{
	unsigned a, b, c, d;
	char end;

	if (!strcmp(host, "localhost") || !strcmp(host, "[::1]"))
		return true;
	return sscanf(host, "%3u.%3u.%3u.%3u%c", &a, &b, &c, &d, &end) == 4 && a == 127;
}

bool
transfer_is_loopback(const void *ctx, const char *text)
{
	CURLU *url = curl_url();
	const char *host = curl_url_set(url, CURLUPART_URL, text, 0)
				   ? NULL
				   : part(ctx, url, CURLUPART_HOST);

	curl_url_cleanup(url);
	return host && is_loopback(host);
}

/* What is written the same way in a signature. */
#define PATH_LETTERS "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/* Without the slash at its end: each target begins with one. */
static const char *
read_path(const void *ctx, CURLU *url)
{
	char *path = part(ctx, url, CURLUPART_PATH);
	size_t n = path ? strlen(path) : 0;

	while (n > 0 && path[n - 1] == '/')
		n--;
	return n > 0 ? mem_textn(ctx, path, n) : "";
}

static enum err
check_parts(const void *ctx, CURLU *url, struct fault *why)
{
	const char *path = part(ctx, url, CURLUPART_PATH);

	if (part(ctx, url, CURLUPART_USER) || part(ctx, url, CURLUPART_PASSWORD))
		return fault(why, ERR_INVALID,
			"An endpoint carries no user or password: keys belong in a "
			"profile.");
	if (part(ctx, url, CURLUPART_QUERY) || part(ctx, url, CURLUPART_FRAGMENT))
		return fault(why, ERR_INVALID,
			"An endpoint has no '?' and no '#': https://HOST[:PORT][/PATH].");
	if (path && path[strspn(path, PATH_LETTERS)] != '\0')
		return fault(why, ERR_INVALID,
			"The path of an endpoint has letters, digits and -._~ between its "
			"slashes, and nothing else.");
	return ERR_NONE;
}

static enum err
read_url(const void *ctx, CURLU *url, bool plain, struct transfer_origin *out,
	struct fault *why)
{
	const char *scheme = part(ctx, url, CURLUPART_SCHEME);
	const char *host = part(ctx, url, CURLUPART_HOST);
	const char *port = part(ctx, url, CURLUPART_PORT);

	if (check_parts(ctx, url, why))
		return ERR_INVALID;
	if (!scheme || !host ||
		(strcmp(scheme, "https") != 0 && strcmp(scheme, "http") != 0))
		return fault(why, ERR_INVALID,
			"An endpoint is https://HOST[:PORT][/PATH] or unix:/PATH.");
	if (!strcmp(scheme, "http") && !plain && !is_loopback(host))
		return fault(why, ERR_FORBIDDEN,
			"Plain http:// to another machine sends everything in the clear: "
			"use https://, or ask for it (--plain, in a file plain: true).");
	out->host = port ? mem_format(ctx, "%s:%s", host, port) : host;
	out->base = mem_format(ctx, "%s://%s", scheme, out->host);
	out->path = read_path(ctx, url);
	return ERR_NONE;
}

static enum err
read_text(const void *ctx, const char *endpoint, bool plain, struct transfer_origin *out,
	struct fault *why)
{
	CURLU *url = curl_url();
	CURLUcode bad = curl_url_set(url, CURLUPART_URL, endpoint, 0);
	enum err err;

	if (bad)
		err = fault(why, ERR_INVALID,
			"An endpoint is https://HOST[:PORT][/PATH] or unix:/PATH (%s).",
			curl_url_strerror(bad));
	else
		err = read_url(ctx, url, plain, out, why);
	curl_url_cleanup(url);
	return err;
}

enum err
transfer_origin_read(const void *ctx, const char *endpoint,
	const struct transfer_origin_options *options, struct transfer_origin *out,
	struct fault *why)
{
	struct transfer_origin origin = {
		.endpoint = text_safe_z(ctx, endpoint).text,
		.ca_file = mem_text(ctx, options->ca_file),
	};
	enum err err;

	if (!strncmp(endpoint, "unix:", 5))
		err = read_socket(ctx, endpoint + 5, &origin, why);
	else
		err = read_text(ctx, endpoint, options->plain, &origin, why);
	if (err)
		return fault_at(why, err, "Endpoint \"%s\"", origin.endpoint);
	*out = origin;
	return ERR_NONE;
}
