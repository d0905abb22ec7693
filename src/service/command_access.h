/* What the commands over accounts, users and keys share. */
#ifndef ONECLICK_SERVICE_COMMAND_ACCESS_H
#define ONECLICK_SERVICE_COMMAND_ACCESS_H

#include "command.h"
#include "oneclick/data/pairs.h"
#include "oneclick/store/users.h"

enum { POLICIES_MAX = 10, TAGS_MAX = 50, KEYS_MAX = 2 }; /* of a user, as AWS has it */

/* The name a user may have; `what` says where it came from: "--user". */
enum err access_check_name(const char *what, const char *name, struct fault *why);

struct access_policy {
	const char
		*name; /* a managed policy's, or the file's without folder and ending */
	const char *text; /* as struct key has it */
};
/* A word without a dot or slash names a policy of AWS's; anything else is a file.  What is
 * allowed to say and seldom meant is told on standard error. */
enum err access_read_policy(
	const void *ctx, const char *word, struct access_policy *out, struct fault *why);

/* KEY=VALUE,KEY=VALUE set on what `tags` has. */
enum err access_read_tags(struct pairs *tags, const char *word, struct fault *why);

/* Adds the account, or the user, unless it is there. */
enum err access_need_account(struct tx *tx, const char *account, struct fault *why);
enum err access_need_user(struct tx *tx, const struct user *user, struct fault *why);

/* Access keys of the user that are in use. */
enum err access_count_keys(struct tx *tx, const char *account, const char *user, int *out,
	struct fault *why);

#endif
