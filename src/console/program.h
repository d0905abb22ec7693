/* A program run beside us: its output is read line by line, and nothing waits for it. */
#ifndef ONECLICK_SRC_CONSOLE_PROGRAM_H
#define ONECLICK_SRC_CONSOLE_PROGRAM_H

#include "oneclick/base/fault.h"
#include "oneclick/base/loop.h"

struct program;
struct program_hooks {
	void (*line)(void *arg, const char *line); /* may be NULL */
	/* Its end: exit status, or 128 + signal; all it wrote, up to 64 KiB. */
	void (*end)(void *arg, int status, const char *output);
	void *arg;
};

/* The path of oneclickd: beside our own file, else in PATH; NULL when it is nowhere. */
char *program_find(const void *ctx, const char *name);
/* Its standard input is a pipe that closes when it is dropped or when we end. */
enum err program_start(struct loop *loop, const char *const *argv,
	const struct program_hooks *hooks, struct program **out, struct fault *why);
/* No hook is called any more; its input is closed. */
void program_drop(struct program *program);
/* Ends it and waits, with the loop turning, 10 seconds at most before it is killed; what it
 * writes until then is still told line by line. */
void program_end(struct program *program);

#endif
