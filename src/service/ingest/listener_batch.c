/* The messages of a session, gathered, and stored by one job of the writer lane. */
#include <string.h>

#include "listener.h"
#include "oneclick/base/digest.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/service/counts.h"

/* The token goes with each batch, so that one that is replaced ends the connection. */
struct batch {
	struct job job;
	struct session *session; /* NULL once it is gone */
	struct service *service;
	int64_t window, now;
	char *token;
	struct report report[LISTENER_BATCH_MAX];
	size_t ack_of[LISTENER_BATCH_MAX]; /* of each report, its place in `ack` */
	size_t reports;
	/* Packet identifiers, in their order; 0: it gets none. */
	uint16_t ack[LISTENER_BATCH_MAX];
	size_t messages; /* of both QoS, those with nothing to store too */
	struct counts *counts;
	struct fault last; /* what was passed over last; code ERR_NONE: nothing was */
	bool spoilt;       /* a message that asked for a PUBACK cannot have it */
	bool stored;       /* the log has grown */
};

static struct batch *
new_batch(struct session *session)
{
	struct batch *batch = mem_new(NULL, struct batch);

	batch->session = session;
	batch->service = session->listener->service;
	batch->window = batch->service->settings.claim_window;
	batch->now = moment_now();
	batch->token = mem_text(batch, session->token);
	batch->counts = counts_new(batch);
	return batch;
}

bool
batch_is_full(const struct session *session)
{
	return session->batch && session->batch->messages == LISTENER_BATCH_MAX;
}

enum { SEEN_MAX = LISTENER_BATCH_MAX };

static struct seen
see(const struct mqtt_publish *publish)
{
	unsigned char digest[DIGEST_SIZE];
	struct seen seen = { .id = publish->id };

	digest_sha256(publish->payload.at, publish->payload.n, digest);
	memcpy(&seen.digest, digest, sizeof seen.digest);
	return seen;
}

static bool
is_seen(const struct session *session, struct seen one)
{
	size_t count = session->seen_count < SEEN_MAX ? session->seen_count : SEEN_MAX;

	for (size_t i = 0; i < count; i++)
		if (session->seen[i].id == one.id &&
			session->seen[i].digest == one.digest)
			return true;
	return false;
}

/* True if the packet, which says nothing of its own to be known by, came before on this
 * connection; notes it otherwise. */
static bool
is_repeated(struct session *session, const struct mqtt_publish *publish)
{
	struct seen one;

	if (publish->qos == 0)
		return false;
	one = see(publish);
	if (publish->dup && is_seen(session, one))
		return true;
	if (!session->seen)
		session->seen = mem_array(session, struct seen, SEEN_MAX);
	session->seen[session->seen_count++ % SEEN_MAX] = one;
	return false;
}

/* A PUBACK says that the event is kept, and MQTT 3.1.1 has no other word for it (4.3.2,
 * 3.3.5): so what cannot be kept gets none, and costs its sender the connection when all
 * that came with it is stored. */
static void
withhold(struct batch *batch, size_t ack, const struct fault *why)
{
	counts_add(batch->counts, COUNTS_OWN, INGEST_UNREADABLE);
	batch->last = *why;
	batch->spoilt = batch->spoilt || batch->ack[ack] != 0;
	batch->ack[ack] = 0;
}

/* The press is taken, without what made no sense. */
static void
note_left_out(struct batch *batch, const struct report *report)
{
	if (!report->left_out)
		return;
	counts_add(batch->counts, COUNTS_OWN, INGEST_UNREADABLE);
	fault(&batch->last, ERR_INVALID, "%s", report->left_out);
}

void
batch_add(struct session *session, const struct mqtt_publish *publish)
{
	struct batch *batch = session->batch ? session->batch : new_batch(session);
	struct report *report = &batch->report[batch->reports];
	size_t ack = batch->messages++;
	struct fault why;

	session->batch = batch;
	batch->ack[ack] = publish->qos > 0 ? publish->id : 0;
	if (report_read(batch, session->device_id, publish->payload.at,
		    publish->payload.n, report, &why)) {
		withhold(batch, ack, &why);
		return;
	}
	note_left_out(batch, report);
	if (!report->event_id && report->reported_at == 0 &&
		is_repeated(session, publish))
		counts_add(batch->counts, COUNTS_OWN, INGEST_DUPLICATE);
	else
		batch->ack_of[batch->reports++] = ack;
}

static enum err
take_one(struct batch *batch, struct tx *tx, size_t i)
{
	const struct report *report = &batch->report[i];
	struct event event;
	struct fault why;
	bool again;
	enum err err = ingest_take(tx, batch, report, batch->token, batch->window,
		batch->now, &event, &again, &why);

	if (err != ERR_NONE && err != ERR_INVALID)
		return fault(&batch->job.why, err, "%s", why.sentence);
	if (err != ERR_NONE) {
		withhold(batch, batch->ack_of[i], &why);
		return ERR_NONE;
	}
	counts_add(batch->counts, COUNTS_OWN, again ? INGEST_DUPLICATE : INGEST_TAKEN);
	batch->stored = batch->stored || !again;
	return ERR_NONE;
}

static enum err
run_batch(struct job *job, struct tx *tx)
{
	struct batch *batch = (struct batch *)job;
	enum err err = ERR_NONE;

	for (size_t i = 0; i < batch->reports && !err; i++)
		err = take_one(batch, tx, i);
	return err;
}

static void
tell_service(const struct batch *batch)
{
	counts_merge(batch->service->counts, batch->counts);
	if (batch->stored)
		hub_tell(batch->service->hub);
}

static void
end_batch(struct job *job)
{
	struct batch *batch = (struct batch *)job;
	struct session *session = batch->session;
	bool stored = job->result == ERR_NONE;

	if (stored)
		tell_service(batch);
	if (session) {
		session->batch = NULL;
		for (size_t i = 0; stored && i < batch->messages; i++)
			if (batch->ack[i] != 0)
				mqtt_write_puback(&session->link.out, batch->ack[i]);
		session_settle(session,
			!stored         ? BATCH_FAILED
			: batch->spoilt ? BATCH_SPOILT
					: BATCH_STORED,
			stored ? &batch->last : &job->why);
	}
	mem_free(batch);
}

bool
batch_submit(struct session *session)
{
	struct batch *batch = session->batch;

	if (!batch)
		return false;
	batch->job =
		(struct job){ .lane = LANE_WRITE, .run = run_batch, .done = end_batch };
	lanes_submit(batch->service->lanes, &batch->job);
	return true;
}

void
batch_abandon(struct session *session)
{
	if (session->batch && session->state == SESSION_BUSY)
		session->batch->session = NULL;
	else
		mem_free(session->batch);
}
