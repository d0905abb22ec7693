/*
 * The commands on product profiles: `profile list`, `profile check`, `profile test`.  They
 * read files and messages, and need no service.
 */
#ifndef ONECLICK_SRC_CONSOLE_PROFILE_COMMAND_H
#define ONECLICK_SRC_CONSOLE_PROFILE_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "oneclick/console/output.h"
#include "oneclick/data/record.h"

struct profile_command {
	const char *const *words; /* the command and its arguments */
	size_t count;
	enum output_format format;
	const char *topic, *payload; /* NULL: not given; "@FILE" is the file's content */
	bool retained;
	struct texts headers, names; /* NAME=VALUE each */
};

/* True if these words are one of them. */
bool profile_command_is(const char *const *words, size_t count);
/* Runs it to its end; an exit status of console.h. */
int profile_command_run(const struct profile_command *command);

#endif
