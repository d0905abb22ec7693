/*
 * Sinks: the ways an event leaves.  One file each in service/dispatch with a const struct
 * sink_class on top, and its name in the list of sinks.c; the name is the member of a
 * destination in the configuration that chooses it.
 *
 * A sink sends one event once and says what came of it.  When to try again, how many at a
 * time, in which order and when to give up is dispatch's; a sink keeps no queue.  All of it
 * runs on the loop and never blocks.
 */
#ifndef ONECLICK_SERVICE_SINK_H
#define ONECLICK_SERVICE_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "oneclick/base/buf.h"
#include "oneclick/base/fault.h"
#include "oneclick/base/loop.h"
#include "oneclick/data/pairs.h"
#include "oneclick/data/value.h"
#include "oneclick/model/event.h"
#include "oneclick/net/reach.h"
#include "oneclick/net/transfer.h"

/* One event on its way; borrowed until send returns, so a sink keeps copies of what it
 * needs later. */
struct parcel {
	const struct event *event; /* event_id is the same in all attempts */
	const char *callback;      /* the ARN it goes to */
	const char *source;        /* arn:aws:iot1click:REGION:ACCOUNT:devices/ID */
	const char *json;          /* the guide's event, exactly */
	size_t json_len;
	const char *project, *placement, *template_name; /* NULL when not placed */
	const struct pairs
		*attributes; /* the placement's over the defaults; may be empty */
	int attempt;         /* from 1 */
	int64_t now;         /* a moment */
	int64_t timeout;     /* ms the destination gives an attempt */
};

enum outcome {
	OUTCOME_DELIVERED,
	OUTCOME_AGAIN, /* may go well another time */
	OUTCOME_NEVER, /* will not, as it is: a dead letter at once */
	OUTCOME_GONE,  /* HTTP 410: the destination wants nothing more */
};

struct outcome_report {
	enum outcome outcome;
	int64_t retry_after; /* ms the other side asked for; -1: it did not */
	int64_t took;        /* ms */
	char sentence[256];  /* why not; "" when delivered */
};
/* Called exactly once for each send that was not cancelled, later, never from inside it. */
typedef void (*outcome_fn)(void *arg, const struct outcome_report *report);

/* What all sinks of a service share. */
struct sink_world {
	struct loop *loop;
	struct transfers *transfers; /* requests out */
	const struct reach *reach;   /* where they may go */
	const char *region, *account;
};

struct sink_class {
	const char *name;    /* "webhook" */
	const char *matches; /* pattern of ARNs it is for when a destination names none;
	                      * NULL: it must */
	/* Reads its part of a destination: ERR_INVALID with "line L, column C". Secrets are
	 * read from the files it names. *out lives as long as ctx. `world` is NULL when the
	 * configuration is only checked: then the files it names are looked at, and
	 * nothing is opened. */
	enum err (*open)(const void *ctx, const struct value *value,
		const struct sink_world *world, void **out, struct fault *why);
	/* Begins one attempt; the handle is good until the outcome is told. */
	void *(*send)(void *sink, const struct parcel *parcel, outcome_fn fn, void *arg);
	void (*cancel)(void *handle); /* its outcome is not wanted any more */
	void (*close)(void *sink);    /* NULL: nothing but memory */
};

/* The n-th class; NULL past the last. */
const struct sink_class *sink_at(size_t n);

/* Appends `text` with every {{name}} replaced by that attribute ("" when there is none) and
 * {{*}} by the JSON of all of them; what is put in is never looked at again. */
void parcel_fill(struct buf *out, const char *text, const struct parcel *parcel);
/* "\n(DSN: G030PM0123456789, SINGLE)": the last line of a message (guide's SMS and email). */
void parcel_sign_off(struct buf *out, const struct parcel *parcel);

#endif
