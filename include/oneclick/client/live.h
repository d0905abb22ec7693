/*
 * The live stream, followed for as long as it is wanted: reconnects by itself with a growing
 * wait, and resumes after the last event seen, so that nothing is missed. It is open once an
 * event or a heartbeat has come, and lost when neither came for two and a half heartbeats.
 */
#ifndef ONECLICK_CLIENT_LIVE_H
#define ONECLICK_CLIENT_LIVE_H

#include <stdint.h>

#include "oneclick/base/fault.h"
#include "oneclick/client/client.h"
#include "oneclick/data/value.h"

enum live_state { LIVE_CONNECTING, LIVE_OPEN, LIVE_LOST };

struct live;
struct live_hooks {
	/* One event: its position, "click" or "state" or "gap", its JSON read. */
	void (*event)(void *arg, int64_t pos, const char *kind, const struct value *data);
	/* What a call changed that is not in the log (projects, placements, tags): the
	 * operation's name and what it was asked about; an empty map says that there was
	 * more than is told.  May be NULL.  Those of a time without the stream do not come
	 * again. */
	void (*change)(void *arg, const struct value *data);
	void (*state)(void *arg, enum live_state state, const struct fault *why);
	void *arg;
};

/* `after` -1: from now on; else resumes after that position. */
struct live *live_start(
	struct client *client, int64_t after, const struct live_hooks *hooks);
void live_retry_now(struct live *live);
void live_stop(struct live *live);

#endif
