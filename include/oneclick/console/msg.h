/* Messages: all that can happen to the console.  Input and replies become one of these,
 * app_update changes the state by it, and nothing else does. */
#ifndef ONECLICK_CONSOLE_MSG_H
#define ONECLICK_CONSOLE_MSG_H

#include "oneclick/client/client.h"
#include "oneclick/client/live.h"
#include "oneclick/ui/chord.h"

struct request;

enum msg_kind {
	MSG_KEY,    /* chord */
	MSG_REPLY,  /* request, answer */
	MSG_LIVE,   /* pos, live, data */
	MSG_CHANGE, /* data: a call, of whoever, changed something */
	MSG_LINK,   /* link, why */
	MSG_READY,  /* the service can be called; `why` NULL, or why it never will be */
	MSG_SET_UP, /* done, total, why: a demo fleet is being made */
	MSG_KNOWN,  /* request, why: the local service knows the device now, or why not */
	MSG_TICK,   /* time passed */
	MSG_REST,   /* no key came for a moment */
};

struct msg {
	enum msg_kind kind;
	struct chord chord;
	struct request *request;
	const struct answer *answer;
	int64_t pos;
	const char *live;
	const struct value *data;
	enum live_state link;
	const struct fault *why;
	size_t done, total;
};

#endif
