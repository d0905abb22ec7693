#include "command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "audit_key.h"
#include "command_record.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/service/settings.h"
#include "status.h"

static const struct command *const commands[] = {
	&command_account_create,
	&command_account_list,
	&command_user_create,
	&command_user_list,
	&command_user_show,
	&command_user_delete,
	&command_user_policy,
	&command_user_tag,
	&command_key_create,
	&command_key_list,
	&command_key_rotate,
	&command_key_revoke,
	&command_device_register,
	&command_init,
	&command_backup,
	&command_restore,
	&command_compact,
	&command_audit_export,
	&command_audit_verify,
};

enum { COMMANDS = sizeof commands / sizeof *commands };

static void
say(void *arg, const char *sentence)
{
	fprintf(stderr, "oneclickd: %s\n", text_safe_z(arg, sentence).text);
}

static int
fail(void *ctx, const struct fault *why, int status)
{
	say(ctx, why->sentence);
	return status;
}

static void
say_nothing(void *arg, const char *sentence)
{
	(void)arg, (void)sentence;
}

/* The directory that a service started here would have, and what else it would go by.  If
 * another is named, a configuration that cannot be read is no matter. */
static enum err
find_state(void *ctx, const char *named, struct settings *settings)
{
	struct config_check check = { .tell = named ? say_nothing : say, .arg = ctx };
	struct settings words = { 0 };
	enum err err = settings_read(ctx, &words, settings, &check);

	if (!named)
		return err;
	if (err || !settings->state || strcmp(settings->state, named) != 0)
		settings->audit_key_file = NULL;
	settings->state = named;
	return ERR_NONE;
}

/* One made on the spot would be empty, or hold a key that no service knows. */
static enum err
need_store(const char *state, struct fault *why)
{
	if (store_is_there(state))
		return ERR_NONE;
	return fault(why, ERR_NOT_FOUND,
		"There is no store in %s. Say with --state where the service keeps it; "
		"the "
		"service makes it when it first starts, and `oneclickd init` before.",
		state);
}

static int
run_on_store(const struct command *command, const struct settings *settings,
	const void *ctx, const struct command_words *words, struct fault *why)
{
	struct command_record record = { command, words, settings, NULL };
	struct store *store;
	enum err err = need_store(settings->state, why);

	if (!err)
		err = command->reads ? store_open_to_read(settings->state, &store, why)
				     : store_open(settings->state, &store, why);
	if (err)
		return status_of_start(err);
	record.key_path = audit_key_path(ctx, settings->state, settings->audit_key_file);
	store_witness(store, command_record_change, &record);
	err = command->run(store, ctx, words, why);
	store_close(store);
	return status_of_work(err);
}

/* A command over the whole store has its record in the store that is there afterwards; when
 * nothing came of it, or there is none, there is nothing to tell. */
static enum err
run_at(const struct command *command, const struct settings *settings, const void *ctx,
	const struct command_words *words, struct fault *why)
{
	const struct command_record record = { command, words, settings,
		audit_key_path(ctx, settings->state, settings->audit_key_file) };
	enum err err = command->run_at(settings->state, words, why);

	if (!err && command_record_whole(&record, why)) {
		fprintf(stderr,
			"oneclickd: warning: it was done, but its audit record was not "
			"written: ");
		say((void *)(uintptr_t)ctx, why->sentence);
	}
	return err;
}

static int
run(const struct command *command, int argc, char **argv)
{
	void *ctx = mem_life(NULL);
	struct command_words words = { 0 };
	struct settings settings;
	struct fault why;
	int status;

	words.made = pairs_new(ctx);
	if (options_read(command->rows, command->count, argc, argv, &words, &why)) {
		status = fail(ctx, &why, STATUS_USAGE);
	} else if (find_state(ctx, words.state, &settings)) {
		status = STATUS_CONFIG;
	} else {
		words.settings = &settings;
		status = command->run_at
				 ? status_of_work(run_at(command, &settings, ctx, &words,
					   &why))
				 : run_on_store(command, &settings, ctx, &words, &why);
		if (status)
			say(ctx, why.sentence);
	}
	mem_free(ctx);
	return status;
}

static void
print_help(const struct command *command)
{
	printf("\noneclickd %s%s%s: %s\n", command->noun, command->verb ? " " : "",
		command->verb ? command->verb : "", command->help);
	options_print(command->rows, command->count);
}

/* A noun alone, or with a verb it does not have: which ones it has. */
static bool
refuse_verb(const char *noun, int *status)
{
	bool found = false;

	for (size_t i = 0; i < COMMANDS; i++) {
		if (strcmp(noun, commands[i]->noun) != 0)
			continue;
		fprintf(stderr, "%s%s", found ? ", " : "oneclickd: There are: ", noun);
		fprintf(stderr, " %s", commands[i]->verb);
		found = true;
	}
	if (found)
		fprintf(stderr, "; --help tells more.\n");
	*status = STATUS_USAGE;
	return found;
}

bool
command_run(int argc, char **argv, int *status)
{
	for (size_t i = 0; argc > 1 && i < COMMANDS; i++) {
		const char *verb = commands[i]->verb;
		int words = verb ? 3 : 2; /* that name it, ours included */

		if (argc < words || strcmp(argv[1], commands[i]->noun) != 0 ||
			(verb && strcmp(argv[2], verb) != 0))
			continue;
		*status = run(commands[i], argc - words, argv + words);
		return true;
	}
	return argc > 1 && refuse_verb(argv[1], status);
}

void
command_print_help(void)
{
	for (size_t i = 0; i < COMMANDS; i++)
		print_help(commands[i]);
}
