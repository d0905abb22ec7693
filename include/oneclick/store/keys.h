/* Access keys: each belongs to a user of an account and carries one policy. */
#ifndef ONECLICK_STORE_KEYS_H
#define ONECLICK_STORE_KEYS_H

#include <stdbool.h>
#include <stdint.h>

#include "oneclick/base/fault.h"
#include "oneclick/store/store.h"

struct key {
	const char *id;     /* "AKIA" and 16 letters and digits 2-7 */
	const char *secret; /* 40 letters; kept because SigV4 needs it */
	const char *account, *user;
	const char *policy; /* a managed policy's name, or a policy document's JSON */
	int64_t created_at, revoked_at; /* moments; 0: not revoked */
};

enum err keys_add(struct tx *tx, const struct key *key, struct fault *why);
/* ERR_NOT_FOUND when there is none or it is revoked. */
enum err keys_find(struct tx *tx, const void *ctx, const char *id, struct key *out,
	struct fault *why);
enum err keys_revoke(struct tx *tx, const char *id, int64_t now, struct fault *why);
typedef bool (*keys_fn)(void *arg, const struct key *key);
enum err keys_list(struct tx *tx, keys_fn fn, void *arg, struct fault *why);

#endif
