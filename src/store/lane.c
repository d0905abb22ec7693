#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

#include "inside.h"
#include "keeper.h"
#include "oneclick/base/log.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/base/thread.h"

enum {
	BATCH_MAX = 1024,   /* jobs in one transaction of the writer */
	GATHER_MAX = 24,    /* and handed to it at once; see hand_in */
	HELD_UP = 5 * 1000, /* ms of a job that failed, for want of the store */
};

/* Bytes of log that only a view held open for long explains. */
static const int64_t log_bound = INT64_C(256) * 1024 * 1024;

/* Jobs in order, linked by their `next`. */
struct queue {
	struct job *head, *tail;
};

/* What a kind of lane waits for; the lock guards all of it. */
struct gate {
	pthread_mutex_t lock;
	pthread_cond_t more; /* the queue has a job, or the lanes end */
	struct queue queue;
	int idle; /* threads waiting for `more` */
	bool ending;
};

struct reader {
	struct lanes *lanes;
	struct tx *tx;
	pthread_t thread;
};

struct lanes {
	struct store *store;
	struct loop_wake *wake;
	struct loop_hook *hook;
	struct queue gathered; /* for the writer, see hand_in; the loop's own */
	int gathered_count;
	struct gate write, read;
	pthread_t writer;
	struct keeper *keeper; /* NULL: the writer does its work */
	struct reader *reader;
	int readers;
	int waiting;       /* jobs on their way; the loop's own, as what follows */
	struct job probe;  /* for quiet_fn: it comes back when the store moves */
	int64_t probed_at; /* ticks */
	loop_fn quiet_fn;  /* NULL: nobody waits */
	void *quiet_arg;
	bool moves; /* the probe is back: quiet_fn is due */
	lanes_broken_fn broken_fn;
	void *broken_arg;
	bool told; /* broken_fn was called; the loop's own */

	pthread_mutex_t lock;  /* guards what follows */
	pthread_cond_t landed; /* `done` has a job */
	struct queue done;
	struct lanes_counts counts;
	int64_t log_told; /* bytes of log that were last worth a word; the writer's own */
	struct fault broken;   /* code ERR_NONE: storage is sound */
	atomic_bool is_broken; /* the same, to be asked without the lock */
};

/* ---- queues -------------------------------------------------------------------------
 */

static void
queue_add(struct queue *queue, struct job *job)
{
	job->next = NULL;
	if (queue->tail)
		queue->tail->next = job;
	else
		queue->head = job;
	queue->tail = job;
}

static void
queue_append(struct queue *queue, struct queue *more)
{
	if (queue->tail)
		queue->tail->next = more->head;
	else
		queue->head = more->head;
	queue->tail = more->tail;
}

/* The first `max` jobs, of a queue that has some. */
static struct queue
queue_take(struct queue *queue, int max)
{
	struct queue taken = { .head = queue->head, .tail = queue->head };

	while (--max > 0 && taken.tail->next)
		taken.tail = taken.tail->next;
	queue->head = taken.tail->next;
	if (!queue->head)
		queue->tail = NULL;
	taken.tail->next = NULL;
	return taken;
}

static void
gate_init(struct gate *gate)
{
	pthread_mutex_init(&gate->lock, NULL);
	pthread_cond_init(&gate->more, NULL);
}

static void
gate_release(struct gate *gate)
{
	pthread_cond_destroy(&gate->more);
	pthread_mutex_destroy(&gate->lock);
}

static void
gate_push(struct gate *gate, struct queue jobs)
{
	bool wake;

	pthread_mutex_lock(&gate->lock);
	queue_append(&gate->queue, &jobs);
	wake = gate->idle > 0;
	pthread_mutex_unlock(&gate->lock);
	if (wake)
		pthread_cond_signal(&gate->more);
}

/* Waits for work; false when there is none and none will come. */
static bool
gate_pull(struct gate *gate, int max, struct queue *out)
{
	bool some;

	pthread_mutex_lock(&gate->lock);
	while (!gate->queue.head && !gate->ending) {
		gate->idle++;
		pthread_cond_wait(&gate->more, &gate->lock);
		gate->idle--;
	}
	some = gate->queue.head != NULL;
	if (some)
		*out = queue_take(&gate->queue, max);
	pthread_mutex_unlock(&gate->lock);
	return some;
}

