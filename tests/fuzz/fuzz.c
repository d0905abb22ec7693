#include "fuzz.h"

#undef NDEBUG
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "oneclick/base/log.h"
#include "oneclick/base/mem.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	log_to(NULL);
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	void *life = mem_life(NULL);

	fuzz(life, mem_textn(life, (const char *)data, n), n);
	mem_free(life);
	return 0;
}

const char *
fuzz_line(const void *life, const char **data, size_t *n)
{
	const char *end = memchr(*data, '\n', *n);
	size_t length = end ? (size_t)(end - *data) : *n;
	const char *line = mem_textn(life, *data, length);

	*n -= length + (end != NULL);
	*data += length + (end != NULL);
	return line;
}

/* Of memory: a regular file, and no disk is asked for a million of them. */
const char *
fuzz_file(const char *data, size_t n)
{
	static int fd = -1;
	static char path[32];

	if (fd < 0) {
		fd = memfd_create("fuzz", MFD_CLOEXEC);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	}
	assert(fd >= 0 && ftruncate(fd, 0) == 0 && pwrite(fd, data, n, 0) == (ssize_t)n);
	return path;
}

void
fuzz_check_fault(enum err err, const struct fault *why)
{
	assert(!err || (why->code == err && why->sentence[0]));
}
