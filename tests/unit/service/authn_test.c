/* Signatures made here with api/sign.h, then bent in one place each. */
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

static void
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
static void
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

static void
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

static void
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

static void
a_signature_by_header_is_accepted(void **state)
{
	struct draft *d = open_draft();

	(void)state;
	d->request.query = "nextToken=a%2Bb&maxResults=5";
	sign_by_header(d);
	expect_known(d);
	expect_known(d); /* now with the day's key kept */
	authn_forget();
	expect_known(d);
	close_draft(d);
}

static void
a_signature_in_the_query_is_accepted(void **state)
{
	struct draft *d = open_draft();

	(void)state;
	sign_by_query(d, "604800");
	d->request.at = NOW + INT64_C(604800) * 1000;
	expect_known(d);
	close_draft(d);
}

static void
the_local_user_needs_no_signature_but_a_wrong_one_is_still_wrong(void **state)
{
	struct draft *d = open_draft();

	(void)state;
	expect_nobody(d, PROBLEM_NO_SIGNATURE, "not signed");
	d->request.local = true;
	assert_int_equal(store_read(d->store, ask, d, &d->why), ERR_NONE);
	assert_string_equal(d->who.user, "local");
	assert_string_equal(d->who.access_key, "");
	assert_string_equal(d->who.account, "000000000000");
	d->secret = "not the secret";
	sign_by_header(d);
	expect_nobody(d, PROBLEM_BAD_SIGNATURE, "signature");
	close_draft(d);
}

/* Each bends a request that was signed by header. */
static void
bend_method(struct draft *d)
{
	d->request.method = "POST";
}

static void
bend_path(struct draft *d)
{
	d->request.path = "/devices/a%2Fc/state";
}

static void
bend_query(struct draft *d)
{
	d->request.query = "a=b";
}

static void
bend_body(struct draft *d)
{
	d->request.body.data[0] ^= 1;
}

static void
bend_type(struct draft *d)
{
	set_header(d, "Content-Type", "text/plain");
}

static void
bend_host(struct draft *d)
{
	set_header(d, "Host", "elsewhere");
}

static void
add_unsigned(struct draft *d)
{
	add_header(d, "X-Amz-Meta", "1");
}

static void
drop_signed(struct draft *d)
{
	d->header[1] = (struct sign_header){ "Accept", "x" };
}

static void
flip_digit(struct draft *d)
{
	char *value = mem_text(d->life, d->header[d->request.header_count - 1].value);
	size_t last = strlen(value) - 1;

	value[last] = value[last] == '0' ? '1' : '0';
	set_header(d, "Authorization", value);
}

static void
a_request_bent_in_any_place_is_refused(void **state)
{
	static void (*const bends[])(struct draft *) = { bend_method, bend_path,
		bend_query, bend_body, bend_type, bend_host, add_unsigned, drop_signed,
		flip_digit };

	(void)state;
	for (size_t i = 0; i < sizeof bends / sizeof *bends; i++) {
		struct draft *d = open_draft();
		sign_by_header(d);
		expect_known(d);
		bends[i](d);
		expect_nobody(d, PROBLEM_BAD_SIGNATURE, "");
		close_draft(d);
	}
}

static void
every_bit_of_a_body_counts(void **state)
{
	struct draft *d = open_draft();

	(void)state;
	sign_by_header(d);
	for (size_t bit = 0; bit < d->request.body.len * 8; bit++) {
		d->request.body.data[bit / 8] ^= (char)(1 << bit % 8);
		expect_nobody(d, PROBLEM_BAD_SIGNATURE, "signature");
		d->request.body.data[bit / 8] ^= (char)(1 << bit % 8);
	}
	expect_known(d);
	close_draft(d);
}

