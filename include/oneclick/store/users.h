/* Accounts, and their users: who may hold access keys, and what those may do. */
#ifndef ONECLICK_STORE_USERS_H
#define ONECLICK_STORE_USERS_H

#include <stdbool.h>
#include <stdint.h>

#include "oneclick/base/fault.h"
#include "oneclick/store/store.h"

struct user {
	const char *account, *name;
	/* JSON object: a policy's name -> a managed policy's name, or a document's JSON */
	const char *policies;
	const char *tags; /* JSON object of texts */
	int64_t created_at;
};

/* ERR_CONFLICT when there is one of this name. */
enum err users_add(struct tx *tx, const struct user *user, struct fault *why);
/* Its texts live as long as ctx; ERR_NOT_FOUND when there is none. */
enum err users_find(struct tx *tx, const void *ctx, const char *account, const char *name,
	struct user *out, struct fault *why);
/* Writes policies and tags of a user read before in this transaction. */
enum err users_save(struct tx *tx, const struct user *user, struct fault *why);
enum err users_remove(
	struct tx *tx, const char *account, const char *name, struct fault *why);
/* By account and name. The user is borrowed for the call, in which fn must not list users
 * again; false stops. */
typedef bool (*users_fn)(void *arg, const struct user *user);
enum err users_list(struct tx *tx, users_fn fn, void *arg, struct fault *why);

struct account {
	const char *id;   /* 12 digits */
	const char *name; /* "" when it was never given one */
	int64_t created_at;
};

/* ERR_CONFLICT when it is there. */
enum err accounts_add(struct tx *tx, const struct account *account, struct fault *why);
typedef bool (*accounts_fn)(void *arg, const struct account *account);
enum err accounts_list(struct tx *tx, accounts_fn fn, void *arg, struct fault *why);

#endif
