/* The form of what is presented as a signature: to the last byte, or refused. */
#include "draft.h"

static void
what_is_no_whole_authorization_is_refused(void **state)
{
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_whole_authorization_is_refused),
		cmocka_unit_test(no_byte_of_the_header_is_passed_over),
		cmocka_unit_test(a_signature_is_64_digits_in_lower_case),
		cmocka_unit_test(no_byte_of_the_query_is_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
