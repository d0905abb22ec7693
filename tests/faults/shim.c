#include "shim.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FDS = 1 << 16 };

static struct shim_page *page;
static const char *root;
static _Atomic bool ours[FDS];

void *
shim_next(const char *name)
{
	void *found = dlsym(RTLD_NEXT, name);

	if (!found) {
		fprintf(stderr, "fault shim: there is no %s behind ours\n", name);
		abort();
	}
	return found;
}

/* By system calls: the functions that do this are the ones we stand for. */
static void
map_page(const char *path)
{
	int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC);
	long at;

	if (fd < 0)
		return;
	at = syscall(SYS_mmap, NULL, sizeof(*page), PROT_READ | PROT_WRITE, MAP_SHARED,
		fd, 0L);
	syscall(SYS_close, fd);
	page = at == -1 ? NULL : (struct shim_page *)at;
}

__attribute__((constructor)) static void
read_environment(void)
{
	const char *path = getenv("FAULT_PAGE");

	root = getenv("FAULT_DIR");
	if (path)
		map_page(path);
}

bool
shim_fails(enum shim_call call)
{
	int64_t n;

	if (!page || page->call != (int32_t)call)
		return false;
	n = atomic_fetch_add(&page->seen, 1) + 1;
	if (page->nth == 0 || n < page->nth || n - page->nth >= page->length)
		return false;
	atomic_fetch_add(&page->failed, 1);
	errno = page->error;
	return true;
}

bool
shim_is_short(void)
{
	return page->error == 0;
}

/* ---- which files ---------------------------------------------------------------------- */

static bool
read_link(int fd, char out[PATH_MAX])
{
	char name[32];
	ssize_t n;

	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	n = readlink(name, out, PATH_MAX - 1);
	if (n >= 0)
		out[n] = '\0';
	return n >= 0;
}

bool
shim_resolve(int dir, const char *path, char out[PATH_MAX])
{
	char base[PATH_MAX];

	if (path[0] == '/')
		return snprintf(out, PATH_MAX, "%s", path) < PATH_MAX;
	if (dir == AT_FDCWD ? !getcwd(base, sizeof(base)) : !read_link(dir, base))
		return false;
	return snprintf(out, PATH_MAX, "%s/%s", base, path) < PATH_MAX;
}

const char *
shim_inside(const char *absolute)
{
	size_t n = root ? strlen(root) : 0;

	if (!root || strncmp(absolute, root, n) != 0)
		return NULL;
	if (absolute[n] == '\0')
		return "";
	return absolute[n] == '/' ? absolute + n + 1 : NULL;
}

bool
shim_is_ours(int dir, const char *path)
{
	char absolute[PATH_MAX];
	int before = errno;
	bool is = shim_resolve(dir, path, absolute) && shim_inside(absolute);

	errno = before;
	return is;
}

void
shim_opened(int fd)
{
	char path[PATH_MAX];
	int before = errno;

	if (fd >= 0 && fd < FDS)
		ours[fd] = read_link(fd, path) && shim_inside(path);
	errno = before;
}

void
shim_closed(int fd)
{
	if (fd >= 0 && fd < FDS)
		ours[fd] = false;
}

bool
shim_has(int fd)
{
	return fd >= 0 && fd < FDS && ours[fd];
}
