#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

enum err
file_make_directory(const void *ctx, const char *dir, struct fault *why)
{
	if (make_directory(ctx, dir))
		return fault(why, ERR_INVALID, "The directory %s cannot be made: %s.",
			dir, strerror(errno));
	return ERR_NONE;
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
	return ERR_NONE;
}
