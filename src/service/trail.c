#include <stdbool.h>

#include "oneclick/base/log.h"
#include "oneclick/base/mem.h"
#include "oneclick/store/audit.h"
#include "trail_parts.h"

struct entry {
	int64_t at;
	const char *account, *name, *record;
	struct entry *next;
};

/* What is written together. */
struct batch {
	struct job job;
	struct trail *trail;
	struct entry *first, **last;
	int count;
};

struct trail *
trail_new(const void *ctx, struct service *service)
{
	struct trail *trail = mem_new(ctx, struct trail);

	trail->lanes = service->lanes;
	trail_open_sums(trail, service);
	return trail;
}

static enum err
write_batch(struct job *job, struct tx *tx)
{
	struct batch *batch = (struct batch *)job;
	enum err err = ERR_NONE;

	for (struct entry *e = batch->first; !err && e; e = e->next)
		err = audit_append(tx, e->at, e->account, e->name, e->record, &job->why);
	return err;
}

static void
end_batch(struct job *job)
{
	struct batch *batch = (struct batch *)job;
	struct trail *trail = batch->trail;

	if (job->result)
		log_line(LOG_ERROR, "%d audit records were not written: %s", batch->count,
			job->why.sentence);
	trail->waiting -= batch->count;
	trail->writing--;
	mem_free(batch);
	if (trail->writing == 0)
		trail_flush(trail);
}

void
trail_flush(struct trail *trail)
{
	struct batch *batch = trail->open;

	if (!batch)
		return;
	trail->open = NULL;
	trail->writing++;
	lanes_submit(trail->lanes, &batch->job);
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
void
trail_add(struct trail *trail, int64_t at, const char *account, const char *name,
	const char *record)
{
	struct batch *batch = trail->open ? trail->open : open_batch(trail);
	struct entry *entry = mem_new(batch, struct entry);

	*entry = (struct entry){ .at = at,
		.account = mem_text(batch, account),
		.name = mem_text(batch, name),
		.record = mem_text(batch, record) };
	*batch->last = entry;
	batch->last = &entry->next;
	batch->count++;
	trail->waiting++;
	trail->open = batch;
	if (trail->writing == 0)
		trail_flush(trail);
}

void
trail_close(struct trail *trail)
{
	trail_close_sums(trail);
	trail_flush(trail);
}

int
trail_waiting(const struct trail *trail)
{
	return trail->waiting;
}