static void
gate_end(struct gate *gate)
{
	pthread_mutex_lock(&gate->lock);
	gate->ending = true;
	pthread_mutex_unlock(&gate->lock);
	pthread_cond_broadcast(&gate->more);
}

/* ---- on the lanes' threads ------------------------------------------------------------
 */

static void
note_broken(void *arg, const struct fault *why)
{
	struct lanes *lanes = arg;

	pthread_mutex_lock(&lanes->lock);
	if (!lanes->broken.code)
		lanes->broken = *why;
	atomic_store(&lanes->is_broken, true);
	pthread_mutex_unlock(&lanes->lock);
	loop_wake_send(lanes->wake);
}

const int lanes_edge[LANES_EDGES] = { 200, 500, 1000, 2000, 5000, 10000, 50000, 250000 };

/* It grows for as long as the oldest view of the store is held: our own readers' are short. */
static void
tell_log(struct lanes *lanes, int64_t bytes)
{
	if (bytes >= 2 * lanes->log_told && bytes >= log_bound) {
		lanes->log_told = bytes;
		log_line(LOG_WARN,
			"the store's write-ahead log has grown to %lld MiB: another "
			"program, "
			"such as a backup, holds an old view of the store. Nothing is "
			"lost; "
			"the log takes more of the disk until that program is done or "
			"ended",
			(long long)(bytes >> 20));
	} else if (lanes->log_told && bytes < log_bound / 2) {
		lanes->log_told = 0;
		log_line(LOG_INFO, "the store's write-ahead log is short again");
	}
}

static void
note_commit(struct lanes *lanes, const struct queue *jobs, int64_t micros)
{
	struct lanes_counts *counts = &lanes->counts;
	size_t i = 0;

	pthread_mutex_lock(&lanes->lock);
	counts->commits++;
	for (const struct job *job = jobs->head; job; job = job->next)
		counts->jobs++;
	counts->micros += (uint64_t)micros;
	while (i < LANES_EDGES && micros > lanes_edge[i])
		i++;
	if (i < LANES_EDGES)
		counts->under[i]++;
	counts->log_bytes = tx_log_size(lanes->store->tx);
	pthread_mutex_unlock(&lanes->lock);
	tell_log(lanes, counts->log_bytes);
}

/* Gives jobs back to the loop, which needs a wake only if it has none yet. */
static void
hand_over(struct lanes *lanes, struct queue *jobs)
{
	bool wake;

	pthread_mutex_lock(&lanes->lock);
	wake = !lanes->done.head;
	queue_append(&lanes->done, jobs);
	pthread_cond_signal(&lanes->landed);
	pthread_mutex_unlock(&lanes->lock);
	if (wake)
		loop_wake_send(lanes->wake);
}

static void
fail(struct queue *jobs, const struct fault *why)
{
	for (struct job *job = jobs->head; job; job = job->next) {
		job->result = why->code;
		job->why = *why;
	}
}

static void
run_job(struct tx *tx, struct job *job)
{
	tx_mark(tx);
	job->result = job->run(job, tx);
	if (job->result)
		tx_undo(tx);
	else
		tx_keep(tx);
	if (job->settle && !tx_is_lost(tx))
		job->settle(job, tx);
}

static enum err
run_batch(struct lanes *lanes, struct tx *tx, struct queue *jobs, struct fault *why)
{
	int64_t began = moment_micros();
	enum err err = tx_begin(tx, LANE_WRITE, why);

	if (err)
		return err;
	for (struct job *job = jobs->head; job && !tx_is_lost(tx); job = job->next)
		run_job(tx, job);
	err = tx_commit(tx, why);
	if (!err)
		note_commit(lanes, jobs, moment_micros() - began);
	return err;
}

/* Readers take one job at a time, so that each has a snapshot of its own. */
static enum err
run_read(struct lanes *lanes, struct tx *tx, struct queue *jobs, struct fault *why)
{
	struct job *job = jobs->head;
	enum err err = tx_begin(tx, LANE_READ, why);

	(void)lanes;
	if (err)
		return err;
	job->result = job->run(job, tx);
	if (job->settle && !tx_is_lost(tx))
		job->settle(job, tx);
	return tx_commit(tx, why);
}

