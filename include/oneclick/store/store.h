/*
 * The memory of the service.  One directory holds it (mode 0700); a second process may open
 * the same one, as `oneclickd key create` does beside a running service.
 *
 * All questions are asked inside a transaction (struct tx), by synchronous functions of the
 * other headers of this floor; who asks never sees SQL, threads or files.  Lanes run them:
 * one writer that commits all waiting work at once (group commit, on disk before anyone
 * hears of it), and a few readers, each with its own snapshot.
 *
 * If storage itself fails (an I/O error, a failed sync, a corrupt file), nothing more is
 * acknowledged: jobs end with ERR_BROKEN and the `broken` callback is called once, on the
 * loop; the program must end, so that a restart recovers.
 */
#ifndef ONECLICK_STORE_STORE_H
#define ONECLICK_STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "oneclick/base/digest.h"
#include "oneclick/base/fault.h"
#include "oneclick/base/loop.h"

struct store;
struct tx;

/* Opens or makes the store in `dir` (NULL: in memory, one connection, for tests) and brings
 * its schema up to date. A schema newer than this program knows is refused. */
enum err store_open(const char *dir, struct store **out, struct fault *why);
/* Whether store_open would find one there; it would make it otherwise. */
bool store_is_there(const char *dir);
void store_close(struct store *store);

/* 32 random bytes made with the store and kept in it: page tokens are signed with them. */
const unsigned char *store_secret(const struct store *store);

/* One transaction on the caller's thread, for programs without a loop and for tests: runs
 * fn and commits, or undoes everything when it fails. */
typedef enum err (*store_fn)(struct tx *tx, void *arg, struct fault *why);
enum err store_write(struct store *store, store_fn fn, void *arg, struct fault *why);
enum err store_read(struct store *store, store_fn fn, void *arg, struct fault *why);
/* Every store_write from now on ends with this, in its transaction: what else is done is
 * undone when it fails. */
void store_witness(struct store *store, store_fn fn, void *arg);

enum lane { LANE_READ, LANE_WRITE };

struct job {
	enum lane lane;
	/* On the lane's thread, inside a transaction. A failure undoes what this job did and
	 * nothing of its neighbours'. */
	enum err (*run)(struct job *job, struct tx *tx);
	/* Optional, on the same thread in the same transaction after run, whose work is kept
	 * or already undone: the audit record. Readers cannot write, so a read that is to
	 * be recorded has its record written by a job of LANE_WRITE. */
	void (*settle)(struct job *job, struct tx *tx);
	/* On the loop, after the commit is on disk; may free the job. */
	void (*done)(struct job *job);
	/* Of run. When the commit failed, all that shared it: ERR_BROKEN; ERR_INTERNAL when
	 * the disk is full or another program held the store for 30 s. */
	enum err result;
	struct fault why; /* filled by run's failure */
	struct job *next; /* the lane's own */
};

struct lanes;
typedef void (*lanes_broken_fn)(void *arg, const char *sentence);
/* Starts the writer and `readers` threads on the store, which is theirs until lanes_stop:
 * no store_write or store_read meanwhile. Without readers, and in memory, read jobs go
 * through the writer. All calls, and all that the lanes call back, are on the loop's thread. */
struct lanes *lanes_start(struct store *store, struct loop *loop, int readers,
	lanes_broken_fn broken, void *arg);
void lanes_submit(struct lanes *lanes, struct job *job);
/* Jobs submitted and not yet done; the service refuses new work above its cap. */
int lanes_waiting(const struct lanes *lanes);
/* What the writer did since its start: transactions, the jobs in them, and how long each
 * took from its begin until it was on disk. */
enum { LANES_EDGES = 8 };
struct lanes_counts {
	uint64_t commits, jobs, micros;
	uint64_t under[LANES_EDGES]; /* of them, within lanes_edge[i], and not before */
};
extern const int lanes_edge[LANES_EDGES]; /* microseconds */
struct lanes_counts lanes_counts(struct lanes *lanes);
/* Waits on the loop's thread until nothing is under way, calling every done: what all jobs
 * read may be changed then. It takes as long as the slowest of them. */
void lanes_settle(struct lanes *lanes);
/* Finishes what was submitted, calls every done, and ends the threads. */
void lanes_stop(struct lanes *lanes);

#endif
