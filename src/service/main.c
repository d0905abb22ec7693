/* oneclickd: the service, and the commands that work on its store. */
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "command.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/service/service.h"

/* Bytes free at the end of the heap that malloc keeps. Each batch of requests frees what
 * the next one needs: with its default it would give the pages back and fault them in
 * again, twice a batch. */
enum { HEAP_SPARE = 2 * 1024 * 1024 };

enum { STATUS_FAILED = 1, STATUS_USAGE = 2, STATUS_BROKEN = 74 };

static void
print_help(void)
{
	printf("oneclickd: the service of both 1-Click APIs, in the foreground\n");
	settings_print_help();
	command_print_help();
	printf("\noneclickd --help | --version\n");
}

/* Files of ours are ours alone; every connection is a descriptor. */
static void
prepare_process(void)
{
	struct rlimit files;

	signal(SIGPIPE, SIG_IGN);
	mallopt(M_TRIM_THRESHOLD, HEAP_SPARE);
	umask(S_IRWXG | S_IRWXO);
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
}

static int
fail(const struct fault *why, int status)
{
	void *life = mem_life(NULL);

	fprintf(stderr, "oneclickd: %s\n", text_safe_z(life, why->sentence).text);
	mem_free(life);
	return status;
}

static int
serve(int argc, char **argv)
{
	struct settings settings;
	struct fault why;
	int status;

	if (settings_read(argc - 1, argv + 1, &settings, &why))
		return fail(&why, STATUS_USAGE);
	if (service_run(&settings, &status, &why))
		return fail(&why, why.code == ERR_BROKEN ? STATUS_BROKEN : STATUS_FAILED);
	return status;
}

int
main(int argc, char **argv)
{
	int status;

	prepare_process();
	if (argc > 1 && strcmp(argv[argc - 1], "--help") == 0)
		print_help();
	else if (argc == 2 && strcmp(argv[1], "--version") == 0)
		printf("oneclickd %s\n", ONECLICK_VERSION);
	else if (!command_run(argc, argv, &status))
		return serve(argc, argv);
	else
		return status;
	return 0;
}
