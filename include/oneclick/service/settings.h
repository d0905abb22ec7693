/*
 * What the operator decided: the service's options, one row each in settings.c (name, kind,
 * default, one sentence; from it come the command line, the environment, the file's keys,
 * --help and the checks), and the file's sections.
 *
 * Four layers, each over the one before: default, configuration file, environment, command
 * line.  A service that ends with its parent (--with-parent) hears its parent alone: no
 * environment, and no file that was not named.
 *
 * A reload (service.c) changes the rows marked LIVE and the sections.  The texts of the
 * other rows stay as long as the service; whoever keeps a text or tree that a reload changes
 * reads it anew then, or has copied it.
 */
#ifndef ONECLICK_SERVICE_SETTINGS_H
#define ONECLICK_SERVICE_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "oneclick/base/fault.h"
#include "oneclick/data/value.h"
#include "oneclick/service/config.h"

#define ACCOUNT_DEFAULT "000000000000"

struct settings {
	const char *listen;   /* "127.0.0.1:8080"; NULL: no TCP */
	const char *socket;   /* path of a Unix socket; NULL: none */
	const char *state;    /* directory of the store */
	const char *mqtt; /* "mqtt[s]://[user:password@]host[:port]"; NULL: no broker */
	const char *mqtt_password_file; /* holds the user's password; NULL: the URL's */
	const char *mqtt_ca;            /* authorities of mqtts, PEM; NULL: the system's */
	const char *mqtt_listen; /* "ADDRESS:PORT" of our own MQTT; NULL: none */
	const char *tls_cert, *tls_key; /* PEM files; both or, without TLS, neither */
	const char *trusted_proxies; /* "127.0.0.1, 10.0.0.0/8"; NULL: none */
	const char *proxy_header;    /* the one they are believed in */
	const char *region;   /* "us-west-2" */
	const char *account;  /* of the local socket's user and of new keys */
	int64_t claim_window; /* ms a pending claim stays open */
	int64_t keep_events;  /* ms events are kept */
	int64_t keep_audit;   /* ms records of requests are */
	const char *audit;          /* "strict" or "counted" */
	bool audit_strict;          /* the former: no read without its record */
	const char *audit_key_file; /* of their signatures; NULL: STATE/audit.key */
	int64_t keep_metrics; /* ms metrics are */
	int64_t clock_skew;   /* ms a signature may be off, either way */
	int64_t stop_wait;    /* ms callbacks under way are waited for at the end */
	int64_t throttle; /* calls a second of one operation by one account; 0: any */
	bool no_replay_check; /* a change may be sent again as it was signed */
	/* The configuration file's tree, whose sections their own rooms read; NULL: none */
	const struct value *file;
	const struct config_place *place; /* where each row was said */
	bool with_parent; /* end when standard input closes: the console's service */
	const char *metrics_token_file; /* of /metrics over TCP; NULL: none */
	const char *config; /* path of the file; NULL or "none": none */
	bool check_config;  /* only say what is wrong with it */
	int argc;           /* the words it was read from */
	char **argv;
};

/* Reads argv after the sub-command into out to its end, and nothing else; the sentence is of
 * the first fault, and names the option and the nearest one that exists. */
enum err settings_read_words(
	int argc, char **argv, struct settings *out, struct fault *why);
/* Reads all layers, the words of `words` last, into out; what it needs lives as long as
 * ctx. Tells of every problem it can find; ERR_INVALID if there was one. */
enum err settings_read(const void *ctx, const struct settings *words,
	struct settings *out, struct config_check *check);
/* Tells what is wrong with the value of a row ("--tls-key"), and where that was said. */
void settings_problem(const struct settings *settings, const char *option,
	struct config_check *check, const struct fault *why);
/* What --check-config looks at beyond what was said: the files and directories that settings
 * name, and variables whose names are nearly one of ours. */
void settings_check_files(const struct settings *settings, struct config_check *check);
void settings_check_variables(struct config_check *check);
/* For a reload: what only a restart changes is put back to what `running` has. The names
 * of what had changed, with commas between, live as long as ctx; NULL: nothing had. */
const char *settings_hold(
	const void *ctx, const struct settings *running, struct settings *fresh);
/* Which of the rest, and which sections of the file, a reload changes: as above. */
const char *settings_changed(
	const void *ctx, const struct settings *running, const struct settings *fresh);
/* The state directory when none is named: what systemd gives the service, or in the
 * user's home; static. */
const char *settings_default_state(void);
void settings_print_help(void); /* on standard output */

#endif
