#include "secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "oneclick/base/digest.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/text_safe.h"

static bool
is_credential(const char *path)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	size_t n = folder ? strlen(folder) : 0;

	return n > 0 && strncmp(path, folder, n) == 0 && path[n] == '/' &&
	       !strstr(path, "/../");
}

static enum err
check_owner(const char *path, const struct stat *at, struct fault *why)
{
	mode_t others = S_IRWXG | S_IRWXO;

	if (!S_ISREG(at->st_mode))
		return fault(why, ERR_INVALID, "it is no plain file");
	if (at->st_uid != geteuid() && at->st_uid != 0)
		return fault(why, ERR_FORBIDDEN,
			"it belongs to another user: chown it to the service's");
	if (at->st_uid == 0 && is_credential(path))
		others = S_IWGRP | S_IXGRP | S_IRWXO;
	if (at->st_mode & others)
		return fault(why, ERR_FORBIDDEN,
			"others may read or change it: chmod 600 it, and think of a new "
			"secret");
	return ERR_NONE;
}

static enum err
open_secret(const char *path, int *fd, struct fault *why)
{
	struct stat at;
	enum err err;

	if (path[0] != '/')
		return fault(why, ERR_INVALID, "its path must be absolute");
	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (*fd < 0)
		return fault(why, errno == ENOENT ? ERR_NOT_FOUND : ERR_INVALID,
			"it cannot be opened: %s", strerror(errno));
	if (fstat(*fd, &at))
		err = fault(why, ERR_INVALID, "it cannot be read: %s", strerror(errno));
	else
		err = check_owner(path, &at, why);
	if (err != ERR_NONE)
		close(*fd);
	return err;
}

/* The length without the end of the line, or -1 if it is no secret. */
static ssize_t
measure(const char *text, size_t n)
{
	if (n > 0 && text[n - 1] == '\n')
		n--;
	if (n > 0 && text[n - 1] == '\r')
		n--;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			return -1;
	return n > 0 ? (ssize_t)n : -1;
}

static enum err
read_line(const void *ctx, int fd, const char **out, struct fault *why)
{
	char text[SECRET_SIZE_MAX + 1];
	ssize_t got = read(fd, text, sizeof text), n;
	enum err err = ERR_NONE;

	if (got < 0)
		return fault(why, ERR_INVALID, "it cannot be read: %s", strerror(errno));
	n = measure(text, (size_t)got);
	if (got > SECRET_SIZE_MAX)
		err = fault(why, ERR_INVALID, "it is longer than 4 KiB");
	else if (n < 0)
		err = fault(why, ERR_INVALID, "it must hold one line of text");
	else
		*out = mem_textn(ctx, text, (size_t)n);
	digest_wipe(text, sizeof text);
	return err;
}

static enum err
say_which(const char *path, enum err err, struct fault *why)
{
	void *life = mem_life(NULL);
	struct fault plain = *why;

	fault(why, err, "The secret %s is not used: %s.", text_safe_z(life, path).text,
		plain.sentence);
	mem_free(life);
	return err;
}

enum err
secret_read(const void *ctx, const char *path, const char **out, struct fault *why)
{
	struct fault unheard, *to = why ? why : &unheard;
	int fd;
	enum err err = open_secret(path, &fd, to);

	if (err == ERR_NONE) {
		err = read_line(ctx, fd, out, to);
		close(fd);
	}
	return err == ERR_NONE ? err : say_which(path, err, to);
}

enum err
secret_check(const char *path, struct fault *why)
{
	struct fault unheard, *to = why ? why : &unheard;
	int fd;
	enum err err = open_secret(path, &fd, to);

	if (err != ERR_NONE)
		return say_which(path, err, to);
	close(fd);
	return ERR_NONE;
}
