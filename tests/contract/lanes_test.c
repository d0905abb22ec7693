#include <sys/wait.h>

#include "ground.h"
#include "oneclick/base/moment.h"
#include "oneclick/store/projects.h"

/* A job that adds a project and may then fail; its settle adds another, to be seen. */
struct work {
	struct job job;
	struct loop *loop; /* stopped when the last is done */
	int *left;
	const char *add, *settle_adds;
	bool fails;
	int done_order, count;
	int64_t last;
};

static int order;

static struct project
named(const char *name)
{
	return (struct project){ .account = OURS, .name = name, .tags = "{}" };
}

static enum err
run_work(struct job *job, struct tx *tx)
{
	struct work *work = (struct work *)job;
	struct project project = named(work->add);
	enum err err = projects_add(tx, &project, &job->why);

	if (!err && work->fails)
		return fault(&job->why, ERR_PRECONDITION, "Not yet.");
	return err;
}

static void
settle_work(struct job *job, struct tx *tx)
{
	struct work *work = (struct work *)job;
	struct project project = named(work->settle_adds);
	struct fault why;

	must(projects_add(tx, &project, &why), &why);
}

static void
work_done(struct job *job)
{
	struct work *work = (struct work *)job;

	work->done_order = ++order;
	if (--*work->left == 0 && work->loop)
		loop_stop(work->loop);
}

static enum err
run_count(struct job *job, struct tx *tx)
{
	struct work *work = (struct work *)job;

	return projects_count(tx, OURS, &work->count, &job->why);
}

static void
never_broken(void *arg, const char *sentence)
{
	(void)arg;
	fail_msg("%s", sentence);
}

struct bench {
	struct ground *ground;
	struct loop *loop;
	struct lanes *lanes;
	int left;
};

static struct bench
bench_start(void **state, int readers)
{
	struct bench bench = { .ground = *state, .loop = loop_new() };

	order = 0;
	bench.lanes =
		lanes_start(bench.ground->store, bench.loop, readers, never_broken, NULL);
	return bench;
}

static void
submit(struct bench *bench, struct work *work)
{
	work->loop = bench->loop;
	work->left = &bench->left;
	work->job.done = work_done;
	if (!work->job.run)
		work->job.run = run_work;
	bench->left++;
	lanes_submit(bench->lanes, &work->job);
}

static void
bench_stop(struct bench *bench)
{
	lanes_stop(bench->lanes);
	loop_free(bench->loop);
}

static int
count_projects(struct bench *bench)
{
	struct work work = { .job = { .lane = LANE_READ, .run = run_count } };

	submit(bench, &work);
	loop_run(bench->loop);
	assert_int_equal(work.job.result, ERR_NONE);
	return work.count;
}

static void
a_failing_job_takes_nothing_of_its_neighbours_with_it(void **state)
{
	struct bench bench = bench_start(state, 1);
	struct work works[] = {
		{ .job.lane = LANE_WRITE, .add = "a" },
		{ .job.lane = LANE_WRITE, .add = "b", .fails = true },
		{ .job.lane = LANE_WRITE, .add = "b" },
		{ .job.lane = LANE_WRITE, .add = "a" },
	};

	for (int i = 0; i < 4; i++)
		submit(&bench, &works[i]);
	assert_int_equal(lanes_waiting(bench.lanes), 4);
	loop_run(bench.loop);
	assert_int_equal(lanes_waiting(bench.lanes), 0);
	assert_int_equal(works[0].job.result, ERR_NONE);
	assert_int_equal(works[1].job.result, ERR_PRECONDITION);
	assert_string_equal(works[1].job.why.sentence, "Not yet.");
	assert_int_equal(works[2].job.result, ERR_NONE);
	assert_int_equal(works[3].job.result, ERR_CONFLICT);
	for (int i = 0; i < 4; i++)
		assert_int_equal(works[i].done_order, i + 1);
	assert_int_equal(count_projects(&bench), 2);
	bench_stop(&bench);
}

