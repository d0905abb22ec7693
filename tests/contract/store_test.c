#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "ground.h"

static enum err
claim_a(struct tx *tx, void *arg, struct fault *why)
{
	(void)arg;
	(void)why;
	claim(tx, "A", OURS);
	return ERR_NONE;
}

static enum err
append_one(struct tx *tx, void *arg, struct fault *why)
{
	struct event event = a_click("A", 1);
	enum err err = events_append(tx, &event, why);

	*(int64_t *)arg = event.pos;
	return err;
}

struct log {
	int64_t count, last, seq;
	bool gap;
};

static bool
count_event(void *arg, const struct event *event)
{
	struct log *log = arg;

	log->gap |= event->pos != log->last + 1 || event->seq != log->seq + 1;
	log->last = event->pos;
	log->seq = event->seq;
	log->count++;
	return true;
}

static enum err
read_log(struct tx *tx, void *arg, struct fault *why)
{
	return events_after(tx, OURS, 0, 1000000, count_event, arg, why);
}

/* ---- opening --------------------------------------------------------------------------
 */

static void
a_missing_directory_is_made_and_is_private(void **state)
{
	struct ground *ground = *state;
	struct store *store;
	struct stat st;
	char dir[160], path[200];

	snprintf(dir, sizeof(dir), "%s/a/b/", ground->dir);
	must(store_open(dir, &store, &ground->why), &ground->why);
	assert_int_equal(stat(dir, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	snprintf(path, sizeof(path), "%s/oneclick.db", dir);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	store_close(store);
	remove_directory(dir);
	snprintf(dir, sizeof(dir), "%s/a", ground->dir);
	remove_directory(dir);
}

static void
a_directory_that_cannot_be_is_refused(void **state)
{
	struct ground *ground = *state;
	struct store *store;

	assert_int_equal(
		store_open("/dev/null/store", &store, &ground->why), ERR_INVALID);
	assert_non_null(strstr(ground->why.sentence, "/dev/null/store"));
}

static void
what_was_written_and_the_secret_outlive_closing(void **state)
{
	struct ground *ground = *state;
	unsigned char secret[DIGEST_SIZE];
	struct log log = { 0 };
	int64_t pos;

	memcpy(secret, store_secret(ground->store), sizeof(secret));
	must(store_write(ground->store, claim_a, NULL, &ground->why), &ground->why);
	must(store_write(ground->store, append_one, &pos, &ground->why), &ground->why);
	store_close(ground->store);
	must(store_open(ground->dir, &ground->store, &ground->why), &ground->why);
	assert_memory_equal(secret, store_secret(ground->store), sizeof(secret));
	must(store_read(ground->store, read_log, &log, &ground->why), &ground->why);
	assert_int_equal(log.count, 1);
}

static void
two_stores_have_two_secrets(void **state)
{
	struct ground *ground = *state;
	struct store *other;

	must(store_open(NULL, &other, &ground->why), &ground->why);
	assert_memory_not_equal(
		store_secret(other), store_secret(ground->store), DIGEST_SIZE);
	store_close(other);
}

static void
a_file_that_is_no_store_is_refused(void **state)
{
	struct ground *ground = *state;
	char path[100];
	FILE *file;

	store_close(ground->store);
	ground->store = NULL;
	snprintf(path, sizeof(path), "%s/oneclick.db", ground->dir);
	file = fopen(path, "w");
	for (int i = 0; i < 2000; i++)
		fputs("no store ", file);
	fclose(file);
	assert_int_equal(
		store_open(ground->dir, &ground->store, &ground->why), ERR_BROKEN);
	assert_null(ground->store);
}

/* ---- failing --------------------------------------------------------------------------
 */

static enum err
append_and_fail(struct tx *tx, void *arg, struct fault *why)
{
	enum err err = append_one(tx, arg, why);

	return err ? err : fault(why, ERR_PRECONDITION, "Not yet.");
}

static void
a_failed_write_leaves_nothing(void **state)
{
	struct ground *ground = *state;
	struct log log = { 0 };
	int64_t pos;

	must(store_write(ground->store, claim_a, NULL, &ground->why), &ground->why);
	assert_int_equal(store_write(ground->store, append_and_fail, &pos, &ground->why),
		ERR_PRECONDITION);
	assert_string_equal(ground->why.sentence, "Not yet.");
	must(store_write(ground->store, append_one, &pos, &ground->why), &ground->why);
	must(store_read(ground->store, read_log, &log, &ground->why), &ground->why);
	assert_int_equal(log.count, 1);
	assert_false(log.gap);
}

/* ---- several processes ---- */

enum { EACH = 200 };

static void
append_each(const char *dir)
{
	struct store *store;
	struct fault why;
	int64_t pos;

	if (store_open(dir, &store, &why))
		_exit(1);
	for (int i = 0; i < EACH; i++)
		if (store_write(store, append_one, &pos, &why))
			_exit(2);
	store_close(store);
	_exit(0);
}

static void
several_processes_write_beside_one_another(void **state)
{
	struct ground *ground = *state;
	struct log log = { 0 };
	pid_t child[3];
	int status;

	must(store_write(ground->store, claim_a, NULL, &ground->why), &ground->why);
	store_close(ground->store);
	for (int i = 0; i < 3; i++)
		if ((child[i] = fork()) == 0)
			append_each(ground->dir);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(waitpid(child[i], &status, 0), child[i]);
		assert_int_equal(status, 0);
	}
	must(store_open(ground->dir, &ground->store, &ground->why), &ground->why);
	must(store_read(ground->store, read_log, &log, &ground->why), &ground->why);
	assert_int_equal(log.count, 3 * EACH);
	assert_false(log.gap);
}

static void
a_new_store_may_be_opened_by_several_at_once(void **state)
{
	struct ground *ground = *state;
	char dir[100];
	pid_t child[4];
	int status;

	for (int round = 0; round < 10; round++) {
		snprintf(dir, sizeof(dir), "%s/%d", ground->dir, round);
		for (int i = 0; i < 4; i++) {
			struct store *store;
			struct fault why;

			if ((child[i] = fork()) == 0)
				_exit(store_open(dir, &store, &why) ? 1 : 0);
		}
		for (int i = 0; i < 4; i++) {
			assert_int_equal(waitpid(child[i], &status, 0), child[i]);
			assert_int_equal(status, 0);
		}
		remove_directory(dir);
	}
}

/* Holds the write lock, tells, and lets go after a while. */
static enum err
hold(struct tx *tx, void *arg, struct fault *why)
{
	(void)tx;
	(void)why;
	if (write(*(int *)arg, "x", 1) != 1)
		_exit(3);
	usleep(300000);
	return ERR_NONE;
}

static void
hold_and_exit(const char *dir, int fd)
{
	struct store *store;
	struct fault why;

	if (store_open(dir, &store, &why) || store_write(store, hold, &fd, &why))
		_exit(1);
	store_close(store);
	_exit(0);
}

static void
a_write_waits_for_another_program(void **state)
{
	struct ground *ground = *state;
	int64_t pos;
	int fds[2], status;
	pid_t child;
	char byte;

	must(store_write(ground->store, claim_a, NULL, &ground->why), &ground->why);
	store_close(ground->store);
	assert_int_equal(pipe(fds), 0);
	if ((child = fork()) == 0)
		hold_and_exit(ground->dir, fds[1]);
	must(store_open(ground->dir, &ground->store, &ground->why), &ground->why);
	assert_int_equal(read(fds[0], &byte, 1), 1);
	must(store_write(ground->store, append_one, &pos, &ground->why), &ground->why);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	close(fds[0]);
	close(fds[1]);
}

/* ---- kill -9 ---- */

enum { JOBS = 64, KILLS = 20 };

struct press {
	struct job job;
	struct lanes *lanes;
	int64_t pos;
	int fd;
};

static enum err
run_press(struct job *job, struct tx *tx)
{
	return append_one(tx, &((struct press *)job)->pos, &job->why);
}

/* Acknowledges into the pipe, then presses again. */
static void
press_done(struct job *job)
{
	struct press *press = (struct press *)job;

	if (job->result || write(press->fd, &press->pos, 8) != 8)
		_exit(1);
	lanes_submit(press->lanes, job);
}

static void
end(void *arg, const char *sentence)
{
	(void)arg;
	(void)sentence;
	_exit(2);
}

static void
press_until_killed(const char *dir, int fd)
{
	static struct press press[JOBS];
	struct loop *loop = loop_new();
	struct lanes *lanes;
	struct store *store;
	struct fault why;

	if (store_open(dir, &store, &why))
		_exit(3);
	lanes = lanes_start(store, loop, 1, end, NULL);
	for (int i = 0; i < JOBS; i++) {
		press[i].job = (struct job){
			.lane = LANE_WRITE, .run = run_press, .done = press_done
		};
		press[i].lanes = lanes;
		press[i].fd = fd;
		lanes_submit(lanes, &press[i].job);
	}
	loop_run(loop);
}

/* The last position the child acknowledged before it was killed, `acks` of them on. */
static int64_t
kill_after(const char *dir, int acks)
{
	int64_t pos, last = 0;
	int fds[2], status;
	pid_t child;

	assert_int_equal(pipe(fds), 0);
	if ((child = fork()) == 0)
		press_until_killed(dir, fds[1]);
	close(fds[1]);
	while (read(fds[0], &pos, 8) == 8) {
		last = pos > last ? pos : last;
		if (acks-- == 0)
			kill(child, SIGKILL);
	}
	close(fds[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	return last;
}

static void
kill_9_loses_nothing_that_was_acknowledged(void **state)
{
	struct ground *ground = *state;

	must(store_write(ground->store, claim_a, NULL, &ground->why), &ground->why);
	store_close(ground->store);
	ground->store = NULL;
	for (int i = 0; i < KILLS; i++) {
		int64_t acknowledged = kill_after(ground->dir, 50 + 97 * i);
		struct log log = { 0 };

		must(store_open(ground->dir, &ground->store, &ground->why), &ground->why);
		must(store_read(ground->store, read_log, &log, &ground->why),
			&ground->why);
		assert_true(log.last >= acknowledged);
		assert_false(log.gap);
		store_close(ground->store);
		ground->store = NULL;
	}
}

int
main(void)
{
	const struct CMUnitTest both[] = {
		cmocka_unit_test(two_stores_have_two_secrets),
		cmocka_unit_test(a_failed_write_leaves_nothing),
	};
	const struct CMUnitTest on_disk[] = {
		cmocka_unit_test(a_missing_directory_is_made_and_is_private),
		cmocka_unit_test(a_directory_that_cannot_be_is_refused),
		cmocka_unit_test(what_was_written_and_the_secret_outlive_closing),
		cmocka_unit_test(a_file_that_is_no_store_is_refused),
		cmocka_unit_test(several_processes_write_beside_one_another),
		cmocka_unit_test(a_new_store_may_be_opened_by_several_at_once),
		cmocka_unit_test(a_write_waits_for_another_program),
		cmocka_unit_test(kill_9_loses_nothing_that_was_acknowledged),
	};

	return RUN_BOTH(both) + run_on(on_disk, sizeof(on_disk) / sizeof(*on_disk),
					"only on disk", ground_on_disk);
}
