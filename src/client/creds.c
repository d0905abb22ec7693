#include "oneclick/client/creds.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "oneclick/base/digest.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/data/ini.h"
#include "oneclick/data/record.h"
#include "oneclick/data/shell.h"

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

char *
creds_path(const void *ctx, enum creds_file file)
{
	if (file == CREDS_CREDENTIALS)
		return path_of(ctx, "AWS_SHARED_CREDENTIALS_FILE", "credentials");
	return path_of(ctx, "AWS_CONFIG_FILE", "config");
}

static enum err
open_sources(
	const void *ctx, struct sources *from, struct fault *warning, struct fault *why)
{
	const char *credentials = creds_path(ctx, CREDS_CREDENTIALS);
	const char *config = creds_path(ctx, CREDS_CONFIG);
	enum err err;

	err = ini_read(ctx, credentials, from->profile, &from->credentials, warning, why);
	if (err)
		return err;
	return ini_read_profile(
		ctx, config, from->profile, &from->config, warning, why);
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

static enum err
take_environment(const void *ctx, struct creds *out, struct fault *why)
{
	const char *token = either(env("AWS_SECURITY_TOKEN"), env("AWS_SESSION_TOKEN"));

	out->access_key = mem_text(ctx, env("AWS_ACCESS_KEY_ID"));
	out->secret = mem_text(ctx, env("AWS_SECRET_ACCESS_KEY"));
	out->session_token = mem_text(ctx, token);
	out->source = "environment";
	if (out->secret)
		return ERR_NONE;
	return fault(why, ERR_NOT_FOUND,
		"AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not.");
}

static const char *
name_source(const void *ctx, const struct sources *from, const struct ini_file *file)
{
	return text_safe_z(ctx, mem_format(ctx, "profile %s of %s", from->profile,
					ini_path(file)))
		.text;
}

/* Both halves of a key come from one file. */
static enum err
take_file(const void *ctx, const struct sources *from, const struct ini_file *file,
	struct creds *out, struct fault *why)
{
	const char *token = either(ini_get(file, "aws_security_token"),
		ini_get(file, "aws_session_token"));

	if (!ini_get(file, "aws_secret_access_key"))
		return fault(why, ERR_NOT_FOUND,
			"%s holds aws_access_key_id, and no aws_secret_access_key.",
			name_source(ctx, from, file));
	out->access_key = ini_word(ctx, ini_get(file, "aws_access_key_id"));
	out->secret = ini_word(ctx, ini_get(file, "aws_secret_access_key"));
	out->session_token = ini_word(ctx, token);
	out->source = name_source(ctx, from, file);
	return ERR_NONE;
}

static enum err
take_process(const void *ctx, const struct sources *from, struct creds *out,
	struct fault *why)
{
	const char **words;
	size_t count;
	enum err err = shell_split(
		ctx, value_of(from, "credential_process"), &words, &count, why);

	if (!err && count == 0)
		err = fault(why, ERR_INVALID, "It names no program.");
	if (err)
		return fault_at(why, ERR_NOT_FOUND, "credential_process of profile %s",
			text_safe_z(ctx, from->profile).text);
	out->process = words;
	out->source = text_safe_z(ctx,
		mem_format(ctx, "credential_process of profile %s", from->profile))
			      .text;
	return ERR_NONE;
}

/* What the AWS tools would do with it before they look for keys; NULL: nothing. */
static const char *
find_detour(const struct sources *from)
{
	static const char *const signs[] = { "sso_session", "sso_start_url",
		"sso_account_id", "sso_role_name" };

	if (value_of(from, "role_arn"))
		return "takes on a role (role_arn)";
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		if (value_of(from, signs[i]))
			return "gets its keys by a sign-on (sso)";
	return NULL;
}

static enum err
refuse_detour(const void *ctx, const struct sources *from, const char *detour,
	struct fault *why)
{
	const char *profile = text_safe_z(ctx, from->profile).text;

	return fault(why, ERR_NOT_FOUND,
		"Profile %s %s, which oneclick leaves to the aws command: put its keys "
		"into the environment, eval \"$(aws configure export-credentials "
		"--profile '%s' --format env)\", or name that command in the profile's "
		"credential_process.",
		profile, detour, profile);
}

/* The nearest of the names that the files know; NULL: none is near. */
static const char *
find_near(const void *ctx, const struct sources *from)
{
	const char *const *in_credentials, *const *in_config;
	size_t n = ini_headings(from->credentials, &in_credentials);
	size_t m = ini_headings(from->config, &in_config);
	const char **all = mem_array(ctx, const char *, n + m + 1);
	const char *near;

	for (size_t i = 0; i < n + m; i++)
		all[i] = i < n ? in_credentials[i] : in_config[i - n];
	near = nearest_word(from->profile, all, n + m);
	return near ? text_safe_z(ctx, near).text : NULL;
}

static enum err
say_where(const void *ctx, const struct sources *from, struct fault *why)
{
	const char *profile = text_safe_z(ctx, from->profile).text;
	const char *credentials = text_safe_z(ctx, ini_path(from->credentials)).text;
	const char *config = text_safe_z(ctx, ini_path(from->config)).text;
	const char *near = find_near(ctx, from);

	if (ini_has_section(from->credentials) || ini_has_section(from->config) ||
		!strcmp(from->profile, "default"))
		return fault(why, ERR_NOT_FOUND,
			"No access key: looked in AWS_ACCESS_KEY_ID, then for profile %s "
			"in %s and in %s.",
			profile, credentials, config);
	return fault(why, ERR_NOT_FOUND, "There is no profile %s in %s nor in %s%s%s.",
		profile, credentials, config, near ? "; did you mean " : "",
		near ? near : "");
}

/* A profile named outright is meant, even when the environment has keys as well. The order
 * is that of the AWS tools. */
static enum err
take_keys(const void *ctx, const struct sources *from, bool is_named, struct creds *out,
	struct fault *why)
{
	const char *detour = find_detour(from);

	if (!is_named && env("AWS_ACCESS_KEY_ID"))
		return take_environment(ctx, out, why);
	if (detour)
		return refuse_detour(ctx, from, detour, why);
	if (ini_get(from->credentials, "aws_access_key_id"))
		return take_file(ctx, from, from->credentials, out, why);
	if (value_of(from, "credential_process"))
		return take_process(ctx, from, out, why);
	if (ini_get(from->config, "aws_access_key_id"))
		return take_file(ctx, from, from->config, out, why);
	return say_where(ctx, from, why);
}

static const char *
find_endpoint(const struct sources *from)
{
	static const char *const names[] = { "AWS_ENDPOINT_URL_IOT_1CLICK_DEVICES_SERVICE",
		"AWS_ENDPOINT_URL_IOT_1CLICK_PROJECTS", "AWS_ENDPOINT_URL" };
	const char *ignored = either(env("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"), "false");

	if (!strcasecmp(ignored, "true"))
		return NULL;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (env(names[i]))
			return env(names[i]);
	return value_of(from, "endpoint_url");
}

static void
take_place(const void *ctx, const struct sources *from, struct creds *out)
{
	const char *region = either(env("AWS_REGION"), env("AWS_DEFAULT_REGION"));

	out->region = ini_word(ctx, either(region, value_of(from, "region")));
	out->endpoint = ini_word(ctx, find_endpoint(from));
	out->ca_file = mem_text(
		ctx, either(env("AWS_CA_BUNDLE"), value_of(from, "ca_bundle")));
}

enum err
creds_find(const void *ctx, const char *profile, struct creds *out, struct fault *warning,
	struct fault *why)
{
	void *life = mem_life(NULL);
	struct sources from = {
		.profile = either(profile,
			either(either(env("AWS_PROFILE"), env("AWS_DEFAULT_PROFILE")),
				"default")),
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
