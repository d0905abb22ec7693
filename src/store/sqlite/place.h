/*
 * Where a store on disk lies.  A directory that was removed, or a file that another was put
 * in the place of, goes on taking what is written to it, and nobody will ever read that: so
 * each commit looks whether all is still what was opened, before anyone hears of it.
 *
 * The place also remembers, in a small file beside the store, the last positions of the log
 * and of the audit records that were committed.  It is written at each commit and left to
 * the system to bring to the disk: a kill loses nothing of it, a power cut perhaps the last
 * seconds, and it never says more than was committed.  A store that ends before it has lost
 * the end of its log.
 */
#ifndef ONECLICK_STORE_SQLITE_PLACE_H
#define ONECLICK_STORE_SQLITE_PLACE_H

#include <sqlite3.h>
#include <stdint.h>

#include "oneclick/base/fault.h"

/* The last positions given out; 0: none. */
struct tail {
	int64_t event, audit;
};

struct place;

/* Of the store in `dir`, which `link` has open; lives as long as ctx. */
struct place *place_open(const void *ctx, const char *dir, sqlite3 *link);
/* Before ctx goes. */
void place_close(struct place *place);

const char *place_dir(const struct place *place);
/* One more file that has to stay the same. */
void place_guard(struct place *place, const char *path);
/* ERR_BROKEN names what is not there any more, or is another. */
enum err place_check(struct place *place, struct fault *why);
/* After a commit: its log has so many frames. Before the next, which would fill what is
 * missing with zeros: ERR_BROKEN when it is shorter. */
void place_note_log(struct place *place, sqlite3 *link, int frames);
enum err place_check_log(struct place *place, sqlite3 *link, struct fault *why);

/* What the file remembers; zeros when there is none. */
struct tail place_tail(struct place *place);
void place_note_tail(struct place *place, struct tail tail);
/* Brings it to the disk. */
void place_sync(struct place *place);
/* Of the store in `dir`: what is put there now is not what it was about. */
void place_forget_tail(const void *ctx, const char *dir);

#endif
