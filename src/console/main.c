/* oneclick: the console of the 1-Click service, and its command line. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <locale.h>

#include "arguments.h"
#include "check.h"
#include "oneclick/base/descriptors.h"
#include "oneclick/base/digest.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/console/console.h"
#include "oneclick/console/headless.h"
#include "oneclick/ui/theme.h"
#include "oneclick/ui/tty.h"
#include "profile_command.h"

/* All of one run; freed at its end. */
struct run {
	void *life;
	struct loop *loop;
	struct arguments arguments;
	const struct config *config;
	const struct context *context;
	struct demo *demo;
	struct local *local;
	struct fault warning; /* code 0: none */
};

static int
fail(const struct fault *why, int status)
{
	void *life = mem_life(NULL);

	fprintf(stderr, "oneclick: %s\n", text_safe_z(life, why->sentence).text);
	mem_free(life);
	return status;
}

/* Keys of ours are in memory: no core, nobody may look; files of ours are ours alone. */
static void
prepare_process(void)
{
	setlocale(LC_ALL, "");
	setlocale(LC_NUMERIC, "C");
	signal(SIGPIPE, SIG_IGN);
	umask(S_IRWXG | S_IRWXO);
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
	prctl(PR_SET_DUMPABLE, 0);
}

/* ---- what only prints -----------------------------------------------------------------
 */

static void
tell_warnings(const struct config *config)
{
	for (size_t i = 0; i < config->warning_count; i++)
		fprintf(stderr, "oneclick: %s\n", config->warnings[i]);
}

static void
complain_of_theme(void *arg, const struct fault *why)
{
	*(int *)arg = fail(why, EXIT_CONFIG);
}

static int
check_theme(const char *name)
{
	struct fault why;
	size_t count;
	const char *const *names = theme_names(&count);
	int status = EXIT_DONE;

	if (strcmp(name, "all") != 0) {
		names = &name;
		count = 1;
	}
	for (size_t i = 0; i < count; i++)
		if (theme_check(names[i], complain_of_theme, &status, &why))
			status = fail(&why, EXIT_CONFIG);
	return status;
}

static bool
prints_only(const struct arguments *arguments)
{
	if (arguments->help)
		arguments_print_help();
	else if (arguments->version)
		printf("oneclick %s\n", ONECLICK_VERSION);
	else if (arguments->dump_keys)
		arguments_print_keys();
	else if (arguments->dump_commands)
		arguments_print_commands();
	else
		return false;
	return true;
}

/* ---- the service to speak to ---- */

static enum err
open_demo(struct run *run, struct fault *why)
{
	struct demo_options options = { .still = run->arguments.still };
	int64_t seed;
	enum err err =
		arguments_number("--demo-seed", run->arguments.seed, 0, &seed, why);

	if (run->arguments.seed)
		options.seed = (uint64_t)seed;
	else
		digest_random(&options.seed, sizeof(options.seed));
	if (!err)
		err = demo_start(run->life, run->loop, &options, &run->demo, why);
	if (!err)
		run->local = demo_local(run->demo);
	return err;
}

/* The console itself begins a fleet of one's own. */
static enum headless_need
find_need(const struct run *run)
{
	const struct arguments *arguments = &run->arguments;
	enum headless_need need = HEADLESS_BEGINS_FLEET;

	if (arguments->count > 0)
		need = headless_need(arguments->word, arguments->count);
	return need == HEADLESS_BEGINS_FLEET && arguments->count > 0 &&
			       run->context->read_only_by
		       ? HEADLESS_NEEDS_FLEET
		       : need;
}

static enum err
open_local(struct run *run, struct fault *why)
{
	struct local_options options = {
		.region = run->context->region,
		.read_only = run->context->read_only_by != NULL,
		.must_be_there = find_need(run) == HEADLESS_NEEDS_FLEET,
	};

	if (!context_is_local(run->context) || find_need(run) == HEADLESS_NEEDS_NOTHING)
		return ERR_NONE;
	return local_start(run->life, run->loop, &options, &run->local, why);
}

/* The demo is a local context of its own name, whatever else is configured. */
static enum err
resolve(struct run *run, struct fault *why)
{
	struct context_flags flags = run->arguments.flags;
	struct context *demo;
	enum err err;

	if (run->arguments.demo) {
		flags.context = CONTEXT_LOCAL;
		flags.endpoint = NULL;
	}
	err = context_resolve(
		run->life, run->config, &flags, &run->context, &run->warning, why);
	if (err || !run->arguments.demo)
		return err;
	demo = mem_new(run->life, struct context);
	*demo = *run->context;
	demo->name = "demo";
	run->context = demo;
	return ERR_NONE;
}

