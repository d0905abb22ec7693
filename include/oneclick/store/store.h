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
 * its schema up to date. ERR_INVALID is for a person to put right: a schema newer than this
 * program knows, a directory that cannot be made or that others may write to. ERR_INTERNAL
 * may pass: the disk is full, another program holds it. ERR_BROKEN: it cannot be read. */
enum err store_open(const char *dir, struct store **out, struct fault *why);
/* Whether store_open would find one there; it would make it otherwise. */
bool store_is_there(const char *dir);
/* Opens one that is there, to be read alone: on a medium that cannot be written, nothing is.
 * ERR_NOT_FOUND: there is none. */
enum err store_open_to_read(const char *dir, struct store **out, struct fault *why);
/* Whether it could be opened or made there, as far as the directory goes; makes nothing. */
enum err store_try(const char *dir, struct fault *why);
void store_close(struct store *store);

/* A file that has to stay where it is, beside the store's own: if any of them, or their
 * directory, is removed or replaced, the next commit fails with ERR_BROKEN. */
void store_guard(struct store *store, const char *path);

/* 32 random bytes made with the store and kept in it: page tokens are signed with them. */
const unsigned char *store_secret(const struct store *store);

/* Bytes of the files' pages that are kept in memory, of all stores of the process: they grow
 * with the files, up to a bound of a few MiB for each connection. */
int64_t store_memory(void);

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
	 * the disk is full, or another program held the store for 90 s. A read of more than
	 * 10 s is stopped with ERR_INTERNAL. */
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
	int64_t log_bytes; /* of the write-ahead log, in use after the last commit */
	uint64_t under[LANES_EDGES]; /* of them, within lanes_edge[i], and not before */
};
extern const int lanes_edge[LANES_EDGES]; /* microseconds */
struct lanes_counts lanes_counts(struct lanes *lanes);
/* Calls fn on the loop while no job is under way: what all jobs read may be changed then. It
 * waits until the store answers, which holds nobody up, and then finishes what there is, which
 * does for as long as the slowest of that takes. One at a time; what still waits when the
 * lanes stop is not called. */
void lanes_when_quiet(struct lanes *lanes, loop_fn fn, void *arg);
/* Finishes what was submitted, calls every done, and ends the threads; what waits for another
 * program to let go of the store fails within a few seconds. */
void lanes_stop(struct lanes *lanes);

#endif
