#include "oneclick/service/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "oneclick/base/mem.h"
#include "oneclick/data/json.h"
#include "oneclick/data/record.h"
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
	LIVE("--trusted-proxies", OPTION_NETWORKS, trusted_proxies, NULL, "ADDRESSES",
		"proxies that say for whom they ask; addresses and networks, with "
		"commas"),
	LIVE("--proxy-header", OPTION_CHOICE, proxy_header, "X-Forwarded-For",
		"X-Forwarded-For|Forwarded", "the header in which they say it"),
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
	LIVE("--audit", OPTION_CHOICE, audit, "counted", "strict|counted",
		"whether a read whose audit record cannot be written is refused, or the "
		"record counted as lost"),
	ROW("--audit-key-file", OPTION_TEXT, audit_key_file, NULL, "FILE",
		"the key that signs audit records (audit.key where everything is kept)"),
	LIVE("--keep-metrics", OPTION_DURATION, keep_metrics, "455d", "TIME",
		"how long metrics are kept"),
	LIVE("--metrics-token-file", OPTION_TEXT, metrics_token_file, NULL, "FILE",
		"the token that /metrics is read with over TCP"),
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

struct first_fault {
	enum err err;
	struct fault *why;
};

static void
keep_first(void *arg, const struct option_row *row, const struct fault *why)
{
	struct first_fault *first = arg;

	(void)row;
	if (why && !first->err) {
		*first->why = *why;
		first->err = why->code;
	}
}

