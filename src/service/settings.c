#include "oneclick/service/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"

#define LISTEN_DEFAULT "127.0.0.1:8080"
#define ROW(name, kind, member, otherwise, takes, help) \
	{ \
		(name), (kind), offsetof(struct settings, member), (otherwise), (takes), \
			(help) \
	}

static const struct option_row rows[] = {
	ROW("--listen", OPTION_TEXT, listen, NULL, "ADDRESS:PORT",
		"where to answer over TCP (" LISTEN_DEFAULT " unless --socket is given)"),
	ROW("--socket", OPTION_TEXT, socket, NULL, "PATH",
		"where to answer programs of our own user, without keys"),
	ROW("--state", OPTION_TEXT, state, NULL, "DIR",
		"where everything is kept (~/.local/state/oneclick)"),
	ROW("--mqtt", OPTION_TEXT, mqtt, NULL, "URL",
		"the broker to hear presses from, mqtt://[USER:PASSWORD@]HOST[:PORT]"),
	ROW("--region", OPTION_REGION, region, "us-west-2", "REGION",
		"the region this service is"),
	ROW("--account", OPTION_ACCOUNT, account, ACCOUNT_DEFAULT, "DIGITS",
		"the account of our own user"),
	ROW("--claim-window", OPTION_DURATION, claim_window, "15m", "TIME",
		"how long a claim waits for the press"),
	ROW("--keep-events", OPTION_DURATION, keep_events, "400d", "TIME",
		"how long events are kept"),
	ROW("--clock-skew", OPTION_DURATION, clock_skew, "15m", "TIME",
		"how far the clock of a signature may be off"),
	ROW("--with-parent", OPTION_FLAG, with_parent, NULL, "",
		"end when standard input closes"),
};

enum { ROWS = sizeof rows / sizeof *rows };

const char *
settings_default_state(void)
{
	static char path[4096];
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (state && state[0] == '/')
		snprintf(path, sizeof path, "%s/oneclick", state);
	else
		snprintf(path, sizeof path, "%s/.local/state/oneclick", home ? home : "");
	return path;
}

enum err
settings_read(int argc, char **argv, struct settings *out, struct fault *why)
{
	enum err err;

	*out = (struct settings){ 0 };
	err = options_read(rows, ROWS, argc, argv, out, why);
	if (err)
		return err;
	if (!out->listen && !out->socket)
		out->listen = LISTEN_DEFAULT;
	if (!out->state)
		out->state = settings_default_state();
	return ERR_NONE;
}

void
settings_print_help(void)
{
	options_print(rows, ROWS);
}
