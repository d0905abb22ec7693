/*
 * Programs of the operator's: the event on standard input, its names in the environment,
 * nothing of it anywhere else.  Exit 0 is delivered, 75 (EX_TEMPFAIL) to be tried again,
 * another of sysexits.h (64 to 78) never; all the rest, too late and too loud included, may
 * go well another time.
 */
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attempt.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/trust.h"
#include "run.h"
#include "sink_read.h"
#include "sinks.h"

enum {
	ARGUMENTS_MAX = 64,
	OUTPUT_MAX = 1024 * 1024, /* bytes, when nothing else is said */
};

struct exec_options {
	struct texts command;
	const char *user;
	int64_t max_output;
};

/*
 * command        absolute path and arguments, constants
 * user           whose the program is; needed when the service is root's
 * max-output     bytes it may print before it is ended
 */
#define ROW(label, what, member, low, high) \
	SINK_ROW(struct exec_options, label, what, member, low, high)
static const struct field rows[] = {
	ROW("command", FIELD_TEXTS, command, 1, ARGUMENTS_MAX),
	ROW("user", FIELD_TEXT, user, 1, 32),
	ROW("max-output", FIELD_INT, max_output, 1024, 1024 * 1024 * 1024),
};

struct exec {
	const struct sink_world *world;
	struct run_plan plan;
};

/* ---- the configuration ---- */

static enum err
check_program(const struct value *value, const char *path, struct fault *why)
{
	struct fault open;
	struct stat at;

	if (stat(path, &at) || !S_ISREG(at.st_mode))
		return sink_refuse(
			value, "command", why, "There is no program %s.", path);
	if (!(at.st_mode & S_IXUSR))
		return sink_refuse(value, "command", why,
			"%s is not executable: chmod +x it.", path);
	if (trust_path(path, &open))
		return sink_refuse(value, "command", why, "%s", open.sentence);
	return ERR_NONE;
}

static enum err
check_command(const struct value *value, const struct texts *command, struct fault *why)
{
	if (sink_need(value, "command", why))
		return ERR_INVALID;
	if (command->item[0][0] != '/')
		return sink_refuse(value, "command", why,
			"\"command\" begins with an absolute path: nothing is looked "
			"for.");
	for (size_t i = 0; i < command->count; i++)
		if (strstr(command->item[i], "{{"))
			return sink_refuse(value, "command", why,
				"Arguments are constants: attributes come on standard "
				"input.");
	return ERR_NONE;
}

/* Another user can be had by root only, who must have one. */
static enum err
take_user(
	struct exec *exec, const struct value *value, const char *name, struct fault *why)
{
	const struct passwd *entry = name ? getpwnam(name) : NULL;

	if (name && !entry)
		return sink_refuse(value, "user", why, "There is no user \"%s\".", name);
	if (geteuid() != 0 && entry && entry->pw_uid != geteuid())
		return sink_refuse(value, "user", why,
			"Only a service that is root's can run programs as \"%s\".",
			name);
	if (geteuid() != 0)
		return ERR_NONE;
	if (!entry || entry->pw_uid == 0)
		return sink_refuse(value, entry ? "user" : "command", why,
			"The service runs as root: \"user\" must name another user for "
			"the program.");
	exec->plan.changes_user = true;
	exec->plan.uid = entry->pw_uid;
	exec->plan.gid = entry->pw_gid;
	return ERR_NONE;
}

static enum err
read_exec(struct exec *exec, const struct value *value, struct fault *why)
{
	struct exec_options options;
	enum err err =
		record_read(exec, rows, sizeof rows / sizeof *rows, value, &options, why);

	if (err == ERR_NONE)
		err = check_command(value, &options.command, why);
	if (err == ERR_NONE)
		err = check_program(value, options.command.item[0], why);
	/* Who runs the service need not be who checks its configuration. */
	if (err == ERR_NONE && exec->world)
		err = take_user(exec, value, options.user, why);
	if (err != ERR_NONE)
		return err;
	exec->plan.argv = mem_array(exec, const char *, options.command.count + 1);
	memcpy(exec->plan.argv, options.command.item,
		options.command.count * sizeof *exec->plan.argv);
	exec->plan.max_output = options.max_output == FIELD_ABSENT_INT
					? OUTPUT_MAX
					: (size_t)options.max_output;
	return ERR_NONE;
}

static enum err
open_exec(const void *ctx, const struct value *value, const struct sink_world *world,
	void **out, struct fault *why)
{
	struct exec *exec = mem_new(ctx, struct exec);

	exec->world = world;
	*out = exec;
	return read_exec(exec, value, why);
}

static void *
send_exec(void *sink, const struct parcel *parcel, outcome_fn fn, void *arg)
{
	const struct exec *exec = sink;

	return run_start(attempt_new(exec->world->loop, fn, arg), &exec->plan, parcel);
}

const struct sink_class sink_exec = {
	.name = "exec",
	.open = open_exec,
	.send = send_exec,
	.cancel = run_cancel,
};
