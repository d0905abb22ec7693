/*
 * The inside of dispatch.  Everything here belongs to the loop's thread, but for letters
 * while a lane makes or files them.
 *
 * A letter is one event on its way.  It comes from the log, or from the deliveries when it
 * is due there (then it is `stored`), waits in the queue of its line, is sent, and has its
 * fate written by the book.  A line is what there is of one destination; a board holds the
 * lines of one reading of the configuration.  After a reload the old board stays until what
 * is under way on it has ended.
 */
#ifndef ONECLICK_SRC_SERVICE_DISPATCH_PARTS_H
#define ONECLICK_SRC_SERVICE_DISPATCH_PARTS_H

#include <sys/socket.h>

#include <uthash.h>
#include <utlist.h>

#include "oneclick/base/backoff.h"
#include "oneclick/service/destinations.h"
#include "oneclick/service/dispatch.h"
#include "oneclick/store/deliveries.h"

#define DISPATCH_CONSUMER "dispatch"
#define DISPATCH_LOST \
	"There is no destination for ARN %s; add one to the configuration, then replay " \
	"this."

struct dispatch;
struct board;
struct line;

/* A row of a letter that is under way, so that the cursor need not wait for it. */
enum row { ROW_NONE, ROW_WANTED, ROW_BEING_WRITTEN };

enum fate { FATE_OPEN, FATE_DELIVERED, FATE_WAITS, FATE_DEAD };

struct letter {
	struct parcel parcel;
	int64_t pos;
	size_t weight; /* bytes it takes, about */
	bool stored;   /* has a row among the deliveries */
	int attempts;  /* made */
	int64_t due, tried_at;
	const char *error; /* why the last attempt failed; NULL: it did not */
	enum fate fate;
	bool failed;        /* an attempt has failed since it was last written */
	bool late;          /* its line counts it as such */
	const char *target; /* for the row */
	struct line *line;  /* that queues or sends it; NULL: none */
	struct line *home;  /* that accounts for it while it is stored or being filed */
	void *attempt;      /* the sink's, while it is sent */
	bool sent;          /* an attempt is under way */
	enum row row;       /* while it is not stored */
	int64_t taken;      /* ticks: when it came from the log */
	int64_t settled;    /* fetches begun when its row was last written */
	struct letter *prev, *next;   /* of the queue, the busy, the book or the ghosts */
	struct letter *older, *newer; /* of the log's, until settled */
	UT_hash_handle hh;            /* of the stored */
};

/* ---- letters (dispatch_letter.c) ---- */

/* May run on a lane; NULL, with a fault, when the event cannot be composed. */
struct letter *letter_of_event(
	const char *region, const struct event *event, struct fault *why);
struct letter *letter_of_delivery(
	const char *region, const struct delivery *delivery, struct fault *why);
void letter_fail(struct letter *letter, const char *sentence); /* its error */

/* ---- lines (dispatch_line.c) ---- */

struct line {
	struct dispatch *dispatch;
	struct board *board;
	const struct destination *to;

	struct letter *queue, *busy;
	int queued, in_flight;
	int stored;    /* of those, letters that are */
	size_t weight; /* of the queue */

	int64_t due;   /* when the first delivery not in memory is; DELIVERY_NONE_DUE */
	bool fetching; /* deliveries that are due */
	int held;      /* stored letters in memory */
	int64_t filed; /* letters made to wait so far */
	int filing;    /* of them, those not on disk yet */
	/* Of those, what was queued or sent before: what is filed already may come after it. */
	int64_t late;
	int lately;                  /* of them, those not on disk yet */
	bool aside;                  /* what the log has for it is filed first */
	int64_t ended, ended_before; /* attempts; and when there was no room last */

	int failures; /* in a row */
	struct backoff pause;
	int64_t shut_until; /* ticks; in the past: it is not shut */
	bool gone; /* wants nothing more, until the configuration is read again */
};

/* Takes a letter: queues, files or buries it. */
void line_take(struct line *line, struct letter *letter);
/* Sends what may be sent, and fetches what is due when there is room. */
void line_tend(struct line *line);
/* Milliseconds until it needs tending, INT64_MAX: not by time. */
int64_t line_wait(const struct line *line);
/* The line accounts for the letter from now on. */
void line_adopt(struct line *line, struct letter *letter);
/* All that queues is filed, or forgotten if it is filed already. */
void line_put_aside(struct line *line);
/* Takes the queue out: those of the log are added to *moved, the filed are forgotten. */
void line_empty(struct line *line, struct letter **moved);
/* Files a letter of the log that it queues, or whose attempt was cancelled. */
void line_file(struct line *line, struct letter *letter);
/* Nothing of it is under way, on its way to or from the disk, or due. */
bool line_is_idle(const struct line *line);
bool line_is_full(const struct line *line);
bool line_is_shut(const struct line *line);

/* ---- boards (dispatch_board.c) ---- */

