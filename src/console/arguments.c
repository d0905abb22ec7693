#include "arguments.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/console/action.h"
#include "oneclick/data/record.h"

enum { COMMAND_WORDS_MAX = 256 };

/* name, what it takes ("" nothing; with ... it may be given several times), its member,
 * and what --help says of it. */
struct option {
	const char *name, *takes;
	size_t at;
	const char *help;
};

#define AT(member) offsetof(struct arguments, member)
static const struct option options[] = {
	{ "--context", "NAME", AT(flags.context), "the context to open" },
	{ "--endpoint", "URL", AT(flags.endpoint), "https://HOST[:PORT] or unix:/PATH" },
	{ "--region", "REGION", AT(flags.region), "the service's region" },
	{ "--profile", "NAME", AT(flags.profile), "the AWS profile to sign as" },
	{ "--ca-file", "FILE", AT(flags.ca_file), "the only authorities to believe" },
	{ "--plain", "", AT(flags.plain), "allow http:// beyond this machine" },
	{ "--read-only", "", AT(flags.read_only), "change nothing, whatever happens" },
	{ "--config", "FILE", AT(config), "instead of ~/.config/oneclick/config.yaml" },
	{ "--theme", "NAME", AT(theme), "a shipped theme, or a file" },
	{ "--color", "WHEN", AT(colour), "auto, never, 16, 256 or direct" },
	{ "--linear", "", AT(linear), "no cursor addressing: for screen readers" },
	{ "--demo", "", AT(demo), "open a throw-away fleet, with presses arriving" },
	{ "--demo-seed", "NUMBER", AT(seed), "the same fleet and presses each time" },
	{ "--demo-still", "", AT(still), "the demo without presses" },
	{ "--output", "FORMAT", AT(output), "json, text, csv or table" },
	{ "--yes", "", AT(yes), "what would be asked is meant" },
	{ "--wait", "", AT(wait), "claim: wait for the press, then finish" },
	{ "-f", "FILE", AT(file), "apply: the template" },
	{ "--dry-run", "", AT(dry_run), "apply, fleet import: only say what would be done" },
	{ "--prune", "", AT(prune), "apply: remove placements that the file does not name" },
	{ "--topic", "TOPIC", AT(topic), "profile test: of MQTT, or a path /ingest/..." },
	{ "--payload", "TEXT", AT(payload), "profile test: the message, or @FILE" },
	{ "--retained", "", AT(retained), "profile test: the broker had kept it" },
	{ "--header", "K=V...", AT(headers), "profile test: one of HTTP" },
	{ "--alias", "N=ID...", AT(names), "profile test: a name that is known" },
	{ "--user", "NAME", AT(user), "policy simulate: whom it is about" },
	{ "--after", "NUMBER", AT(after), "events follow: resume after this position" },
	{ "-c", "COMMAND", AT(command), "do one command and leave" },
	{ "--check-config", "", AT(check_config), "tell what is wrong there; 78 if any" },
	{ "--check-theme", "NAME", AT(check_theme), "the same of a theme, or all" },
	{ "--dump-keys", "", AT(dump_keys), "list the keys" },
	{ "--dump-commands", "", AT(dump_commands), "list the commands" },
	{ "--help", "", AT(help), "this text" },
	{ "--version", "", AT(version), "the version" },
};
#undef AT

enum { OPTIONS = sizeof(options) / sizeof(*options) };

static const struct option *
find(const char *word)
{
	size_t n = strcspn(word, "=");

	for (size_t i = 0; i < OPTIONS; i++)
		if (strlen(options[i].name) == n && !memcmp(options[i].name, word, n))
			return &options[i];
	return NULL;
}

static enum err
refuse_unknown(const void *ctx, const char *word, struct fault *why)
{
	const char *names[OPTIONS], *near;

	for (size_t i = 0; i < OPTIONS; i++)
		names[i] = options[i].name;
	near = nearest_word(word, names, OPTIONS);
	return fault(why, ERR_INVALID, "There is no option %s%s%s; --help lists them.",
		text_safe_z(ctx, word).text, near ? "; did you mean " : "",
		near ? near : "");
}

static void
add_text(const void *ctx, struct texts *texts, const char *text)
{
	texts->item = mem_resize(ctx, texts->item, const char *, texts->count + 1);
	texts->item[texts->count++] = text;
}

/* The option at argv[*at]; its value may be the next word. */
static enum err
take_option(const void *ctx, int argc, char **argv, int *at, struct arguments *out,
	struct fault *why)
{
	const char *word = argv[*at], *equals = strchr(word, '=');
	const struct option *option = find(word);
	void *member;

