#include "oneclick/console/context.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/data/record.h"

static const char *
env(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

/* The first that is said. */
static const char *
first_of(const char *a, const char *b, const char *c)
{
	if (a)
		return a;
	return b ? b : c;
}

static enum err
refuse_name(const struct config *config, const char *name, struct fault *why)
{
	void *life = mem_life(NULL);
	const char **names = mem_array(life, const char *, config->count + 1);
	const char *near;

	for (size_t i = 0; i < config->count; i++)
		names[i] = config->contexts[i].name;
	names[config->count] = CONTEXT_LOCAL;
	near = nearest_word(name, names, config->count + 1);
	fault(why, ERR_NOT_FOUND, "There is no context \"%s\" in %s%s%s%s.",
		text_safe_z(life, name).text, text_safe_z(life, config->path).text,
		near ? "; did you mean \"" : "", near ? near : "", near ? "\"" : "");
	mem_free(life);
	return ERR_NOT_FOUND;
}

/* What the configuration says of the context wanted, an empty one for none and "local".
 */
static enum err
choose(const struct config *config, const struct context_flags *flags,
	struct config_context *out, struct fault *why)
{
	const char *name =
		first_of(flags->context, env("ONECLICK_CONTEXT"), config->context);
	const struct config_context *found = name ? config_find(config, name) : NULL;

	*out = (struct config_context){ .read_only = -1, .plain = -1 };
	if (found)
		*out = *found;
	else if (name && !strcmp(name, CONTEXT_LOCAL))
		out->name = CONTEXT_LOCAL;
	else if (name)
		return refuse_name(config, name, why);
	return ERR_NONE;
}

static bool
is_switched_on(const char *value)
{
	return value && strcmp(value, "0") != 0 && strcasecmp(value, "false") != 0 &&
	       strcasecmp(value, "no") != 0;
}

/* Any source that says so is enough; none can say the contrary. */
static const char *
find_read_only(const struct config *config, const struct context_flags *flags,
	const struct config_context *chosen)
{
	if (flags->read_only)
		return "--read-only";
	if (is_switched_on(env("ONECLICK_READ_ONLY")))
		return "ONECLICK_READ_ONLY";
	if (config->read_only == 1)
		return "read_only in the configuration";
	return chosen->read_only == 1 ? chosen->where : NULL;
}

/* "https://a.example:8443" is called "a.example:8443". */
static const char *
name_endpoint(const void *ctx, const char *endpoint)
{
	const char *host = strstr(endpoint, "://");

	return text_safe_z(ctx, host ? host + 3 : endpoint).text;
}

static void
fill(struct context *context, const struct config_context *chosen,
	const struct context_flags *flags, const struct creds *found)
{
	bool local =
		chosen->name && !strcmp(chosen->name, CONTEXT_LOCAL) && !chosen->endpoint;
	const char *endpoint = first_of(
		flags->endpoint, chosen->endpoint, local ? NULL : found->endpoint);

	context->endpoint = mem_text(context, endpoint);
	context->region = mem_text(
		context, first_of(flags->region, chosen->region,
				 first_of(found->region, NULL, CONTEXT_REGION_DEFAULT)));
	context->account = mem_text(context, chosen->account);
	context->theme = mem_text(context, chosen->theme);
	context->ca_file =
		mem_text(context, first_of(flags->ca_file, chosen->ca_file,
					  local ? NULL : found->ca_file));
	context->plain = flags->plain || chosen->plain == 1;
	if (chosen->name)
		context->name = mem_text(context, chosen->name);
	else
		context->name =
			endpoint ? name_endpoint(context, endpoint) : CONTEXT_LOCAL;
}

static int
wipe_creds(struct context *context)
{
	creds_wipe(&context->creds);
	return 0;
}

/* A service on a Unix socket knows its user without a key. */
static bool
needs_keys(const struct context *context)
{
	return context->endpoint && strncmp(context->endpoint, "unix:", 5) != 0;
}

static enum err
settle_keys(struct context *context, const struct creds *found, enum err err)
{
	if (!needs_keys(context)) {
		struct creds unused = *found;

		creds_wipe(&unused);
		return ERR_NONE;
	}
	context->creds = *found;
	talloc_set_destructor(context, wipe_creds);
	return err;
}

enum err
context_resolve(const void *ctx, const struct config *config,
	const struct context_flags *flags, const struct context **out,
	struct fault *warning, struct fault *why)
{
	struct context *context = mem_new(ctx, struct context);
	struct config_context chosen;
	struct creds found;
	enum err err = choose(config, flags, &chosen, why);

	if (err)
		return err;
	context->profile =
		mem_text(context, first_of(flags->profile, chosen.profile, NULL));
	context->read_only_by = mem_text(context, find_read_only(config, flags, &chosen));
	err = creds_find(context, context->profile, &found, warning, why);
	fill(context, &chosen, flags, &found);
	err = settle_keys(context, &found, err);
	if (err)
		return fault_at(why, err, "Context %s", context->name);
	*out = context;
	return ERR_NONE;
}

static bool
has_keys(const struct creds *creds)
{
	return creds->access_key || creds->process;
}

bool
context_is_local(const struct context *context)
{
	return context->endpoint == NULL;
}

enum err
context_client(const void *ctx, struct loop *loop, const struct context *context,
	const char *endpoint, struct client **out, struct fault *why)
{
	struct client_options options = {
		.endpoint = endpoint ? endpoint : context->endpoint,
		.region = context->region,
		.creds = has_keys(&context->creds) ? &context->creds : NULL,
		.read_only = context->read_only_by != NULL,
		.plain = context->plain,
		.ca_file = context->ca_file,
	};

	return client_new(ctx, loop, &options, out, why);
}
