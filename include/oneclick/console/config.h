/*
 * What the user wrote down: $XDG_CONFIG_HOME/oneclick/config.yaml (or ~/.config/…), with
 * the contexts a console can open. A key nobody knows is a warning with its line, its
 * column and the nearest name; the rest is read on.
 *
 *   context: prod-eu            # which one to open
 *   theme: terminal
 *   read_only: false
 *   contexts:
 *     prod-eu: {endpoint: "https://1click.example", region: eu-central-1, profile: ops}
 *   keys: {devices: {unclaim: Ctrl-u}}
 */
#ifndef ONECLICK_CONSOLE_CONFIG_H
#define ONECLICK_CONSOLE_CONFIG_H

#include <stddef.h>

#include "oneclick/base/fault.h"
#include "oneclick/data/value.h"

struct config_context {
	const char *name;
	const char *endpoint; /* these seven are NULL when not said */
	const char *region;
	const char *profile;
	const char *account;
	const char *theme;
	const char *ca_file;
	const char *where; /* "config.yaml:5:3" */
	int read_only;     /* 1, 0, or -1 when not said */
	int plain;
};

struct config {
	const char *path;         /* of the file, whether it exists or not */
	const char *context;      /* the default one; NULL when not said */
	const char *theme;        /* NULL when not said */
	int read_only;            /* 1, 0, or -1 when not said */
	const struct value *tree; /* the file as written; NULL: there is none */
	const struct value *keys; /* the keys section of it; NULL: none */
	const struct config_context *contexts;
	size_t count;
	const char *const *warnings; /* whole sentences, made safe */
	size_t warning_count;
};

/* Reads the file (`path` NULL: the user's own, and none there is an empty configuration;
 * a file that was named must be there).  What is wrong inside becomes warnings; ERR_INVALID
 * only when it is no YAML at all, and *out is then an empty configuration. */
enum err config_load(
	const void *ctx, const char *path, const struct config **out, struct fault *why);

/* The file's name as sentences have it: without its folder. */
const char *config_name(const struct config *config);
/* The context of that name, or NULL. */
const struct config_context *config_find(const struct config *config, const char *name);

/* DIR/oneclick under the XDG directory of `variable` ("XDG_STATE_HOME"), else under
 * HOME's `otherwise` (".local/state"); NULL when neither is an absolute path. */
char *config_home(const void *ctx, const char *variable, const char *otherwise);

#endif