enum err
settings_read_words(int argc, char **argv, struct settings *out, struct fault *why)
{
	struct first_fault first = { .why = why };

	*out = (struct settings){ .argc = argc, .argv = argv };
	options_read_each(rows, ROWS, argc, argv, out, keep_first, &first);
	return first.err;
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

/* What is being read, and where each row was said. */
struct layers {
	const void *ctx;
	struct config_place *place;
	struct config_check *check;
};

static void
read_environment(struct layers *at, struct settings *out)
{
	struct fault why;

	for (size_t i = 0; i < ROWS; i++) {
		char name[OPTION_VARIABLE_SIZE];
		const char *said;

		if (rows[i].scope == SCOPE_WORDS)
			continue;
		options_name_variable(&rows[i], name);
		said = getenv(name);
		if (options_read_variable(&rows[i], out, &why))
			config_problem(at->check, &why);
		else if (said && *said)
			at->place[i] = (struct config_place){ .name = mem_text(
								      at->ctx, name) };
	}
}

static void
hear_word(void *arg, const struct option_row *row, const struct fault *why)
{
	struct layers *at = arg;

	if (why)
		config_problem(at->check, why);
	else
		at->place[row - rows] = (struct config_place){ .name = row->name };
}

enum err
settings_read(const void *ctx, const struct settings *words, struct settings *out,
	struct config_check *check)
{
	const char *path = find_config(words);
	const struct config *config = config_read(ctx, path, check);
	struct layers at = { .ctx = ctx, .check = check };

	at.place = mem_array(ctx, struct config_place, ROWS);
	*out = (struct settings){
		.argc = words->argc, .argv = words->argv, .place = at.place
	};
	options_set_defaults(rows, ROWS, out);
	config_apply(ctx, config, rows, ROWS, out, at.place, check);
	if (!words->with_parent)
		read_environment(&at, out);
	options_read_each(rows, ROWS, words->argc, words->argv, out, hear_word, &at);
	if (!out->listen && !out->socket)
		out->listen = LISTEN_DEFAULT;
	if (!out->state)
		out->state = settings_default_state();
	out->audit_strict = strcmp(out->audit, "strict") == 0;
	out->config = path;
	out->file = path ? config->tree : NULL;
	return check->problems ? ERR_INVALID : ERR_NONE;
}

/* ---- what is wrong with what was said ---- */

void
settings_problem(const struct settings *settings, const char *option,
	struct config_check *check, const struct fault *why)
{
	struct config_place place = { .name = option + 2 };
	struct fault named = *why;

	for (size_t i = 0; i < ROWS; i++)
		if (strcmp(rows[i].name, option) == 0 && settings->place[i].name)
			place = settings->place[i];
	fault_at(&named, why->code, "%s", place.name);
	check->file = place.file;
	check->line = place.line;
	check->column = place.column;
	config_problem(check, &named);
	check->file = NULL;
}

/* Of a variable that is nobody's: only one that nearly has a name of ours, because a
 * supervisor may set others (ONECLICKD_PORT is what Kubernetes calls a service's). */
static void
check_variable(const char *name, struct config_check *check)
{
	char ours[ROWS][OPTION_VARIABLE_SIZE];
	const char *names[ROWS], *near;
	size_t count = 0, prefix = strlen(OPTION_VARIABLE_PREFIX);
	struct fault why;

	for (size_t i = 0; i < ROWS; i++) {
		if (rows[i].scope == SCOPE_WORDS && strcmp(rows[i].name, "--config") != 0)
			continue;
		options_name_variable(&rows[i], ours[count]);
		names[count] = ours[count] + prefix;
		if (strcmp(name, ours[count++]) == 0)
			return;
	}
	near = nearest_word(name + prefix, names, count);
	if (!near)
		return;
	fault(&why, ERR_INVALID,
		"%.100s is no variable of ours; did you mean " OPTION_VARIABLE_PREFIX
		"%s?",
		name, near);
	config_problem(check, &why);
}

void
settings_check_variables(struct config_check *check)
{
	for (char **at = environ; *at; at++) {
		char name[OPTION_VARIABLE_SIZE];
		size_t n = strcspn(*at, "=");

		if (n >= sizeof name || strncmp(*at, OPTION_VARIABLE_PREFIX,
						 strlen(OPTION_VARIABLE_PREFIX)) != 0)
			continue;
		memcpy(name, *at, n);
		name[n] = '\0';
		check_variable(name, check);
	}
}

/* ---- a reload ---- */

static const char *
add_name(const void *ctx, const char *names, const char *name)
{
	return mem_format(ctx, "%s%s%s", names ? names : "", names ? ", " : "", name);
}

/* A section of the file that is new, gone, or says something else. */
static const char *
add_section(const void *ctx, const char *names, const char *key,
	const struct value *before, const struct value *after)
{
	struct buf was, is;

	buf_init(&was, ctx, BUF_NO_CAP);
	buf_init(&is, ctx, BUF_NO_CAP);
	json_value(&(struct json){ .out = &was }, before);
	json_value(&(struct json){ .out = &is }, after);
	return strcmp(was.data, is.data) == 0 ? names : add_name(ctx, names, key);
}

static bool
is_option(const char *key)
{
	for (size_t i = 0; i < ROWS; i++)
		if (strcmp(rows[i].name + 2, key) == 0)
			return true;
	return false;
}

const char *
settings_changed(
	const void *ctx, const struct settings *running, const struct settings *fresh)
{
	static const struct value nothing = { .kind = VALUE_NULL };
	const struct value *before = running->file, *after = fresh->file, *other;
	const char *changed = NULL;

	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].scope == SCOPE_LIVE &&
			!options_agree(&rows[i], running, fresh))
			changed = add_name(ctx, changed, rows[i].name + 2);
	for (size_t i = 0; after && i < after->count; i++) {
		other = value_get(before, after->key[i]);
		if (!is_option(after->key[i]))
			changed = add_section(ctx, changed, after->key[i],
				other ? other : &nothing, &after->item[i]);
	}
	for (size_t i = 0; before && i < before->count; i++)
		if (!is_option(before->key[i]) && !value_get(after, before->key[i]))
			changed = add_name(ctx, changed, before->key[i]);
	return changed;
}

const char *
settings_hold(const void *ctx, const struct settings *running, struct settings *fresh)
{
	const char *changed = NULL;

	for (size_t i = 0; i < ROWS; i++) {
		const struct option_row *row = &rows[i];

		if (row->scope != SCOPE_START)
			continue;
		if (!options_agree(row, running, fresh))
			changed = add_name(ctx, changed, row->name + 2);
		options_copy(row, running, fresh);
	}
	return changed;
}

void
settings_print_help(void)
{
	options_print(rows, ROWS);
}
