#include <stdlib.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/uri.h"
#include "oneclick/net/mqtt.h"

#define SCHEME "mqtt://"
#define SCHEME_TLS "mqtts://"

static enum err
refuse(struct fault *why, const char *what)
{
	return fault(why, ERR_INVALID,
		"The broker's address must be mqtt://[user:password@]host[:port], or "
		"mqtts://...; %s.",
		what);
}

/* "user:password@": signs in them that mean something here come percent-encoded. */
static enum err
read_user(const void *ctx, const char **at, struct mqtt_address *out, struct fault *why)
{
	const char *end = strrchr(*at, '@');
	size_t user;

	if (!end)
		return ERR_NONE;
	user = strcspn(*at, ":@");
	out->user = uri_decoded(ctx, *at, user, NULL);
	if ((*at)[user] == ':')
		out->password = uri_decoded(
			ctx, *at + user + 1, (size_t)(end - *at) - user - 1, NULL);
	if (!out->user || !*out->user || ((*at)[user] == ':' && !out->password))
		return refuse(why, "this one's user or password is empty or misspelt");
	*at = end + 1;
	return ERR_NONE;
}

static enum err
read_host(const void *ctx, const char **at, struct mqtt_address *out, struct fault *why)
{
	bool brackets = **at == '[';
	const char *host = *at + brackets;
	size_t n = strcspn(host, brackets ? "]" : ":/");

	if (n == 0 || (brackets && host[n] != ']'))
		return refuse(why, "this one has no host");
	out->host = mem_textn(ctx, host, n);
	*at = host + n + brackets;
	return ERR_NONE;
}

static enum err
read_port(const char *at, struct mqtt_address *out, struct fault *why)
{
	char *end;
	long port;

	out->port = out->tls ? MQTT_TLS_PORT : MQTT_PORT;
	if (*at == '\0' || strcmp(at, "/") == 0)
		return ERR_NONE;
	if (*at != ':' || at[1] < '0' || at[1] > '9')
		return refuse(why, "this one has more after its host");
	port = strtol(at + 1, &end, 10);
	if (port < 1 || port > 65535 || (*end != '\0' && strcmp(end, "/") != 0))
		return refuse(why, "this one's port is none");
	out->port = (int)port;
	return ERR_NONE;
}

enum err
mqtt_address_read(
	const void *ctx, const char *url, struct mqtt_address *out, struct fault *why)
{
	bool tls = strncmp(url, SCHEME_TLS, strlen(SCHEME_TLS)) == 0;
	const char *at = url + strlen(tls ? SCHEME_TLS : SCHEME);
	enum err err;

	*out = (struct mqtt_address){ .tls = tls };
	if (!tls && strncmp(url, SCHEME, strlen(SCHEME)) != 0)
		return refuse(why, "this one begins otherwise");
	err = read_user(ctx, &at, out, why);
	if (err == ERR_NONE)
		err = read_host(ctx, &at, out, why);
	return err == ERR_NONE ? read_port(at, out, why) : err;
}
