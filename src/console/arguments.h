/* The command line: options anywhere, the other words in order; and what the tables print
 * of themselves (--help, --dump-keys, --dump-commands). */
#ifndef ONECLICK_SRC_CONSOLE_ARGUMENTS_H
#define ONECLICK_SRC_CONSOLE_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "oneclick/base/fault.h"
#include "oneclick/console/context.h"
#include "oneclick/console/demo.h"
#include "oneclick/console/output.h"
#include "oneclick/data/record.h"

struct arguments {
	struct context_flags flags;
	const char *config; /* --config; NULL: the user's own */
	const char *theme, *colour, *output, *command, *check_theme;
	const char *file;         /* -f */
	const char *after, *seed; /* numbers, as written */
	const char *user;
	const char *topic, *payload; /* profile test */
	struct texts headers, names; /* --header, --alias, as often as they were given */
	bool help, version, dump_keys, dump_commands, check_config;
	bool demo, still, linear, yes, wait, dry_run, prune, retained;
	const char **word; /* the command; owned by ctx */
	size_t count;
};

/* ERR_INVALID names the option and the nearest one that exists. */
enum err arguments_read(
	const void *ctx, int argc, char **argv, struct arguments *out, struct fault *why);
/* A whole number, `otherwise` when text is NULL. */
enum err arguments_number(const char *option, const char *text, int64_t otherwise,
	int64_t *out, struct fault *why);

void arguments_print_help(void);
void arguments_print_keys(void);
void arguments_print_commands(void);

#endif
