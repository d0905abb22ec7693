/* A store of which one page cannot be read: every operation says so, or is right. */
#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include "oneclick/base/log.h"
#include "story.h"

enum { PAGE = 2048, SPOILT = 0xA5 };

static char dir[64];

static const char *
path_of(const char *name)
{
	return mem_format(fleet.life, "%s/%s", dir, name);
}

static void
empty_directory(void)
{
	DIR *open = opendir(dir);
	struct dirent *entry;

	while (open && (entry = readdir(open)))
		if (entry->d_name[0] != '.')
			unlinkat(dirfd(open), entry->d_name, 0);
	if (open)
		closedir(open);
}

static int
open_disk_fleet(void **state)
{
	int failed = open_fleet(state);

	store_close(fleet.store);
	fleet.store = NULL;
	strcpy(dir, "/tmp/oneclick-spoilt-XXXXXX");
	log_to(NULL);
	return failed || !mkdtemp(dir) || store_open(dir, &fleet.store, &fleet.why);
}

static int
close_disk_fleet(void **state)
{
	empty_directory();
	rmdir(dir);
	return close_fleet(state);
}

/* The closed store's file. */
static struct buf
keep_file(void)
{
	FILE *file = fopen(path_of("oneclick.db"), "rb");
	struct buf bytes;
	char piece[PAGE];
	size_t n;

	assert_non_null(file);
	buf_init(&bytes, fleet.life, BUF_NO_CAP);
	while ((n = fread(piece, 1, sizeof piece, file)) > 0)
		buf_add(&bytes, piece, n);
	fclose(file);
	return bytes;
}

/* Puts it back, of one page nothing but rubbish; 0: none. */
static void
put_file(const struct buf *bytes, size_t spoilt)
{
	FILE *file;

	empty_directory();
	file = fopen(path_of("oneclick.db"), "wb");
	assert_non_null(file);
	for (size_t at = 0; at < bytes->len; at += PAGE) {
		char page[PAGE];

		memcpy(page, bytes->data + at, PAGE);
		if (spoilt && at / PAGE == spoilt)
			memset(page, SPOILT, PAGE);
		assert_int_equal(fwrite(page, 1, PAGE, file), PAGE);
	}
	assert_int_equal(fclose(file), 0);
}

static void
close_store(void)
{
	store_close(fleet.store);
	fleet.store = NULL;
}

static void
expect_store_failed(enum err err, const char *what, size_t page)
{
	if ((err != ERR_BROKEN && err != ERR_INTERNAL) || !*fleet.why.sentence)
		fail_msg("%s, page %zu: %d \"%s\"", what, page, (int)err,
			fleet.why.sentence);
}

/* Whether it was told; else a page that it needs is the one that is spoilt. */
static bool
try_line(const struct line *line, const struct buf *bytes, size_t page)
{
	struct press pressed = {
		.report = { .device_id = ENTERPRISE, .kind = line->pressed, .life = -1 }
	};
	enum err err;

	put_file(bytes, page);
	err = store_open(dir, &fleet.store, &fleet.why);
	if (!err && line->pressed != EVENT_KINDS)
		err = store_write(fleet.store, take_press, &pressed, &fleet.why);
	if (!err)
		err = call(line->op, line->labels, line->query, line->body);
	close_store();
	if (err)
		expect_store_failed(err, line->name, page);
	else
		check_golden(line->name);
	return err == ERR_NONE;
}

static void
an_operation_fails_as_the_store_does_or_is_right(void **state)
{
	size_t told = 0, failed = 0;

	(void)state;
	begin_story();
	for (size_t i = 0; i < LINES; i++) {
		struct buf bytes;
		size_t pages;

		close_store();
		bytes = keep_file();
		pages = bytes.len / PAGE;
		fleet.now += MINUTE;
		for (size_t page = 1; page < pages; page++)
			*(try_line(&story[i], &bytes, page) ? &told : &failed) += 1;
		put_file(&bytes, 0);
		must(store_open(dir, &fleet.store, &fleet.why));
		if (story[i].pressed != EVENT_KINDS)
			press(ENTERPRISE, story[i].pressed);
		must(call(story[i].op, story[i].labels, story[i].query, story[i].body));
		buf_release(&bytes);
	}
	assert_true(told > LINES && failed > LINES);
}

#undef TEST
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, open_disk_fleet, close_disk_fleet)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_operation_fails_as_the_store_does_or_is_right),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
