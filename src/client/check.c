/* What a client is given, looked at before it is used: where it is to go, and whom it is to
 * believe. */
#include <string.h>

#include "inside.h"
#include "oneclick/base/buf.h"
#include "oneclick/base/file.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/data/record.h"

enum { CA_MAX = 4 * 1024 * 1024 };

/* The scheme that was meant, of an endpoint with one that is none; NULL: who knows. */
static const char *
near_scheme(const char *endpoint)
{
	static const char *const schemes[] = { "https", "http", "unix" };
	enum { SCHEMES = sizeof schemes / sizeof *schemes };
	const char *colon = strchr(endpoint, ':'), *near;
	char *scheme;

	if (!colon || strncmp(colon, "://", 3) != 0)
		return NULL;
	scheme = mem_textn(NULL, endpoint, (size_t)(colon - endpoint));
	near = nearest_word(scheme, schemes, SCHEMES);
	for (size_t i = 0; i < SCHEMES; i++)
		if (!strcmp(scheme, schemes[i]))
			near = NULL;
	mem_free(scheme);
	return near;
}

enum err
client_read_origin(const void *ctx, const char *endpoint, bool plain, const char *ca_file,
	struct transfer_origin *out, struct fault *why)
{
	struct transfer_origin_options options = { .ca_file = ca_file, .plain = plain };
	enum err err = transfer_origin_read(ctx, endpoint, &options, out, why);
	const char *near = err ? near_scheme(endpoint) : NULL;
	char text[FAULT_SENTENCE_MAX];

	if (!near)
		return err;
	memcpy(text, why->sentence, sizeof text);
	return fault(why, err, "%.400s Did you mean %s?", text, near);
}

enum err
client_check_endpoint(const char *endpoint, bool plain, struct fault *why)
{
	void *life = mem_life(NULL);
	struct transfer_origin origin;
	enum err err = client_read_origin(life, endpoint, plain, NULL, &origin, why);

	mem_free(life);
	return err;
}

/* libcurl would read it again for each connection, and wait for a pipe to be written. */
enum err
client_check_ca(const char *path, struct fault *why)
{
	void *life = mem_life(NULL);
	struct buf text;
	enum err err = file_read(life, path, CA_MAX, &text, why);

	if (!err && !strstr(text.data, "-----BEGIN "))
		err = fault(why, ERR_INVALID,
			"%.300s: it holds no certificate (-----BEGIN CERTIFICATE-----)",
			text_safe_z(life, path).text);
	mem_free(life);
	return err ? fault_at(why, err, "ca_file") : ERR_NONE;
}
