#include "command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/service/settings.h"

enum { STATUS_FAILED = 1, STATUS_USAGE = 2 };

static const struct command *const commands[] = {
	&command_key_create,
	&command_key_list,
	&command_key_revoke,
	&command_device_register,
};

enum { COMMANDS = sizeof commands / sizeof *commands };

enum err
command_read_file(
	const void *ctx, const char *path, size_t cap, struct buf *out, struct fault *why)
{
	bool is_stdin = strcmp(path, "-") == 0;
	FILE *file = is_stdin ? stdin : fopen(path, "re");
	char piece[4096];
	bool failed;
	size_t n;

	if (!file)
		return fault(
			why, ERR_INVALID, "Cannot read %s: %s.", path, strerror(errno));
	buf_init(out, ctx, cap);
	while ((n = fread(piece, 1, sizeof piece, file)) > 0 && !out->full)
		buf_add(out, piece, n);
	failed = ferror(file) != 0;
	if (!is_stdin)
		fclose(file);
	if (failed)
		return fault(
			why, ERR_INVALID, "Cannot read %s: %s.", path, strerror(errno));
	if (out->full)
		return fault(why, ERR_INVALID, "%s is longer than %zu bytes.", path, cap);
	return ERR_NONE;
}

static int
fail(const void *ctx, const struct fault *why, int status)
{
	fprintf(stderr, "oneclickd: %s\n", text_safe_z(ctx, why->sentence).text);
	return status;
}

static int
run(const struct command *command, int argc, char **argv)
{
	void *ctx = mem_life(NULL);
	struct command_words words = { 0 };
	struct store *store;
	struct fault why;
	int status = 0;

	if (options_read(command->rows, command->count, argc, argv, &words, &why)) {
		status = fail(ctx, &why, STATUS_USAGE);
	} else if (store_open(words.state ? words.state : settings_default_state(),
			   &store, &why)) {
		status = fail(ctx, &why, STATUS_FAILED);
	} else {
		if (command->run(store, ctx, &words, &why))
			status = fail(ctx, &why, STATUS_FAILED);
		store_close(store);
	}
	mem_free(ctx);
	return status;
}

static void
print_help(const struct command *command)
{
	printf("\noneclickd %s %s: %s\n", command->noun, command->verb, command->help);
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
	for (size_t i = 0; argc > 2 && i < COMMANDS; i++) {
		if (strcmp(argv[1], commands[i]->noun) != 0 ||
			strcmp(argv[2], commands[i]->verb) != 0)
			continue;
		*status = run(commands[i], argc - 3, argv + 3);
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
