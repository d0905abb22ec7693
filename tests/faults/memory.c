/*
 * memory.so: the n-th allocation of the program fails, whoever asks for it.  It stands in
 * front of glibc's allocator and so does not go with a sanitizer, which brings its own.
 */
#include <errno.h>
#include <stdlib.h>

#include "shim.h"

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t count, size_t n);
void *__libc_realloc(void *old, size_t n);
void *__libc_memalign(size_t alignment, size_t n);

void *
malloc(size_t n)
{
	return shim_fails(CALL_MEMORY) ? NULL : __libc_malloc(n);
}

void *
calloc(size_t count, size_t n)
{
	return shim_fails(CALL_MEMORY) ? NULL : __libc_calloc(count, n);
}

void *
realloc(void *old, size_t n)
{
	return shim_fails(CALL_MEMORY) ? NULL : __libc_realloc(old, n);
}

void *
aligned_alloc(size_t alignment, size_t n)
{
	return shim_fails(CALL_MEMORY) ? NULL : __libc_memalign(alignment, n);
}

int
posix_memalign(void **out, size_t alignment, size_t n)
{
	void *got = shim_fails(CALL_MEMORY) ? NULL : __libc_memalign(alignment, n);

	if (!got)
		return ENOMEM;
	*out = got;
	return 0;
}