static void
what_settle_wrote_is_kept_when_run_is_undone(void **state)
{
	struct bench bench = bench_start(state, 1);
	struct work works[] = {
		{ .job = { .lane = LANE_WRITE, .settle = settle_work },
			.add = "a",
			.settle_adds = "a-settled",
			.fails = true },
		{ .job = { .lane = LANE_WRITE, .settle = settle_work },
			.add = "b",
			.settle_adds = "b-settled" },
	};

	submit(&bench, &works[0]);
	submit(&bench, &works[1]);
	loop_run(bench.loop);
	assert_int_equal(works[0].job.result, ERR_PRECONDITION);
	assert_int_equal(works[1].job.result, ERR_NONE);
	assert_int_equal(count_projects(&bench), 3);
	bench_stop(&bench);
}

/* Holds the writer until all others are queued behind it. */
static enum err
run_slowly(struct job *job, struct tx *tx)
{
	usleep(50000);
	return run_count(job, tx);
}

static enum err
run_bounds(struct job *job, struct tx *tx)
{
	struct work *work = (struct work *)job;
	struct event event = a_click("A", 1);
	enum err err = events_append(tx, &event, &job->why);

	work->last = event.pos;
	return err;
}

static enum err
add_device(struct tx *tx, void *arg, struct fault *why)
{
	(void)arg;
	(void)why;
	claim(tx, "A", OURS);
	return ERR_NONE;
}

static void
a_thousand_waiting_jobs_are_all_done_in_order(void **state)
{
	enum { JOBS = 3000 };
	struct ground *ground = *state;
	struct work *works = mem_array(ground->life, struct work, JOBS);
	struct work slow = { .job = { .lane = LANE_WRITE, .run = run_slowly } };
	struct bench bench;

	must(store_write(ground->store, add_device, NULL, &ground->why), &ground->why);
	bench = bench_start(state, 2);
	submit(&bench, &slow);
	for (int i = 0; i < JOBS; i++) {
		works[i].job = (struct job){ .lane = LANE_WRITE, .run = run_bounds };
		submit(&bench, &works[i]);
	}
	loop_run(bench.loop);
	for (int i = 0; i < JOBS; i++) {
		assert_int_equal(works[i].job.result, ERR_NONE);
		assert_int_equal(works[i].last, i + 1);
		assert_int_equal(works[i].done_order, i + 2);
	}
	bench_stop(&bench);
}

static void
a_read_after_a_done_write_sees_it(void **state)
{
	struct bench bench = bench_start(state, 2);
	char name[32];

	for (int i = 0; i < 100; i++) {
		struct work work = { .job.lane = LANE_WRITE, .add = name };

		snprintf(name, sizeof(name), "p%d", i);
		submit(&bench, &work);
		loop_run(bench.loop);
		assert_int_equal(work.job.result, ERR_NONE);
		assert_int_equal(count_projects(&bench), i + 1);
	}
	bench_stop(&bench);
}

static void
reads_go_through_the_writer_when_there_are_no_readers(void **state)
{
	struct bench bench = bench_start(state, 0);
	struct work work = { .job.lane = LANE_WRITE, .add = "a" };

	submit(&bench, &work);
	loop_run(bench.loop);
	assert_int_equal(count_projects(&bench), 1);
	bench_stop(&bench);
}

/* Its done submits the next, three deep. */
struct chain {
	struct job job;
	struct lanes *lanes;
	int *deep;
};

static void
chain_done(struct job *job)
{
	struct chain *chain = (struct chain *)job;

	if (++*chain->deep < 3)
		lanes_submit(chain->lanes, job);
}

static enum err
run_nothing(struct job *job, struct tx *tx)
{
	(void)job;
	(void)tx;
	return ERR_NONE;
}

