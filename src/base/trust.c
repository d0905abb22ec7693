#include "oneclick/base/trust.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "oneclick/base/mem.h"

enum { LINKS_MAX = 40 }; /* as the kernel follows */

struct walk {
	void *life;
	int links; /* followed so far */
	struct fault *why;
};

static bool
is_ours(const struct stat *at)
{
	return at->st_uid == 0 || at->st_uid == geteuid();
}

static bool
is_open(const struct stat *at)
{
	if (S_ISLNK(at->st_mode) || (S_ISDIR(at->st_mode) && at->st_mode & S_ISVTX))
		return false;
	return at->st_mode & (S_IWGRP | S_IWOTH);
}

static enum err
judge(const struct walk *walk, const char *path, const struct stat *at)
{
	if (!is_ours(at))
		return fault(walk->why, ERR_FORBIDDEN,
			"%s belongs to user %u: others than root and the service may "
			"change it; chown it.",
			path, at->st_uid);
	if (is_open(at))
		return fault(walk->why, ERR_FORBIDDEN,
			"Others than root and the service may change %s (mode %o): "
			"chmod go-w it.",
			path, at->st_mode & 07777);
	return ERR_NONE;
}

static enum err walk_path(struct walk *walk, const char *path);

/* Where the link at `path` leads, and then what the path had behind it. */
static enum err
follow(struct walk *walk, const char *path, const char *rest)
{
	char target[PATH_MAX];
	ssize_t n = readlink(path, target, sizeof target);
	size_t directory = (size_t)(strrchr(path, '/') - path) + 1;

	if (n < 0 || n == sizeof target || ++walk->links > LINKS_MAX)
		return fault(walk->why, ERR_NOT_FOUND, "%s: %s.", path,
			n < 0 ? strerror(errno) : strerror(ELOOP));
	if (*target == '/')
		directory = 0;
	return walk_path(walk, mem_format(walk->life, "%.*s%.*s%s", (int)directory, path,
				       (int)n, target, rest));
}

/* Each beginning of the path, from the root on. */
static enum err
walk_path(struct walk *walk, const char *path)
{
	size_t n = 0, end = strlen(path);

	do {
		char *begin;
		struct stat at;
		enum err err;

		n += strspn(path + n, "/");
		n += strcspn(path + n, "/");
		begin = mem_textn(walk->life, path, n);
		if (lstat(begin, &at))
			return fault(walk->why, ERR_NOT_FOUND, "%s: %s.", begin,
				strerror(errno));
		err = judge(walk, begin, &at);
		if (err || S_ISLNK(at.st_mode))
			return err ? err : follow(walk, begin, path + n);
	} while (n < end);
	return ERR_NONE;
}

enum err
trust_path(const char *path, struct fault *why)
{
	struct walk walk = { .life = mem_life(NULL), .why = why };
	struct stat root;
	enum err err = ERR_NONE;

	if (stat("/", &root) == 0)
		err = judge(&walk, "/", &root);
	if (!err)
		err = walk_path(&walk, path);
	mem_free(walk.life);
	return err;
}
