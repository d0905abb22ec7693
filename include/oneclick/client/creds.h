/*
 * Credentials as the AWS tools find them: environment, then ~/.aws/credentials, then a
 * program that the profile names, then ~/.aws/config (sdkref "Configuration and credential
 * file settings"). Of roles and sign-ons it says what to do instead.
 */
#ifndef ONECLICK_CLIENT_CREDS_H
#define ONECLICK_CLIENT_CREDS_H

#include <stdint.h>

#include "oneclick/base/fault.h"

struct creds {
	const char *access_key, *secret;
	const char *session_token; /* NULL when there is none */
	int64_t expires;           /* moment from which on they are good no more; 0: none */
	const char *const *process; /* the words of a program that prints the keys, which the
				     * client runs when it needs them; NULL: none */
	const char *region;        /* of the profile or environment; NULL when not said */
	const char *endpoint; /* AWS_ENDPOINT_URL or endpoint_url; NULL when not said */
	const char *ca_file;  /* AWS_CA_BUNDLE or ca_bundle; NULL when not said */
	const char *source; /* "environment", "profile field of /home/…/credentials" */
};

/* `profile` NULL: AWS_PROFILE, AWS_DEFAULT_PROFILE, else "default". ERR_NOT_FOUND says where
 * it looked, with region, endpoint and ca_file still filled; a file
 * that others may read is ERR_NONE with `warning` filled (may be NULL). */
enum err creds_find(const void *ctx, const char *profile, struct creds *out,
	struct fault *warning, struct fault *why);
/* Where the files are, by the environment; NULL: HOME is not set. */
enum creds_file { CREDS_CREDENTIALS, CREDS_CONFIG };
char *creds_path(const void *ctx, enum creds_file file);
/* The secret is overwritten before its memory goes. */
void creds_wipe(struct creds *creds);

#endif
