#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "oneclick/base/mem.h"

enum err
lock_state(const char *state, int *fd, struct fault *why)
{
	char *path = mem_format(NULL, "%s/oneclickd.lock", state);
	enum err err = ERR_NONE;

	*fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (*fd < 0 && errno != ENOENT)
		err = fault(why, ERR_BROKEN, "Cannot write to %s: %s.", path,
			strerror(errno));
	mem_free(path);
	if (*fd < 0 || flock(*fd, LOCK_EX | LOCK_NB) == 0)
		return err;
	close(*fd);
	*fd = -1;
	return fault(why, ERR_CONFLICT,
		"Another oneclickd serves %s; stop it or choose another --state.", state);
}
