/* `audit export`: the account's records of requests, as JSON Lines, newest first. */
#ifndef ONECLICK_SRC_CONSOLE_AUDIT_COMMAND_H
#define ONECLICK_SRC_CONSOLE_AUDIT_COMMAND_H

#include "oneclick/client/client.h"

struct audit_command {
	struct client *client;
	const char *path; /* "-": standard output */
	/* `answer` is of the call that failed, or has the sentence of a file that could not
	 * be written; NULL when all went well. */
	void (*done)(void *arg, const struct answer *answer);
	void *arg;
};

/* Asks for all pages.  The file is there when it is whole, and not before. */
void audit_export_start(const void *ctx, const struct audit_command *command);

#endif
