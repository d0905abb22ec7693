/* Secrets by reference: the configuration names a file, and only its owner may read it. */
#ifndef ONECLICK_SRC_SERVICE_SECRET_H
#define ONECLICK_SRC_SERVICE_SECRET_H

#include "oneclick/base/fault.h"

enum { SECRET_SIZE_MAX = 4096 };

/* The file's one line without its end, living as long as ctx.  The file must be a plain
 * one of ours or root's that nobody else may read (its group may, if it is root's and
 * systemd put it into $CREDENTIALS_DIRECTORY), and hold no control characters: a secret
 * may end up in a header. */
enum err secret_read(
	const void *ctx, const char *path, const char **out, struct fault *why);
/* The same demands on a file that is read by others than us; nothing is read. */
enum err secret_check(const char *path, struct fault *why);

#endif
