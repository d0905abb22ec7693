#include "check.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/client/client.h"
#include "oneclick/client/creds.h"
#include "oneclick/console/console.h"
#include "oneclick/console/keys.h"
#include "oneclick/ui/theme.h"

enum { FILES_MAX = 64 };

struct check {
	void *life;
	const struct config *config;
	const char *file[FILES_MAX]; /* read besides the configuration */
	size_t files;
	int problems;
};

static void
say(struct check *check, const char *sentence)
{
	fprintf(stderr, "oneclick: %s\n", text_safe_z(check->life, sentence).text);
	check->problems++;
}

static void
say_fault(void *arg, const struct fault *why)
{
	say(arg, why->sentence);
}

/* Of a member of the file: where it stands. */
static void
say_at(struct check *check, const struct value *at, const char *what,
	const struct fault *why)
{
	say(check, mem_format(check->life, "%s:%d:%d: %s: %s", config_name(check->config),
			   at->line, at->column, what, why->sentence));
}

static void
note_file(struct check *check, const char *path)
{
	for (size_t i = 0; i < check->files; i++)
		if (!strcmp(check->file[i], path))
			return;
	if (check->files < FILES_MAX && access(path, F_OK) == 0)
		check->file[check->files++] = mem_text(check->life, path);
}

/* ---- what a member may be ---- */

typedef enum err (*check_text_fn)(struct check *check, const struct value *map,
	const char *text, struct fault *why);

static enum err
check_endpoint(struct check *check, const struct value *map, const char *text,
	struct fault *why)
{
	(void)check;
	return client_check_endpoint(text, value_bool(map, "plain", false), why);
}

static enum err
check_region(struct check *check, const struct value *map, const char *text,
	struct fault *why)
{
	(void)check, (void)map;
	if (strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(text))
		return ERR_NONE;
	return fault(why, ERR_INVALID,
		"\"%s\" is no region: one is of lower-case letters, digits and -, as "
		"eu-central-1 is.",
		text);
}

static enum err
check_account(struct check *check, const struct value *map, const char *text,
	struct fault *why)
{
	(void)check, (void)map;
	if (strspn(text, "0123456789") == strlen(text))
		return ERR_NONE;
	return fault(why, ERR_INVALID, "\"%s\" is no account: one is of 12 digits.", text);
}

static enum err
check_ca(struct check *check, const struct value *map, const char *text,
	struct fault *why)
{
	(void)map;
	note_file(check, text);
	return client_check_ca(text, why);
}

static enum err
check_profile(struct check *check, const struct value *map, const char *text,
	struct fault *why)
{
	struct creds creds;
	enum err err = creds_find(check->life, text, &creds, NULL, why);

	(void)map;
	note_file(check, creds_path(check->life, CREDS_CREDENTIALS));
	note_file(check, creds_path(check->life, CREDS_CONFIG));
	creds_wipe(&creds);
	return err;
}

static enum err
check_theme(struct check *check, const struct value *map, const char *text,
	struct fault *why)
{
	(void)map;
	if (strchr(text, '/'))
		note_file(check, text);
	return theme_check(text, say_fault, check, why);
}

static const struct row {
	const char *member;
	check_text_fn check;
} rows[] = {
	{ "endpoint", check_endpoint },
	{ "region", check_region },
	{ "profile", check_profile },
	{ "account", check_account },
	{ "ca_file", check_ca },
	{ "theme", check_theme },
};

/* What is no text at all is among the configuration's own warnings. */
static void
check_map(struct check *check, const struct value *map)
{
	struct fault why;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct value *value = value_get(map, rows[i].member);

		if (value && value->kind == VALUE_TEXT &&
			rows[i].check(check, map, value->text, &why))
			say_at(check, value, rows[i].member, &why);
	}
}

static void
tell_all_is_well(const struct check *check)
{
	const char *path = text_safe_z(check->life, check->config->path).text;

	if (!check->config->tree) {
		printf("%s: there is none.\n", path);
		return;
	}
	printf("%s: nothing wrong", path);
	for (size_t i = 0; i < check->files; i++)
		printf("%s%s", i ? ", " : "; read with it: ",
			text_safe_z(check->life, check->file[i]).text);
	printf(".\n");
}

int
check_config(const struct config *config)
{
	struct check check = { .life = mem_life(NULL), .config = config };
	const struct value *contexts = value_get(config->tree, "contexts");

	for (size_t i = 0; i < config->warning_count; i++)
		say(&check, config->warnings[i]);
	check_map(&check, config->tree);
	for (size_t i = 0; contexts && contexts->kind == VALUE_MAP && i < contexts->count;
		i++)
		check_map(&check, &contexts->item[i]);
	keys_new(check.life, config->keys, say_fault, &check);
	if (!check.problems)
		tell_all_is_well(&check);
	mem_free(check.life);
	return check.problems ? EXIT_CONFIG : EXIT_DONE;
}
