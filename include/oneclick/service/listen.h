/* Listening sockets: at an address and port, at a path, or one that systemd opened before
 * we were started and hands over (sd_listen_fds(3): Sockets=, FileDescriptorName=). */
#ifndef ONECLICK_SERVICE_LISTEN_H
#define ONECLICK_SERVICE_LISTEN_H

#include <stdbool.h>

#include "oneclick/base/fault.h"

struct listen_ask {
	const char *where;  /* "ADDRESS:PORT" (port 0: any), "unix:PATH" or "fd:NAME" */
	const char *scheme; /* "http": what the address is worded with */
	const char *option; /* "--listen": where another one can be chosen */
};

/* A listening, non-blocking socket; *address gets what it listens on, with the port it
 * really has, and *path, over a Unix socket (mode 0600), the file to remove at the end. */
enum err listen_on(const void *ctx, const struct listen_ask *ask, int *fd, char **address,
	char **path, struct fault *why);

/* The descriptor that was handed over under this name, or -1. It stays systemd's too:
 * what connects while we are restarted waits. */
int listen_inherited(const char *name);

#endif
