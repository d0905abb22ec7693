#include "heads.h"

#include <stdio.h>
#include <string.h>
#include <utlist.h>

#include "audit_key.h"
#include "head_targets.h"
#include "oneclick/base/log.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "signed_head.h"

enum {
	FIRST = 2 * 1000,       /* ms after the start */
	EVERY = 60 * 1000,      /* ms between looks */
	LAST_WORD = 5 * 1000,   /* ms that the end waits for targets */
};

/* Reads the head on a lane, keeps it, and appends it to files that are due. */
struct heads {
	struct job job;
	struct service *service;
	struct loop_timer *timer;
	struct audit_key key;
	char *kept_path;
	struct signed_head now, kept;
	struct head_targets *targets;
	bool busy; /* the job is on its way */
	bool closed;
};

static enum err
read_key(const struct service *service, struct audit_key *key, struct fault *why)
{
	void *life = mem_life(NULL);
	enum err err = audit_key_read(audit_key_path(life, service->settings.state,
					      service->settings.audit_key_file),
		key, why);

	mem_free(life);
	return err;
}

/* ---- the start ---- */

struct looking {
	const struct signed_head *kept;
	char store[HEAD_STORE_SIZE];
};

static enum err
compare(struct tx *tx, void *arg, struct fault *why)
{
	struct looking *looking = arg;
	bool held;

	return signed_head_compare(tx, looking->kept, looking->store, &held, why);
}

enum err
heads_look_back(struct service *service, struct fault *why)
{
	void *life = mem_life(NULL);
	struct signed_head kept;
	struct looking looking = { .kept = &kept };
	enum err err = ERR_NONE;

	signed_head_name_store(store_secret(service->store), looking.store);
	if (signed_head_kept(
		    signed_head_kept_path(life, service->settings.state), &kept))
		err = store_read(service->store, compare, &looking, why);
	mem_free(life);
	return err;
}

/* ---- a look ---- */

static enum err
take_head(struct heads *heads, struct tx *tx, struct fault *why)
{
	enum err err = signed_head_read(tx, &heads->key,
		store_secret(heads->service->store), &heads->now, why);

	if (err || heads->now.at.pos == 0 || heads->now.at.pos == heads->kept.at.pos)
		return err;
	err = signed_head_keep(heads->kept_path, &heads->now, why);
	if (!err)
		heads->kept = heads->now;
	return err;
}

static enum err
run_look(struct job *job, struct tx *tx)
{
	struct heads *heads = (struct heads *)job;
	enum err err = take_head(heads, tx, &job->why);

	if (heads->now.at.pos > 0)
		head_targets_append(heads->targets, &heads->now);
	return err;
}

static void
end_look(struct job *job)
{
	struct heads *heads = (struct heads *)job;

	heads->busy = false;
	if (job->result)
		log_retry(LOG_WARN, "the head of the audit records was not kept: %s",
			job->why.sentence);
	if (!heads->closed && heads->now.at.pos > 0)
		head_targets_send(heads->targets, &heads->now);
}

static void
look(void *arg)
{
	struct heads *heads = arg;

	if (heads->busy)
		return;
	heads->busy = true;
	heads->job =
		(struct job){ .lane = LANE_READ, .run = run_look, .done = end_look };
	lanes_submit(heads->service->lanes, &heads->job);
}

/* ---- the part ---- */

enum err
heads_open(struct service *service, struct fault *why)
{
	struct heads *heads = mem_new(NULL, struct heads);
	enum err err = read_key(service, &heads->key, why);

	heads->service = service;
	heads->kept_path = signed_head_kept_path(heads, service->settings.state);
	if (!err)
		err = head_targets_open(heads, service, &heads->targets, why);
	if (err) {
		mem_free(heads);
		return err;
	}
	heads->timer = loop_timer_new(service->loop, look, heads);
	loop_timer_set(heads->timer, FIRST, EVERY);
	service->heads = heads;
	return ERR_NONE;
}

void
heads_reload(struct service *service)
{
	struct heads *heads = service->heads;
	struct head_targets *fresh;
	struct fault why;

	if (head_targets_open(heads, service, &fresh, &why)) {
		log_line(LOG_ERROR, "audit-head stays as it was: %s", why.sentence);
		return;
	}
	head_targets_close(heads->targets);
	heads->targets = fresh;
}

void
heads_close(struct service *service)
{
	struct heads *heads = service->heads;

	heads->closed = true;
	loop_timer_stop(heads->timer);
}

/* ---- the end ---- */

static enum err
read_last(struct tx *tx, void *arg, struct fault *why)
{
	return take_head(arg, tx, why);
}

static void
stop_waiting(void *arg)
{
	loop_stop(((struct heads *)arg)->service->loop);
}

static void
wait_for_targets(struct heads *heads)
{
	struct loop *loop = heads->service->loop;
	struct loop_timer *limit = loop_timer_new(loop, stop_waiting, heads);

	head_targets_when_idle(heads->targets, stop_waiting, heads);
	loop_timer_set(limit, LAST_WORD, 0);
	if (head_targets_are_busy(heads->targets))
		loop_run(loop);
	loop_timer_stop(limit);
}

void
heads_end(struct service *service)
{
	struct heads *heads = service->heads;
	struct fault why;

	if (!heads)
		return;
	if (store_read(service->store, read_last, heads, &why)) {
		log_line(LOG_WARN, "the last head of the audit records was not kept: %s",
			why.sentence);
	} else if (heads->now.at.pos > 0) {
		head_targets_hasten(heads->targets);
		head_targets_append(heads->targets, &heads->now);
		head_targets_send(heads->targets, &heads->now);
		wait_for_targets(heads);
	}
	head_targets_close(heads->targets);
	mem_free(heads);
	service->heads = NULL;
}
