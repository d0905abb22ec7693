#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "oneclick/base/log.h"
#include "oneclick/base/mem.h"

static int
sync_directory(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int bad;

	if (fd < 0)
		return -1;
	bad = fsync(fd);
	close(fd);
	return bad;
}

static const char *
parent_of(const void *ctx, const char *path)
{
	size_t n = strlen(path);

	while (n > 1 && path[n - 1] == '/')
		n--;
	while (n > 0 && path[n - 1] != '/')
		n--;
	while (n > 1 && path[n - 1] == '/')
		n--;
	return n ? mem_textn(ctx, path, n) : ".";
}

static int
make_directory(const void *ctx, const char *dir)
{
	const char *parent = parent_of(ctx, dir);
	int bad = mkdir(dir, 0700);

	if (bad && errno == ENOENT && strcmp(parent, dir) != 0) {
		if (make_directory(ctx, parent))
			return -1;
		bad = mkdir(dir, 0700);
	}
	if (bad)
		return errno == EEXIST ? 0 : -1;
	return sync_directory(parent);
}

/* Only a missing file is opened here: closing one that SQLite has open in this process
 * would drop SQLite's locks on it. */
static int
make_file(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		return errno == EEXIST ? 0 : -1;
	return close(fd);
}

int
file_sync_name(const void *ctx, const char *path)
{
	return sync_directory(parent_of(ctx, path));
}

const char *
file_path(const void *ctx, const char *dir)
{
	return mem_format(ctx, "%s/oneclick.db", dir);
}

/* ---- whose it is ---- */

/* Whoever may write to the directory can put another store in its place. */
static enum err
check_directory(const char *dir, struct fault *why)
{
	struct stat of;

	if (stat(dir, &of) != 0)
		return fault(why, ERR_INVALID,
			"The directory %s cannot be looked at: %s.", dir,
			strerror(errno));
	if (!S_ISDIR(of.st_mode))
		return fault(why, ERR_INVALID,
			"%s is no directory; name another as the state.", dir);
	if (of.st_uid != geteuid() && geteuid() != 0)
		return fault(why, ERR_INVALID,
			"The directory %s belongs to another user; name one of your own "
			"as "
			"the state.",
			dir);
	if (of.st_mode & (S_IWGRP | S_IWOTH))
		return fault(why, ERR_INVALID,
			"Others may write to the directory %s, where secrets are kept; "
			"take "
			"that from them with chmod go-w %s.",
			dir, dir);
	return ERR_NONE;
}

void
file_warn_of_parents(const void *ctx, const char *dir)
{
	const char *at = dir, *up = parent_of(ctx, at);
	struct stat of;

	for (; strcmp(up, at) != 0; at = up, up = parent_of(ctx, at))
		if (stat(up, &of) == 0 && of.st_mode & S_IWOTH && !(of.st_mode & S_ISVTX))
			log_line(LOG_WARN,
				"everyone may write to %s, and so put another directory "
				"in "
				"the place of %s",
				up, at);
}

/* The store holds the secrets of keys: its file is its owner's alone. */
static enum err
check_file(const char *path, struct fault *why)
{
	struct stat of;

	if (lstat(path, &of) != 0)
		return ERR_NONE; /* opening it says why */
	if (!S_ISREG(of.st_mode))
		return fault(why, ERR_INVALID, "%s is no plain file.", path);
	if (of.st_uid != geteuid() && geteuid() != 0)
		return fault(why, ERR_INVALID,
			"The file %s belongs to another user; give it to the one who "
			"runs "
			"the service, with chown.",
			path);
	if (of.st_mode & (S_IRWXG | S_IRWXO)) {
		log_line(
			LOG_WARN, "others could read or write %s; now they cannot", path);
		if (chmod(path, S_IRUSR | S_IWUSR) != 0)
			return fault(why, ERR_INVALID,
				"Others may read or write the file %s: chmod 600 %s.",
				path, path);
	}
	return ERR_NONE;
}

enum err
file_make_directory(const void *ctx, const char *dir, struct fault *why)
{
	if (make_directory(ctx, dir))
		return fault(why, ERR_INVALID, "The directory %s cannot be made: %s.",
			dir, strerror(errno));
	return check_directory(dir, why);
}

/* What cannot be found out by looking (a file system of the kernel's own, one that is
 * full or read-only) shows when something is made there. */
static enum err
try_to_make(const void *ctx, const char *parent, const char *dir, struct fault *why)
{
	char *name = mem_format(ctx, "%s/oneclick-XXXXXX", parent);

	if (!mkdtemp(name))
		return fault(why, ERR_INVALID,
			"The directory %s cannot be made or written to: %s.", dir,
			strerror(errno));
	rmdir(name);
	return ERR_NONE;
}

enum err
file_try(const void *ctx, const char *dir, struct fault *why)
{
	const char *at = dir, *up = parent_of(ctx, at);
	enum err err = ERR_NONE;

	for (; access(at, F_OK) != 0 && errno == ENOENT && strcmp(up, at) != 0;
		at = up, up = parent_of(ctx, at))
		continue;
	if (at == dir)
		err = check_directory(dir, why);
	return err ? err : try_to_make(ctx, at, dir, why);
}

enum err
file_make(const void *ctx, const char *dir, const char **path, struct fault *why)
{
	enum err err = file_make_directory(ctx, dir, why);

	if (err)
		return err;
	*path = file_path(ctx, dir);
	if (make_file(*path) || sync_directory(dir))
		return fault(why, ERR_INVALID, "The file %s cannot be made: %s.", *path,
			strerror(errno));
	return check_file(*path, why);
}
