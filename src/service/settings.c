#include "oneclick/service/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "oneclick/base/mem.h"
#include "options.h"

#define LISTEN_DEFAULT "127.0.0.1:8080"
#define SCOPED(name, kind, member, otherwise, takes, help, scope) \
	{ \
		(name), (kind), offsetof(struct settings, member), (otherwise), (takes), \
			(help), (scope) \
	}
#define ROW(...) SCOPED(__VA_ARGS__, SCOPE_START)
#define LIVE(...) SCOPED(__VA_ARGS__, SCOPE_LIVE)
#define WORD(...) SCOPED(__VA_ARGS__, SCOPE_WORDS)

static const struct option_row rows[] = {
	ROW("--listen", OPTION_PLACE, listen, NULL, "ADDRESS:PORT",
		"where to answer over TCP (" LISTEN_DEFAULT " unless --socket is given)"),
	ROW("--socket", OPTION_TEXT, socket, NULL, "PATH",
		"where to answer programs of our own user, without keys"),
	ROW("--state", OPTION_TEXT, state, NULL, "DIR",
		"where everything is kept (~/.local/state/oneclick)"),
	ROW("--mqtt", OPTION_BROKER, mqtt, NULL, "URL",
		"the broker to hear presses from, "
		"mqtt[s]://[USER[:PASSWORD]@]HOST[:PORT]"),
	ROW("--mqtt-password-file", OPTION_TEXT, mqtt_password_file, NULL, "FILE",
		"where the password of the broker's user is"),
	ROW("--mqtt-ca", OPTION_TEXT, mqtt_ca, NULL, "FILE",
		"whose certificates mqtts:// trusts, instead of the system's list"),
	ROW("--mqtt-listen", OPTION_PLACE, mqtt_listen, NULL, "ADDRESS:PORT",
		"where to take presses over MQTT from the devices themselves"),
	ROW("--tls-cert", OPTION_TEXT, tls_cert, NULL, "FILE",
		"the certificate chain, PEM, of all that listens over TCP"),
	ROW("--tls-key", OPTION_TEXT, tls_key, NULL, "FILE",
		"its key, PEM; both are read again on SIGHUP"),
	ROW("--region", OPTION_REGION, region, "us-west-2", "REGION",
		"the region this service is"),
	ROW("--account", OPTION_ACCOUNT, account, ACCOUNT_DEFAULT, "DIGITS",
		"the account of our own user"),
	LIVE("--claim-window", OPTION_DURATION, claim_window, "15m", "TIME",
		"how long a claim waits for the press"),
	LIVE("--keep-events", OPTION_DURATION, keep_events, "400d", "TIME",
		"how long events are kept"),
	LIVE("--keep-audit", OPTION_DURATION, keep_audit, "400d", "TIME",
		"how long the records of requests are kept"),
	LIVE("--keep-metrics", OPTION_DURATION, keep_metrics, "455d", "TIME",
		"how long metrics are kept"),
	LIVE("--metrics-token-file", OPTION_TEXT, metrics_token_file, NULL, "FILE",
		"the token that other machines read /metrics with"),
	LIVE("--clock-skew", OPTION_DURATION, clock_skew, "15m", "TIME",
		"how far the clock of a signature may be off"),
	LIVE("--throttle", OPTION_COUNT, throttle, "500", "N",
		"calls a second of one operation by one account, twice as many at once; "
		"0 "
		"for any number"),
	LIVE("--stop-wait", OPTION_DURATION, stop_wait, "5s", "TIME",
		"how long callbacks under way are waited for at the end"),
	ROW("--no-replay-check", OPTION_FLAG, no_replay_check, NULL, "",
		"carry a change out again when the same signed bytes come again"),
	WORD("--with-parent", OPTION_FLAG, with_parent, NULL, "",
		"end when standard input closes"),
	WORD("--config", OPTION_TEXT, config, NULL, "FILE",
		"the configuration, or none (" CONFIG_FILE " if it is there)"),
	WORD("--check-config", OPTION_FLAG, check_config, NULL, "",
		"only say what is wrong with the configuration; 78 if anything"),
};

enum { ROWS = sizeof rows / sizeof *rows };

const char *
settings_default_state(void)
{
	static char path[4096];
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	const char *given = getenv("STATE_DIRECTORY"); /* by systemd */

	if (given && given[0] == '/')
		snprintf(path, sizeof path, "%s", given);
	else if (state && state[0] == '/')
		snprintf(path, sizeof path, "%s/oneclick", state);
	else
		snprintf(path, sizeof path, "%s/.local/state/oneclick", home ? home : "");
	return path;
}

enum err
settings_read_words(int argc, char **argv, struct settings *out, struct fault *why)
{
	*out = (struct settings){ .argc = argc, .argv = argv };
	return options_read_words(rows, ROWS, argc, argv, out, why);
}

/* ONECLICKD_CONFIG=none is how a container or a test says that there is no file. */
static const char *
find_config(const struct settings *words)
{
	const char *path = words->config;

	if (!path && words->with_parent)
		return NULL;
	if (!path)
		path = getenv("ONECLICKD_CONFIG");
	if (!path || !*path)
		return access(CONFIG_FILE, F_OK) == 0 ? CONFIG_FILE : NULL;
	return strcmp(path, "none") == 0 ? NULL : path;
}

static void
read_environment(struct settings *out, struct config_check *check)
{
	struct fault why;

	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].scope != SCOPE_WORDS &&
			options_read_variable(&rows[i], out, &why))
			config_problem(check, &why);
}

enum err
settings_read(const void *ctx, const struct settings *words, struct settings *out,
	struct config_check *check)
{
	const char *path = find_config(words);
	const struct config *config = config_read(ctx, path, check);
	struct fault why;

	*out = (struct settings){ .argc = words->argc, .argv = words->argv };
	options_set_defaults(rows, ROWS, out);
	config_apply(ctx, config, rows, ROWS, out, check);
	if (!words->with_parent)
		read_environment(out, check);
	if (options_read_words(rows, ROWS, words->argc, words->argv, out, &why))
		config_problem(check, &why);
	if (!out->listen && !out->socket)
		out->listen = LISTEN_DEFAULT;
	if (!out->state)
		out->state = settings_default_state();
	out->config = path;
	out->file = path ? config->tree : NULL;
	return check->problems ? ERR_INVALID : ERR_NONE;
}

/* ---- a reload ---- */

const char *
settings_hold(const void *ctx, const struct settings *running, struct settings *fresh)
{
	const char *changed = NULL;

	for (size_t i = 0; i < ROWS; i++) {
		const struct option_row *row = &rows[i];

		if (row->scope != SCOPE_START)
			continue;
		if (!options_agree(row, running, fresh))
			changed = mem_format(ctx, "%s%s%s", changed ? changed : "",
				changed ? ", " : "", row->name + 2);
		options_copy(row, running, fresh);
	}
	return changed;
}

void
settings_print_help(void)
{
	options_print(rows, ROWS);
}