static void
stopping_finishes_what_was_submitted_and_what_that_submits(void **state)
{
	struct bench bench = bench_start(state, 1);
	struct work works[] = {
		{ .job.lane = LANE_WRITE, .add = "a" },
		{ .job = { .lane = LANE_READ, .run = run_count } },
	};
	int deep = 0;
	struct chain chain = {
		.job = { .lane = LANE_WRITE, .run = run_nothing, .done = chain_done },
		.lanes = bench.lanes,
		.deep = &deep
	};

	submit(&bench, &works[0]);
	submit(&bench, &works[1]);
	lanes_submit(bench.lanes, &chain.job);
	bench_stop(&bench);
	assert_int_equal(bench.left, 0);
	assert_int_equal(deep, 3);
	assert_int_equal(works[0].job.result, ERR_NONE);
	assert_int_equal(works[1].job.result, ERR_NONE);
}

static enum err
read_count(struct tx *tx, void *arg, struct fault *why)
{
	return projects_count(tx, OURS, arg, why);
}

static void
the_store_is_the_callers_again_after_the_lanes(void **state)
{
	struct ground *ground = *state;
	struct bench bench = bench_start(state, 1);
	struct work work = { .job.lane = LANE_WRITE, .add = "a" };
	int count = 0;

	submit(&bench, &work);
	bench_stop(&bench);
	must(store_read(ground->store, read_count, &count, &ground->why), &ground->why);
	assert_int_equal(count, 1);
}

struct quiet {
	struct lanes *lanes;
	int called, done_before;
};

static void
note_quiet(void *arg)
{
	struct quiet *quiet = arg;

	quiet->called++;
	quiet->done_before = order;
	assert_int_equal(lanes_waiting(quiet->lanes), 0);
}

static void
quiet_is_when_all_that_was_submitted_is_done(void **state)
{
	struct bench bench = bench_start(state, 1);
	struct work works[] = {
		{ .job = { .lane = LANE_WRITE, .run = run_slowly } },
		{ .job = { .lane = LANE_READ, .run = run_slowly } },
		{ .job.lane = LANE_WRITE, .add = "a" },
	};
	struct quiet quiet = { .lanes = bench.lanes };

	submit(&bench, &works[0]);
	lanes_when_quiet(bench.lanes, note_quiet, &quiet);
	assert_int_equal(quiet.called, 0);
	submit(&bench, &works[1]);
	submit(&bench, &works[2]);
	while (!quiet.called)
		loop_turn(bench.loop);
	assert_int_equal(quiet.done_before, 3);
	for (int i = 0; i < 3; i++)
		assert_int_equal(works[i].job.result, ERR_NONE);
	lanes_when_quiet(bench.lanes, note_quiet, &quiet);
	while (quiet.called < 2)
		loop_turn(bench.loop);
	bench_stop(&bench);
}

static void
stopping_does_what_waits_and_calls_nobody_for_quiet(void **state)
{
	struct bench bench = bench_start(state, 1);
	struct work works[] = {
		{ .job = { .lane = LANE_WRITE, .run = run_slowly } },
		{ .job.lane = LANE_WRITE, .add = "a" },
	};
	struct quiet quiet = { .lanes = bench.lanes };

	submit(&bench, &works[0]);
	lanes_when_quiet(bench.lanes, note_quiet, &quiet);
	submit(&bench, &works[1]);
	bench_stop(&bench);
	assert_int_equal(quiet.called, 0);
	assert_int_equal(works[1].job.result, ERR_NONE);
	assert_int_equal(bench.left, 0);
}

struct hold {
	int ready[2], over[2];
	pid_t child;
};

static enum err
hold(struct tx *tx, void *arg, struct fault *why)
{
	struct hold *hold = arg;
	char byte = 'x';

	(void)tx;
	(void)why;
	if (write(hold->ready[1], &byte, 1) != 1 || read(hold->over[0], &byte, 1) != 0)
		_exit(1);
	return ERR_NONE;
}

static void
hold_in_child(struct hold *h, const char *dir)
{
	struct store *store;
	struct fault why;
	char byte = 'x';

	close(h->over[1]);
	if (store_open(dir, &store, &why) || write(h->ready[1], &byte, 1) != 1 ||
		read(h->over[0], &byte, 1) != 1)
		_exit(2);
	_exit(store_write(store, hold, h, &why) ? 3 : 0);
}

