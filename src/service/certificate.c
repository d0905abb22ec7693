/* The part that holds our TLS certificate, for all that listens over TCP. */
#include <string.h>

#include "oneclick/base/log.h"
#include "oneclick/base/moment.h"
#include "oneclick/net/tls.h"
#include "oneclick/service/service.h"

static void
tell(const char *what)
{
	char when[MOMENT_ISO_SIZE];

	moment_to_iso(tls_expires(), when);
	log_line(LOG_INFO, "tls: the certificate %s is valid until %s", what, when);
}

enum err
certificate_check(const struct settings *settings, struct fault *why)
{
	if (!settings->tls_cert && !settings->tls_key)
		return ERR_NONE;
	if (!settings->tls_cert || !settings->tls_key)
		return fault(why, ERR_INVALID,
			"%s is missing: TLS takes both a certificate and its key.",
			settings->tls_cert ? "tls-key" : "tls-cert");
	return tls_check(settings->tls_cert, settings->tls_key, why);
}

enum err
certificate_open(struct service *service, struct fault *why)
{
	const struct settings *settings = &service->settings;
	enum err err = certificate_check(settings, why);

	if (err || !settings->tls_cert)
		return err;
	err = tls_open(settings->tls_cert, settings->tls_key, why);
	if (!err)
		tell("in use");
	return err;
}

void
certificate_reload(struct service *service)
{
	struct fault why;

	(void)service;
	if (!tls_is_open())
		return;
	if (tls_reload(&why))
		log_line(
			LOG_ERROR, "tls: the certificate in use stays: %s", why.sentence);
	else
		tell("read anew");
}

void
certificate_close(struct service *service)
{
	(void)service;
	tls_close();
}
