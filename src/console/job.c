#include "oneclick/console/job.h"

#include <utlist.h>

#include "oneclick/base/mem.h"

enum { JOB_SAID_EVERY = 50 }; /* changes sent between two words on it */

struct job *
job_new(struct app *app, const char *verb, const char *past, const char *noun)
{
	struct job *job = mem_new(app, struct job);

	job->app = app;
	job->verb = verb;
	job->past = past;
	job->noun = noun;
	return job;
}

static struct job_item *
add_item(struct job *job, enum op op, const char *subject)
{
	struct job_item *item;

	if (job->count == job->room) {
		job->room = job->room ? job->room * 2 : 4;
		job->item = mem_resize(job, job->item, struct job_item, job->room);
	}
	item = &job->item[job->count++];
	*item = (struct job_item){ .op = op, .subject = mem_text(job, subject) };
	ask_init(&item->ask);
	return item;
}

struct ask *
job_add(struct job *job, enum op op, const char *subject)
{
	return &add_item(job, op, subject)->ask;
}

void
job_add_press(struct job *job, const char *device_id, const char *click)
{
	add_item(job, OP_NONE, device_id)->click = mem_text(job, click);
}

bool
job_went_well(const struct job *job)
{
	return job->ok == job->count;
}

static void
say_failure(struct job *job)
{
	struct app *app = job->app;

	if (job->count == 1)
		app_say(app, NOTICE_ERROR, "Not %s: %s: %s", job->past,
			job->first_subject, job->first.sentence);
	else
		app_say(app, NOTICE_ERROR, "%zu of %zu %s %s; %zu not: %s: %s", job->ok,
			job->count, job->noun, job->past, job->count - job->ok,
			job->first_subject, job->first.sentence);
}

void
job_tell(const struct job *job, struct buf *out)
{
	buf_format(out, "%s: %zu of %zu %s %s", job->verb, job->ok, job->count, job->noun,
		job->past);
	if (job->failed)
		buf_format(out, ", %zu not", job->failed);
	if (job->flying)
		buf_format(out, ", %zu under way", job->flying);
	if (job->next < job->count)
		buf_format(out, ", %zu not begun", job->count - job->next);
}

static void
say_stopped(struct job *job)
{
	struct buf text;

	buf_init(&text, job, BUF_NO_CAP);
	job_tell(job, &text);
	app_say(job->app, NOTICE_WARN, "Stopped: %s%s%s%s%s", text.data,
		job->failed ? "; " : "", job->failed ? job->first_subject : "",
		job->failed ? ": " : "", job->failed ? job->first.sentence : "");
}

static void
tell_not_begun(struct job *job)
{
	struct answer answer = { .code = ERR_PRECONDITION };

	fault(&answer.why, ERR_PRECONDITION, "not begun: the run was stopped");
	for (size_t i = job->next; job->each && i < job->count; i++)
		job->each(job, i, &answer);
}

static void
end_job(struct job *job)
{
	DL_DELETE2(job->app->jobs, job, prev_job, next_job);
	if (job->stopped)
		say_stopped(job);
	else if (job->failed)
		say_failure(job);
	else if (!job->quiet && job->count == 1)
		app_say(job->app, NOTICE_INFO, "%s %s", job->item[0].subject, job->past);
	else if (!job->quiet && job->count)
		app_say(job->app, NOTICE_INFO, "%zu %s %s", job->count, job->noun,
			job->past);
	if (job->done)
		job->done(job);
	mem_free(job);
}

static void send_some(struct job *job);

static void
take_answer(struct app *app, struct request *request, const struct answer *answer)
{
	struct job *job = request->arg;
	size_t at = request->generation;

	(void)app;
	job->flying--;
	if (answer->code) {
		if (!job->failed++) {
			job->first = answer->why;
			job->first_subject = job->item[at].subject;
		}
		if (job->in_order)
			job->next = job->count;
	} else {
		job->ok++;
	}
	if (job->each)
		job->each(job, at, answer);
	send_some(job);
}

static void
send_item(struct job *job, size_t at)
{
	struct app *app = job->app;
	const struct job_item *item = &job->item[at];
	struct request *request =
		app_request(app, item->op, item->subject, take_answer, job);

	request->generation = (unsigned)at;
	job->flying++;
	if (item->click)
		app->port.press(app->port.arg, request, item->subject, item->click);
	else
		app->port.call(app->port.arg, request, item->op, &item->ask);
}

static void
send_some(struct job *job)
{
	size_t limit = job->in_order ? 1 : JOB_AT_ONCE;

	while (!job->stopped && job->flying < limit && job->next < job->count)
		send_item(job, job->next++);
	if (!job->stopped && job->next < job->count && job->next % JOB_SAID_EVERY == 0)
		app_say(job->app, NOTICE_INFO, "%s: sent %zu of %zu", job->verb,
			job->next, job->count);
	if (!job->flying)
		end_job(job);
}

void
job_start(struct job *job)
{
	DL_APPEND2(job->app->jobs, job, prev_job, next_job);
	send_some(job);
}

void
job_stop(struct job *job)
{
	if (job->stopped || job->next == job->count)
		return;
	job->stopped = true;
	tell_not_begun(job);
	if (!job->flying)
		end_job(job);
}
