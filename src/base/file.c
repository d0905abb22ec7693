#include "oneclick/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

static enum err
read_all(int fd, const char *path, struct buf *out, struct fault *why)
{
	char part[16 * 1024];
	ssize_t n;

	while ((n = read(fd, part, sizeof part)) != 0) {
		if (n < 0 && errno != EINTR)
			return refuse_errno(path, why);
		if (n > 0)
			buf_add(out, part, (size_t)n);
		if (out->full)
			return refuse_length(path, out->cap, why);
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

/* ---- writing ---- */

static enum err
refuse_writing(const char *path, struct fault *why)
{
	void *life = mem_life(NULL);
	int reason = errno;

	fault(why, ERR_INVALID, "%.300s cannot be written: %s",
		text_safe_z(life, path).text, strerror(reason));
	mem_free(life);
	return ERR_INVALID;
}

static bool
write_all(int fd, const struct buf *text)
{
	for (size_t at = 0; at < text->len;) {
		ssize_t n = write(fd, text->data + at, text->len - at);

		if (n < 0 && errno != EINTR)
			return false;
		at += n > 0 ? (size_t)n : 0;
	}
	return true;
}

enum err
file_write(const char *path, const struct buf *text, struct fault *why)
{
	enum err err = ERR_NONE;
	char *beside;
	int fd;

	if (strcmp(path, "-") == 0)
		return write_all(STDOUT_FILENO, text)
			       ? ERR_NONE
			       : refuse_writing("Standard output", why);
	beside = mem_format(NULL, "%s.XXXXXX", path);
	fd = mkstemp(beside);
	if (fd < 0 || !write_all(fd, text) || fsync(fd) != 0 ||
		rename(beside, path) != 0) {
		err = refuse_writing(path, why);
		if (fd >= 0)
			unlink(beside);
	}
	if (fd >= 0)
		close(fd);
	mem_free(beside);
	return err;
}
