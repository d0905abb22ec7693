/*
 * GET /stream: the log as Server-Sent Events, from where the reader left off.
 *
 * A stream pulls: when its peer can take more and the log may have more, one read job
 * brings a chunk of frames, and nothing further is fetched before that is gone.  So a
 * reader, however slow, costs one chunk of memory, and never misses anything that is
 * still kept; what was trimmed away before it came is told as a gap.
 *
 * Each chunk is fetched in the transaction that looks whether its reader may still see it,
 * and is let go of when it is not taken within a second: a key that was revoked sees
 * nothing more, and its stream ends with the reason.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "oneclick/api/frame.h"
#include "oneclick/api/grant.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/base/uri.h"
#include "oneclick/data/json.h"
#include "oneclick/model/event.h"
#include "oneclick/service/audit.h"
#include "oneclick/service/principal.h"
#include "oneclick/service/service.h"
#include "oneclick/service/trail.h"
#include "oneclick/store/events.h"

enum {
	CHUNK_EVENTS = 256,
	CHUNK_BYTES = 64 * 1024, /* a chunk ends with the frame that passes this */
	GOOD_FOR = 1000,         /* ms that a chunk may wait for its reader */
	FROM_THE_END = -1,
};

struct stream {
	struct job job;
	struct service *service;
	struct exchange *exchange; /* NULL once it is gone */
	struct hub_follower *follower;
	struct loop_timer *heartbeat;
	struct principal who; /* arn NULL: nobody known */
	struct request asked; /* what is looked at again: from where, and with what */
	const char *account;
	const char *project, *device; /* only these; NULL: all */
	int64_t pos;                  /* of the last event looked at */
	int64_t from;                 /* the same, before the chunk */
	struct buf chunk;             /* frames the peer has not asked for yet */
	struct buf changes;           /* likewise, of what is not in the log */
	int64_t fetched_at;           /* ticks, of the chunk */
	enum problem problem;         /* why it was not let in */
	bool fetching; /* the job is on its lane, and has pos, chunk, full */
	bool full;     /* the chunk ended before the log did */
	bool told;     /* the log has grown since the last fetch began */
	bool beats;    /* a heartbeat is due */
};

/* The value of a query's parameter, decoded; NULL when it is not there or malformed. */
static const char *
find_parameter(const void *ctx, const char *query, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = query; at && *at;) {
		size_t n = strcspn(at, "&");

		if (n > len && at[len] == '=' && strncmp(at, name, len) == 0)
			return uri_decoded(ctx, at + len + 1, n - len - 1, NULL);
		at += n + (at[n] == '&');
	}
	return NULL;
}

static bool
read_position(const char *text, int64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoll(text, &end, 10);
	return text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0;
}

/* A reconnecting reader sends what it saw last, which goes before where it once began. */
static bool
find_start(struct stream *stream, const struct request *request)
{
	const char *from = request_header(request, "Last-Event-ID");

	if (!from)
		from = find_parameter(stream, request->query, "after");
	stream->pos = FROM_THE_END;
	return !from || read_position(from, &stream->pos);
}

static bool
is_in_project(const struct event *event, const char *project)
{
	const char *json = event->context_json, *name = NULL;
	const struct value *tree;
	void *life;
	bool is = false;

	if (!json)
		return false;
	life = mem_life(NULL);
	if (json_parse(life, json, strlen(json), &tree, NULL) == ERR_NONE)
		name = value_text(tree, "projectName");
	is = name && strcmp(name, project) == 0;
	mem_free(life);
	return is;
}

static bool
is_wanted(const struct stream *stream, const struct event *event)
{
	if (stream->device && strcmp(stream->device, event->device_id) != 0)
		return false;
	return !stream->project || is_in_project(event, stream->project);
}

struct visit {
	struct stream *stream;
	struct buf text; /* one event's JSON */
	int count;
	bool full; /* stopped before the end of the log */
};

static bool
add_frame(void *arg, const struct event *event)
{
	struct visit *visit = arg;
	struct stream *stream = visit->stream;

	stream->pos = event->pos;
	visit->count++;
	if (is_wanted(stream, event)) {
		buf_clear(&visit->text);
		event_write_live(&visit->text, event);
		frame_write(&stream->chunk, event->pos,
			event_is_click(event->kind) ? "click" : "state",
			visit->text.data);
	}
	visit->full = visit->count == CHUNK_EVENTS || stream->chunk.len >= CHUNK_BYTES;
	return !visit->full;
}

static void
add_gap(struct stream *stream, int64_t from, int64_t to)
{
	char data[64];
	struct buf out;
	struct json j;

	buf_init(&out, stream, sizeof data);
	j = json_to(&out);
	json_open(&j, '{');
	json_member_int(&j, "from", from);
	json_member_int(&j, "to", to);
	json_close(&j, '}');
	frame_write(&stream->chunk, to, "gap", out.data);
	buf_release(&out);
	stream->pos = to;
}

/* Where the reader is, held against what is kept.  A position past the end is not of this
 * log (it was made anew, or restored), so all there is now may be unknown to the reader.
 */
