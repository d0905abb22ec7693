/*
 * Children: programs of the operator's, started with an identity and limits of their own,
 * ended with all they have started.  No shell, no environment but what is given, no
 * descriptor but three, a session and process group of its own, and no way to more
 * rights.
 */
#ifndef ONECLICK_BASE_CHILD_H
#define ONECLICK_BASE_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "oneclick/base/loop.h"

struct child_limits {       /* 0: as ours */
	uint64_t processes; /* of its user, all of them together */
	uint64_t files;     /* open at once */
	uint64_t file_size; /* bytes of any file it writes */
	uint64_t memory;    /* bytes of data */
	uint64_t seconds;   /* of processor time */
};

struct child_plan {
	const char *const *argv; /* [0] a path; NULL ends both */
	const char *const *env;
	int fds[3];        /* its descriptors 0 to 2; -1: /dev/null */
	bool changes_user; /* to the two below, without any further group */
	uid_t uid;
	gid_t gid;
	struct child_limits limits;
};

/* The path of a program as a shell finds it: in PATH, or from the current directory when its
 * name holds a slash; NULL when it is nowhere. */
char *child_find(const void *ctx, const char *name);

struct child;
/* `status` counts when `signal` is 0. The child, and what is left of its group, is gone. */
typedef void (*child_fn)(void *arg, int status, int signal);

/* NULL (errno) if it cannot be started; else `fn` hears of its end once, later. */
struct child *child_start(
	struct loop *loop, const struct child_plan *plan, child_fn fn, void *arg);
void child_signal(struct child *child, int signum); /* to all of its group */
/* Ends all of its group at once, unheard. */
void child_end(struct child *child);

#endif
