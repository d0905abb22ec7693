/*
 * The commands on whole fleets: `apply` makes the service what a CloudFormation template
 * says, `fleet import` what a CSV file says, `fleet export` writes either.  Each step is
 * told as it is taken; said again, a command does what is left and nothing twice.
 */
#ifndef ONECLICK_SRC_CONSOLE_FLEET_COMMAND_H
#define ONECLICK_SRC_CONSOLE_FLEET_COMMAND_H

#include <stdbool.h>

#include "oneclick/client/client.h"
#include "oneclick/console/action.h"
#include "oneclick/console/output.h"

struct fleet_command {
	struct client *client;
	enum action_id action; /* APPLY, FLEET_IMPORT or FLEET_EXPORT */
	const char *file;      /* to read, or to write; "-": standard input or output */
	struct buf text;       /* of a file that was read */
	const char *region, *account; /* account NULL: not known yet */
	bool dry_run, prune, yes;
	enum output_format format;
	void (*done)(void *arg, int status); /* an exit status of console.h */
	void *arg;
};

/* The file's text, living as long as ctx; from a pipe it is waited for, so before the loop
 * runs. */
enum err fleet_command_read(
	const void *ctx, const char *path, struct buf *text, struct fault *why);
/* Begins it; `done` is called once, later or at once. Its memory lives as long as ctx. */
void fleet_command_start(const void *ctx, const struct fleet_command *command);

#endif
