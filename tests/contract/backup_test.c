#include <sys/stat.h>

#include "ground.h"
#include "oneclick/store/backup.h"

struct place {
	struct ground *ground; /* its store has one device */
	char file[96], dir[96];
	struct fault why;
};

static enum err
add_device(struct tx *tx, void *arg, struct fault *why)
{
	(void)why;
	claim(tx, arg, OURS);
	return ERR_NONE;
}

static enum err
find_device(struct tx *tx, void *arg, struct fault *why)
{
	void *life = mem_life(NULL);
	struct device device;
	enum err err = devices_find(tx, life, arg, &device, why);

	mem_free(life);
	return err;
}

static void
add(struct place *p, const char *id)
{
	must(store_write(p->ground->store, add_device, (void *)(uintptr_t)id, &p->why),
		&p->why);
}

static bool
has(struct place *p, const char *dir, const char *id)
{
	struct store *store;
	enum err err;

	must(store_open(dir, &store, &p->why), &p->why);
	err = store_read(store, find_device, (void *)(uintptr_t)id, &p->why);
	store_close(store);
	return err == ERR_NONE;
}

static int
set_up(void **state)
{
	struct place *p = mem_new(NULL, struct place);
	void *ground;

	if (ground_on_disk(&ground))
		return -1;
	p->ground = ground;
	snprintf(p->file, sizeof p->file, "%s.backup", p->ground->dir);
	snprintf(p->dir, sizeof p->dir, "%s-other", p->ground->dir);
	*state = p;
	add(p, "A");
	return 0;
}

static int
tear_down(void **state)
{
	struct place *p = *state;
	void *ground = p->ground;

	unlink(p->file);
	remove_directory(p->dir);
	ground_clear(&ground);
	mem_free(p);
	return 0;
}

static bool
go_on(void *arg, int64_t done, int64_t total)
{
	(void)arg;
	return done <= total;
}

static void
back_up(struct place *p)
{
	must(backup_write(p->ground->dir, p->file, go_on, NULL, &p->why), &p->why);
}

