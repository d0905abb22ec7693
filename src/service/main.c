/* oneclickd: the service, and the commands that work on its store. */
#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "oneclick/base/descriptors.h"
#include "oneclick/base/log.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/service/config.h"
#include "oneclick/service/service.h"
#include "status.h"

/* Bytes free at the end of the heap that malloc keeps. Each batch of requests frees what
 * the next one needs: with its default it would give the pages back and fault them in
 * again, twice a batch. Every heap keeps as much, so there is not one for each thread. */
enum { HEAP_SPARE = 2 * 1024 * 1024, HEAPS = 2 };

static void
print_help(void)
{
	printf("oneclickd: the service of both 1-Click APIs, in the foreground\n");
	settings_print_help();
	command_print_help();
	printf("\nNotes\n"
	       "Each option is a key of the configuration too (claim-window: 15m) and a\n"
	       "variable (ONECLICKD_CLAIM_WINDOW). The command line counts more than "
	       "the\n"
	       "environment, and that more than the file. SIGHUP reads them anew, "
	       "SIGTERM\n"
	       "ends. oneclickd --help and --version stand alone.\n"
	       "\nExit: 0 done, 1 failed, 2 usage, 69 in use by another, 74 the store\n"
	       "cannot be used, 78 configuration\n");
}

/* Files of ours are ours alone; every connection is a descriptor. */
static void
prepare_process(void)
{
	struct rlimit files;

	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a limit on files is a disk that is full */
	mallopt(M_TRIM_THRESHOLD, HEAP_SPARE);
	mallopt(M_ARENA_MAX, HEAPS);
	umask(S_IRWXG | S_IRWXO);
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
}

static void
say(const char *before, const char *sentence)
{
	void *life = mem_life(NULL);

	fprintf(stderr, "%s%s\n", before, text_safe_z(life, sentence).text);
	mem_free(life);
}

static int
fail(const struct fault *why, int status)
{
	say("oneclickd: ", why->sentence);
	return status;
}

static void
say_problem(void *arg, const char *sentence)
{
	say(arg, sentence);
}

/* Lines begin as a compiler's do, for editors that can go there. */
static int
check_config(const void *life, const struct settings *words)
{
	struct config_check check = { .tell = say_problem, .arg = (char[]){ "" } };
	struct settings settings;

	settings_read(life, words, &settings, &check);
	settings_check_files(&settings, &check);
	if (!words->with_parent)
		settings_check_variables(&check);
	if (check.problems)
		return STATUS_CONFIG;
	if (settings.config)
		printf("%s: ok\n", text_safe_z(life, settings.config).text);
	else
		printf("no configuration file: ok\n");
	return 0;
}

static int
run(const void *life, const struct settings *words)
{
	struct config_check check = { .tell = say_problem,
		.arg = (char[]){ "oneclickd: " } };
	struct settings settings;
	struct fault why;
	int status;

	if (settings_read(life, words, &settings, &check))
		return STATUS_CONFIG;
	if (service_run(&settings, &status, &why))
		return fail(&why, status_of_start(why.code));
	return status;
}

/* What could not be printed was not told, whatever was done. */
static int
settle_output(int status)
{
	if ((fflush(stdout) == 0 && !ferror(stdout)) || status != 0)
		return status;
	say("oneclickd: ",
		"Standard output took not all that was printed: it is closed, or full.");
	return STATUS_FAILED;
}

static int
serve(int argc, char **argv)
{
	void *life = mem_life(NULL);
	struct settings words;
	struct fault why;
	enum err err = settings_read_words(argc - 1, argv + 1, &words, &why);
	int status;

	if (words.check_config)
		status = settle_output(check_config(life, &words));
	else if (err)
		status = fail(&why, STATUS_USAGE);
	else
		status = run(life, &words);
	mem_free(life);
	return status;
}

int
main(int argc, char **argv)
{
	int status = 0;

	descriptors_fill();
	prepare_process();
	log_for_journal();
	if (argc > 1 && strcmp(argv[argc - 1], "--help") == 0)
		print_help();
	else if (argc == 2 && strcmp(argv[1], "--version") == 0)
		printf("oneclickd %s\n", ONECLICK_VERSION);
	else if (!command_run(argc, argv, &status))
		return serve(argc, argv);
	return settle_output(status);
}
