/*
 * The local service: an oneclickd of our own on a Unix socket in a private directory,
 * started when no endpoint is configured and stopped when we leave. A service another
 * console started on the same state is used and left running. Nothing listens on the
 * network. Nothing here waits: what comes of it is told on the loop.
 */
#ifndef ONECLICK_CONSOLE_LOCAL_H
#define ONECLICK_CONSOLE_LOCAL_H

#include <stdbool.h>
#include <stddef.h>

#include "oneclick/base/fault.h"
#include "oneclick/base/loop.h"

enum { LOCAL_LISTENERS = 4 };

struct local;
typedef void (*local_ready_fn)(void *arg, enum err code, const struct fault *why);
/* `output`: the token of one device, or deviceId,token rows; NULL on failure. */
typedef void (*local_register_fn)(
	void *arg, enum err code, const char *output, const struct fault *why);

struct local_options {
	const char *state; /* directory of the store; NULL: the user's own */
	const char *run;   /* directory of the socket; NULL: the user's own */
	const char *region;
	bool read_only;     /* local_register refuses */
	bool must_be_there; /* no store is made: ERR_NOT_FOUND says where there is none */
};

/* ERR_* when there is no place for its files or no oneclickd to start. */
enum err local_start(const void *ctx, struct loop *loop,
	const struct local_options *options, struct local **out, struct fault *why);
/* Not from within a callback. Ends the service if it is ours, once it has sent what can be
 * sent; what could not is told on standard error. Registrations under way are forgotten.
 * NULL is fine. */
void local_stop(struct local *local);

/* Calls `fn` once: as soon as the service answers, or when it is known that it will not;
 * from the loop, never from within. LOCAL_LISTENERS may wait at a time. */
void local_when_ready(struct local *local, local_ready_fn fn, void *arg);
/* "unix:PATH": known from the start, answering from readiness on. */
const char *local_endpoint(const struct local *local);

/* Makes buttons known to the service, as their maker would before shipping them: one ID
 * with or without the claim code it is sold with, or (id NULL) deviceId,claimCode rows of
 * a CSV file, all or none. */
void local_register(struct local *local, const char *id, const char *claim_code,
	const char *csv_path, local_register_fn fn, void *arg);

#endif
