/* A folder of the test's own, with the path of one file in it that the test may make. */
#ifndef ONECLICK_TESTS_SERVICE_FOLDER_H
#define ONECLICK_TESTS_SERVICE_FOLDER_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "oneclick/base/mem.h"

static char dir[64], path[96];

/* *state is a life. */
static inline int
make_folder(void **state)
{
	*state = mem_life(NULL);
	strcpy(dir, "/tmp/oneclick-folder-XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof path, "%s/file", dir);
	return 0;
}

static inline int
remove_folder(void **state)
{
	mem_free(*state);
	if (unlink(path) != 0)
		rmdir(path);
	return rmdir(dir);
}

#define IN_FOLDER(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

#endif
