/* The audit record of what the operator changes with a sub-command: in the transaction of
 * the change, whichever command makes it. */
#ifndef ONECLICK_SERVICE_COMMAND_RECORD_H
#define ONECLICK_SERVICE_COMMAND_RECORD_H

#include "command.h"

struct command_record {
	const struct command *command;
	const struct command_words *words;
	const struct settings *settings; /* region and account, if no word names one */
	const char *key_path;
};

/* A store_fn, for store_witness; `record` is a struct command_record. */
enum err command_record_change(struct tx *tx, void *record, struct fault *why);
/* Of a command that has worked on the whole store, which is closed. The head kept beside the
 * store is then that record's: who restores an older backup says so. */
enum err command_record_whole(const struct command_record *record, struct fault *why);

#endif
