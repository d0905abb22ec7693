/* What the operator decided: the service's options, one row each in settings.c (name, kind,
 * default, one sentence; from it come parsing, --help and the checks). */
#ifndef ONECLICK_SERVICE_SETTINGS_H
#define ONECLICK_SERVICE_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "oneclick/base/fault.h"
#include "oneclick/data/value.h"

#define ACCOUNT_DEFAULT "000000000000"

struct settings {
	const char *listen;   /* "127.0.0.1:8080"; NULL: no TCP */
	const char *socket;   /* path of a Unix socket; NULL: none */
	const char *state;    /* directory of the store */
	const char *mqtt;     /* "mqtt://[user:password@]host[:port]"; NULL: no broker */
	const char *region;   /* "us-west-2" */
	const char *account;  /* of the local socket's user and of new keys */
	int64_t claim_window; /* ms a pending claim stays open */
	int64_t keep_events;  /* ms events are kept */
	int64_t clock_skew;   /* ms a signature may be off, either way */
	/* The configuration file's tree, whose sections their own rooms read; NULL: none */
	const struct value *file;
	bool with_parent; /* end when standard input closes: the console's service */
};

/* Reads argv after the sub-command into out (texts borrowed from argv); the sentence names
 * the option and the nearest one that exists. */
enum err settings_read(int argc, char **argv, struct settings *out, struct fault *why);
/* The state directory when none is named; static. */
const char *settings_default_state(void);
void settings_print_help(void); /* on standard output */

#endif
