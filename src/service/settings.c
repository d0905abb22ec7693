#include "oneclick/service/settings.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oneclick/data/record.h"

enum kind { TEXT, ACCOUNT, MINUTES, DAYS, SWITCH };

#define MINUTE (INT64_C(60) * 1000)
#define DAY (24 * 60 * MINUTE)

struct option {
	const char *name;
	enum kind kind;
	size_t at;
	const char *value;     /* what --help calls it */
	const char *otherwise; /* its default, read like a given one; NULL: none */
	const char *help;
};

#define AT(member) offsetof(struct settings, member)
static const struct option options[] = {
	{ "listen", TEXT, AT(listen), "ADDRESS:PORT", NULL,
		"serve HTTP there; port 0 takes a free one" },
	{ "socket", TEXT, AT(socket), "PATH", NULL,
		"serve our own user on a Unix socket, without keys" },
	{ "state", TEXT, AT(state), "DIRECTORY", NULL,
		"where the fleet is kept; made if it is not there" },
	{ "mqtt", TEXT, AT(mqtt), "URL", NULL,
		"follow this broker's oneclick/<deviceId>/event (mqtt://host:port)" },
	{ "region", TEXT, AT(region), "NAME", "us-west-2",
		"the region this service is, of devices and projects" },
	{ "account", ACCOUNT, AT(account), "NUMBER", ACCOUNT_DEFAULT,
		"account of the socket's user, 12 digits" },
	{ "claim-window", MINUTES, AT(claim_window), "MINUTES", "15",
		"how long a started claim waits for its press" },
	{ "keep-events", DAYS, AT(keep_events), "DAYS", "400", "how long events are kept" },
	{ "clock-skew", MINUTES, AT(clock_skew), "MINUTES", "15",
		"how far off the clock of a signature may be" },
	{ "with-parent", SWITCH, AT(with_parent), "", NULL,
		"end when standard input closes" },
};
enum { OPTIONS = sizeof(options) / sizeof(*options) };

static enum err
read_number(const struct option *option, const char *text, int64_t unit, int64_t *out,
	struct fault *why)
{
	char *end;
	long long n = strtoll(text, &end, 10);

	if (end == text || *end || n < 1 || n > 100000)
		return fault(why, ERR_INVALID,
			"--%s takes a whole number of %s from 1 to 100000, not \"%s\".",
			option->name, unit == DAY ? "days" : "minutes", text);
	*out = n * unit;
	return ERR_NONE;
}

static enum err
set_option(const struct option *option, const char *text, struct settings *out,
	struct fault *why)
{
	void *member = (char *)out + option->at;

	switch (option->kind) {
	case ACCOUNT:
		if (strlen(text) != 12 || strspn(text, "0123456789") != 12)
			return fault(why, ERR_INVALID,
				"--%s takes 12 digits, not \"%s\".", option->name, text);
		*(const char **)member = text;
		return ERR_NONE;
	case TEXT:
		if (!*text)
			return fault(why, ERR_INVALID, "--%s takes a %s, not nothing.",
				option->name, option->value);
		*(const char **)member = text;
		return ERR_NONE;
	case MINUTES:
		return read_number(option, text, MINUTE, member, why);
	case DAYS:
		return read_number(option, text, DAY, member, why);
	case SWITCH:
		*(bool *)member = true;
		return ERR_NONE;
	}
	return ERR_NONE;
}

static const struct option *
find_option(const char *name, size_t length)
{
	for (size_t i = 0; i < OPTIONS; i++)
		if (strlen(options[i].name) == length &&
			!memcmp(options[i].name, name, length))
			return &options[i];
	return NULL;
}

static enum err
refuse_unknown(const char *word, struct fault *why)
{
	const char *names[OPTIONS], *near;

	for (size_t i = 0; i < OPTIONS; i++)
		names[i] = options[i].name;
	near = nearest_word(word + strspn(word, "-"), names, OPTIONS);
	return fault(why, ERR_INVALID, "There is no option \"%s\"%s%s%s; --help lists them.",
		word, near ? "; did you mean --" : "", near ? near : "", near ? "?" : "");
}

/* One option at argv[*i], as "--name value" or "--name=value". */
static enum err
read_option(int argc, char **argv, int *i, struct settings *out, struct fault *why)
{
	const char *word = argv[*i], *equals = strchr(word, '=');
	size_t length = equals ? (size_t)(equals - word) : strlen(word);
	const struct option *option =
		!strncmp(word, "--", 2) ? find_option(word + 2, length - 2) : NULL;

	if (!option)
		return refuse_unknown(word, why);
	if (option->kind == SWITCH)
		return set_option(option, "", out, why);
	if (equals)
		return set_option(option, equals + 1, out, why);
	if (*i + 1 >= argc)
		return fault(why, ERR_INVALID, "--%s takes a %s after it.", option->name,
			option->value);
	return set_option(option, argv[++*i], out, why);
}

enum err
settings_read(int argc, char **argv, struct settings *out, struct fault *why)
{
	enum err err = ERR_NONE;

	*out = (struct settings){ 0 };
	for (size_t i = 0; i < OPTIONS; i++)
		if (options[i].otherwise)
			set_option(&options[i], options[i].otherwise, out, NULL);
	for (int i = 0; i < argc && err == ERR_NONE; i++)
		err = read_option(argc, argv, &i, out, why);
	return err;
}

void
settings_print_help(void)
{
	for (size_t i = 0; i < OPTIONS; i++) {
		char head[64];

		snprintf(head, sizeof(head), "--%s %s", options[i].name, options[i].value);
		printf("  %-24s %s", head, options[i].help);
		if (options[i].otherwise)
			printf(" (%s)", options[i].otherwise);
		putchar('\n');
	}
}
