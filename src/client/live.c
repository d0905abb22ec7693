#include "oneclick/client/live.h"

#include <string.h>

#include "inside.h"
#include "oneclick/api/frame.h"
#include "oneclick/base/mem.h"
#include "oneclick/data/json.h"

enum {
	SILENCE_MS = FRAME_HEARTBEAT_MS * 5 / 2,
	AGAIN_FIRST_MS = 500,
	AGAIN_CAP_MS = 30 * 1000,
};

struct live {
	struct client *client;
	struct live_hooks hooks;
	struct transfer *transfer; /* NULL while it waits to try again, or for keys */
	struct keyring_wait keys;
	struct loop_timer *timer;
	struct loop_timer *silence; /* fires when no event and no heartbeat came */
	struct backoff backoff;
	struct frame_reader reader;
	void *frames;          /* the reader's memory, anew for each connection */
	int64_t after;         /* the last position seen; -1 none yet */
	bool reading, stopped; /* a stop while its events are told waits for their end */
	bool open;             /* something was heard on this connection */
	bool lost;             /* LIVE_LOST was told, and nothing since */
};

static void
tell(struct live *live, enum live_state state, const struct fault *why)
{
	live->lost = state == LIVE_LOST;
	if (live->hooks.state)
		live->hooks.state(live->hooks.arg, state, why);
}

/* What opens and then says nothing, or closes again, is no live stream. */
static void
hear(struct live *live)
{
	live->after = live->reader.id;
	loop_timer_set(live->silence, SILENCE_MS, 0);
	if (live->open)
		return;
	live->open = true;
	backoff_reset(&live->backoff);
	tell(live, LIVE_OPEN, NULL);
}

static void
tell_frame(struct live *live, int64_t id, const char *event, const struct value *data)
{
	if (strcmp(event, "change") != 0)
		live->hooks.event(live->hooks.arg, id, event, data);
	else if (live->hooks.change)
		live->hooks.change(live->hooks.arg, data);
}

static void
on_frame(void *arg, int64_t id, const char *event, const char *data)
{
	struct live *live = arg;
	const struct value *tree;
	void *life;

	if (!live->stopped)
		hear(live);
	if (live->stopped)
		return;
	life = mem_life(NULL);
	if (!json_parse(life, data, strlen(data), &tree, NULL))
		tell_frame(live, id, event, tree);
	mem_free(life);
}

static void
lose(struct live *live, const struct fault *why)
{
	live->transfer = NULL;
	loop_timer_clear(live->silence);
	loop_timer_set(live->timer, backoff_next(&live->backoff), 0);
	tell(live, LIVE_LOST, why);
}

/* Bytes alone are no sign of life: half a line may come for ever. */
static void
on_silence(void *arg)
{
	struct live *live = arg;
	struct fault why;

	fault(&why, ERR_LINK,
		"The live stream has been silent for %d seconds, where a sign of life "
		"comes every %d.",
		SILENCE_MS / 1000, FRAME_HEARTBEAT_MS / 1000);
	transfer_cancel(live->transfer);
	lose(live, &why);
}

static void
on_data(void *arg, const char *bytes, size_t n)
{
	struct live *live = arg;
	size_t heard = live->reader.heard;
	struct fault why;
	enum err err;

	live->reading = true;
	err = frame_reader_feed(&live->reader, bytes, n, &why);
	if (!live->stopped && live->reader.heard > heard)
		hear(live);
	live->reading = false;
	if (live->stopped) {
		mem_free(live);
	} else if (err) {
		transfer_cancel(live->transfer);
		lose(live, &why);
	}
}

static void
on_end(void *arg, const struct transfer_reply *reply)
{
	struct live *live = arg;
	void *life = mem_life(NULL);
	const char *problem;
	struct fault why;

	if (reply->code)
		why = reply->why;
	else if (reply->status == 200 && live->open)
		fault(&why, ERR_LINK, "The service closed the live stream.");
	else if (reply->status == 200)
		fault(&why, ERR_LINK,
			"What answers at %s has no live stream: it sent no event and no "
			"sign of life.",
			live->client->origin.endpoint);
	else
		client_read_refusal(life, reply, &problem, &why);
	mem_free(life);
	lose(live, &why);
}

static void
begin_frames(struct live *live)
{
	mem_free(live->frames);
	live->frames = mem_life(live);
	frame_reader_init(&live->reader, live->frames, on_frame, live);
	live->reader.id = live->after;
	live->open = false;
}

static void
connect_now(struct live *live)
{
	struct client *client = live->client;
	void *life = mem_life(NULL);
	struct outgoing out = {
		.method = "GET",
		.target = "/stream",
		.creds = keyring_creds(client->keys),
	};
	struct transfer_request request = {
		.origin = &client->origin,
		.method = out.method,
		.headers = out.header,
		.done = on_end,
		.data = on_data,
		.arg = live,
	};

	if (live->after >= 0)
		out.extra =
			mem_format(life, "Last-Event-ID: %lld", (long long)live->after);
	client_sign(client, life, &out);
	request.target = out.target;
	request.header_count = out.count;
	begin_frames(live);
	loop_timer_set(live->silence, SILENCE_MS, 0);
	live->transfer = transfer_start(client->transfers, &request);
	mem_free(life);
}

static void
on_keys(void *arg, const struct fault *why)
{
	struct live *live = arg;

	if (why)
		lose(live, why);
	else
		connect_now(live);
}

/* A retry says nothing until it succeeds: the state stays LOST. */
static void
on_timer(void *arg)
{
	struct live *live = arg;

	if (keyring_is_ready(live->client->keys))
		connect_now(live);
	else
		keyring_await(live->client->keys, &live->keys);
	if (!live->lost)
		tell(live, LIVE_CONNECTING, NULL);
}

struct live *
live_start(struct client *client, int64_t after, const struct live_hooks *hooks)
{
	struct live *live = mem_new(NULL, struct live);

	live->client = client;
	live->hooks = *hooks;
	live->after = after;
	live->keys = (struct keyring_wait){ .fn = on_keys, .arg = live };
	live->backoff = (struct backoff){ .first = AGAIN_FIRST_MS, .cap = AGAIN_CAP_MS };
	live->timer = loop_timer_new(client->loop, on_timer, live);
	live->silence = loop_timer_new(client->loop, on_silence, live);
	loop_timer_set(live->timer, 0, 0);
	return live;
}

void
live_retry_now(struct live *live)
{
	if (live->transfer || live->keys.prev)
		return;
	backoff_reset(&live->backoff);
	loop_timer_set(live->timer, 0, 0);
}

void
live_stop(struct live *live)
{
	if (!live)
		return;
	loop_timer_stop(live->timer);
	loop_timer_stop(live->silence);
	if (live->transfer)
		transfer_cancel(live->transfer);
	keyring_forget(live->client->keys, &live->keys);
	live->stopped = true;
	if (!live->reading)
		mem_free(live);
}