typedef enum err (*serve_fn)(
	struct lanes *lanes, struct tx *tx, struct queue *jobs, struct fault *why);

/* Runs jobs in one transaction and hands them over when it is committed. */
static void
serve(struct lanes *lanes, struct tx *tx, struct queue *jobs, serve_fn run)
{
	struct fault why;
	enum err err;

	if (atomic_load(&lanes->is_broken))
		err = fault(&why, ERR_BROKEN, "%s", lanes->broken.sentence);
	else
		err = run(lanes, tx, jobs, &why);
	if (err)
		fail(jobs, &why);
	if (err == ERR_BROKEN)
		note_broken(lanes, &why);
	hand_over(lanes, jobs);
}

/* Between batches, when those of the last have their answers. */
static void
tend_log(struct lanes *lanes, struct tx *tx)
{
	struct fault why;

	if (atomic_load(&lanes->is_broken) || !tx_is_untidy(tx))
		return;
	if (lanes->keeper && !keeper_has_swept(lanes->keeper))
		return;
	if (tx_tidy(tx, &why) == ERR_BROKEN)
		note_broken(lanes, &why);
}

static void *
run_writer(void *arg)
{
	struct lanes *lanes = arg;
	struct tx *tx = lanes->store->tx;
	struct queue jobs;

	while (gate_pull(&lanes->write, BATCH_MAX, &jobs)) {
		serve(lanes, tx, &jobs, run_batch);
		tend_log(lanes, tx);
	}
	return NULL;
}

static void *
run_reader(void *arg)
{
	struct reader *reader = arg;
	struct queue jobs;

	while (gate_pull(&reader->lanes->read, 1, &jobs))
		serve(reader->lanes, reader->tx, &jobs, run_read);
	return NULL;
}

/* ---- on the loop ----------------------------------------------------------------------
 */

static struct queue
take_done(struct lanes *lanes)
{
	struct queue done;

	pthread_mutex_lock(&lanes->lock);
	done = lanes->done;
	lanes->done = (struct queue){ 0 };
	pthread_mutex_unlock(&lanes->lock);
	return done;
}

/*
 * Once a turn, so that what came together is committed together: a writer woken by the
 * first job would make a commit of that one, and the others would wait for its sync. Of
 * a long turn, in parts, so that the writer works meanwhile.
 */
static void
hand_in(void *arg)
{
	struct lanes *lanes = arg;

	if (!lanes->gathered.head)
		return;
	gate_push(&lanes->write, lanes->gathered);
	lanes->gathered = (struct queue){ 0 };
	lanes->gathered_count = 0;
}

static void
gather(struct lanes *lanes, struct job *job)
{
	queue_add(&lanes->gathered, job);
	if (++lanes->gathered_count == GATHER_MAX)
		hand_in(lanes);
}

static void
call_done(struct lanes *lanes, struct queue done)
{
	struct job *job = done.head, *next;

	for (; job; job = next) {
		next = job->next;
		lanes->waiting--;
		job->done(job);
	}
}

static void
tell_broken(struct lanes *lanes)
{
	if (lanes->told || !atomic_load(&lanes->is_broken))
		return;
	lanes->told = true;
	lanes->broken_fn(lanes->broken_arg, lanes->broken.sentence);
}

/* Waits on the loop's thread until nothing is under way, calling every done. */
static void
settle(struct lanes *lanes)
{
	while (lanes->waiting > 0) {
		hand_in(lanes);
		pthread_mutex_lock(&lanes->lock);
		while (!lanes->done.head)
			pthread_cond_wait(&lanes->landed, &lanes->lock);
		pthread_mutex_unlock(&lanes->lock);
		call_done(lanes, take_done(lanes));
	}
}

/* Not from a done, for then not all that came with it have been called. */
static void
call_quiet(struct lanes *lanes)
{
	loop_fn fn = lanes->quiet_fn;

	if (!lanes->moves)
		return;
	settle(lanes);
	lanes->moves = false;
	lanes->quiet_fn = NULL;
	fn(lanes->quiet_arg);
}

static void
on_wake(void *arg)
{
	struct lanes *lanes = arg;

	call_done(lanes, take_done(lanes));
	call_quiet(lanes);
	tell_broken(lanes);
}

