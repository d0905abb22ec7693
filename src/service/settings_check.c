/* The files and directories that settings name, looked at before anything needs them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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

/* The path itself, or the nearest above it that is there. */
static const char *
find_existing(const void *ctx, const char *path)
{
	char *at = mem_text(ctx, path);
	struct stat found;

	while (stat(at, &found) != 0 && errno == ENOENT) {
		char *slash = strrchr(at, '/');

		if (!slash)
			return ".";
		slash[slash == at] = '\0';
		if (slash == at)
			break;
	}
	return at;
}

/* Whether a directory can be made there shows only when one is: /proc has all rights. */
static enum err
try_directory(const void *ctx, const char *where, struct fault *why)
{
	char *trial = mem_format(ctx, "%s/.oneclick-XXXXXX", where);

	if (!mkdtemp(trial))
		return fault(why, ERR_INVALID, "Nothing can be kept in %s: %s.", where,
			strerror(errno));
	rmdir(trial);
	return ERR_NONE;
}

static enum err
check_directory(const char *path, struct fault *why)
{
	void *life = mem_life(NULL);
	const char *where = find_existing(life, path);
	struct stat found;
	enum err err;

	if (stat(where, &found) != 0)
		err = fault(why, ERR_INVALID, "%s cannot be used: %s.", where,
			strerror(errno));
	else if (!S_ISDIR(found.st_mode))
		err = fault(why, ERR_INVALID, "%s is no directory.", where);
	else
		err = try_directory(life, where, why);
	mem_free(life);
	return err;
}

void
settings_check_files(const struct settings *settings, struct config_check *check)
{
	const struct {
		const char *option, *path;
		enum err (*check)(const char *path, struct fault *why);
	} rows[] = {
		{ "--state", settings->state, check_directory },
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
