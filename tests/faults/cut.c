/*
 * cut.so: writes down what a program does to the files below FAULT_DIR, in the order it
 * happens, so that cuts.py can make the state in which a power cut would have left them at
 * any moment.  The journal, FAULT_JOURNAL, is a row of records, each a `struct record` and
 * its bytes.  With FAULT_LIE set, syncs are reported as done and neither done nor noted.
 *
 * A write is noted after it was made and a sync covers what was noted before it began: two
 * threads at once can make the picture only more pessimistic than the disk.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#include "shim.h"

enum what {
	MADE = 'C',    /* a file got a name that did not exist; bytes: the name */
	SEEN = 'O',    /* a file that existed was opened; bytes: the name */
	WRITTEN = 'W', /* bytes at an offset */
	SIZED = 'T',   /* the offset is the new size */
	SYNCED = 'S',  /* what stood before position `since` */
	LISTED = 'D',  /* a directory was synced, as SYNCED; bytes: its name */
	REMOVED = 'U', /* bytes: the name */
	RENAMED = 'R', /* bytes: the old name, a line feed, the new one */
};

struct record {
	uint32_t what, length;
	uint64_t file; /* the inode's number */
	uint64_t offset, since;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int journal = -1;
static _Atomic uint64_t end;
static bool lies;

__attribute__((constructor)) static void
open_journal(void)
{
	const char *path = getenv("FAULT_JOURNAL");
	struct stat of;

	lies = getenv("FAULT_LIE") != NULL;
	if (!path)
		return;
	journal = NEXT(open)(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (journal < 0 || fstat(journal, &of) != 0) {
		perror(path);
		abort();
	}
	end = (uint64_t)of.st_size;
}

static void
note(enum what what, uint64_t file, uint64_t offset, uint64_t since, const void *bytes,
	size_t n)
{
	struct record record = { what, (uint32_t)n, file, offset, since };
	struct iovec parts[] = { { &record, sizeof(record) }, { (void *)bytes, n } };
	int before = errno;

	if (journal < 0)
		return;
	pthread_mutex_lock(&lock);
	if (NEXT(writev)(journal, parts, 2) != (ssize_t)(sizeof(record) + n)) {
		perror("fault shim: the journal");
		abort();
	}
	end += sizeof(record) + n;
	pthread_mutex_unlock(&lock);
	errno = before;
}

static uint64_t
file_of(int fd, bool *directory)
{
	struct stat of;

	if (fstat(fd, &of) != 0)
		abort();
	*directory = S_ISDIR(of.st_mode);
	return of.st_ino;
}

static void
note_name(enum what what, uint64_t file, uint64_t since, int dir, const char *path)
{
	char absolute[PATH_MAX];
	const char *name = NULL;

	if (shim_resolve(dir, path, absolute))
		name = shim_inside(absolute);
	if (name)
		note(what, file, 0, since, name, strlen(name));
}

int
shim_open(int dir, const char *path, int flags, mode_t mode)
{
	bool fresh = flags & O_CREAT && faccessat(dir, path, F_OK, 0) != 0;
	int fd = NEXT(openat)(dir, path, flags, mode);
	bool directory;
	uint64_t file;

	shim_opened(fd);
	if (!shim_has(fd))
		return fd;
	file = file_of(fd, &directory);
	if (!directory)
		note_name(fresh ? MADE : SEEN, file, 0, dir, path);
	if (!directory && flags & O_TRUNC)
		note(SIZED, file, 0, 0, NULL, 0);
	return fd;
}

/* ---- contents ------------------------------------------------------------------------- */

static void
note_written(int fd, const void *data, ssize_t n, off_t at)
{
	bool directory;

	if (n > 0 && shim_has(fd))
		note(WRITTEN, file_of(fd, &directory), (uint64_t)at, 0, data, (size_t)n);
}

ssize_t
pwrite(int fd, const void *data, size_t n, off_t at)
{
	ssize_t done = NEXT(pwrite)(fd, data, n, at);

	note_written(fd, data, done, at);
	return done;
}

ssize_t
pwrite64(int fd, const void *data, size_t n, off64_t at)
{
	return pwrite(fd, data, n, at);
}

/* Where a plain write went is where the descriptor stands now, less its length; that holds
 * with O_APPEND too. */
static void
note_written_here(int fd, const void *data, ssize_t n)
{
	if (n > 0 && shim_has(fd))
		note_written(fd, data, n, lseek(fd, 0, SEEK_CUR) - n);
}

ssize_t
write(int fd, const void *data, size_t n)
{
	ssize_t done = NEXT(write)(fd, data, n);

	note_written_here(fd, data, done);
	return done;
}

ssize_t
writev(int fd, const struct iovec *parts, int count)
{
	ssize_t all = 0, done;

	if (!shim_has(fd))
		return NEXT(writev)(fd, parts, count);
	for (int i = 0; i < count; i++) {
		done = write(fd, parts[i].iov_base, parts[i].iov_len);
		if (done < 0)
			return all ? all : -1;
		all += done;
		if ((size_t)done < parts[i].iov_len)
			break;
	}
	return all;
}

int
ftruncate(int fd, off_t size)
{
	int bad = NEXT(ftruncate)(fd, size);
	bool directory;

	if (!bad && shim_has(fd))
		note(SIZED, file_of(fd, &directory), (uint64_t)size, 0, NULL, 0);
	return bad;
}

int
ftruncate64(int fd, off64_t size)
{
	return ftruncate(fd, size);
}

/* Writes through a mapping cannot be followed.  SQLite maps its index of the log so, which
 * it makes anew after a cut. */
static void
check_mapping(int protection, int flags, int fd)
{
	char name[32], path[PATH_MAX];
	ssize_t n;

	if (!shim_has(fd) || !(protection & PROT_WRITE) || !(flags & MAP_SHARED))
		return;
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	n = readlink(name, path, sizeof(path));
	if (n > 4 && memcmp(path + n - 4, "-shm", 4) == 0)
		return;
	fprintf(stderr, "fault shim: %.*s is mapped for writing\n", (int)n, path);
	abort();
}

void *
mmap(void *where, size_t n, int protection, int flags, int fd, off_t at)
{
	check_mapping(protection, flags, fd);
	return NEXT(mmap)(where, n, protection, flags, fd, at);
}

void *
mmap64(void *where, size_t n, int protection, int flags, int fd, off64_t at)
{
	return mmap(where, n, protection, flags, fd, at);
}

/* ---- syncs ---------------------------------------------------------------------------- */

static void
note_sync(int fd, uint64_t since)
{
	char link[32], path[PATH_MAX];
	bool directory;
	uint64_t file = file_of(fd, &directory);
	ssize_t n;

	if (!directory) {
		note(SYNCED, file, 0, since, NULL, 0);
		return;
	}
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	path[n < 0 ? 0 : n] = '\0';
	note_name(LISTED, file, since, AT_FDCWD, path);
}

static int
sync_with(int fd, int (*real)(int))
{
	uint64_t since = end;
	int bad;

	if (!shim_has(fd))
		return real(fd);
	if (lies)
		return 0;
	bad = real(fd);
	if (!bad)
		note_sync(fd, since);
	return bad;
}

int
fsync(int fd)
{
	return sync_with(fd, NEXT(fsync));
}

int
fdatasync(int fd)
{
	return sync_with(fd, NEXT(fdatasync));
}

/* ---- names ---------------------------------------------------------------------------- */

int
unlinkat(int dir, const char *path, int flags)
{
	int bad = NEXT(unlinkat)(dir, path, flags);

	if (!bad)
		note_name(REMOVED, 0, 0, dir, path);
	return bad;
}

int
unlink(const char *path)
{
	return unlinkat(AT_FDCWD, path, 0);
}

static void
note_rename(int from_dir, const char *from, int to_dir, const char *to)
{
	char old[PATH_MAX], fresh[PATH_MAX], both[2 * PATH_MAX];
	const char *a = NULL, *b = NULL;
	int n;

	if (shim_resolve(from_dir, from, old) && shim_resolve(to_dir, to, fresh)) {
		a = shim_inside(old);
		b = shim_inside(fresh);
	}
	if (!a || !b)
		return;
	n = snprintf(both, sizeof(both), "%s\n%s", a, b);
	note(RENAMED, 0, 0, 0, both, (size_t)n);
}

int
renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
	int bad = NEXT(renameat2)(from_dir, from, to_dir, to, flags);

	if (!bad)
		note_rename(from_dir, from, to_dir, to);
	return bad;
}

int
renameat(int from_dir, const char *from, int to_dir, const char *to)
{
	return renameat2(from_dir, from, to_dir, to, 0);
}

int
rename(const char *from, const char *to)
{
	return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int
linkat(int from_dir, const char *from, int to_dir, const char *to, int flags)
{
	int bad = NEXT(linkat)(from_dir, from, to_dir, to, flags);
	struct stat of;

	if (!bad && fstatat(to_dir, to, &of, 0) == 0)
		note_name(MADE, of.st_ino, 0, to_dir, to);
	return bad;
}

int
link(const char *from, const char *to)
{
	return linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
}