static void
a_clock_may_be_off_by_its_skew_and_no_more(void **state)
{
	static const struct {
		int64_t off;
		const char *word;
	} rows[] = {
		{ MINUTES(15), NULL },
		{ -MINUTES(15), NULL },
		{ MINUTES(15) + 1000, "not yet valid" },
		{ -MINUTES(15) - 1000, "expired" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct draft *d = open_draft();
		d->at = NOW + rows[i].off;
		sign_by_header(d);
		if (rows[i].word)
			expect_nobody(d, PROBLEM_BAD_SIGNATURE, rows[i].word);
		else
			expect_known(d);
		close_draft(d);
	}
}

static void
a_presigned_request_ends_when_it_says(void **state)
{
	static const struct {
		const char *expires;
		int64_t later;
		enum problem problem;
		const char *word;
	} rows[] = {
		{ "60", 61000, PROBLEM_BAD_SIGNATURE, "expired" },
		{ "60", -MINUTES(15) - 1000, PROBLEM_BAD_SIGNATURE, "not yet" },
		{ "0", 0, PROBLEM_INCOMPLETE_SIGNATURE, "X-Amz-Expires" },
		{ "604801", 0, PROBLEM_INCOMPLETE_SIGNATURE, "X-Amz-Expires" },
		{ "-1", 0, PROBLEM_INCOMPLETE_SIGNATURE, "X-Amz-Expires" },
		{ "1e3", 0, PROBLEM_INCOMPLETE_SIGNATURE, "X-Amz-Expires" },
		{ "99999999999999999999", 0, PROBLEM_INCOMPLETE_SIGNATURE,
			"X-Amz-Expires" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct draft *d = open_draft();
		sign_by_query(d, rows[i].expires);
		d->request.at = NOW + rows[i].later;
		expect_nobody(d, rows[i].problem, rows[i].word);
		close_draft(d);
	}
}

static void
keys_regions_and_services_of_others_are_refused(void **state)
{
	static const struct {
		const char *key, *region, *service;
		enum problem problem;
		const char *word;
	} rows[] = {
		{ "AKIAUNKNOWN", "us-west-2", "iot1click", PROBLEM_UNKNOWN_KEY, "known" },
		{ REVOKED, "us-west-2", "iot1click", PROBLEM_UNKNOWN_KEY, "revoked" },
		{ KEY, "eu-west-1", "iot1click", PROBLEM_BAD_SIGNATURE, "us-west-2" },
		{ KEY, "us-west-2", "s3", PROBLEM_BAD_SIGNATURE, "iot1click" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct draft *d = open_draft();
		d->key = rows[i].key;
		d->region = rows[i].region;
		d->service = rows[i].service;
		sign_by_header(d);
		expect_nobody(d, rows[i].problem, rows[i].word);
		close_draft(d);
	}
}

static void
session_tokens_are_not_taken(void **state)
{
	struct draft *d = open_draft();

	(void)state;
	add_header(d, "X-Amz-Security-Token", "t");
	sign_by_header(d);
	expect_nobody(d, PROBLEM_UNKNOWN_KEY, "session tokens");
	close_draft(d);
}

static void
a_body_hash_that_is_given_must_be_the_bodys(void **state)
{
	static const char *const given[] = { "UNSIGNED-PAYLOAD",
		"STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "00", "" };
	char hash[DIGEST_HEX_SIZE];
	struct draft *d = open_draft();

	(void)state;
	digest_sha256_hex(BODY, strlen(BODY), hash);
	add_header(d, "X-Amz-Content-Sha256", hash);
	sign_by_header(d);
	expect_known(d);
	close_draft(d);
	for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
		d = open_draft();
		add_header(d, "X-Amz-Content-Sha256", given[i]);
		sign_by_header(d);
		expect_nobody(d, PROBLEM_BAD_SIGNATURE, "X-Amz-Content-Sha256");
		close_draft(d);
	}
}

static void
what_is_no_whole_authorization_is_refused(void **state)
{
#define SCOPE KEY "/20240229/us-west-2/iot1click/aws4_request"
#define SIX "0123456789abcdef"
#define FULL SIX SIX SIX SIX
	static const char *const values[][2] = {
		{ "", "AWS4-HMAC-SHA256" },
		{ "Basic YTpi", "AWS4-HMAC-SHA256" },
		{ "AWS4-HMAC-SHA256", "Credential" },
		{ "AWS4-HMAC-SHA256 x", "NAME=VALUE" },
		{ "AWS4-HMAC-SHA256 Credential=" SCOPE ", SignedHeaders=host",
			"Signature" },
		{ "AWS4-HMAC-SHA256 Credential=" SCOPE ", Signature=" FULL,
			"SignedHeaders" },
		{ "AWS4-HMAC-SHA256 SignedHeaders=host, Signature=" FULL, "Credential" },
		{ "AWS4-HMAC-SHA256 Credential=" SCOPE ", Credential=" SCOPE
		  ", SignedHeaders=host, Signature=" FULL,
			"twice" },
		{ "AWS4-HMAC-SHA256 Credential=" SCOPE
		  ", SignedHeaders=host, Signature=" FULL ", Extra=1",
			"Extra" },
		{ "AWS4-HMAC-SHA256 Credential=" KEY "/20240229/us-west-2/iot1click, "
		  "SignedHeaders=content-type;host;x-amz-date, Signature=" FULL,
			"KEY/DATE" },
		{ "AWS4-HMAC-SHA256 Credential=" SCOPE "/x, "
		  "SignedHeaders=content-type;host;x-amz-date, Signature=" FULL,
			"KEY/DATE" },
		{ "AWS4-HMAC-SHA256 Credential=" SCOPE
		  ", SignedHeaders=Host;x-amz-date, Signature=" FULL,
			"lower case" },
		{ "AWS4-HMAC-SHA256 Credential=" SCOPE
		  ", SignedHeaders=host;host;x-amz-date, Signature=" FULL,
			"each once" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		struct draft *d = open_draft();
		add_header(d, "X-Amz-Date", "20240229T120000Z");
		add_header(d, "Authorization", values[i][0]);
		expect_nobody(d, PROBLEM_INCOMPLETE_SIGNATURE, values[i][1]);
		close_draft(d);
	}
}

/* A well signed request whose header is changed in form only: none of it may be passed
 * over.  What stands before, between and after the values of the three parts. */
static void
no_byte_of_the_header_is_passed_over(void **state)
{
#define WHO "AWS4-HMAC-SHA256 Credential="
#define LIST ", SignedHeaders="
#define SIGN ", Signature="
	static const struct {
		const char *before, *second, *third, *after, *word;
	} rows[] = {
		{ "AWS4-HMAC-SHA256 Credential=", ", SignedHeaders=", ", Signature=", "", NULL },
		{ "AWS4-HMAC-SHA256 Credential=", ",SignedHeaders=", ",Signature=", "", NULL },
		{ "AWS4-HMAC-SHA256  Credential=", " ,\tSignedHeaders=", " , Signature=", " ", NULL },
		{ WHO, LIST, SIGN, " junk", "64 hexadecimal" },
		{ WHO, LIST, SIGN, "\tjunk", "64 hexadecimal" },
		{ WHO, LIST, SIGN, ";", "64 hexadecimal" },
		{ WHO, LIST, SIGN, "00", "64 hexadecimal" },
		{ WHO, LIST, SIGN, ",", "NAME=VALUE" },
		{ WHO, LIST, SIGN, ", ", "NAME=VALUE" },
		{ WHO, LIST, SIGN, ", junk", "NAME=VALUE" },
		{ WHO, LIST, SIGN, ", Signature=", "twice" },
		{ WHO, LIST, SIGN, ", X=1", "'X'" },
		{ "AWS4-HMAC-SHA256 junk, Credential=", LIST, SIGN, "", "NAME=VALUE" },
		{ "AWS4-HMAC-SHA256 junk Credential=", LIST, SIGN, "", "'junk Credential'" },
		{ "AWS4-HMAC-SHA256,Credential=", LIST, SIGN, "", "AWS4-HMAC-SHA256" },
		{ "AWS4-HMAC-SHA256\tCredential=", LIST, SIGN, "", "AWS4-HMAC-SHA256" },
		{ " AWS4-HMAC-SHA256 Credential=", LIST, SIGN, "", "AWS4-HMAC-SHA256" },
		{ "aws4-hmac-sha256 Credential=", LIST, SIGN, "", "AWS4-HMAC-SHA256" },
		{ "AWS4-HMAC-SHA256 Credential= ", LIST, SIGN, "", "KEY/DATE" },
		{ "AWS4-HMAC-SHA256 Credential =", LIST, SIGN, "", "'Credential '" },
		{ "AWS4-HMAC-SHA256 credential=", LIST, SIGN, "", "'credential'" },
		{ "AWS4-HMAC-SHA256 Credential=\"", LIST, SIGN, "", "KEY/DATE" },
		{ "AWS4-HMAC-SHA256 Credential=/", LIST, SIGN, "", "KEY/DATE" },
		{ WHO, ",, SignedHeaders=", SIGN, "", "NAME=VALUE" },
		{ WHO, "; SignedHeaders=", SIGN, "", "KEY/DATE" },
		{ WHO, " junk, SignedHeaders=", SIGN, "", "KEY/DATE" },
		{ WHO, "/, SignedHeaders=", SIGN, "", "KEY/DATE" },
		{ WHO, ", SignedHeaders=;", SIGN, "", "names of headers" },
		{ WHO, ", SignedHeaders=x;", SIGN, "", "in order" },
		{ WHO, LIST, " junk, Signature=", "", "names of headers" },
		{ WHO, LIST, ";, Signature=", "", "names of headers" },
		{ WHO, LIST, ";accept, Signature=", "", "in order" },
		{ WHO, LIST, ", Signature=0x", "", "64 hexadecimal" },
		{ WHO, LIST, ", Signature= ", "", "64 hexadecimal" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct draft *d = open_draft();
		const char *signature;

		sign_by_header(d);
		signature = strstr(d->header[d->request.header_count - 1].value, SIGN) +
			    strlen(SIGN);
		set_header(d, "Authorization",
			mem_format(d->life, "%s" SCOPE "%scontent-type;host;x-amz-date%s%s%s",
				rows[i].before, rows[i].second, rows[i].third, signature,
				rows[i].after));
		if (rows[i].word)
			expect_nobody(d, PROBLEM_INCOMPLETE_SIGNATURE, rows[i].word);
		else
			expect_known(d);
		close_draft(d);
	}
}

static void
a_signature_is_64_digits_in_lower_case(void **state)
{
	static const char *const rows[] = { "", "0", SIX, FULL "0", FULL "\n",
		"0123456789ABCDEF" SIX SIX SIX, "g123456789abcdef" SIX SIX SIX };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct draft *d = open_draft();

		sign_by_header(d);
		set_header(d, "Authorization",
			mem_format(d->life,
				"AWS4-HMAC-SHA256 Credential=%s, "
				"SignedHeaders=content-type;host;x-amz-date, Signature=%s",
				SCOPE, rows[i]));
		expect_nobody(d, PROBLEM_INCOMPLETE_SIGNATURE, "ignature");
		close_draft(d);
	}
}

/* The same of a presigned query; each row replaces a piece of it. */
static void
no_byte_of_the_query_is_passed_over(void **state)
{
	static const struct {
		const char *from, *to, *word;
	} rows[] = {
		{ "&X-Amz-Signature=", "&X-Amz-Signature=%20", "64 hexadecimal" },
		{ "&X-Amz-Signature=", "&X-Amz-Signature=00", "64 hexadecimal" },
		{ "&X-Amz-Signature=", "&X-Amz-Signature=&junk=", "no X-Amz-Signature" },
		{ "&X-Amz-Signature=", "&X-Amz-Signature%20=", "X-Amz-Signature%20" },
		{ SIGN_ALGORITHM "&", SIGN_ALGORITHM "%20&", "algorithm" },
		{ SIGN_ALGORITHM "&", "aws4-hmac-sha256&", "algorithm" },
		{ "aws4_request&", "aws4_request%20x&", "KEY/DATE" },
		{ "aws4_request&", "aws4_request%2F&", "KEY/DATE" },
		{ "aws4_request&", "aws4_request+&", "KEY/DATE" },
		{ "%3Bhost&", "%3Bhost%20x&", "names of headers" },
		{ "%3Bhost&", "%3Bhost%3B&", "names of headers" },
		{ "%3Bhost&", "%3Bhost%3Bhost&", "each once" },
		{ "%3Bhost&", "%3BHost&", "lower case" },
		{ "content-type%3Bhost", "host%3Bcontent-type", "in order" },
		{ "Expires=60&", "Expires=060&", "X-Amz-Expires" },
		{ "Expires=60&", "Expires=60%20&", "X-Amz-Expires" },
		{ "Expires=60&", "Expires=%2B60&", "X-Amz-Expires" },
		{ "T120000Z&", "T120000Z%20&", "X-Amz-Date" },
		{ "T120000Z&", "T120000z&", "X-Amz-Date" },
		{ "T120000Z&", "T120000Z&x-amz-date=1&", "x-amz-date" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct draft *d = open_draft();
		const char *at;

		sign_by_query(d, "60");
		at = strstr(d->request.query, rows[i].from);
		assert_non_null(at);
		d->request.query = mem_format(d->life, "%.*s%s%s",
			(int)(at - d->request.query), d->request.query, rows[i].to,
			at + strlen(rows[i].from));
		expect_nobody(d, PROBLEM_INCOMPLETE_SIGNATURE, rows[i].word);
		close_draft(d);
	}
}

static void
host_date_and_scope_must_be_right(void **state)
{
	static const struct {
		const char *date, *value;
		enum problem problem;
		const char *word;
	} rows[] = {
		{ "20240229T120000Z",
			"AWS4-HMAC-SHA256 Credential=" SCOPE
			", SignedHeaders=content-type;x-amz-date, Signature=" FULL,
			PROBLEM_BAD_SIGNATURE, "Host" },
		{ "20240229T120000Z",
			"AWS4-HMAC-SHA256 Credential=" SCOPE
			", SignedHeaders=content-type;host, Signature=" FULL,
			PROBLEM_BAD_SIGNATURE, "X-Amz-Date" },
		{ "20240229T120000Z",
			"AWS4-HMAC-SHA256 Credential=" SCOPE
			", SignedHeaders=host;x-amz-date, Signature=" FULL,
			PROBLEM_BAD_SIGNATURE, "Content-Type" },
		{ "20240229T120000Z",
			"AWS4-HMAC-SHA256 Credential=" SCOPE
			", SignedHeaders=content-type;host;x-amz-date;x-none, "
			"Signature=" FULL,
			PROBLEM_BAD_SIGNATURE, "x-none" },
		{ "2024-02-29T12:00:00Z",
			"AWS4-HMAC-SHA256 Credential=" SCOPE
			", SignedHeaders=content-type;host;x-amz-date, Signature=" FULL,
			PROBLEM_INCOMPLETE_SIGNATURE, "X-Amz-Date" },
		{ "20240229T120000Z",
			"AWS4-HMAC-SHA256 Credential=" KEY
			"/20240228/us-west-2/iot1click/aws4_request, "
			"SignedHeaders=content-type;host;x-amz-date, Signature=" FULL,
			PROBLEM_BAD_SIGNATURE, "20240229" },
		{ "20240229T120000Z",
			"AWS4-HMAC-SHA256 Credential=" KEY
			"/20240229/us-west-2/iot1click/aws4, "
			"SignedHeaders=content-type;host;x-amz-date, Signature=" FULL,
			PROBLEM_BAD_SIGNATURE, "aws4_request" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct draft *d = open_draft();
		add_header(d, "X-Amz-Date", rows[i].date);
		add_header(d, "Authorization", rows[i].value);
		expect_nobody(d, rows[i].problem, rows[i].word);
		close_draft(d);
	}
}

static void
both_ways_at_once_and_repeated_parameters_are_refused(void **state)
{
	static const char *const extra[][2] = {
		{ "&X-Amz-Date=20240229T120000Z", "twice" },
		{ "&X-Amz-Signature=00", "twice" },
		{ "&x-amz-date=20240229T120000Z", "x-amz-date" },
		{ "&X%2DAmz-Expires=60", "X%2DAmz" },
		{ "&X-Amz-Other=1", "X-Amz-Other" },
	};
	struct draft *d = open_draft();

	(void)state;
	sign_by_query(d, "60");
	add_header(d, "Authorization", "AWS4-HMAC-SHA256 x");
	expect_nobody(d, PROBLEM_INCOMPLETE_SIGNATURE, "both");
	close_draft(d);
	for (size_t i = 0; i < sizeof extra / sizeof *extra; i++) {
		d = open_draft();
		sign_by_query(d, "60");
		expect_known(d);
		d->request.query =
			mem_format(d->life, "%s%s", d->request.query, extra[i][0]);
		expect_nobody(d, PROBLEM_INCOMPLETE_SIGNATURE, extra[i][1]);
		close_draft(d);
	}
}

static void
more_than_64_signed_headers_are_too_many(void **state)
{
	struct draft *d = open_draft();

	(void)state;
	for (int i = 0; i < 62; i++)
		add_header(d, mem_format(d->life, "X-%d", i), "1");
	sign_by_header(d);
	expect_nobody(d, PROBLEM_INCOMPLETE_SIGNATURE, "64");
	close_draft(d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_signature_by_header_is_accepted),
		cmocka_unit_test(a_signature_in_the_query_is_accepted),
		cmocka_unit_test(
			the_local_user_needs_no_signature_but_a_wrong_one_is_still_wrong),
		cmocka_unit_test(a_request_bent_in_any_place_is_refused),
		cmocka_unit_test(every_bit_of_a_body_counts),
		cmocka_unit_test(a_clock_may_be_off_by_its_skew_and_no_more),
		cmocka_unit_test(a_presigned_request_ends_when_it_says),
		cmocka_unit_test(keys_regions_and_services_of_others_are_refused),
		cmocka_unit_test(session_tokens_are_not_taken),
		cmocka_unit_test(a_body_hash_that_is_given_must_be_the_bodys),
		cmocka_unit_test(what_is_no_whole_authorization_is_refused),
		cmocka_unit_test(no_byte_of_the_header_is_passed_over),
		cmocka_unit_test(a_signature_is_64_digits_in_lower_case),
		cmocka_unit_test(no_byte_of_the_query_is_passed_over),
		cmocka_unit_test(host_date_and_scope_must_be_right),
		cmocka_unit_test(both_ways_at_once_and_repeated_parameters_are_refused),
		cmocka_unit_test(more_than_64_signed_headers_are_too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
