/* Signatures made here, then bent in one place each. */
#include "draft.h"

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
		cmocka_unit_test(host_date_and_scope_must_be_right),
		cmocka_unit_test(both_ways_at_once_and_repeated_parameters_are_refused),
		cmocka_unit_test(more_than_64_signed_headers_are_too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
