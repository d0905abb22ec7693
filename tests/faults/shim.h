/*
 * What the shims of the fault tests share.  A shim is preloaded into a program, stands for
 * functions of the C library and passes each call on to the real one, unless the test has
 * decided that this one fails.  Environment:
 *
 *   FAULT_DIR   only files below this directory are looked at; absolute
 *   FAULT_PAGE  a file of one `struct shim_page`, shared with the test
 */
#ifndef ONECLICK_TESTS_SHIM_H
#define ONECLICK_TESTS_SHIM_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* The function that ours hides.  Usable once the dynamic linker has loaded all. */
#define NEXT(name) \
	(__extension__({ \
		static __typeof__(&name) next_; \
		if (!next_) \
			*(void **)&next_ = shim_next(#name); \
		next_; \
	}))

/* Families of calls that fail alike; CALLS in faults.py has the same order. */
enum shim_call {
	CALL_NONE,
	CALL_WRITE,
	CALL_SYNC,
	CALL_OPEN,
	CALL_READ,
	CALL_TRUNCATE,
	CALL_MAP,
	CALL_REMOVE,
	CALL_RENAME,
	CALL_LOCK,
	CALL_MEMORY,
};

/* The test writes the first four, the shim counts in the last two; all at any time. */
struct shim_page {
	int32_t call;   /* the family that is counted and fails */
	int32_t error;  /* errno of the failure; 0 is a write of half the bytes */
	int64_t nth;    /* the first call that fails, from 1; 0 is none */
	int64_t length; /* so many fail from there on */
	_Atomic int64_t seen, failed;
};

/* The next definition of a symbol after ours; ends the program if there is none. */
void *shim_next(const char *name);

/* Counts a call of this family; true, with errno set, if it is one that is to fail. */
bool shim_fails(enum shim_call call);

/* Whether the failure now due is a short write instead of an error. */
bool shim_is_short(void);

/* Writes the absolute path to `out`.  False if it does not fit or cannot be told. */
bool shim_resolve(int dir, const char *path, char out[PATH_MAX]);

/* The path relative to FAULT_DIR, "" for the directory itself, NULL for any other. */
const char *shim_inside(const char *absolute);

/* Whether the path, seen from the directory descriptor, lies below FAULT_DIR. */
bool shim_is_ours(int dir, const char *path);

/* Opens as openat does.  fail.c and cut.c each have their own; open.c calls it. */
int shim_open(int dir, const char *path, int flags, mode_t mode);

/* Remembers, forgets and tells whether a descriptor is of a file below FAULT_DIR. */
void shim_opened(int fd);
void shim_closed(int fd);
bool shim_has(int fd);

#endif
