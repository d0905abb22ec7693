/* A request that is signed here with api/sign.h, to be changed and asked who made it. */
#ifndef ONECLICK_TESTS_DRAFT_H
#define ONECLICK_TESTS_DRAFT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/base/uri.h"
#include "oneclick/service/policy.h"
#include "oneclick/service/principal.h"
#include "oneclick/store/keys.h"

#define KEY "AKIAABCDEFGHIJKLMNOP"
#define REVOKED "AKIAZZZZZZZZZZZZZZZZ"
#define SECRET "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN"
#define NOW INT64_C(1709208000000) /* 2024-02-29T12:00:00Z */
#define MINUTES(n) ((n)*INT64_C(60000))
#define BODY "{\"enabled\": true}"

/* A request to be signed and then, perhaps, changed. */
struct draft {
	void *life;
	struct store *store;
	struct settings settings;
	struct request request;
	struct sign_header header[80];
	const char *secret, *region, *service, *key;
	int64_t at; /* the signer's clock */
	struct principal who;
	enum problem problem;
	struct fault why;
};

static enum err
add_keys(struct tx *tx, void *arg, struct fault *why)
{
	struct key key = { .id = KEY,
		.secret = SECRET,
		.account = "000000000000",
		.user = "alice",
		.policy = "AWSIoT1ClickFullAccess",
		.created_at = NOW };
	enum err err = keys_add(tx, &key, why);

	(void)arg;
	key.id = REVOKED;
	if (!err)
		err = keys_add(tx, &key, why);
	return err ? err : keys_revoke(tx, REVOKED, NOW, why);
}

static void
add_header(struct draft *d, const char *name, const char *value)
{
	d->header[d->request.header_count++] = (struct sign_header){ name, value };
}

static inline void
set_header(struct draft *d, const char *name, const char *value)
{
	for (size_t h = 0; h < d->request.header_count; h++)
		if (strcmp(d->header[h].name, name) == 0)
			d->header[h].value = value;
}

static struct draft *
open_draft(void)
{
	void *life = mem_life(NULL);
	struct draft *d = mem_new(life, struct draft);

	d->life = life;
	assert_int_equal(store_open(NULL, &d->store, &d->why), ERR_NONE);
	assert_int_equal(store_write(d->store, add_keys, NULL, &d->why), ERR_NONE);
	d->settings = (struct settings){ .region = "us-west-2",
		.account = "000000000000",
		.clock_skew = MINUTES(15) };
	d->request = (struct request){ .method = "PUT",
		.peer = "127.0.0.1",
		.at = NOW,
		.path = "/devices/a%2Fb/state",
		.header = d->header };
	buf_init(&d->request.body, life, BUF_NO_CAP);
	buf_text(&d->request.body, BODY);
	d->secret = SECRET;
	d->key = KEY;
	d->region = "us-west-2";
	d->service = SIGN_SERVICE;
	d->at = NOW;
	add_header(d, "Host", "h:8080");
	add_header(d, "Content-Type", "application/json");
	return d;
}

static void
close_draft(struct draft *d)
{
	store_close(d->store);
	mem_free(d->life);
}

static struct sign_request
what_is_signed(struct draft *d)
{
	struct sign_request signed_part = {
		.method = d->request.method,
		.path = d->request.path,
		.query = d->request.query,
		.header = d->header,
		.header_count = d->request.header_count,
	};

	digest_sha256_hex(
		d->request.body.data, d->request.body.len, signed_part.payload_hash);
	return signed_part;
}

/* All headers so far are signed. */
static inline void
sign_by_header(struct draft *d)
{
	struct sign_scope scope = sign_scope_at(d->at, d->region);
	struct sign_request signed_part;

	scope.service = d->service;
	add_header(d, "X-Amz-Date", mem_text(d->life, scope.moment));
	signed_part = what_is_signed(d);
	add_header(d, "Authorization",
		sign_authorization(d->life, &signed_part, &scope, d->key, d->secret));
}

static inline void
sign_by_query(struct draft *d, const char *expires)
{
	struct sign_scope scope = sign_scope_at(d->at, d->region);
	struct sign_request signed_part;
	unsigned char key[DIGEST_SIZE];
	char signature[DIGEST_HEX_SIZE];

	d->request.query = mem_format(d->life,
		"X-Amz-Algorithm=" SIGN_ALGORITHM
		"&X-Amz-Credential=%s%%2F%s%%2F%s%%2Fiot1click%%2Faws4_request&X-Amz-"
		"Date=%s&X-Amz-Expires=%s&X-Amz-SignedHeaders=content-type%%3Bhost",
		d->key, scope.date, d->region, scope.moment, expires);
	signed_part = what_is_signed(d);
	sign_key(d->secret, &scope, key);
	sign_compute(&signed_part, &scope, key, signature);
	d->request.query =
		mem_format(d->life, "%s&X-Amz-Signature=%s", d->request.query, signature);
}

static enum err
ask(struct tx *tx, void *arg, struct fault *why)
{
	struct draft *d = arg;

	return authn(tx, d->life, &d->request, &d->settings, &d->who, &d->problem, why);
}

static inline void
expect_known(struct draft *d)
{
	if (store_read(d->store, ask, d, &d->why))
		fail_msg("%s: %s", problem_name(d->problem), d->why.sentence);
	assert_string_equal(d->who.arn, "arn:aws:iam::000000000000:user/alice");
	assert_string_equal(d->who.access_key, KEY);
}

static void
expect_nobody(struct draft *d, enum problem problem, const char *word)
{
	d->who.user = NULL;
	assert_int_not_equal(store_read(d->store, ask, d, &d->why), ERR_NONE);
	assert_null(d->who.user);
	if (d->problem != problem || !strstr(d->why.sentence, word))
		fail_msg("%s: %s (wanted %s, %s)", problem_name(d->problem),
			d->why.sentence, problem_name(problem), word);
}

#define SCOPE KEY "/20240229/us-west-2/iot1click/aws4_request"
#define SIX "0123456789abcdef"
#define FULL SIX SIX SIX SIX

#endif
