/* What only the backend itself can be asked: its settings, its schema, and what happens
 * when storage fails. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../../src/store/inside.h"
#include "../../../src/store/keeper.h"
#include "../../../src/store/sqlite/db.h"
#include "oneclick/base/mem.h"
#include "oneclick/store/projects.h"

struct ground {
	char dir[64];
	struct store *store;
};

static int
set_up(void **state)
{
	struct ground *ground = mem_new(NULL, struct ground);
	struct fault why;

	*state = ground;
	strcpy(ground->dir, "/tmp/oneclick-db-XXXXXX");
	if (!mkdtemp(ground->dir))
		return -1;
	return (int)store_open(ground->dir, &ground->store, &why);
}

static int
tear_down(void **state)
{
	struct ground *ground = *state;
	DIR *dir = opendir(ground->dir);
	struct dirent *entry;

	store_close(ground->store);
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			unlinkat(dirfd(dir), entry->d_name, 0);
	closedir(dir);
	rmdir(ground->dir);
	mem_free(ground);
	return 0;
}

static void
ask(struct tx *tx, const char *sql, char out[64])
{
	sqlite3_stmt *stmt;

	assert_int_equal(sqlite3_prepare_v2(tx->link, sql, -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	snprintf(out, 64, "%s", (const char *)sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
}

static void
assert_answer(struct tx *tx, const char *sql, const char *expected)
{
	char answer[64];

	ask(tx, sql, answer);
	assert_string_equal(answer, expected);
}

/* ---- settings and schema ---- */

static void
a_commit_is_on_disk_when_it_returns(void **state)
{
	struct ground *ground = *state;

	assert_answer(ground->store->tx, "PRAGMA journal_mode", "wal");
	assert_answer(ground->store->tx, "PRAGMA synchronous", "2");
}

static void
a_reader_cannot_write(void **state)
{
	struct ground *ground = *state;
	struct tx *tx;
	struct fault why;

	assert_int_equal(backend_open(ground->dir, LANE_READ, &tx, &why), ERR_NONE);
	assert_answer(tx, "PRAGMA synchronous", "2");
	assert_int_not_equal(db_exec(tx, "DELETE FROM meta", &why), ERR_NONE);
	backend_close(tx);
}

static void
a_schema_newer_than_the_program_is_refused(void **state)
{
	struct ground *ground = *state;
	struct fault why;

	assert_int_equal(
		db_exec(ground->store->tx, "PRAGMA user_version = 99", &why), ERR_NONE);
	store_close(ground->store);
	ground->store = NULL;
	assert_int_equal(store_open(ground->dir, &ground->store, &why), ERR_INVALID);
	assert_non_null(strstr(why.sentence, "schema 99"));
	assert_null(ground->store);
}

static void
a_migration_that_fails_leaves_version_0_and_no_tables(void **state)
{
	struct ground *ground = *state;
	struct fault why;
	struct tx *tx;
	unsigned char secret[DIGEST_SIZE];
	char current[64];

	ask(ground->store->tx, "PRAGMA user_version", current);
	assert_int_equal(backend_open(NULL, LANE_WRITE, &tx, &why), ERR_NONE);
	assert_answer(tx, "PRAGMA user_version", "0");
	assert_int_equal(db_exec(tx, "CREATE TABLE audit (x)", &why), ERR_NONE);
	assert_int_not_equal(backend_prepare(tx, secret, &why), ERR_NONE);
	assert_answer(tx, "PRAGMA user_version", "0");
	assert_answer(tx, "SELECT count(*) FROM sqlite_schema", "1");
	assert_int_equal(db_exec(tx, "DROP TABLE audit", &why), ERR_NONE);
	assert_int_equal(backend_prepare(tx, secret, &why), ERR_NONE);
	assert_answer(tx, "PRAGMA user_version", current);
	backend_close(tx);
}