/* Each reader has its own connection; in memory there is only the writer's, and a reader
 * that cannot be had is done without. Then read jobs go through the writer. */
static void
start_readers(struct lanes *lanes, int readers)
{
	lanes->reader = mem_array(lanes, struct reader, (size_t)readers);
	for (int i = 0; i < readers && lanes->store->dir; i++) {
		struct reader *reader = &lanes->reader[i];

		reader->lanes = lanes;
		if (backend_open(lanes->store->dir, LANE_READ, &reader->tx, NULL))
			break;
		thread_need(&reader->thread, run_reader, reader);
		lanes->readers++;
	}
}

struct lanes *
lanes_start(struct store *store, struct loop *loop, int readers, lanes_broken_fn broken,
	void *arg)
{
	struct lanes *lanes = mem_new(NULL, struct lanes);

	assert(!store->lent);
	store->lent = true;
	lanes->store = store;
	lanes->broken_fn = broken;
	lanes->broken_arg = arg;
	lanes->wake = loop_wake_new(loop, on_wake, lanes);
	lanes->hook = loop_hook_new(loop, hand_in, lanes);
	pthread_mutex_init(&lanes->lock, NULL);
	pthread_cond_init(&lanes->landed, NULL);
	gate_init(&lanes->write);
	gate_init(&lanes->read);
	start_readers(lanes, readers);
	lanes->keeper = keeper_start(lanes, store->dir, note_broken, lanes);
	thread_need(&lanes->writer, run_writer, lanes);
	return lanes;
}

void
lanes_submit(struct lanes *lanes, struct job *job)
{
	struct queue one = { .head = job, .tail = job };

	lanes->waiting++;
	job->result = ERR_NONE;
	job->next = NULL;
	if (job->lane == LANE_READ && lanes->readers > 0)
		gate_push(&lanes->read, one);
	else
		gather(lanes, job);
}

static enum err
run_probe(struct job *job, struct tx *tx)
{
	(void)job;
	(void)tx;
	return ERR_NONE;
}

static void
send_probe(struct lanes *lanes)
{
	lanes->probed_at = moment_ticks();
	lanes_submit(lanes, &lanes->probe);
}

/* One that another program held up for all that time would be followed by others so. */
static void
end_probe(struct job *job)
{
	struct lanes *lanes =
		(struct lanes *)((char *)job - offsetof(struct lanes, probe));
	bool held_up = job->result && moment_ticks() - lanes->probed_at >= HELD_UP;

	if (!lanes->quiet_fn)
		return;
	if (held_up)
		send_probe(lanes);
	else
		lanes->moves = true;
}

void
lanes_when_quiet(struct lanes *lanes, loop_fn fn, void *arg)
{
	assert(!lanes->quiet_fn);
	lanes->quiet_fn = fn;
	lanes->quiet_arg = arg;
	lanes->probe =
		(struct job){ .lane = LANE_WRITE, .run = run_probe, .done = end_probe };
	send_probe(lanes);
}

int
lanes_waiting(const struct lanes *lanes)
{
	return lanes->waiting;
}

struct lanes_counts
lanes_counts(struct lanes *lanes)
{
	struct lanes_counts counts;

	pthread_mutex_lock(&lanes->lock);
	counts = lanes->counts;
	pthread_mutex_unlock(&lanes->lock);
	return counts;
}

static void
end_threads(struct lanes *lanes)
{
	gate_end(&lanes->write);
	gate_end(&lanes->read);
	pthread_join(lanes->writer, NULL);
	keeper_stop(lanes->keeper);
	for (int i = 0; i < lanes->readers; i++) {
		pthread_join(lanes->reader[i].thread, NULL);
		backend_close(lanes->reader[i].tx);
	}
}

void
lanes_stop(struct lanes *lanes)
{
	lanes->quiet_fn = NULL;
	tx_hurry(lanes->store->tx, true);
	settle(lanes);
	end_threads(lanes);
	tx_hurry(lanes->store->tx, false);
	tell_broken(lanes);
	loop_wake_stop(lanes->wake);
	loop_hook_stop(lanes->hook);
	gate_release(&lanes->write);
	gate_release(&lanes->read);
	pthread_cond_destroy(&lanes->landed);
	pthread_mutex_destroy(&lanes->lock);
	lanes->store->lent = false;
	mem_free(lanes);
}
