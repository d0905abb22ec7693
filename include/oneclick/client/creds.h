/*
 * Credentials as the AWS tools find them: environment, then ~/.aws/credentials, then
 * ~/.aws/config, by profile (sdkref "Configuration and credential file settings").
 */
#ifndef ONECLICK_CLIENT_CREDS_H
#define ONECLICK_CLIENT_CREDS_H

#include "oneclick/base/fault.h"

struct creds {
	const char *access_key, *secret;
	const char *session_token; /* NULL when there is none */
	const char *region;        /* of the profile or environment; NULL when not said */
	const char *endpoint; /* AWS_ENDPOINT_URL or endpoint_url; NULL when not said */
	const char *source; /* "environment", "profile field of /home/…/credentials" */
};

/* `profile` NULL: AWS_PROFILE, else "default". ERR_NOT_FOUND says where it looked,
 * with region and endpoint still filled; a file
 * that others may read is ERR_NONE with `warning` filled (may be NULL). */
enum err creds_find(const void *ctx, const char *profile, struct creds *out,
	struct fault *warning, struct fault *why);
/* The secret is overwritten before its memory goes. */
void creds_wipe(struct creds *creds);

#endif