static void
what_was_backed_up_is_there_elsewhere_and_what_came_later_is_not(void **state)
{
	struct place *p = *state;
	struct stat st;

	back_up(p);
	add(p, "B");
	assert_int_equal(stat(p->file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	must(backup_restore(p->file, p->dir, false, go_on, NULL, &p->why), &p->why);
	assert_true(has(p, p->dir, "A"));
	assert_false(has(p, p->dir, "B"));
	assert_true(has(p, p->ground->dir, "B"));
}

static void
a_backup_is_one_file_with_no_log_beside_it(void **state)
{
	struct place *p = *state;
	char log[120];

	back_up(p);
	for (size_t i = 0; i < 2; i++) {
		snprintf(log, sizeof log, "%s%s", p->file, i ? "-wal" : "-shm");
		assert_int_not_equal(access(log, F_OK), 0);
	}
}

/* Commits come between its steps; it must neither begin anew for ever nor show half. */
static bool
write_on(void *arg, int64_t done, int64_t total)
{
	static const char *const ids[] = { "P", "Q", "R" };
	struct place *p = arg;
	static size_t n;

	if (n < 3 && done < total)
		add(p, ids[n++]);
	return true;
}

static void
commits_meanwhile_do_not_reach_into_the_copy(void **state)
{
	struct place *p = *state;
	char id[16];

	for (int i = 0; i < 3000; i++) {
		snprintf(id, sizeof id, "x%d", i);
		add(p, id);
	}
	must(backup_write(p->ground->dir, p->file, write_on, p, &p->why), &p->why);
	must(backup_restore(p->file, p->dir, false, go_on, NULL, &p->why), &p->why);
	assert_true(has(p, p->dir, "x2999"));
	assert_true(has(p, p->ground->dir, "P"));
	assert_false(has(p, p->dir, "P"));
}

static bool
stop_at_once(void *arg, int64_t done, int64_t total)
{
	(void)done;
	(void)total;
	++*(int *)arg;
	return false;
}

static void
one_that_is_stopped_leaves_nothing_and_spares_the_old(void **state)
{
	struct place *p = *state;
	int asked = 0;

	back_up(p);
	for (int i = 0; i < 400; i++) {
		char id[16];

		snprintf(id, sizeof id, "y%d", i);
		add(p, id);
	}
	assert_int_equal(
		backup_write(p->ground->dir, p->file, stop_at_once, &asked, &p->why),
		ERR_PRECONDITION);
	assert_int_equal(asked, 1);
	must(backup_restore(p->file, p->dir, false, go_on, NULL, &p->why), &p->why);
	assert_true(has(p, p->dir, "A"));
}

static void
a_store_is_replaced_only_when_that_was_said(void **state)
{
	struct place *p = *state;

	back_up(p);
	assert_false(has(p, p->dir, "A")); /* makes an empty one */
	assert_int_equal(backup_restore(p->file, p->dir, false, go_on, NULL, &p->why),
		ERR_CONFLICT);
	assert_false(has(p, p->dir, "A"));
	must(backup_restore(p->file, p->dir, true, go_on, NULL, &p->why), &p->why);
	assert_true(has(p, p->dir, "A"));
}

static void
write_bytes(const char *path, long at, const char *bytes, size_t n)
{
	FILE *file = fopen(path, at ? "r+" : "w");

	assert_non_null(file);
	fseek(file, at, SEEK_SET);
	assert_int_equal(fwrite(bytes, 1, n, file), n);
	fclose(file);
}

static void
a_damaged_or_foreign_file_changes_nothing(void **state)
{
	struct place *p = *state;
	char zeros[4096] = { 0 };

	back_up(p);
	assert_false(has(p, p->dir, "A"));
	write_bytes(p->file, 6000, zeros, sizeof zeros);
	assert_int_equal(
		backup_restore(p->file, p->dir, true, go_on, NULL, &p->why), ERR_BROKEN);
	write_bytes(p->file, 0, "no store", 8);
	assert_int_equal(
		backup_restore(p->file, p->dir, true, go_on, NULL, &p->why), ERR_INVALID);
	unlink(p->file);
	assert_int_equal(backup_restore(p->file, p->dir, true, go_on, NULL, &p->why),
		ERR_NOT_FOUND);
	assert_false(has(p, p->dir, "A"));
}

static void
where_there_is_no_store_none_is_made(void **state)
{
	struct place *p = *state;

	assert_int_equal(
		backup_write(p->dir, p->file, go_on, NULL, &p->why), ERR_NOT_FOUND);
	assert_int_not_equal(access(p->dir, F_OK), 0);
	assert_int_not_equal(access(p->file, F_OK), 0);
}

static enum err
add_and_trim_events(struct tx *tx, void *arg, struct fault *why)
{
	struct event event = a_click("A", 1);

	for (int i = 0; i < 5000; i++)
		must(events_append(tx, &event, why), why);
	return events_trim(tx, 2, 10000, arg, why);
}

static off_t
size_of_store(const struct place *p)
{
	char path[96];
	struct stat st;

	snprintf(path, sizeof path, "%s/oneclick.db", p->ground->dir);
	assert_int_equal(stat(path, &st), 0);
	return st.st_size;
}

static void
compacting_gives_room_back_and_keeps_what_there_is(void **state)
{
	struct place *p = *state;
	off_t before;
	int removed;

	must(store_write(p->ground->store, add_and_trim_events, &removed, &p->why),
		&p->why);
	assert_int_equal(removed, 4999);
	store_close(p->ground->store);
	p->ground->store = NULL;
	before = size_of_store(p);
	must(backup_compact(p->ground->dir, &p->why), &p->why);
	assert_true(size_of_store(p) < before / 2);
	assert_true(has(p, p->ground->dir, "A"));
	assert_int_equal(backup_compact(p->dir, &p->why), ERR_NOT_FOUND);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(what_was_backed_up_is_there_elsewhere_and_what_came_later_is_not),
		TEST(a_backup_is_one_file_with_no_log_beside_it),
		TEST(commits_meanwhile_do_not_reach_into_the_copy),
		TEST(one_that_is_stopped_leaves_nothing_and_spares_the_old),
		TEST(a_store_is_replaced_only_when_that_was_said),
		TEST(a_damaged_or_foreign_file_changes_nothing),
		TEST(where_there_is_no_store_none_is_made),
		TEST(compacting_gives_room_back_and_keeps_what_there_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