struct board {
	struct dispatch *dispatch;
	struct sink_world world;
	struct destinations *table;
	struct line *line; /* one for each of its destinations */
	int busy;          /* attempts and jobs that use it */
	struct board *prev, *next;
};

/* As the settings have it now. */
enum err board_open(struct dispatch *dispatch, struct board **out, struct fault *why);
void board_close(struct board *board);
struct line *board_find(const struct board *board, const char *arn);
void board_hold(struct board *board);
void board_release(struct board *board); /* the last of a retired one closes it */

/* ---- the deliveries (dispatch_filed.c, dispatch_survey.c) ---- */

struct fetch; /* a job that reads deliveries that are due */

void filed_fetch(struct line *line, int limit);
/* All that waits for the line later is due now. */
void filed_hasten(struct line *line);
/* Finds the line of each delivery that waits, and when its first is due; what waits for
 * later than `until` ms from now is due.  One at a time: the next waits for it. */
void filed_survey(struct dispatch *dispatch, int64_t until);
/* Lets go of the stored letters that no fetch under way can meet again. */
void filed_bury_ghosts(struct dispatch *dispatch);

/* ---- the book (dispatch_book.c) ---- */

/* Gives a letter its fate; it is the book's then. */
void book_enter(struct dispatch *dispatch, struct letter *letter, enum fate fate);
/* Has the cursor written before long. */
void book_note(struct dispatch *dispatch);
/* Writes what there is; the book's timer calls it, and the end. */
void book_write(void *dispatch);

/* ---- stragglers (dispatch_straggler.c) ---- */

/* Something was settled: what is older than it may hold the cursor. */
void straggler_note(struct dispatch *dispatch);
/* The straggler timer's. */
void straggler_look(void *dispatch);
/* The end: what would hold the cursor is filed. */
void straggler_file_all(struct dispatch *dispatch);

/* ---- the log (dispatch_log.c) ---- */

/* There may be room for more of it. */
void dispatch_read_on(struct dispatch *dispatch);
/* The room timer's: nobody waits for those that are slow; what they cannot take is filed. */
void dispatch_make_room(void *dispatch);

/* ---- dispatch itself (dispatch.c) ---- */

struct dispatch {
	struct service *service;
	struct transfers *transfers;
	struct board *board, *retired;
	struct sockaddr_storage *own; /* where we listen */
	size_t own_count;
	struct hub_follower *follower;
	struct loop_timer *timer; /* of what is due */
	int64_t timer_at;         /* ticks it is set to; INT64_MAX: it is not */
	int64_t offset; /* of the clock against ticks, to see it jump */

	/* The log */
	int64_t read, last;            /* positions: read up to; of the newest seen */
	int64_t read_at;               /* when the last of them was taken, a moment */
	int64_t known;                 /* the newest that an earlier life may have filed */
	bool begun;                    /* its cursor was read */
	bool reading, grown;           /* a job reads it; there is more of it */
	bool failed;                   /* it could not be read, and will be */
	struct letter *log;            /* its letters not settled, oldest first */
	int letters;                   /* in memory, of all kinds */
	size_t weight;                 /* of them */
	int full;                      /* lines that are */
	bool waits;                    /* for room */
	struct loop_timer *room_timer; /* while it does */

	/* The stragglers */
	int64_t passed; /* the newest position that is settled */
	bool straggles; /* the timer is set */
	struct loop_timer *straggler_timer;

	/* The end (dispatch_drain.c) */
	enum { DRAIN_NOT, DRAIN_UNDER_WAY, DRAIN_ALL } draining;
	struct loop_timer *drain_timer;
	int64_t drain_until; /* ticks */
	loop_fn drained;
	void *drained_arg;

	/* The book */
	struct letter *book;
	bool rows_wanted; /* of letters under way */
	int64_t written;  /* the cursor on disk */
	bool writing;     /* a job writes it */
	struct loop_timer *book_timer;
	enum { BOOK_IDLE, BOOK_NOTED, BOOK_SOON } book_state; /* what it is set for */

	/* The deliveries */
	struct letter *stored; /* by position */
	struct letter *ghosts; /* of them, those settled */
	struct fetch *fetches; /* under way, oldest first */
	int64_t fetched;       /* begun so far */
	bool surveying;
	int64_t survey_until; /* of the next, when one is wanted already; -1: none is */

	int jobs; /* on lanes */
	bool closing;
	struct dispatch_counts counts;
};

/* A letter leaves memory; what is not written of it is read again some day. */
void dispatch_drop(struct dispatch *dispatch, struct letter *letter);
/* Finds a letter its line; without one it is a dead letter. */
void dispatch_route(struct dispatch *dispatch, struct letter *letter);
/* The line needs tending no later than it says. */
void dispatch_schedule(struct dispatch *dispatch, const struct line *line);
/* Jobs: each is begun with the one and ends with the other, after which the dispatch may be
 * no more. */
void dispatch_submit(struct dispatch *dispatch, struct job *job);
void dispatch_end(struct dispatch *dispatch);

#endif
