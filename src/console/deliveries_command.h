/* `deliveries list` and `deliveries replay`, without a screen. */
#ifndef ONECLICK_SRC_CONSOLE_DELIVERIES_COMMAND_H
#define ONECLICK_SRC_CONSOLE_DELIVERIES_COMMAND_H

#include "oneclick/client/client.h"
#include "oneclick/console/output.h"

struct deliveries_command {
	struct client *client;
	struct output *output;
	const char *const *argument;
	size_t arguments;
	/* `answer` is of the call that failed, NULL when all went well. */
	void (*done)(void *arg, const struct answer *answer);
	void *arg;
};

/* Lists, all pages; its one argument may be a state. */
void deliveries_list_start(const void *ctx, const struct deliveries_command *command);
/* ERR_INVALID when the arguments are none of: event IDs, "all", one or two times. */
enum err deliveries_replay_start(
	const void *ctx, const struct deliveries_command *command, struct fault *why);

#endif
