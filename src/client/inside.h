/* What client.c, its calls and live.c share: where to send, and how it is signed. */
#ifndef ONECLICK_SRC_CLIENT_INSIDE_H
#define ONECLICK_SRC_CLIENT_INSIDE_H

#include "oneclick/base/backoff.h"
#include "oneclick/client/client.h"
#include "oneclick/net/transfer.h"

#include "keyring.h"

/* Retries are paid from one purse: a success puts a little back. */
enum { PURSE_FULL = 100, PURSE_RETRY = 10, PURSE_SUCCESS = 1 };

struct client {
	struct loop *loop;
	struct transfers *transfers;
	struct transfer_origin origin;
	const char *region;
	struct keyring *keys;
	bool read_only;
	int purse;
	struct call *first; /* under way */
};

enum { SIGNED_HEADERS_MAX = 8 };

struct outgoing {
	const char *method, *target;
	const char *body;          /* NULL: none */
	const struct creds *creds; /* NULL: unsigned */
	const char *extra;         /* one more header, unsigned; NULL: none */
	const char *header[SIGNED_HEADERS_MAX];
	size_t count;
};

/* Fills header and count: host, date, type, token and an id, and the signature over them. */
void client_sign(const struct client *client, const void *ctx, struct outgoing *out);

/* Reads the endpoint, with a word on what was meant when it is none. */
enum err client_read_origin(const void *ctx, const char *endpoint, bool plain,
	const char *ca_file, struct transfer_origin *out, struct fault *why);

/* What a refusal says: the service's own sentence made safe, or what its status means. */
enum err client_read_refusal(const void *ctx, const struct transfer_reply *reply,
	const char **problem, struct fault *why);

#endif
