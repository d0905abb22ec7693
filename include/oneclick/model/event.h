/*
 * Events: what devices did, and what was done to them, in one log.  Clicks are what
 * ListDeviceEvents shows; the others tell the live stream of changes of state.
 */
#ifndef ONECLICK_MODEL_EVENT_H
#define ONECLICK_MODEL_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "oneclick/base/buf.h"
#include "oneclick/base/fault.h"

enum event_kind {
	EVENT_SINGLE,
	EVENT_DOUBLE,
	EVENT_LONG,
	EVENT_CLAIM_STARTED,
	EVENT_CLAIMED,
	EVENT_UNCLAIMED,
	EVENT_ENABLED,
	EVENT_DISABLED,
	EVENT_PLACED,
	EVENT_REMOVED, /* from its placement */
	EVENT_ONLINE,  /* so its gateway says */
	EVENT_OFFLINE,
	EVENT_LIFE_LOW,  /* health: life fell below what was asked for */
	EVENT_NOT_HEARD, /* health: nothing was heard for as long as was asked for */
	EVENT_KINDS      /* how many; and the kind of what is no event of a device */
};

/* "SINGLE", "CLAIMED"; "" of EVENT_KINDS */
const char *event_kind_name(enum event_kind kind);
bool event_kind_from_name(const char *name, enum event_kind *kind);
bool event_is_click(enum event_kind kind);

struct event {
	int64_t pos;         /* its place in the log, from 1; 0: not stored yet */
	int64_t at;          /* when the service took it, a moment */
	int64_t reported_at; /* when the device says it was; = at when it says nothing */
	const char *account; /* "" while the device belongs to nobody */
	const char *device_id;
	const char *event_id; /* stable in all deliveries */
	enum event_kind kind;
	double life;              /* after this event */
	int64_t seq;              /* of the device, from 1 */
	int64_t context;          /* number of the context at that time, 0: it has none */
	const char *context_json; /* the context itself when read with it; else NULL */
	bool due;                 /* its context's callback is to be called */
};

/* The stdEvent text of ListDeviceEvents: clickType, reportedTime, certificateId,
 * remainingLife, testMode, blanks after ':' and ',' (api models' samples).  Our devices
 * have no certificates: certificateId is the SHA-256 of the device ID. */
void event_write_std(struct buf *out, const struct event *event);

/* The live stream's JSON of it: kind, deviceId, at, reportedTime, remainingLife, eventId,
 * and project, placement, template, attributes when placed, and the condition of a health
 * event. */
void event_write_live(struct buf *out, const struct event *event);

#endif
