#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "oneclick/base/log.h"
#include "oneclick/base/mem.h"

/* What may be different at the next start. */
static bool
is_passing(int reason)
{
	return reason == ENOSPC || reason == EDQUOT || reason == EIO;
}

/* Made by root's restore, it is still the service's. */
static void
give_away(int fd, const char *state)
{
	struct stat of;

	if (geteuid() == 0 && stat(state, &of) == 0 &&
		fchown(fd, of.st_uid, of.st_gid) != 0)
		log_line(LOG_WARN, "the lock in %s stays root's: %s", state,
			strerror(errno));
}

const char *
lock_path(const void *ctx, const char *state)
{
	return mem_format(ctx, "%s/oneclickd.lock", state);
}

enum err
lock_state(const char *state, int *fd, struct fault *why)
{
	void *life = mem_life(NULL);
	const char *path = lock_path(life, state);
	enum err err = ERR_NONE;

	*fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (*fd < 0 && errno != ENOENT)
		err = fault(why, is_passing(errno) ? ERR_BROKEN : ERR_INVALID,
			"Cannot write to %s: %s.", path, strerror(errno));
	if (*fd >= 0)
		give_away(*fd, state);
	mem_free(life);
	if (*fd < 0 || flock(*fd, LOCK_EX | LOCK_NB) == 0)
		return err;
	close(*fd);
	*fd = -1;
	return fault(why, ERR_CONFLICT,
		"Another oneclickd serves %s; stop it or choose another --state.", state);
}
