/*
 * A job: one or more changes sent for one action.  A few at a time, or strictly one after
 * the other; when all are answered it says in one line what came of them.  It can be
 * stopped: what is under way is waited for, and it says how much was not begun.
 */
#ifndef ONECLICK_CONSOLE_JOB_H
#define ONECLICK_CONSOLE_JOB_H

#include "oneclick/console/app.h"

enum { JOB_AT_ONCE = 8, JOB_ITEMS_MAX = 100000 };

struct job;
/* After each answer; `answer` is good until it returns.  Of what a stopped job did not
 * begin it is a refusal that says so. */
typedef void (*job_item_fn)(struct job *job, size_t item, const struct answer *answer);
/* After the last; the job is freed when it returns. */
typedef void (*job_done_fn)(struct job *job);

struct job_item {
	enum op op;
	struct ask ask; /* its texts live as long as the job */
	const char *subject;
	const char *click; /* of a press: op is OP_NONE */
};

struct job {
	struct app *app;
	const char *verb, *past; /* "enable", "enabled" */
	const char *noun;        /* "devices": of several */
	struct job_item *item;
	size_t count, room, next, flying, ok, failed;
	struct fault first; /* the first refusal */
	const char *first_subject;
	bool in_order;    /* one after the other, and none after a refusal */
	bool quiet;       /* says nothing when all went well */
	bool stopped;     /* what is not sent yet will not be */
	struct job *prev_job, *next_job; /* of the app's */
	job_item_fn each; /* may be NULL */
	job_done_fn done; /* may be NULL */
	void *arg;
};

struct job *job_new(
	struct app *app, const char *verb, const char *past, const char *noun);
/* Adds a change and returns its ask, all members absent, for the caller to fill with
 * texts that live as long as the job. */
struct ask *job_add(struct job *job, enum op op, const char *subject);
void job_add_press(struct job *job, const char *device_id, const char *click);
/* Sends it; a job without changes is done at once. */
void job_start(struct job *job);
void job_stop(struct job *job);
bool job_went_well(const struct job *job); /* all of it was done */
/* "device disable: 827 of 5000 devices disabled, 2 not, 8 under way, 4163 not begun" */
void job_tell(const struct job *job, struct buf *out);

#endif