/* Opens the store again, and has another program hold its write lock until hold_end. */
static void
hold_start(struct hold *h, struct ground *ground)
{
	char byte = 'x';

	store_close(ground->store); /* a child must not have its locks */
	ground->store = NULL;
	assert_int_equal(pipe(h->ready) | pipe(h->over), 0);
	h->child = fork();
	if (h->child == 0)
		hold_in_child(h, ground->dir);
	assert_int_equal(read(h->ready[0], &byte, 1), 1);
	must(store_open_to_read(ground->dir, &ground->store, &ground->why), &ground->why);
	assert_int_equal(write(h->over[1], &byte, 1), 1);
	assert_int_equal(read(h->ready[0], &byte, 1), 1);
}

static void
hold_end(struct hold *h)
{
	int status;

	close(h->over[1]);
	assert_int_equal(waitpid(h->child, &status, 0), h->child);
	assert_int_equal(status, 0);
	close(h->over[0]);
	close(h->ready[0]);
	close(h->ready[1]);
}

static void
stopping_is_quick_though_another_program_holds_the_store(void **state)
{
	struct ground *ground = *state;
	struct work work = { .job.lane = LANE_WRITE, .add = "a" };
	struct quiet quiet = { 0 };
	struct hold h;
	struct bench bench;
	int64_t began;

	if (!*ground->dir)
		return;
	hold_start(&h, ground);
	bench = bench_start(state, 1);
	submit(&bench, &work);
	quiet.lanes = bench.lanes;
	lanes_when_quiet(bench.lanes, note_quiet, &quiet);
	for (int i = 0; i < 20; i++) {
		loop_turn(bench.loop); /* it is not held up */
		usleep(1000);
	}
	assert_int_equal(bench.left, 1);
	began = moment_ticks();
	bench_stop(&bench);
	assert_true(moment_ticks() - began < 20 * 1000);
	assert_int_equal(quiet.called, 0);
	assert_int_equal(work.job.result, ERR_INTERNAL);
	assert_non_null(strstr(work.job.why.sentence, "Another program"));
	hold_end(&h);
}

static void
commits_and_their_jobs_are_counted(void **state)
{
	struct bench bench = bench_start(state, 1);
	struct work works[] = {
		{ .job.lane = LANE_WRITE, .add = "a" },
		{ .job.lane = LANE_WRITE, .add = "b" },
	};
	struct lanes_counts counts;
	uint64_t under = 0;

	for (int i = 0; i < 2; i++)
		submit(&bench, &works[i]);
	loop_run(bench.loop);
	counts = lanes_counts(bench.lanes);
	for (int i = 0; i < LANES_EDGES; i++)
		under += counts.under[i];
	assert_int_equal(counts.commits, 1);
	assert_int_equal(counts.jobs, 2);
	assert_in_range(under, 0, 1);
	bench_stop(&bench);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_failing_job_takes_nothing_of_its_neighbours_with_it),
		cmocka_unit_test(what_settle_wrote_is_kept_when_run_is_undone),
		cmocka_unit_test(a_thousand_waiting_jobs_are_all_done_in_order),
		cmocka_unit_test(a_read_after_a_done_write_sees_it),
		cmocka_unit_test(reads_go_through_the_writer_when_there_are_no_readers),
		cmocka_unit_test(
			stopping_finishes_what_was_submitted_and_what_that_submits),
		cmocka_unit_test(the_store_is_the_callers_again_after_the_lanes),
		cmocka_unit_test(quiet_is_when_all_that_was_submitted_is_done),
		cmocka_unit_test(stopping_does_what_waits_and_calls_nobody_for_quiet),
		cmocka_unit_test(
			stopping_is_quick_though_another_program_holds_the_store),
		cmocka_unit_test(commits_and_their_jobs_are_counted),
	};

	return RUN_BOTH(tests);
}