static void
no_question_walks_a_whole_table(void **state)
{
	static const enum stmt hot[] = { STMT_DEVICE_FIND, STMT_DEVICE_FIND_OWN,
		STMT_DEVICE_SAVE, STMT_DEVICE_SAVE_CLICK, STMT_DEVICE_LIST,
		STMT_DEVICE_LIST_CODE, STMT_DEVICE_IN_PLACEMENT,
		STMT_DEVICE_FORGET_PROJECT, STMT_DEVICE_FORGET_PLACEMENT,
		STMT_PROJECT_LIST, STMT_PLACEMENT_FIRST, STMT_PLACEMENT_LIST,
		STMT_EVENT_LIST_DEVICE, STMT_EVENT_AFTER, STMT_EVENT_TRIM, STMT_SEEN_FIND,
		STMT_SEEN_FORGET, STMT_CONTEXT_FIND, STMT_KEY_FIND, STMT_AUDIT_LIST,
		STMT_DEVICE_LIST_READY, STMT_DEVICE_LIST_QUIET, STMT_EVENT_FOLLOW,
		STMT_MARKS_NOTE, STMT_CURSOR_READ, STMT_DELIVERY_PUT,
		STMT_DELIVERY_REMOVE, STMT_DELIVERY_DUE, STMT_DELIVERY_DUE_ORDERED,
		STMT_DELIVERY_NEXT, STMT_METRIC_MERGE, STMT_METRIC_READ, STMT_METRIC_NEXT,
		STMT_USER_FIND, STMT_REPLAY_FIND, STMT_REPLAY_NOTE, STMT_AUDIT_APPEND };
	struct ground *ground = *state;

	for (size_t i = 0; i < sizeof(hot) / sizeof(*hot); i++) {
		char *sql = mem_format(ground, "EXPLAIN QUERY PLAN %s", sql_text[hot[i]]);
		sqlite3_stmt *stmt;

		assert_int_equal(
			sqlite3_prepare_v2(ground->store->tx->link, sql, -1, &stmt, NULL),
			SQLITE_OK);
		while (sqlite3_step(stmt) == SQLITE_ROW) {
			const char *step = (const char *)sqlite3_column_text(stmt, 3);

			if (strncmp(step, "SCAN", 4) == 0 || strstr(step, "TEMP B-TREE"))
				fail_msg("%s: %s", sql_text[hot[i]], step);
		}
		sqlite3_finalize(stmt);
	}
}

/* ---- the log is put in order ---- */

enum { MEBIBYTE = 1024 * 1024 };

struct load {
	char *text;
	int number;
};

static enum err
add_load(struct tx *tx, void *arg, struct fault *why)
{
	struct load *load = arg;
	char name[32];
	struct project project = { .account = "123456789012",
		.name = name,
		.tags = "{}",
		.template_json = load->text };

	snprintf(name, sizeof(name), "p%d", load->number++);
	return projects_add(tx, &project, why);
}

static void
write_mebibytes(struct ground *ground, int n)
{
	struct load load = { mem_array(ground, char, MEBIBYTE + 1), 0 };
	struct fault why;

	memset(load.text, 'x', MEBIBYTE);
	for (int i = 0; i < n; i++)
		assert_int_equal(
			store_write(ground->store, add_load, &load, &why), ERR_NONE);
}

static int
size_in_mebibytes(const struct ground *ground, const char *file)
{
	char path[100];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s", ground->dir, file);
	assert_int_equal(stat(path, &st), 0);
	return (int)(st.st_size / MEBIBYTE);
}

static void
the_log_does_not_grow_without_end(void **state)
{
	struct ground *ground = *state;

	write_mebibytes(ground, 80);
	assert_true(size_in_mebibytes(ground, "oneclick.db-wal") < 40);
	assert_true(size_in_mebibytes(ground, "oneclick.db") >= 60);
}

