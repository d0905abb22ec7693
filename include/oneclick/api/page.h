/* Page tokens: opaque, signed, and tied to the query they continue, so that none can be
 * made up or carried to another list. */
#ifndef ONECLICK_API_PAGE_H
#define ONECLICK_API_PAGE_H

#include "oneclick/base/buf.h"
#include "oneclick/base/digest.h"
#include "oneclick/base/fault.h"

enum {
	PAGE_DEFAULT = 100,
	PAGE_MAX = 250,
	/* bytes of a key: the longest is a metric's name and dimensions, one of which is a
	 * callback of 200 letters, each up to 4 bytes and percent-encoded */
	PAGE_KEY_MAX = 3 * 1024,
	PAGE_TOKEN_MAX = 4 * PAGE_KEY_MAX / 3 + 32, /* letters */
};

/* `query` words what is listed ("LIST_DEVICES 123456789012 button"); `after` is the last
 * key of the page before, up to PAGE_KEY_MAX. The token is base64url. */
char *page_token_make(const void *ctx, const unsigned char secret[DIGEST_SIZE],
	const char *query, const char *after);
/* The key to go on after; `bad` is the code of a token that is not ours (ERR_RANGE for
 * devices, ERR_INVALID for projects). */
enum err page_token_read(const void *ctx, const unsigned char secret[DIGEST_SIZE],
	const char *query, const char *token, enum err bad, const char **after,
	struct fault *why);

/* Appends what asks a call beside the contract for a page: "maxResults=250", and the token
 * of the one before unless it is NULL. */
void page_query(struct buf *out, const char *token);

#endif
