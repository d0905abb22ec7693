/*
 * Signature Version 4, both halves: the client signs, the service computes the same.  Pure
 * functions over raw bytes; who may sign, and when, is decided elsewhere.
 */
#ifndef ONECLICK_API_SIGN_H
#define ONECLICK_API_SIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "oneclick/base/buf.h"
#include "oneclick/base/digest.h"

#define SIGN_SERVICE "iot1click"
#define SIGN_ALGORITHM "AWS4-HMAC-SHA256"
#define SIGN_TERMINATOR "aws4_request"

struct sign_header {
	const char *name; /* as sent, any case */
	const char *value;
};

/* What is signed. */
struct sign_request {
	const char *method;
	const char *path;  /* raw, as on the wire, without the query */
	const char *query; /* raw, after '?', or NULL; X-Amz-Signature is left out */
	const struct sign_header *header;
	size_t header_count; /* the headers to sign, in any order, repeats allowed */
	char payload_hash[DIGEST_HEX_SIZE];
};

struct sign_scope {
	char moment[17]; /* 20180504T232633Z */
	char date[9];    /* 20180504 */
	const char *region;
	const char *service;
};

/* Canonical request: each path segment percent-encoded once more, query sorted after
 * encoding, header names lower-cased and sorted, values trimmed and inner blanks folded. */
void sign_canonical(struct buf *out, const struct sign_request *request);
/* "content-type;host;x-amz-date": the names part of it. */
void sign_names(struct buf *out, const struct sign_request *request);

void sign_key(const char *secret, const struct sign_scope *scope,
	unsigned char key[DIGEST_SIZE]);
/* Hex signature of the request under a day's key. */
void sign_compute(const struct sign_request *request, const struct sign_scope *scope,
	const unsigned char key[DIGEST_SIZE], char out[DIGEST_HEX_SIZE]);

struct sign_scope sign_scope_at(int64_t moment, const char *region);
/* The Authorization header's value. */
char *sign_authorization(const void *ctx, const struct sign_request *request,
	const struct sign_scope *scope, const char *access_key, const char *secret);

#endif
