/*
 * The client: calls of the contract, by operation, to one service. Never blocks: the answer
 * comes on the loop. client_call is the one function that sends; with read_only it refuses
 * every WRITE row before anything is built, and nothing can switch that off again.
 *
 * Retries: a READ or AGAIN row that met a lost link or a 5xx, and any row that met a 429
 * (what was asked too often was not done), is tried up to three times in all, with jitter,
 * from a budget the whole client shares; a 429 that says when to come back is free. What
 * took eight seconds is not tried again.
 *
 * The environment's proxies are used as the aws command uses them (HTTP_PROXY, HTTPS_PROXY,
 * NO_PROXY).
 */
#ifndef ONECLICK_CLIENT_CLIENT_H
#define ONECLICK_CLIENT_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "oneclick/api/ask.h"
#include "oneclick/api/extra.h"
#include "oneclick/api/op.h"
#include "oneclick/base/fault.h"
#include "oneclick/base/loop.h"
#include "oneclick/client/creds.h"
#include "oneclick/data/value.h"

struct client;
struct call;

struct client_options {
	const char *endpoint; /* "https://…", "http://127.0.0.1:8080", "unix:PATH" */
	const char *region;
	const struct creds *creds; /* NULL: unsigned, for our own user's Unix socket */
	bool read_only;
	bool plain;          /* allow http:// beyond loopback */
	const char *ca_file; /* NULL: the system's */
};

/* Whether client_new takes them: an endpoint of this spelling, with `plain` as there; a file
 * of certificates that can be read. */
enum err client_check_endpoint(const char *endpoint, bool plain, struct fault *why);
enum err client_check_ca(const char *path, struct fault *why);

struct answer {
	enum err code;            /* ERR_NONE on success; ERR_LINK when none came */
	int status;               /* HTTP's; 0 when none came */
	struct fault why;         /* the service's own sentence, made safe */
	const char *problem;      /* "ResourceNotFoundException"; NULL on success */
	const struct value *body; /* borrowed until the callback returns; NULL: none */
	const char *request_id;
	int64_t took; /* ms from sending to the last byte */
};
typedef void (*client_fn)(void *arg, const struct answer *answer);

enum err client_new(const void *ctx, struct loop *loop,
	const struct client_options *options, struct client **out, struct fault *why);
void client_free(struct client *client); /* drops calls under way without an answer */

/* Starts the call; `fn` is called exactly once, later, unless it is cancelled. The handle
 * is good until then. A refusal (read-only, a missing member) comes the same way. */
struct call *client_call(struct client *client, enum op op, const struct ask *ask,
	client_fn fn, void *arg);
void client_cancel(struct call *call);

/* A call beside the contract: `query` (percent-encoded, without '?') and `body` (JSON) may
 * be NULL. A READ is repeated like client_call's; a WRITE is refused when read-only. */
struct call *client_extra(struct client *client, enum extra extra, const char *query,
	const char *body, client_fn fn, void *arg);

/* The request client_call would send, as a person reads it ("PUT /devices/…/state {…}"). */
char *client_preview(const void *ctx, enum op op, const struct ask *ask);

/* Presses a button: the ingest door, with the device's token (NULL on our own socket). A
 * change, and refused like one when read-only. `click` is SINGLE, DOUBLE or LONG; `life`
 * negative to leave it out. */
struct call *client_press(struct client *client, const char *device_id, const char *click,
	double life, const char *token, client_fn fn, void *arg);

#endif