static void
close_all(struct run *run)
{
	if (run->loop)
		loop_before_sleep(run->loop, NULL, NULL);
	if (run->demo)
		demo_stop(run->demo);
	else
		local_stop(run->local);
	mem_free(run->life);
	loop_free(run->loop);
}

/* ---- the two ways to run ---- */

static int
run_command(struct run *run)
{
	const struct arguments *arguments = &run->arguments;
	struct headless_options options = {
		.loop = run->loop,
		.context = run->context,
		.local = run->local,
		.words = arguments->word,
		.count = arguments->count,
		.format = isatty(STDOUT_FILENO) ? OUTPUT_TABLE : OUTPUT_JSON,
		.yes = arguments->yes,
		.wait = arguments->wait,
		.file = arguments->file,
		.user = arguments->user,
		.dry_run = arguments->dry_run,
		.prune = arguments->prune,
	};
	struct fault why;

	if (arguments->output &&
		output_format_read(arguments->output, &options.format, &why))
		return fail(&why, EXIT_USAGE);
	if (arguments_number("--after", arguments->after, -1, &options.after, &why))
		return fail(&why, EXIT_USAGE);
	tell_warnings(run->config);
	if (run->warning.code)
		fail(&run->warning, 0);
	return headless_run(&options);
}

static const char *
choose_theme(const struct run *run)
{
	if (run->arguments.theme)
		return run->arguments.theme;
	return run->context->theme ? run->context->theme : run->config->theme;
}

static int
run_console(struct run *run)
{
	const struct arguments *arguments = &run->arguments;
	struct console_options options = {
		.loop = run->loop,
		.config = run->config,
		.flags = &arguments->flags,
		.context = run->context,
		.local = run->local,
		.demo = run->demo,
		.theme = choose_theme(run),
		.colour = arguments->colour ? arguments->colour : "auto",
		.notice = run->warning.code ? run->warning.sentence : NULL,
		.linear = arguments->linear,
	};

	if (!options.notice && run->config->warning_count > 0)
		options.notice = run->config->warnings[0];
	return console_run(&options);
}

static int
refuse_no_screen(void)
{
	fprintf(stderr, "oneclick: This is no terminal to draw on. Give a command "
			"(oneclick devices "
			"list; oneclick --help lists them), or run it in a terminal.\n");
	return EXIT_USAGE;
}

static int
run_with_service(struct run *run)
{
	struct fault why;
	enum err err = resolve(run, &why);

	if (err)
		return fail(&why, EXIT_CONFIG);
	run->loop = loop_new();
	err = run->arguments.demo ? open_demo(run, &why) : open_local(run, &why);
	if (err)
		return fail(&why, err == ERR_INVALID ? EXIT_USAGE : EXIT_UNREACHABLE);
	return run->arguments.count > 0 ? run_command(run) : run_console(run);
}

/* What needs no service, nor to know which. */
static int
run_profile_command(const struct run *run)
{
	const struct arguments *arguments = &run->arguments;
	struct profile_command command = {
		.words = arguments->word,
		.count = arguments->count,
		.format = isatty(STDOUT_FILENO) ? OUTPUT_TABLE : OUTPUT_JSON,
		.topic = arguments->topic,
		.payload = arguments->payload,
		.retained = arguments->retained,
		.headers = arguments->headers,
		.names = arguments->names,
	};
	struct fault why;

	if (arguments->output &&
		output_format_read(arguments->output, &command.format, &why))
		return fail(&why, EXIT_USAGE);
	return profile_command_run(&command);
}

static int
run_all(struct run *run)
{
	const struct arguments *arguments = &run->arguments;
	struct fault why;

	if (profile_command_is(arguments->word, arguments->count))
		return run_profile_command(run);
	if (config_load(run->life, arguments->config, &run->config, &why))
		return fail(&why, EXIT_CONFIG);
	if (arguments->check_config)
		return check_config(run->config);
	if (arguments->check_theme)
		return check_theme(arguments->check_theme);
	if (arguments->count == 0 && !arguments->linear && !tty_is_there())
		return refuse_no_screen();
	return run_with_service(run);
}

/* What could not be printed was not told, whatever was done. */
static int
settle_output(int status)
{
	if ((fflush(stdout) == 0 && !ferror(stdout)) || status != EXIT_DONE)
		return status;
	fprintf(stderr, "oneclick: Standard output took not all that was printed: it is "
			"closed, or full.\n");
	return EXIT_FAILED;
}

int
main(int argc, char **argv)
{
	struct run run = { .life = mem_life(NULL) };
	struct fault why;
	int status;

	descriptors_fill();
	prepare_process();
	if (arguments_read(run.life, argc, argv, &run.arguments, &why)) {
		status = fail(&why, EXIT_USAGE);
	} else if (prints_only(&run.arguments)) {
		status = EXIT_DONE;
	} else {
		status = run_all(&run);
	}
	close_all(&run);
	return settle_output(status);
}
