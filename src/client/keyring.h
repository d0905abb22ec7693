/*
 * The keys of a client. Those that a program prints (credential_process) are fetched when
 * the first request needs them, and again shortly before they expire; requests wait for
 * them, the loop does not.
 */
#ifndef ONECLICK_SRC_CLIENT_KEYRING_H
#define ONECLICK_SRC_CLIENT_KEYRING_H

#include <stdbool.h>

#include "oneclick/base/fault.h"
#include "oneclick/base/loop.h"
#include "oneclick/client/creds.h"

struct keyring;
struct keyring_wait { /* in whoever waits; `fn` hears once, `why` NULL: the keys are there */
	void (*fn)(void *arg, const struct fault *why);
	void *arg;
	unsigned round; /* of telling, before which it began to wait */
	struct keyring_wait *prev, *next;
};

/* `from` is copied; NULL: none, and nothing is signed. */
struct keyring *keyring_new(const void *ctx, struct loop *loop, const struct creds *from);
void keyring_free(struct keyring *keys); /* wipes them, and drops who waits, unheard */

/* Whether a request may be signed, or sent unsigned, now. */
bool keyring_is_ready(const struct keyring *keys);
const struct creds *keyring_creds(const struct keyring *keys); /* NULL: unsigned */

/* For keys that are not there: runs the program, unless it runs already. */
void keyring_await(struct keyring *keys, struct keyring_wait *wait);
void keyring_forget(struct keyring *keys, struct keyring_wait *wait); /* waits no more */

#endif
