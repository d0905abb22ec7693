#include "oneclick/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum err
refuse(const char *path, int reason, struct fault *why)
{
	return fault(why, reason == ENOENT ? ERR_NOT_FOUND : ERR_INVALID,
		"%.200s cannot be read: %s.", path, strerror(reason));
}

static enum err
read_all(int fd, const char *path, struct buf *out, struct fault *why)
{
	char part[16 * 1024];
	ssize_t n;

	while ((n = read(fd, part, sizeof part)) != 0) {
		if (n < 0 && errno != EINTR)
			return refuse(path, errno, why);
		if (n > 0)
			buf_add(out, part, (size_t)n);
		if (out->full)
			return fault(why, ERR_INVALID, "%.200s is longer than %zu bytes.",
				path, out->cap);
	}
	return ERR_NONE;
}

enum err
file_read(
	const void *ctx, const char *path, size_t cap, struct buf *out, struct fault *why)
{
	struct stat found;
	enum err err;
	int fd;

	buf_init(out, ctx, cap);
	if (strcmp(path, "-") == 0)
		return read_all(STDIN_FILENO, "Standard input", out, why);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return refuse(path, errno, why);
	if (fstat(fd, &found) == 0 && !S_ISREG(found.st_mode))
		err = fault(why, ERR_INVALID, "%.200s is not a plain file.", path);
	else
		err = read_all(fd, path, out, why);
	close(fd);
	return err;
}