static void
never_broken(void *arg, const struct fault *why)
{
	(void)arg;
	fail_msg("%s", why->sentence);
}

static void
the_keeper_copies_the_log_into_the_file(void **state)
{
	struct ground *ground = *state;
	struct keeper *keeper;

	write_mebibytes(ground, 4);
	assert_int_equal(size_in_mebibytes(ground, "oneclick.db"), 0);
	keeper = keeper_start(NULL, ground->dir, never_broken, NULL);
	assert_non_null(keeper);
	while (!keeper_has_swept(keeper))
		usleep(1000);
	assert_true(size_in_mebibytes(ground, "oneclick.db") >= 4);
	keeper_stop(keeper);
}

/* ---- storage fails ---- */

struct work {
	struct job job;
	struct loop *loop;
	const char *name;
	const char *text; /* the project's template, to fill the disk with */
};

static enum err
run_add(struct job *job, struct tx *tx)
{
	struct work *work = (struct work *)job;
	struct project project = { .account = "123456789012",
		.name = work->name,
		.tags = "{}",
		.template_json = work->text };

	return projects_add(tx, &project, &job->why);
}

static enum err
run_read(struct job *job, struct tx *tx)
{
	int count;

	return projects_count(tx, "123456789012", &count, &job->why);
}

static void
stop(struct job *job)
{
	loop_stop(((struct work *)job)->loop);
}

static void
note_broken(void *arg, const char *sentence)
{
	assert_true(*sentence != '\0');
	++*(int *)arg;
}

static enum err
run_work(struct lanes *lanes, struct loop *loop, struct work *work)
{
	work->loop = loop;
	work->job.done = stop;
	if (!work->job.run)
		work->job.run = run_add;
	lanes_submit(lanes, &work->job);
	loop_run(loop);
	return work->job.result;
}

static void
on_a_full_disk_writes_fail_and_reads_go_on(void **state)
{
	struct ground *ground = *state;
	char *large = mem_array(ground, char, 1000001);
	struct loop *loop = loop_new();
	struct work small = { .job.lane = LANE_WRITE, .name = "small" };
	struct work big = { .job.lane = LANE_WRITE, .name = "big", .text = large };
	struct work read = { .job = { .lane = LANE_READ, .run = run_read } };
	struct lanes *lanes;
	int broken = 0;

	memset(large, 'x', 1000000);
	assert_int_equal(db_exec(ground->store->tx, "PRAGMA max_page_count = 100", NULL),
		SQLITE_OK);
	lanes = lanes_start(ground->store, loop, 1, note_broken, &broken);
	assert_int_equal(run_work(lanes, loop, &big), ERR_INTERNAL);
	assert_non_null(strstr(big.job.why.sentence, "full"));
	assert_int_equal(run_work(lanes, loop, &read), ERR_NONE);
	assert_int_equal(run_work(lanes, loop, &small), ERR_NONE);
	lanes_stop(lanes);
	assert_int_equal(broken, 0);
	loop_free(loop);
}

/* By another process: closing the file in this one would drop SQLite's locks. */
/* As a quota does, and wherever in the log it comes. */
static void
a_limit_on_the_size_of_files_is_a_full_disk(void **state)
{
	struct ground *ground = *state;
	struct load load = { mem_array(ground, char, 10000), 0 };
	struct rlimit before, limit;
	struct stat st;
	struct fault why;
	char path[100];

	signal(SIGXFSZ, SIG_IGN);
	memset(load.text, 'x', 9999);
	snprintf(path, sizeof(path), "%s/oneclick.db-wal", ground->dir);
	getrlimit(RLIMIT_FSIZE, &before);
	for (int i = 0; i < 40; i++) {
		assert_int_equal(stat(path, &st), 0);
		limit = before;
		limit.rlim_cur = (rlim_t)st.st_size + (rlim_t)i * 517;
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
		while (!store_write(ground->store, add_load, &load, &why))
			continue;
		setrlimit(RLIMIT_FSIZE, &before);
		assert_int_equal(why.code, ERR_INTERNAL);
		assert_non_null(strstr(why.sentence, "full"));
		assert_int_equal(
			store_write(ground->store, add_load, &load, &why), ERR_NONE);
	}
}

