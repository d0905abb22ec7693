/* Whose a path is: each thing on the way, links too. */
#include "oneclick/base/trust.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "oneclick/base/mem.h"

static char folder[64];
static void *life;
static struct fault why;

static char *
at(const char *name)
{
	return mem_format(life, "%s/%s", folder, name);
}

static void
make_folder(const char *name, mode_t mode)
{
	assert_int_equal(mkdir(at(name), 0700), 0);
	assert_int_equal(chmod(at(name), mode), 0);
}

static void
make_file(const char *name, mode_t mode)
{
	int fd = open(at(name), O_CREAT | O_WRONLY, 0600);

	assert_true(fd >= 0);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static int
set_up(void **state)
{
	(void)state;
	life = mem_life(NULL);
	strcpy(folder, "/tmp/oneclick-trust.XXXXXX");
	assert_non_null(mkdtemp(folder));
	make_folder("safe", 0755);
	make_file("safe/file", 0755);
	make_folder("open", 0777);
	make_file("open/file", 0755);
	make_folder("open/deep", 0755);
	make_file("open/deep/file", 0755);
	make_folder("group", 0775);
	make_file("group/file", 0755);
	make_folder("sticky", 01777);
	make_file("sticky/file", 0755);
	make_file("safe/shared", 0775);
	make_file("safe/loose", 0757);
	assert_int_equal(symlink("file", at("safe/link")), 0);
	assert_int_equal(symlink("../open/file", at("safe/astray")), 0);
	assert_int_equal(symlink("../safe/file", at("open/link")), 0);
	assert_int_equal(symlink(at("open/link"), at("safe/detour")), 0);
	assert_int_equal(symlink("open", at("way")), 0);
	assert_int_equal(symlink("loop", at("loop")), 0);
	assert_int_equal(symlink("nowhere", at("dangling")), 0);
	return 0;
}

static int
tear_down(void **state)
{
	static const char *const name[] = { "safe/file", "safe/shared", "safe/loose",
		"safe/link", "safe/astray", "safe/detour", "open/file", "open/link",
		"open/deep/file", "open/deep", "open", "group/file", "group",
		"sticky/file", "sticky", "safe", "way", "loop", "dangling" };

	(void)state;
	for (size_t i = 0; i < sizeof name / sizeof *name; i++)
		remove(at(name[i]));
	rmdir(folder);
	mem_free(life);
	return 0;
}

static void
everything_on_the_way_counts(void **state)
{
	static const struct {
		const char *path;
		enum err err;
		const char *says;
	} row[] = {
		{ "safe/file", ERR_NONE, "" },
		{ "safe", ERR_NONE, "" },
		{ "safe//file", ERR_NONE, "" },
		{ "safe/../safe/./file", ERR_NONE, "" },
		{ "sticky/file", ERR_NONE, "" },
		{ "safe/link", ERR_NONE, "" },
		{ "open/file", ERR_FORBIDDEN, "/open (mode 777)" },
		{ "open/deep/file", ERR_FORBIDDEN, "/open (mode 777)" },
		{ "open/../safe/file", ERR_FORBIDDEN, "/open (mode 777)" },
		{ "group/file", ERR_FORBIDDEN, "/group (mode 775)" },
		{ "safe/shared", ERR_FORBIDDEN, "/safe/shared (mode 775)" },
		{ "safe/loose", ERR_FORBIDDEN, "/safe/loose (mode 757)" },
		{ "safe/astray", ERR_FORBIDDEN, "/open (mode 777)" },
		{ "safe/detour", ERR_FORBIDDEN, "/open (mode 777)" },
		{ "way/file", ERR_FORBIDDEN, "/open (mode 777)" },
		{ "loop", ERR_NOT_FOUND, "Too many levels" },
		{ "dangling", ERR_NOT_FOUND, "No such file" },
		{ "none/file", ERR_NOT_FOUND, "/none: No such file" },
		{ "safe/file/under", ERR_NOT_FOUND, "Not a directory" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		why = (struct fault){ 0 };
		if (trust_path(at(row[i].path), &why) != row[i].err ||
			!strstr(why.sentence, row[i].says))
			fail_msg("%s: %s", row[i].path, why.sentence);
	}
}

static void
a_stranger_on_the_way_is_named(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(chown(at("safe"), 12345, 0), 0);
	assert_int_equal(trust_path(at("safe/file"), &why), ERR_FORBIDDEN);
	assert_non_null(strstr(why.sentence, "/safe belongs to user 12345"));
	assert_int_equal(chown(at("safe"), 0, 0), 0);
	assert_int_equal(lchown(at("safe/link"), 12345, 0), 0);
	assert_int_equal(trust_path(at("safe/link"), &why), ERR_FORBIDDEN);
	assert_int_equal(trust_path(at("safe/file"), &why), ERR_NONE);
}

static void
what_the_system_brings_is_trusted(void **state)
{
	(void)state;
	assert_int_equal(trust_path("/", &why), ERR_NONE);
	assert_int_equal(trust_path("/bin/sh", &why), ERR_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_on_the_way_counts),
		cmocka_unit_test(a_stranger_on_the_way_is_named),
		cmocka_unit_test(what_the_system_brings_is_trusted),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
