/*
 * fail.so: the n-th write, sync, open, read, truncation, mapping, removal, renaming or lock
 * of a file below FAULT_DIR fails, as the page says.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#include "shim.h"

static bool
fd_fails(int fd, enum shim_call call)
{
	return shim_has(fd) && shim_fails(call);
}

static bool
path_fails(int dir, const char *path, enum shim_call call)
{
	return shim_is_ours(dir, path) && shim_fails(call);
}

int
shim_open(int dir, const char *path, int flags, mode_t mode)
{
	int fd;

	if (path_fails(dir, path, CALL_OPEN))
		return -1;
	fd = NEXT(openat)(dir, path, flags, mode);
	shim_opened(fd);
	return fd;
}

/* ---- writing -------------------------------------------------------------------------- */

ssize_t
write(int fd, const void *data, size_t n)
{
	if (!fd_fails(fd, CALL_WRITE))
		return NEXT(write)(fd, data, n);
	return shim_is_short() ? NEXT(write)(fd, data, (n + 1) / 2) : -1;
}

static ssize_t
write_at(int fd, const void *data, size_t n, off_t at)
{
	if (!fd_fails(fd, CALL_WRITE))
		return NEXT(pwrite)(fd, data, n, at);
	return shim_is_short() ? NEXT(pwrite)(fd, data, (n + 1) / 2, at) : -1;
}

ssize_t
pwrite(int fd, const void *data, size_t n, off_t at)
{
	return write_at(fd, data, n, at);
}

ssize_t
pwrite64(int fd, const void *data, size_t n, off64_t at)
{
	return write_at(fd, data, n, at);
}

ssize_t
writev(int fd, const struct iovec *parts, int count)
{
	if (!fd_fails(fd, CALL_WRITE))
		return NEXT(writev)(fd, parts, count);
	return shim_is_short() ? NEXT(writev)(fd, parts, (count + 1) / 2) : -1;
}

int
fsync(int fd)
{
	return fd_fails(fd, CALL_SYNC) ? -1 : NEXT(fsync)(fd);
}

int
fdatasync(int fd)
{
	return fd_fails(fd, CALL_SYNC) ? -1 : NEXT(fdatasync)(fd);
}

int
ftruncate(int fd, off_t size)
{
	return fd_fails(fd, CALL_TRUNCATE) ? -1 : NEXT(ftruncate)(fd, size);
}

int
ftruncate64(int fd, off64_t size)
{
	return ftruncate(fd, size);
}

/* ---- reading, mapping, locking -------------------------------------------------------- */

ssize_t
read(int fd, void *data, size_t n)
{
	return fd_fails(fd, CALL_READ) ? -1 : NEXT(read)(fd, data, n);
}

ssize_t
pread(int fd, void *data, size_t n, off_t at)
{
	return fd_fails(fd, CALL_READ) ? -1 : NEXT(pread)(fd, data, n, at);
}

ssize_t
pread64(int fd, void *data, size_t n, off64_t at)
{
	return pread(fd, data, n, at);
}

void *
mmap(void *where, size_t n, int protection, int flags, int fd, off_t at)
{
	if (fd_fails(fd, CALL_MAP))
		return MAP_FAILED;
	return NEXT(mmap)(where, n, protection, flags, fd, at);
}

void *
mmap64(void *where, size_t n, int protection, int flags, int fd, off64_t at)
{
	return mmap(where, n, protection, flags, fd, at);
}

int
flock(int fd, int what)
{
	return fd_fails(fd, CALL_LOCK) ? -1 : NEXT(flock)(fd, what);
}

static int
control(int fd, int what, void *arg)
{
	bool locks = what == F_SETLK || what == F_SETLKW || what == F_OFD_SETLK ||
		     what == F_OFD_SETLKW;

	return locks && fd_fails(fd, CALL_LOCK) ? -1 : NEXT(fcntl)(fd, what, arg);
}

int
fcntl(int fd, int what, ...)
{
	va_list more;
	void *arg;

	va_start(more, what);
	arg = va_arg(more, void *);
	va_end(more);
	return control(fd, what, arg);
}

int
fcntl64(int fd, int what, ...)
{
	va_list more;
	void *arg;

	va_start(more, what);
	arg = va_arg(more, void *);
	va_end(more);
	return control(fd, what, arg);
}

/* ---- names ---------------------------------------------------------------------------- */

int
unlink(const char *path)
{
	return path_fails(AT_FDCWD, path, CALL_REMOVE) ? -1 : NEXT(unlink)(path);
}

int
unlinkat(int dir, const char *path, int flags)
{
	return path_fails(dir, path, CALL_REMOVE) ? -1 : NEXT(unlinkat)(dir, path, flags);
}

int
rename(const char *from, const char *to)
{
	return path_fails(AT_FDCWD, to, CALL_RENAME) ? -1 : NEXT(rename)(from, to);
}

int
renameat(int from_dir, const char *from, int to_dir, const char *to)
{
	return path_fails(to_dir, to, CALL_RENAME)
		       ? -1
		       : NEXT(renameat)(from_dir, from, to_dir, to);
}

int
renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
	return path_fails(to_dir, to, CALL_RENAME)
		       ? -1
		       : NEXT(renameat2)(from_dir, from, to_dir, to, flags);
}
