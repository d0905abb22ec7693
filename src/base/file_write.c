/* Files out: beside their place first, then renamed; or through a pipe or a device. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file_parts.h"
#include "oneclick/base/file.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/text_safe.h"

enum {
	LINKS_MAX = 40,
	TAKEN_MS = 10 * 1000, /* a named pipe whose reader takes nothing for so long */
};

struct file_out {
	const char *path;   /* as it was said, or "Standard output" */
	const char *target; /* where its links lead */
	char *beside;       /* what is renamed to that; NULL: written through */
	int fd;
	bool is_ours; /* fd is to be closed */
};

static enum err
refuse(const char *path, const char *what, struct fault *why)
{
	void *life = mem_life(NULL);

	fault(why, ERR_INVALID, "%.300s cannot be written: %s",
		text_safe_z(life, path).text, what);
	mem_free(life);
	return ERR_INVALID;
}

/* ---- where it goes ---- */

static size_t
measure_directory(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (size_t)(slash - path) + 1 : 0;
}

/* The name at the end of the links, whether there is anything of it or not; NULL if they
 * go round in a circle. */
static const char *
follow_links(const void *ctx, const char *path)
{
	for (int i = 0; i < LINKS_MAX; i++) {
		char to[PATH_MAX];
		ssize_t n =
			file_fd_of(path) < 0 ? readlink(path, to, sizeof to - 1) : -1;

		if (n < 0)
			return path;
		to[n] = '\0';
		path = *to == '/' ? mem_text(ctx, to)
				  : mem_format(ctx, "%.*s%s",
					    (int)measure_directory(path), path, to);
	}
	errno = ELOOP;
	return NULL;
}

static int
take_off(struct file_out *out)
{
	if (out->beside)
		unlink(out->beside);
	if (out->is_ours)
		close(out->fd);
	return 0;
}

/* A pipe of that name that nobody reads would be waited for without a word. */
static enum err
open_through(struct file_out *out, struct fault *why)
{
	out->fd = open(out->target, O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	out->is_ours = out->fd >= 0;
	if (out->fd >= 0)
		return ERR_NONE;
	return refuse(out->path,
		errno == ENXIO ? "nobody reads this pipe yet; start its reader first."
			       : strerror(errno),
		why);
}

/* Its owner before its permissions: those of another owner's file are not given to ours. */
static bool
copy_rights(int fd, const struct stat *older)
{
	mode_t mode = older->st_mode & 07777;

	if (fchown(fd, older->st_uid, older->st_gid) != 0)
		mode &= S_IRWXU;
	return fchmod(fd, mode) == 0;
}

static enum err
open_beside(struct file_out *out, const struct stat *older, struct fault *why)
{
	char *beside = mem_format(out, "%.*s.oneclick-XXXXXX",
		(int)measure_directory(out->target), out->target);

	out->fd = mkostemp(beside, O_CLOEXEC);
	if (out->fd < 0)
		return refuse(out->path, strerror(errno), why);
	out->is_ours = true;
	out->beside = beside;
	if (older && !copy_rights(out->fd, older))
		return refuse(out->path, strerror(errno), why);
	return ERR_NONE;
}

static enum err
open_own(struct file_out *out, int fd, struct fault *why)
{
	struct stat found;

	out->fd = fd;
	return fstat(fd, &found) == 0 ? ERR_NONE
				      : refuse(out->path, strerror(errno), why);
}

static enum err
open_named(struct file_out *out, struct fault *why)
{
	struct stat found;

	if (stat(out->target, &found) != 0)
		return errno == ENOENT ? open_beside(out, NULL, why)
				       : refuse(out->path, strerror(errno), why);
	if (S_ISREG(found.st_mode))
		return open_beside(out, &found, why);
	if (S_ISFIFO(found.st_mode) || S_ISCHR(found.st_mode))
		return open_through(out, why);
	return refuse(out->path,
		S_ISDIR(found.st_mode) ? "it is a directory."
				       : "it is neither a file nor a pipe.",
		why);
}

enum err
file_create(const void *ctx, const char *path, struct file_out **made, struct fault *why)
{
	struct file_out *out = mem_new(ctx, struct file_out);
	bool is_standard = strcmp(path, "-") == 0;
	enum err err;

	talloc_set_destructor(out, take_off);
	out->path = is_standard ? "Standard output" : mem_text(out, path);
	out->target = is_standard ? "/dev/stdout" : follow_links(out, path);
	if (!out->target)
		err = refuse(path, strerror(errno), why);
	else if (file_fd_of(out->target) >= 0)
		err = open_own(out, file_fd_of(out->target), why);
	else
		err = open_named(out, why);
	if (err)
		mem_free(out);
	else
		*made = out;
	return err;
}

const char *
file_beside(const struct file_out *out)
{
	return out->beside;
}

int
file_descriptor(const struct file_out *out)
{
	return out->fd;
}

/* ---- its bytes ---- */

/* Whoever gave us a descriptor may take his time. */
static bool
wait_for_room(const struct file_out *out)
{
	struct pollfd poll_fd = { .fd = out->fd, .events = POLLOUT };
	int n = poll(&poll_fd, 1, out->is_ours ? TAKEN_MS : -1);

	if (n == 0)
		errno = ETIMEDOUT;
	return n > 0;
}

enum err
file_add(struct file_out *out, const void *bytes, size_t n, struct fault *why)
{
	const char *at = bytes;

	while (n > 0) {
		ssize_t written = write(out->fd, at, n);

		if (written < 0 && errno != EINTR &&
			!(errno == EAGAIN && wait_for_room(out)))
			return refuse(out->path, strerror(errno), why);
		if (written < 0)
			continue;
		at += written;
		n -= (size_t)written;
	}
	return ERR_NONE;
}

/* ---- its name ---- */

/* Some file systems have no way to sync a directory, and say so. */
int
file_sync_directory(const char *path)
{
	size_t n = measure_directory(path);
	char *dir = n ? mem_textn(NULL, path, n) : mem_text(NULL, ".");
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int bad = fd < 0 || (fsync(fd) != 0 && errno != EINVAL && errno != EROFS);
	int reason = errno;

	if (fd >= 0)
		close(fd);
	mem_free(dir);
	errno = reason;
	return bad ? -1 : 0;
}

/* A descriptor may be that of a file, too; pipes and terminals have nothing to sync. */
static enum err
settle(struct file_out *out, struct fault *why)
{
	if (fsync(out->fd) == 0 || errno == EINVAL || errno == EROFS)
		return ERR_NONE;
	return refuse(out->path, strerror(errno), why);
}

/* What some disks say only at the end (a quota, a server gone) is heard by the sync. */
enum err
file_commit(struct file_out *out, struct fault *why)
{
	if (!out->beside)
		return settle(out, why);
	if (fsync(out->fd) != 0 || rename(out->beside, out->target) != 0)
		return refuse(out->path, strerror(errno), why);
	out->beside = NULL;
	if (file_sync_directory(out->target) != 0)
		return refuse(out->path, strerror(errno), why);
	return ERR_NONE;
}

enum err
file_write(const char *path, const struct buf *text, struct fault *why)
{
	struct file_out *out;
	enum err err = file_create(NULL, path, &out, why);

	if (err)
		return err;
	err = text->full ? refuse(path, "there is too much of it for one file.", why)
			 : file_add(out, text->data, text->len, why);
	if (!err)
		err = file_commit(out, why);
	mem_free(out);
	return err;
}
