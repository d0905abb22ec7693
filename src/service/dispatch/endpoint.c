#include "endpoint.h"

#include <string.h>

#include "oneclick/base/mem.h"

/* What goes out as it is must be what the operator saw: no blanks, no controls, and no
 * fragment, which would not be sent. */
static enum err
check_letters(const char *url, struct fault *why)
{
	for (const char *at = url; *at; at++)
		if (*at <= ' ' || *at > '~' || *at == '#')
			return fault(why, ERR_INVALID,
				"A URL is written without blanks, fragment and letters "
				"beyond ASCII: percent-encode them.");
	return ERR_NONE;
}

enum err
endpoint_read(const void *ctx, const char *url, const struct endpoint_options *options,
	struct endpoint *out, struct fault *why)
{
	const struct transfer_origin_options origin = {
		.ca_file = options->ca_file,
		.plain = options->plain,
	};
	const char *host = strstr(url, "://"), *rest;

	if (check_letters(url, why))
		return ERR_INVALID;
	if (!host)
		return fault(why, ERR_INVALID,
			"A URL is https://HOST[:PORT]/PATH, with http:// for this "
			"machine.");
	rest = host + 3 + strcspn(host + 3, "/?");
	out->target = mem_format(ctx, "%s%s", *rest == '/' ? "" : "/", rest);
	return transfer_origin_read(ctx, mem_textn(ctx, url, (size_t)(rest - url)),
		&origin, &out->origin, why);
}
