/*
 * Every action without a screen: `oneclick devices list`, `oneclick claim ID --wait`,
 * from the same rows as the console's keys and commands. Answers go to standard output as
 * they come, sentences about failures to standard error.
 */
#ifndef ONECLICK_CONSOLE_HEADLESS_H
#define ONECLICK_CONSOLE_HEADLESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "oneclick/base/loop.h"
#include "oneclick/console/context.h"
#include "oneclick/console/local.h"
#include "oneclick/console/output.h"

struct headless_options {
	struct loop *loop;
	const struct context *context;
	struct local *local;      /* NULL unless the context is the local one */
	const char *const *words; /* the command and its arguments */
	size_t count;
	enum output_format format;
	int64_t after;    /* events follow: resume after it; -1: from now on */
	bool yes;         /* what would be asked is meant */
	const char *file; /* -f; NULL: the command's word */
	const char *user; /* policy simulate: whom about; NULL: nobody */
	bool dry_run, prune;
	bool wait; /* claim: until the button was pressed, then finish */
};

/* What a command takes of a service of one's own. One that looks at a fleet, or changes it,
 * would do so to one that was made for it on the spot. */
enum headless_need {
	HEADLESS_NEEDS_NOTHING, /* there is no such command */
	HEADLESS_NEEDS_FLEET,   /* that is there already */
	HEADLESS_BEGINS_FLEET,  /* or is begun by it */
};
enum headless_need headless_need(const char *const *words, size_t count);

/* Runs until it is done; an exit status of console.h, or 128 + signal. */
int headless_run(const struct headless_options *options);

#endif
