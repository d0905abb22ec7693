/* The files and directories that settings name, looked at before anything needs them. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "oneclick/base/mem.h"
#include "oneclick/service/service.h"
#include "oneclick/service/settings.h"
#include "secret.h"

static enum err
check_secret(const char *path, struct fault *why)
{
	void *life = mem_life(NULL);
	const char *secret;
	enum err err = secret_read(life, path, &secret, why);

	mem_free(life);
	return err;
}

static enum err
check_readable(const char *path, struct fault *why)
{
	if (access(path, R_OK) == 0)
		return ERR_NONE;
	return fault(why, ERR_INVALID, "%s cannot be read: %s.", path, strerror(errno));
}

void
settings_check_files(const struct settings *settings, struct config_check *check)
{
	const struct {
		const char *option, *path;
		enum err (*check)(const char *path, struct fault *why);
	} rows[] = {
		{ "--state", settings->state, store_try },
		{ "--mqtt-ca", settings->mqtt_ca, check_readable },
		{ "--mqtt-password-file", settings->mqtt_password_file, check_secret },
		{ "--metrics-token-file", settings->metrics_token_file, check_secret },
	};
	struct fault why;

	if (certificate_check(settings, &why))
		settings_problem(settings,
			settings->tls_cert ? "--tls-cert" : "--tls-key", check, &why);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].path && rows[i].check(rows[i].path, &why))
			settings_problem(settings, rows[i].option, check, &why);
}
