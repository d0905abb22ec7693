/* Every way to open a file comes to shim_open, which each shim that needs it defines. */
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

#include "shim.h"

/* What _FORTIFY_SOURCE makes of a call without a mode. */
int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);
int __openat_2(int dir, const char *path, int flags);
int __openat64_2(int dir, const char *path, int flags);

static mode_t
mode_of(int flags, va_list more)
{
	return flags & (O_CREAT | __O_TMPFILE) ? va_arg(more, mode_t) : 0;
}

int
open(const char *path, int flags, ...)
{
	va_list more;
	mode_t mode;

	va_start(more, flags);
	mode = mode_of(flags, more);
	va_end(more);
	return shim_open(AT_FDCWD, path, flags, mode);
}

int
open64(const char *path, int flags, ...)
{
	va_list more;
	mode_t mode;

	va_start(more, flags);
	mode = mode_of(flags, more);
	va_end(more);
	return shim_open(AT_FDCWD, path, flags, mode);
}

int
openat(int dir, const char *path, int flags, ...)
{
	va_list more;
	mode_t mode;

	va_start(more, flags);
	mode = mode_of(flags, more);
	va_end(more);
	return shim_open(dir, path, flags, mode);
}

int
openat64(int dir, const char *path, int flags, ...)
{
	va_list more;
	mode_t mode;

	va_start(more, flags);
	mode = mode_of(flags, more);
	va_end(more);
	return shim_open(dir, path, flags, mode);
}

int
creat(const char *path, mode_t mode)
{
	return shim_open(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

/* The C library opens it from within, past us: it finds the name, and we make the file. */
int
mkostemp(char *name, int flags)
{
	int fd = NEXT(mkostemp)(name, flags);

	if (fd < 0)
		return fd;
	NEXT(close)(fd);
	NEXT(unlink)(name);
	return shim_open(AT_FDCWD, name, O_RDWR | O_CREAT | O_EXCL | flags, 0600);
}

int
mkostemp64(char *name, int flags)
{
	return mkostemp(name, flags);
}

int
mkstemp(char *name)
{
	return mkostemp(name, 0);
}

int
mkstemp64(char *name)
{
	return mkostemp(name, 0);
}

int
__open_2(const char *path, int flags)
{
	return shim_open(AT_FDCWD, path, flags, 0);
}

int
__open64_2(const char *path, int flags)
{
	return shim_open(AT_FDCWD, path, flags, 0);
}

int
__openat_2(int dir, const char *path, int flags)
{
	return shim_open(dir, path, flags, 0);
}

int
__openat64_2(int dir, const char *path, int flags)
{
	return shim_open(dir, path, flags, 0);
}

int
close(int fd)
{
	shim_closed(fd);
	return NEXT(close)(fd);
}
