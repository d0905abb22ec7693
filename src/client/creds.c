#include "oneclick/client/creds.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "oneclick/base/digest.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/data/ini.h"

/* The two files a profile may stand in; the credentials file wins, key by key. */
struct sources {
	const char *profile;
	struct ini_file *credentials, *config;
};

static const char *
env(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

static char *
path_of(const void *ctx, const char *variable, const char *otherwise)
{
	const char *path = env(variable), *home = env("HOME");

	if (path && !strncmp(path, "~/", 2) && home)
		return mem_format(ctx, "%s%s", home, path + 1);
	if (path)
		return mem_text(ctx, path);
	return home ? mem_format(ctx, "%s/.aws/%s", home, otherwise) : NULL;
}

/* In the config file every profile but the default one is headed [profile NAME]. */
static const char *
config_heading(const void *ctx, const char *profile)
{
	return !strcmp(profile, "default") ? "default"
					   : mem_format(ctx, "profile %s", profile);
}

static enum err
open_sources(
	const void *ctx, struct sources *from, struct fault *warning, struct fault *why)
{
	const char *credentials =
		path_of(ctx, "AWS_SHARED_CREDENTIALS_FILE", "credentials");
	const char *config = path_of(ctx, "AWS_CONFIG_FILE", "config");
	enum err err;

	err = ini_read(ctx, credentials, from->profile, &from->credentials, warning, why);
	if (err)
		return err;
	return ini_read(ctx, config, config_heading(ctx, from->profile), &from->config,
		warning, why);
}

static const char *
value_of(const struct sources *from, const char *key)
{
	const char *value = ini_get(from->credentials, key);

	return value ? value : ini_get(from->config, key);
}

static const char *
either(const char *first, const char *second)
{
	return first ? first : second;
}

static void
take_environment(const void *ctx, struct creds *out)
{
	out->access_key = mem_text(ctx, env("AWS_ACCESS_KEY_ID"));
	out->secret = mem_text(ctx, env("AWS_SECRET_ACCESS_KEY"));
	out->session_token = mem_text(ctx, env("AWS_SESSION_TOKEN"));
	out->source = "environment";
}

/* Both halves of a key come from one file. */
static bool
take_file(const void *ctx, const struct ini_file *file, const char *profile,
	struct creds *out)
{
	if (!ini_get(file, "aws_access_key_id") ||
		!ini_get(file, "aws_secret_access_key"))
		return false;
	out->access_key = mem_text(ctx, ini_get(file, "aws_access_key_id"));
	out->secret = mem_text(ctx, ini_get(file, "aws_secret_access_key"));
	out->session_token = mem_text(ctx, ini_get(file, "aws_session_token"));
	out->source = text_safe_z(
		ctx, mem_format(ctx, "profile %s of %s", profile, ini_path(file)))
			      .text;
	return true;
}

static enum err
say_where(const void *ctx, const struct sources *from, struct fault *why)
{
	const char *profile = text_safe_z(ctx, from->profile).text;

	if (value_of(from, "credential_process") || value_of(from, "sso_session") ||
		value_of(from, "role_arn"))
		return fault(why, ERR_NOT_FOUND,
			"Profile %s gets its keys from a program, a role or a sign-on, "
			"which "
			"oneclick does not run: export them as AWS_ACCESS_KEY_ID, "
			"AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.",
			profile);
	return fault(why, ERR_NOT_FOUND,
		"No access key: looked in AWS_ACCESS_KEY_ID, then for profile %s in %s "
		"and "
		"in %s.",
		profile, text_safe_z(ctx, ini_path(from->credentials)).text,
		text_safe_z(ctx, ini_path(from->config)).text);
}

/* A profile named outright is meant, even when the environment has keys as well. */
static enum err
take_keys(const void *ctx, const struct sources *from, bool is_named, struct creds *out,
	struct fault *why)
{
	if (!is_named && env("AWS_ACCESS_KEY_ID")) {
		take_environment(ctx, out);
		if (out->secret)
			return ERR_NONE;
		return fault(why, ERR_NOT_FOUND,
			"AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not.");
	}
	if (take_file(ctx, from->credentials, from->profile, out) ||
		take_file(ctx, from->config, from->profile, out))
		return ERR_NONE;
	return say_where(ctx, from, why);
}

static void
take_place(const void *ctx, const struct sources *from, struct creds *out)
{
	const char *region = either(env("AWS_REGION"), env("AWS_DEFAULT_REGION"));

	out->region = mem_text(ctx, either(region, value_of(from, "region")));
	out->endpoint = mem_text(
		ctx, either(env("AWS_ENDPOINT_URL"), value_of(from, "endpoint_url")));
}

enum err
creds_find(const void *ctx, const char *profile, struct creds *out, struct fault *warning,
	struct fault *why)
{
	void *life = mem_life(NULL);
	struct sources from = {
		.profile = either(profile, either(env("AWS_PROFILE"), "default")),
	};
	enum err err;

	*out = (struct creds){ 0 };
	err = open_sources(life, &from, warning, why);
	if (!err) {
		take_place(ctx, &from, out);
		err = take_keys(ctx, &from, profile != NULL, out, why);
	}
	ini_wipe(from.credentials);
	ini_wipe(from.config);
	mem_free(life);
	return err;
}

static void
wipe(const char *text)
{
	if (text)
		digest_wipe((char *)text, strlen(text));
}

void
creds_wipe(struct creds *creds)
{
	wipe(creds->secret);
	wipe(creds->session_token);
	*creds = (struct creds){ 0 };
}