static void
settle_position(struct stream *stream, int64_t first, int64_t last)
{
	if (stream->pos == FROM_THE_END)
		stream->pos = last;
	else if (stream->pos > last)
		add_gap(stream, 0, last);
	else if (stream->pos + 1 < first)
		add_gap(stream, stream->pos + 1, first - 1);
}

static enum err
fetch(struct stream *stream, struct tx *tx, struct fault *why)
{
	struct visit visit = { .stream = stream };
	int64_t first = 0, last = 0;
	enum err err = events_bounds(tx, &first, &last, why);

	if (err != ERR_NONE)
		return err;
	settle_position(stream, first, last);
	if (stream->from == FROM_THE_END)
		stream->from = stream->pos;
	buf_init(&visit.text, stream, BUF_NO_CAP);
	err = events_after(
		tx, stream->account, stream->pos, CHUNK_EVENTS, add_frame, &visit, why);
	buf_release(&visit.text);
	stream->full = visit.full;
	/* What follows is others'; the next fetch need not read past it again. */
	if (!visit.full && last > stream->pos)
		stream->pos = last;
	return err;
}

static enum err
judge_again(struct stream *stream, struct tx *tx, struct fault *why)
{
	void *life = mem_life(NULL);
	enum err err = api_admit_again(stream->service, tx, life, &stream->asked,
		stream->who.access_key, GRANT_STREAM_ACTION, "*", why);

	mem_free(life);
	return err;
}

static enum err
run_fetch(struct job *job, struct tx *tx)
{
	struct stream *stream = (struct stream *)job;
	enum err err = judge_again(stream, tx, &job->why);

	return err ? err : fetch(stream, tx, &job->why);
}

static void
end_if_gone(struct stream *stream)
{
	if (!stream->exchange && !stream->fetching)
		mem_free(stream);
}

static void
start_fetch(struct stream *stream, enum err (*run)(struct job *, struct tx *),
	void (*done)(struct job *))
{
	stream->fetching = true;
	stream->told = false;
	stream->from = stream->pos;
	stream->job = (struct job){ .lane = LANE_READ, .run = run, .done = done };
	lanes_submit(stream->service->lanes, &stream->job);
}

static void
end_fetch(struct job *job)
{
	struct stream *stream = (struct stream *)job;

	stream->fetching = false;
	stream->fetched_at = moment_ticks();
	if (stream->exchange)
		exchange_stream_wake(stream->exchange);
	end_if_gone(stream);
}

/* What waits was not judged for long: a chunk is fetched anew. */
static bool
is_stale(const struct stream *stream)
{
	return (stream->chunk.len > 0 || stream->changes.len > 0) &&
	       moment_ticks() - stream->fetched_at > GOOD_FOR;
}

static void
fetch_anew(struct stream *stream)
{
	if (stream->chunk.len > 0)
		stream->pos = stream->from;
	buf_clear(&stream->chunk);
	start_fetch(stream, run_fetch, end_fetch);
}

static bool
is_wanted_change(const struct stream *stream, const struct hub_change *change)
{
	if (strcmp(change->account, stream->account) != 0)
		return false;
	if (stream->device &&
		(!change->device || strcmp(change->device, stream->device) != 0))
		return false;
	return !stream->project ||
	       (change->project && strcmp(change->project, stream->project) == 0);
}

static void
hear_change(void *arg, const struct hub_change *change)
{
	struct stream *stream = arg;

	if (!is_wanted_change(stream, change))
		return;
	frame_write(&stream->changes, -1, "change", change->json);
	exchange_stream_wake(stream->exchange);
}

/* Of more than a slow reader has room for it is told that there was more. */
static void
give_changes(struct stream *stream, struct buf *out)
{
	buf_add(out, stream->changes.data, stream->changes.len);
	if (stream->changes.full)
		frame_write(out, -1, "change", "{}");
	buf_clear(&stream->changes);
}

static bool
give_more(void *arg, struct buf *out)
{
	struct stream *stream = arg;

	if (stream->fetching)
		return true;
	if (stream->job.result == ERR_FORBIDDEN)
		frame_write_comment(out, stream->job.why.sentence);
	if (stream->job.result != ERR_NONE)
		return false;
	if (is_stale(stream)) {
		fetch_anew(stream);
		return true;
	}
	buf_add(out, stream->chunk.data, stream->chunk.len);
	buf_clear(&stream->chunk);
	give_changes(stream, out);
	if (stream->beats)
		frame_write_heartbeat(out, stream->pos);
	stream->beats = false;
	if (stream->full || stream->told)
		start_fetch(stream, run_fetch, end_fetch);
	return true;
}

static void
hear(void *arg)
{
	struct stream *stream = arg;

	stream->told = true;
	exchange_stream_wake(stream->exchange);
}

static void
beat(void *arg)
{
	struct stream *stream = arg;

	stream->beats = true;
	if (!stream->fetching && stream->chunk.len == 0)
		start_fetch(stream, run_fetch, end_fetch);
	else
		exchange_stream_wake(stream->exchange);
}

static void
forget(void *arg)
{
	struct stream *stream = arg;

	hub_unfollow(stream->follower);
	loop_timer_stop(stream->heartbeat);
	stream->exchange = NULL;
	end_if_gone(stream);
}

