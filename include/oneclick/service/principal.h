/* Who asks: the one result of authentication, made nowhere else. */
#ifndef ONECLICK_SERVICE_PRINCIPAL_H
#define ONECLICK_SERVICE_PRINCIPAL_H

#include "oneclick/api/problem.h"
#include "oneclick/base/fault.h"
#include "oneclick/data/pairs.h"
#include "oneclick/service/request.h"
#include "oneclick/service/settings.h"
#include "oneclick/store/store.h"

struct principal {
	const char *account, *user;
	const char *arn;              /* arn:aws:iam::ACCOUNT:user/USER */
	const char *access_key;       /* "" for the local user */
	const struct pairs *policies; /* name -> managed policy's name, or document */
	const struct pairs *tags;     /* of the user */
	const char *signature;        /* of the request; NULL for the local user */
	int64_t until; /* what it is dated with, and its life if it says one */
};

/* Checks the signature (header or presigned query), the clock and the key, in the order
 * AWS does; or takes the local user of our own socket as the account's, with full access.
 * Fills `problem` and the sentence when it is nobody.  Runs inside a transaction. */
enum err authn(struct tx *tx, const void *ctx, const struct request *request,
	const struct settings *settings, struct principal *out, enum problem *problem,
	struct fault *why);

/* Who an access key is now, for what goes on after the request that was signed with it;
 * ERR_FORBIDDEN: it was revoked. */
enum err authn_again(struct tx *tx, const void *ctx, const char *access_key,
	struct principal *out, struct fault *why);

/* arn:aws:iam::ACCOUNT:user/USER */
char *principal_arn(const void *ctx, const char *account, const char *user);

/* Wipes the signing keys of days, and forgets the policies, that were kept for speed; at the
 * program's end. */
void authn_forget(void);

#endif