	if (!option)
		return refuse_unknown(ctx, word, why);
	member = (char *)out + option->at;
	if (!*option->takes && equals)
		return fault(why, ERR_INVALID, "%s takes no value.", option->name);
	if (!*option->takes) {
		*(bool *)member = true;
		return ERR_NONE;
	}
	if (!equals && *at + 1 == argc)
		return fault(
			why, ERR_INVALID, "%s needs %s.", option->name, option->takes);
	word = equals ? equals + 1 : argv[++*at];
	if (strstr(option->takes, "..."))
		add_text(ctx, member, word);
	else
		*(const char **)member = word;
	return ERR_NONE;
}

static void
split_command(const void *ctx, struct arguments *out)
{
	char *text = mem_text(ctx, out->command), *rest = NULL;

	out->word = mem_array(ctx, const char *, COMMAND_WORDS_MAX);
	out->count = 0;
	for (char *word = strtok_r(text, " \t", &rest);
		word && out->count < COMMAND_WORDS_MAX;
		word = strtok_r(NULL, " \t", &rest))
		out->word[out->count++] = word;
}

/* After "--" all words are the command's. */
enum err
arguments_read(
	const void *ctx, int argc, char **argv, struct arguments *out, struct fault *why)
{
	bool only_words = false;

	*out = (struct arguments){ .word = mem_array(
					   ctx, const char *, (size_t)argc + 1) };
	for (int i = 1; i < argc; i++) {
		if (!only_words && !strcmp(argv[i], "--"))
			only_words = true;
		else if (only_words || argv[i][0] != '-' || !argv[i][1])
			out->word[out->count++] = argv[i];
		else if (take_option(ctx, argc, argv, &i, out, why))
			return why ? why->code : ERR_INVALID;
	}
	if (out->command)
		split_command(ctx, out);
	return ERR_NONE;
}

enum err
arguments_number(const char *option, const char *text, int64_t otherwise, int64_t *out,
	struct fault *why)
{
	char *end;

	*out = otherwise;
	if (!text)
		return ERR_NONE;
	errno = 0;
	*out = strtoll(text, &end, 10);
	if (*text && !*end && !errno && *out >= 0)
		return ERR_NONE;
	return fault(why, ERR_INVALID, "%s takes a whole number.", option);
}

/* ---- what the tables print of themselves ---- */

enum { HELP_AT = 34, HELP_WIDTH = 79 };

/* Whole words, in lines that begin at HELP_AT; the first line is there already. */
static void
print_wrapped(const char *text)
{
	int at = HELP_AT;

	for (size_t n; *text; text += n + strspn(text + n, " ")) {
		n = strcspn(text, " ");
		if (at > HELP_AT && at + 1 + (int)n > HELP_WIDTH) {
			printf("\n%*s", HELP_AT, "");
			at = HELP_AT;
		}
		at += printf("%s%.*s", at > HELP_AT ? " " : "", (int)n, text);
	}
	printf("\n");
}

static void
print_spelling(const struct action *action)
{
	int at = printf(
		"  %s%s%s", action->words, *action->usage ? " " : "", action->usage);

	if (at > HELP_AT - 2) {
		printf("\n");
		at = 0;
	}
	printf("%*s", HELP_AT - at, "");
	print_wrapped(action->help);
}

void
arguments_print_help(void)
{
	printf("oneclick: a console for fleets of simple buttons\n\n"
	       "  oneclick [OPTIONS]            open the console\n"
	       "  oneclick [OPTIONS] COMMAND    do one thing and leave\n\n"
	       "Without an endpoint it runs a service of its own, on this machine "
	       "only.\n"
	       "Keys, regions, certificates and proxies are found as the aws command "
	       "finds\n"
	       "them: AWS_PROFILE, AWS_CA_BUNDLE, HTTP_PROXY, HTTPS_PROXY, NO_PROXY.\n\n"
	       "Options\n");
	for (size_t i = 0; i < OPTIONS; i++)
		printf("  %-15s %-7s  %s\n", options[i].name, options[i].takes,
			options[i].help);
	printf("\nCommands\n");
	for (int id = 0; id < ACTION_COUNT; id++)
		if (action_row((enum action_id)id)->where & ACTION_ON_COMMAND_LINE)
			print_spelling(action_row((enum action_id)id));
	printf("\nExit: 0 done, 1 failed, 2 usage, 3 partly failed, 4 refused, 5 not\n"
	       "authorised, 69 service unreachable, 78 configuration, 128+n signal n\n");
}

void
arguments_print_keys(void)
{
	for (int id = 0; id < ACTION_COUNT; id++) {
		const struct action *action = action_row((enum action_id)id);

		for (int pane = 0; pane < PANE_COUNT && *action->keys; pane++)
			if (action->contexts & (1u << pane))
				printf("%s\t%s\t%s\n", pane_name((enum pane_id)pane),
					action->keys, action->words);
	}
}

void
arguments_print_commands(void)
{
	for (int id = 0; id < ACTION_COUNT; id++) {
		const struct action *action = action_row((enum action_id)id);

		printf("%s\t%s\t%s\t%s\n", action->words, action->usage,
			action_is_write(action) ? "W" : "", action->help);
	}
}