static void
damage(const char *dir)
{
	char path[100], noise[4096];
	pid_t child = fork();
	int fd, status;

	if (child == 0) {
		memset(noise, 0xa5, sizeof(noise));
		snprintf(path, sizeof(path), "%s/oneclick.db", dir);
		fd = open(path, O_WRONLY);
		for (int at = 1; at < 30; at++)
			if (pwrite(fd, noise, sizeof(noise), at * 2048) < 0)
				_exit(1);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void
on_a_damaged_file_nothing_more_is_acknowledged(void **state)
{
	struct ground *ground = *state;
	struct loop *loop = loop_new();
	struct work first = { .job.lane = LANE_WRITE, .name = "a" };
	struct work second = { .job.lane = LANE_WRITE, .name = "b" };
	struct work read = { .job = { .lane = LANE_READ, .run = run_read } };
	struct lanes *lanes;
	int broken = 0;
	struct fault why;

	store_close(ground->store);
	assert_int_equal(store_open(ground->dir, &ground->store, &why), ERR_NONE);
	damage(ground->dir);
	lanes = lanes_start(ground->store, loop, 1, note_broken, &broken);
	assert_int_equal(run_work(lanes, loop, &first), ERR_BROKEN);
	assert_int_equal(run_work(lanes, loop, &second), ERR_BROKEN);
	assert_int_equal(run_work(lanes, loop, &read), ERR_BROKEN);
	lanes_stop(lanes);
	assert_int_equal(broken, 1);
	loop_free(loop);
}

/* Which sort what they found, and may: of these tables there is never much. */
static bool
may_sort(enum stmt which)
{
	switch ((int)which) {
	case STMT_DEVICE_LIST_FAMILY: /* one device and its buttons */
	case STMT_MARKS_LIST:         /* a few batches of a broker's messages */
	case STMT_KEY_LIST:           /* made by hand, and listed by a command */
	case STMT_AUDIT_TRIM_END:     /* as many as are removed at a time */
		return true;
	default:
		return false;
	}
}

/* A sort takes memory for all rows that were found, and nothing is told before the last. */
static void
no_statement_sorts_what_grows(void **state)
{
	struct ground *ground = *state;
	sqlite3 *link = ground->store->tx->link;

	for (int i = 0; i < STMTS; i++) {
		char *explain = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", sql_text[i]);
		sqlite3_stmt *stmt = NULL;
		bool sorts = false;

		if (sqlite3_prepare_v2(link, explain, -1, &stmt, NULL) != SQLITE_OK)
			fail_msg("%s: %s", sql_text[i], sqlite3_errmsg(link));
		while (sqlite3_step(stmt) == SQLITE_ROW)
			sorts = sorts ||
				strstr((const char *)sqlite3_column_text(stmt, 3),
					"USE TEMP B-TREE");
		sqlite3_finalize(stmt);
		sqlite3_free(explain);
		if (sorts != may_sort((enum stmt)i))
			fail_msg("%s %s",
				sorts ? "sorts:" : "does not sort:", sql_text[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_commit_is_on_disk_when_it_returns, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_reader_cannot_write, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			no_statement_sorts_what_grows, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_schema_newer_than_the_program_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_migration_that_fails_leaves_version_0_and_no_tables, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			no_question_walks_a_whole_table, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			the_log_does_not_grow_without_end, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			the_keeper_copies_the_log_into_the_file, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			on_a_full_disk_writes_fail_and_reads_go_on, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_limit_on_the_size_of_files_is_a_full_disk, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			on_a_damaged_file_nothing_more_is_acknowledged, set_up,
			tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
