/*
 * Commands beside the contract: what the command line does that is no one operation, one
 * row each in beside.c (whole fleets, deliveries, records, policies).
 */
#ifndef ONECLICK_SRC_CONSOLE_BESIDE_H
#define ONECLICK_SRC_CONSOLE_BESIDE_H

#include "oneclick/client/client.h"
#include "oneclick/console/action.h"
#include "oneclick/console/headless.h"
#include "oneclick/console/output.h"

/* What a command takes from files: read before anything else is begun, since a pipe is
 * waited for. */
struct beside_input {
	struct buf text;  /* of a fleet's file */
	const char *body; /* of a request */
};

struct beside {
	const struct headless_options *options;
	const struct beside_input *input;
	enum action_id action;
	struct client *client;
	struct output *output;
	const char *const *argument;
	size_t arguments;
	/* One of the two is called once, at once or later. */
	void (*done)(void *arg, int status); /* an exit status of console.h */
	void (*failed)(void *arg, const struct fault *why, bool sent);
	void *arg;
};

/* Reads what `action` takes; nothing if it is none of these. Living as long as ctx. */
enum err beside_read(const void *ctx, const struct beside *beside,
	struct beside_input *out, struct fault *why);
/* Begins it; false if the action is none of these.  What it keeps lives as long as ctx. */
bool beside_start(const void *ctx, const struct beside *beside);

#endif
