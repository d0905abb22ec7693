#include "oneclick/service/trail.h"

#include <assert.h>
#include <stdbool.h>

#include "audit_event.h"
#include "oneclick/base/log.h"
#include "oneclick/base/mem.h"
#include "oneclick/store/audit.h"
#include "trail_parts.h"

enum {
	HELD_MAX = 4096, /* records kept while they cannot be written */
	AGAIN = 1000,    /* ms until that is tried again */
};

struct entry {
	int64_t at;
	const char *account, *name, *record;
	trail_fn fn; /* waits for it; NULL: nobody does */
	void *arg;
	struct entry *next;
};

/* What is written together. */
struct batch {
	struct job job;
	struct trail *trail;
	struct entry *first, **last;
	int count;
	bool begins; /* with the key */
};

static void try_again(void *arg);

struct trail *
trail_new(const void *ctx, struct service *service)
{
	struct trail *trail = mem_new(ctx, struct trail);

	trail->service = service;
	trail->again = loop_timer_new(service->loop, try_again, trail);
	trail_open_sums(trail, service);
	return trail;
}

void
trail_sign(struct trail *trail, const struct audit_key *key)
{
	trail->key = *key;
}

/* ---- on the lane ---- */

static enum err
write_batch(struct job *job, struct tx *tx)
{
	struct batch *batch = (struct batch *)job;
	struct trail *trail = batch->trail;
	enum err err = ERR_NONE;

	if (batch->begins)
		err = audit_event_begin_key(
			tx, &trail->key, &trail->service->settings, &job->why);
	for (struct entry *e = batch->first; !err && e; e = e->next)
		err = audit_append(tx, e->at, e->account, e->name, e->record, &job->why);
	return err;
}

/* ---- what cannot be written ---- */

static void
lose(struct trail *trail, int64_t at)
{
	if (trail->lost.count++ == 0)
		trail->lost.from = at;
	trail->lost.to = at;
	trail->lost_ever++;
}

/* Those that are waited for are refused; the others are held, and tried again. A refusal is
 * itself summed, and waits behind what is held. */
static void
hold(struct trail *trail, struct batch *batch)
{
	struct entry **link = &batch->first;

	assert(!trail->held);
	trail->held = batch;
	while (*link) {
		struct entry *entry = *link;

		if (!entry->fn) {
			link = &entry->next;
			continue;
		}
		*link = entry->next;
		batch->count--;
		trail->waiting--;
		entry->fn(entry->arg, &batch->job.why);
	}
	batch->last = link;
	loop_timer_set(trail->again, AGAIN, 0);
}

static void
give_up(struct trail *trail, struct batch *batch)
{
	log_line(LOG_ERROR, "%d audit %s lost: %s", batch->count,
		batch->count == 1 ? "record is" : "records are",
		batch->job.why.sentence);
	trail->waiting -= batch->count;
	for (struct entry *e = batch->first; e; e = e->next)
		if (e->fn)
			e->fn(e->arg, &batch->job.why);
	mem_free(batch);
}

/* ---- batches ---- */

static void
submit(struct trail *trail, struct batch *batch)
{
	trail->writing++;
	batch->begins = trail->key.known && !trail->begun;
	lanes_submit(trail->service->lanes, &batch->job);
}

static void
settle(struct trail *trail, struct batch *batch)
{
	trail->begun = true;
	trail->waiting -= batch->count;
	for (struct entry *e = batch->first; e; e = e->next)
		if (e->fn)
			e->fn(e->arg, NULL);
	mem_free(batch);
	if (trail->lost.count > 0)
		trail_tell_lost(trail);
}

static void
end_batch(struct job *job)
{
	struct batch *batch = (struct batch *)job;
	struct trail *trail = batch->trail;

	trail->writing--;
	if (!job->result) {
		settle(trail, batch);
	} else if (trail->refusals) {
		log_retry(LOG_ERROR, "audit records cannot be written, and wait: %s",
			job->why.sentence);
		hold(trail, batch);
	} else {
		give_up(trail, batch);
	}
	if (trail->writing == 0 && !trail->held)
		trail_flush(trail);
}

static void
try_again(void *arg)
{
	struct trail *trail = arg;
	struct batch *batch = trail->held;

	trail->held = NULL;
	if (batch)
		submit(trail, batch);
}

void
trail_flush(struct trail *trail)
{
	struct batch *batch = trail->open;

	if (!batch)
		return;
	trail->open = NULL;
	submit(trail, batch);
}

static struct batch *
open_batch(struct trail *trail)
{
	struct batch *batch = mem_new(NULL, struct batch);

	batch->job =
		(struct job){ .lane = LANE_WRITE, .run = write_batch, .done = end_batch };
	batch->trail = trail;
	batch->last = &batch->first;
	return batch;
}

/* While one batch is being written the next one fills. */
static void
add(struct trail *trail, const struct entry *given)
{
	struct batch *batch = trail->open ? trail->open : open_batch(trail);
	struct entry *entry = mem_new(batch, struct entry);

	*entry = *given;
	entry->account = mem_text(batch, given->account);
	entry->name = mem_text(batch, given->name);
	entry->record = mem_text(batch, given->record);
	*batch->last = entry;
	batch->last = &entry->next;
	batch->count++;
	trail->waiting++;
	trail->open = batch;
	if (trail->writing == 0 && !trail->held)
		trail_flush(trail);
}

void
trail_add(struct trail *trail, int64_t at, const char *account, const char *name,
	const char *record)
{
	const struct entry entry = {
		.at = at, .account = account, .name = name, .record = record
	};

	if (trail->held && trail->waiting >= HELD_MAX)
		lose(trail, at);
	else
		add(trail, &entry);
}

void
trail_add_read(struct trail *trail, int64_t at, const char *account, const char *name,
	const char *record, trail_fn fn, void *arg)
{
	const struct entry entry = {
		.at = at,
		.account = account,
		.name = name,
		.record = record,
		.fn = fn,
		.arg = arg,
	};

	if (!trail->service->settings.audit_strict) {
		trail_add(trail, at, account, name, record);
		fn(arg, NULL);
	} else if (trail->held) {
		fn(arg, &trail->held->job.why);
	} else {
		add(trail, &entry);
	}
}

enum err
trail_refuse(const struct fault *why, struct fault *out)
{
	const struct fault plain = *why; /* it may be the same */

	return fault(out, ERR_LINK,
		"The audit record of this request cannot be written, and without it "
		"nothing is told here: %s",
		plain.sentence);
}

int
trail_waiting(const struct trail *trail)
{
	return trail->waiting;
}

uint64_t
trail_lost(const struct trail *trail)
{
	return trail->lost_ever;
}

void
trail_close(struct trail *trail)
{
	trail_close_sums(trail);
	audit_service_stop(trail->service);
	loop_timer_stop(trail->again);
	try_again(trail);
	trail_flush(trail);
}