/* The first job: who asks is let in, and gets the first chunk. */
static enum err
run_admission(struct job *job, struct tx *tx)
{
	struct stream *stream = (struct stream *)job;
	enum err err;

	stream->problem = PROBLEM_COUNT;
	err = api_admit(stream->service, tx, stream, &stream->exchange->request,
		GRANT_STREAM_ACTION, "*", &stream->who, &stream->problem, &job->why);
	if (err != ERR_NONE)
		return err;
	stream->account = stream->who.account;
	return fetch(stream, tx, &job->why);
}

static enum problem
problem_of_stream(const struct stream *stream)
{
	return stream->problem == PROBLEM_COUNT ? problem_of(stream->job.result)
						: stream->problem;
}

static void
turn_away(struct stream *stream, enum problem problem, const char *sentence)
{
	struct exchange *exchange = stream->exchange;

	reply_problem(&exchange->reply, problem, sentence);
	exchange_send(exchange);
	mem_free(stream);
}

/* A heartbeat goes at once, so that the reader hears that it was let in, and from where it
 * would go on if it were cut off before the first event. */
static void
open_stream(struct stream *stream)
{
	struct service *service = stream->service;

	stream->exchange->proved = true;
	stream->beats = true;
	stream->fetched_at = moment_ticks();
	stream->follower = hub_follow(service->hub, hear, stream);
	hub_follow_changes(stream->follower, hear_change);
	stream->heartbeat = loop_timer_new(service->loop, beat, stream);
	loop_timer_set(stream->heartbeat, FRAME_HEARTBEAT_MS, FRAME_HEARTBEAT_MS);
	exchange_stream(stream->exchange, give_more, forget, stream);
}

static void
end_opening(void *arg, const struct fault *why)
{
	struct stream *stream = arg;
	const struct job *job = &stream->job;
	struct fault refusal;

	if (why) {
		stream->exchange->recorded = false;
		trail_refuse(why, &refusal);
		turn_away(stream, PROBLEM_UNAVAILABLE, refusal.sentence);
	} else if (job->result) {
		turn_away(stream, problem_of_stream(stream), job->why.sentence);
	} else {
		open_stream(stream);
	}
}

/* Who opens it, and of what; a refusal of someone known, too. */
static void
record_opening(struct stream *stream)
{
	enum err result = stream->job.result;
	const struct settings *settings = &stream->service->settings;
	struct exchange *exchange = stream->exchange;
	struct pairs *asked = pairs_new(stream);
	const struct audit_note note = {
		.op = OP_NONE,
		.name = "StreamEvents",
		.source = "iot1click.amazonaws.com",
		.query = asked,
		.request = &exchange->request,
		.principal = &stream->who,
		.region = settings->region,
		.error = result ? problem_name(problem_of_stream(stream)) : NULL,
		.sentence = result ? stream->job.why.sentence : NULL,
	};
	struct buf out;

	if (stream->project)
		pairs_set(asked, "project", stream->project);
	if (stream->device)
		pairs_set(asked, "deviceId", stream->device);
	buf_init(&out, NULL, BUF_NO_CAP);
	audit_record(&out, &note);
	exchange->recorded = true;
	trail_add_read(stream->service->trail, exchange->request.at, stream->who.account,
		note.name, out.data, end_opening, stream);
	buf_release(&out);
}

static void
end_admission(struct job *job)
{
	struct stream *stream = (struct stream *)job;

	stream->fetching = false;
	if (stream->who.arn && stream->problem != PROBLEM_THROTTLED)
		record_opening(stream);
	else
		end_opening(stream, NULL);
}

/* The request itself may be gone while a lane judges it again. */
static void
keep_asked(struct stream *stream, const struct request *request)
{
	const char *agent = request_header(request, "User-Agent");

	stream->asked = (struct request){ .peer = mem_text(stream, request->peer),
		.local = request->local,
		.secure = request->secure };
	if (!agent)
		return;
	stream->asked.header = mem_array(stream, struct sign_header, 1);
	stream->asked.header->name = "User-Agent";
	stream->asked.header->value = mem_text(stream, agent);
	stream->asked.header_count = 1;
}

void
stream_take(struct service *service, struct exchange *exchange)
{
	const struct request *request = &exchange->request;
	struct stream *stream = mem_new(NULL, struct stream);

	stream->service = service;
	stream->exchange = exchange;
	stream->project = find_parameter(stream, request->query, "project");
	stream->device = find_parameter(stream, request->query, "deviceId");
	buf_init(&stream->chunk, stream, BUF_NO_CAP);
	buf_init(&stream->changes, stream, CHUNK_BYTES);
	keep_asked(stream, request);
	if (strcmp(request->method, "GET") != 0)
		turn_away(stream, PROBLEM_WRONG_METHOD, "The stream is read by GET.");
	else if (!find_start(stream, request))
		turn_away(stream, PROBLEM_INVALID_REQUEST,
			"Last-Event-ID (or after) must be the number of an event.");
	else
		start_fetch(stream, run_admission, end_admission);
}
