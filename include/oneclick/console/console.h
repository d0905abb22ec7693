/*
 * The console on a screen: what main has resolved goes in, the exit status comes out. It
 * draws its first frame before anything is asked of the network.
 */
#ifndef ONECLICK_CONSOLE_CONSOLE_H
#define ONECLICK_CONSOLE_CONSOLE_H

#include <stdbool.h>

#include "oneclick/base/loop.h"
#include "oneclick/console/config.h"
#include "oneclick/console/context.h"
#include "oneclick/console/demo.h"
#include "oneclick/console/local.h"

/* Exit statuses (sysexits where they fit); 128 + n after signal n. */
enum {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_PARTLY = 3,
	EXIT_REFUSED = 4, /* read-only, or a confirmation not given */
	EXIT_NOT_AUTHORISED = 5,
	EXIT_UNREACHABLE = 69,
	EXIT_CONFIG = 78,
};

struct console_options {
	struct loop *loop;                 /* main's; the console runs it */
	const struct config *config;       /* the contexts to switch to, and the keys */
	const struct context_flags *flags; /* for resolving another context */
	const struct context *context;     /* where to begin */
	struct local *local;               /* of a local context or demo; else NULL. The
					    * endpoint is local_endpoint's, to be called from
					    * local_when_ready on */
	struct demo *demo;                 /* NULL unless --demo */
	const char *theme;  /* --theme, else context's, else config's; or NULL */
	const char *colour; /* --color's word, or "auto" */
	const char *notice; /* to show first: a warning; NULL: none */
	bool linear;        /* --linear: no cursor addressing */
};

/* Runs until the user leaves; an exit status of the enum above, or 128 + signal. */
int console_run(const struct console_options *options);

#endif
