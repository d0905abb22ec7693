#include "oneclick/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file_parts.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/text_safe.h"

/* A path may come from anywhere. */
static enum err
refuse(const char *path, enum err code, const char *what, struct fault *why)
{
	void *life = mem_life(NULL);

	fault(why, code, "%.300s: %s", text_safe_z(life, path).text, what);
	mem_free(life);
	return code;
}

static enum err
refuse_errno(const char *path, struct fault *why)
{
	enum err code = errno == ENOENT || errno == ENOTDIR ? ERR_NOT_FOUND : ERR_INVALID;

	return refuse(path, code, strerror(errno), why);
}

static enum err
refuse_length(const char *path, size_t cap, struct fault *why)
{
	char what[48];

	if (cap % 1024 == 0)
		snprintf(what, sizeof what, "longer than %zu KiB", cap / 1024);
	else
		snprintf(what, sizeof what, "longer than %zu bytes", cap);
	return refuse(path, ERR_INVALID, what, why);
}

/* False if it ended by a signal. */
static bool
wait_for_more(int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

	return poll(&poll_fd, 1, -1) >= 0;
}

/* A pipe that was opened before its writer came has an end at once; it is waited for. */
static enum err
read_all(int fd, const char *path, struct buf *out, struct fault *why)
{
	char part[16 * 1024];
	ssize_t n;

	while ((n = read(fd, part, sizeof part)) != 0) {
		if (n < 0 && errno == EAGAIN && wait_for_more(fd))
			continue;
		if (n < 0 && errno != EINTR)
			return refuse_errno(path, why);
		if (n > 0)
			buf_add(out, part, (size_t)n);
		if (out->full)
			return refuse_length(path, out->cap, why);
	}
	return ERR_NONE;
}

/* ---- names ---- */

int
file_fd_of(const char *path)
{
	static const char *const before[] = { "/dev/fd/", "/proc/self/fd/" };
	static const char *const name[] = { "/dev/stdin", "/dev/stdout", "/dev/stderr" };

	for (int fd = 0; fd < 3; fd++)
		if (strcmp(path, name[fd]) == 0)
			return fd;
	for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
		const char *digits = path + strlen(before[i]);

		if (strncmp(path, before[i], strlen(before[i])) == 0 && *digits &&
			strlen(digits) < 8 &&
			strspn(digits, "0123456789") == strlen(digits))
			return atoi(digits);
	}
	return -1;
}

bool
file_is_nameless(const char *path)
{
	return strcmp(path, "-") == 0 || file_fd_of(path) >= 0;
}

/* ---- reading ---- */

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
	/* A named pipe must not hold us up, nor a terminal become ours. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return refuse_errno(path, why);
	if (fstat(fd, &found) == 0 && !S_ISREG(found.st_mode))
		err = refuse(path, ERR_INVALID, "not a plain file", why);
	else
		err = read_all(fd, path, out, why);
	close(fd);
	return err;
}

/* What is one of our own descriptors is read on from where it stands: its name would open
 * it anew, from its beginning, and a socket not at all. */
static int
open_input(const char *path)
{
	int own = file_fd_of(path);

	if (own >= 0)
		return fcntl(own, F_DUPFD_CLOEXEC, 0);
	return open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
}

static bool
is_readable(mode_t mode)
{
	return S_ISREG(mode) || S_ISFIFO(mode) || S_ISCHR(mode) || S_ISSOCK(mode);
}

enum err
file_read_input(
	const void *ctx, const char *path, size_t cap, struct buf *out, struct fault *why)
{
	struct stat found;
	enum err err;
	int fd;

	if (strcmp(path, "-") == 0)
		return file_read(ctx, path, cap, out, why);
	buf_init(out, ctx, cap);
	fd = open_input(path);
	if (fd < 0)
		return refuse_errno(path, why);
	if (fstat(fd, &found) == 0 && !is_readable(found.st_mode))
		err = refuse(path, ERR_INVALID, "neither a plain file nor a pipe", why);
	else if (S_ISFIFO(found.st_mode) && file_fd_of(path) < 0 && !wait_for_more(fd))
		err = refuse_errno(path, why);
	else
		err = read_all(fd, path, out, why);
	close(fd);
	return err;
}
