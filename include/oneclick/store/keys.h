/* Access keys: each belongs to a user of an account; what it may do is its user's policies,
 * or one of its own. */
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
	/* A managed policy's name, or a document's JSON, in place of its user's policies;
	 * "": it has none of its own */
	const char *policy;
	int64_t created_at, revoked_at; /* moments; 0: not revoked */
	/* Of its user (store/users.h), "{}" when there is none; keys_find fills them. */
	const char *user_policies, *user_tags;
};

enum err keys_add(struct tx *tx, const struct key *key, struct fault *why);
/* ERR_NOT_FOUND when there is none or it is revoked. */
enum err keys_find(struct tx *tx, const void *ctx, const char *id, struct key *out,
	struct fault *why);
enum err keys_revoke(struct tx *tx, const char *id, int64_t now, struct fault *why);
typedef bool (*keys_fn)(void *arg, const struct key *key);
enum err keys_list(struct tx *tx, keys_fn fn, void *arg, struct fault *why);

#endif
